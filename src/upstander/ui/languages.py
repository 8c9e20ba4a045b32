"""The languages a reader may choose, and how each is called by Django, by HTML and by itself.

Everywhere in the product a language is a BCP 47 tag as in packs (``en-GB``, ``ja``, ``nl``, ``zh-Hans``).
Django's lower-case codes stay inside the settings and this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils import translation


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the interface.

    ``tag`` is the BCP 47 tag (also the ``lang`` attribute), ``code`` is Django's, ``locale`` the
    folder of its catalogues, ``name`` is what its own readers call it.
    """

    tag: str
    code: str
    locale: str
    name: str


ALL: Final[tuple[Language, ...]] = (
    Language("en-GB", "en-gb", "en_GB", "English"),
    Language("ja", "ja", "ja", "日本語"),
    Language("nl", "nl", "nl", "Nederlands"),
    Language("zh-Hans", "zh-hans", "zh_Hans", "中文"),
)
SOURCE: Final = ALL[0]
"""The language in which strings are written in code; it needs no catalogue."""

LANGUAGES: Final[list[tuple[str, str]]] = [(language.code, language.name) for language in ALL]
"""For Django's setting of the same name."""

_BY_CODE: Final = {language.code: language for language in ALL}
_BY_PRIMARY: Final = {language.code.partition("-")[0]: language for language in ALL}


def find(tag: str | None) -> Language | None:
    """Return the language for a BCP 47 tag or Django code, by its primary part if need be.

    ``zh-CN``, ``zh`` and ``zh-Hans`` are all simplified Chinese here; traditional Chinese is not
    offered, so ``zh-Hant``, ``zh-TW``, ``zh-HK`` and ``zh-MO`` are nobody's.
    """
    if not tag:
        return None
    code = tag.strip().replace("_", "-").lower()
    if code in _BY_CODE:
        return _BY_CODE[code]
    if code.startswith(("zh-hant", "zh-tw", "zh-hk", "zh-mo")):
        return None
    return _BY_PRIMARY.get(code.partition("-")[0])


def get(tag: str | None) -> Language:
    """Return the language for a tag, the source language where it is not one of ours."""
    return find(tag) or SOURCE


def current() -> Language:
    """Return the language active in this thread (the source language where translation is off)."""
    return get(translation.get_language())


def code_of(tag: str) -> str:
    """Return Django's code for a tag, for ``translation.override``."""
    return get(tag).code


def choose(
    *, asked: str | None = None, accept: str = "", school: str | None = None, offered: Iterable[str] | None = None
) -> Language:
    """Return the language for a reader without an account.

    In order: what the reader asked for (``?lang=``), what the browser prefers (``Accept-Language``),
    the school's language, British English. ``offered`` limits the choice to some tags.
    """
    allowed = {get(tag).tag for tag in offered} if offered is not None else {language.tag for language in ALL}
    for tag in [asked, *_accepted(accept), school]:
        language = find(tag)
        if language and language.tag in allowed:
            return language
    return next((language for language in ALL if language.tag in allowed), SOURCE)


def _accepted(header: str) -> list[str]:
    """Return the tags of an ``Accept-Language`` header, the most wanted first."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(header[:500].split(",")):
        tag, _, rest = part.partition(";")
        try:
            weight = float(rest.partition("q=")[2] or 1)
        except ValueError:
            weight = 0.0
        if tag.strip() and weight > 0:
            wanted.append((-weight, position, tag.strip()))
    return [tag for _, _, tag in sorted(wanted)]
