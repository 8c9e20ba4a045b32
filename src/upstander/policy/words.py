"""This room's own words in the four languages of the screens: a small door to the standard library's gettext.

British English is the language of the sources. ``N_`` marks a message that is looked up later.
"""

from __future__ import annotations

import gettext as standard
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

SOURCE = "en-GB"
_FOLDERS = {"ja": "ja", "nl": "nl", "zh-Hans": "zh_Hans"}
_LOCALE = Path(__file__).parent / "locale"


@lru_cache(maxsize=8)
def catalogue(lang: str) -> standard.NullTranslations:
    """The compiled catalogue of a language; British English, the source, has none and needs none."""
    if lang not in _FOLDERS:
        return standard.NullTranslations()
    return standard.translation("policy", str(_LOCALE), languages=[_FOLDERS[lang]], fallback=True)


def N_(message: str) -> str:  # noqa: N802 - the name that translators' tools look for
    """The message itself, marked for the catalogue."""
    return message


def translated(message: str, lang: str) -> str:
    """A message of this room in a language; itself where no translation has been compiled."""
    return catalogue(lang).gettext(message) if message else message


def ngettext(one: str, many: str, n: int, lang: str) -> str:
    """The message for a number, with the language's own plural forms."""
    return catalogue(lang).ngettext(one, many, n)


def pgettext(context: str, message: str, lang: str) -> str:
    """A message whose translation depends on where it stands."""
    return catalogue(lang).pgettext(context, message)


class Message(str):
    """A text in British English that knows how it was made, so that it can be said in another language too."""

    template: str
    values: Mapping[str, object]


def worded(template: str, /, **values: object) -> Message:
    """A message: ``template`` is in the catalogue, with ``{names}`` for what stands in it; a value may itself be said."""
    said = Message(template.format(**values))
    said.template, said.values = template, values
    return said


def in_language(text: str, lang: str) -> str:
    """A message in a language of the screens. What nobody translated (a parser's own words) stays as it is."""
    if not isinstance(text, Message):
        return text
    values = {name: in_language(each, lang) if isinstance(each, str) else each for name, each in text.values.items()}
    return translated(text.template, lang).format(**values)
