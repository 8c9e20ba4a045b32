"""Paper: a Typst sheet of a room and its data become a tagged PDF, on this machine and without the network.

A sheet stands in ``<room>/reports/*.typ`` and begins with ``#import "/ui/reports/sheet.typ": *``. What people wrote reaches
it as data only, never as markup: ``data`` in the sheet is the mapping given here. The fonts are our own (``ui/fonts``), so
that a sheet looks the same on every machine; a sign that none of them has is named, so that nothing anybody said is lost.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

import typst
from fontTools.ttLib import TTFont

_ROOMS: Final = Path(__file__).resolve().parent.parent
_FONTS: Final = Path(__file__).resolve().parent / "fonts"
_UNSEEN: Final = ("Cf", "Zs", "Zl", "Zp")
"""Kinds of sign that need no picture: spaces, joiners, marks of direction."""


class SheetError(RuntimeError):
    """A sheet does not compile; the message says where. A mistake of ours, never of the reader's."""


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS])


@lru_cache(maxsize=1)
def _signs() -> frozenset[int]:
    """The code points that our fonts can show."""
    found: set[int] = set()
    for path in _FONTS.glob("*-Regular.ttf"):
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)


def make(sheet: str, data: Mapping[str, object], *, lang: str, now: datetime) -> bytes:
    """The PDF (PDF/UA-1) of ``sheet``, e.g. ``"school/reports/policy.typ"``.

    ``data``: what JSON can hold. ``lang``: BCP 47, of the words that are ours. ``now``: with its zone; it stands in the file as
    the time of making, so that equal data at an equal time gives equal bytes.

    Raises ``SheetError`` where the sheet does not compile.
    """
    inputs = {"data": shown(json.dumps(data, ensure_ascii=False)), "lang": lang}
    try:
        made = typst.compile(
            _ROOMS / sheet,
            root=_ROOMS,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs=inputs,
            pdf_standards=["ua-1"],
            timestamp=int(now.timestamp()),
        )
    except typst.TypstError as error:
        raise SheetError(f"{sheet}: {error.message} {error.diagnostic}") from error
    if not isinstance(made, bytes):
        raise SheetError(f"{sheet}: nothing was made")
    return made


def shown(text: str) -> str:
    """``text`` with every sign that our fonts lack written as its number and name, e.g. ``[U+1F9FF NAZAR AMULET]``."""
    if text.isascii():
        return text
    have = _signs()
    return "".join(sign if sign.isascii() or ord(sign) in have else _named(sign) for sign in text)


def _named(sign: str) -> str:
    if unicodedata.category(sign) in _UNSEEN:
        return " " if unicodedata.category(sign).startswith("Z") else ""
    return f"[U+{ord(sign):04X} {unicodedata.name(sign, '')}".rstrip() + "]"
