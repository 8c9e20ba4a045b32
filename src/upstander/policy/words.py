"""This room's own words in the four languages of the screens: a small door to the standard library's gettext."""

from __future__ import annotations

import gettext
from functools import lru_cache
from pathlib import Path

SOURCE = "en-GB"
_FOLDERS = {"ja": "ja", "nl": "nl", "zh-Hans": "zh_Hans"}
_LOCALE = Path(__file__).parent / "locale"


@lru_cache(maxsize=8)
def catalogue(lang: str) -> gettext.NullTranslations:
    """The compiled catalogue of a language; British English, the source, has none and needs none."""
    return gettext.translation("policy", str(_LOCALE), languages=[_FOLDERS.get(lang, lang)], fallback=True)


def translated(text: str, lang: str) -> str:
    """A text of this room in a language; itself where no translation has been compiled."""
    return catalogue(lang).gettext(text) if text and lang != SOURCE else text


def phrase(context: str, text: str, lang: str) -> str:
    """A text whose translation depends on where it stands."""
    return catalogue(lang).pgettext(context, text) if lang != SOURCE else text


def counted(one: str, many: str, n: int, lang: str) -> str:
    """The text for a number, with the language's own plural forms."""
    return catalogue(lang).ngettext(one, many, n)
