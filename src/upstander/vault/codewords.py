"""Secrets that people can keep: words from lists of 1,024 in the four languages, ten bits each.

A secret is typed back in whatever way a hand writes it: any case, with or without spaces, full or half width, on a page in
another language. What counts is the language of the words and their places in the list, so that the spelling may be mended
in a later version without locking anybody out.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("en-GB", "ja", "nl", "zh-Hans")
BITS_A_WORD = 10
_LISTS = Path(__file__).parent / "words"
_BETWEEN = re.compile(r"[\s\u3000,.;:・、，。\-_+/|]+")
_NUMBERED = re.compile(r"(?:^|(?<=\s))\d{1,2}[.)]?(?=\s|$)")


@lru_cache(maxsize=8)
def word_list(lang: str) -> tuple[str, ...]:
    """The words of a language (British English where there is no list), in the order that gives them their numbers."""
    known = lang if lang in LANGUAGES else LANGUAGES[0]
    return tuple((_LISTS / f"{known}.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=8)
def _numbers(lang: str) -> dict[str, int]:
    return {plain(word): number for number, word in enumerate(word_list(lang))}


@lru_cache(maxsize=8)
def _longest(lang: str) -> int:
    return max(map(len, _numbers(lang)))


def make(lang: str, count: int) -> tuple[str, ...]:
    """So many random words of a language."""
    words = word_list(lang)
    return tuple(words[secrets.randbelow(len(words))] for _ in range(count))


def plain(text: str) -> str:
    """A text without what does not matter: width, case, accents, katakana for hiragana."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    hiragana = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in folded)
    if hiragana.isascii():
        return hiragana
    # Accents are dropped from Latin letters only: the marks of kana are part of the letter.
    return "".join(unicodedata.normalize("NFKD", c)[0] if "LATIN" in unicodedata.name(c, "") else c for c in hiragana)


def canonical(typed: str, count: int) -> bytes | None:
    """The meaning of typed words (``b"nl:12.900.…"``), None where they are not ``count`` words of one list."""
    text = plain(_NUMBERED.sub(" ", unicodedata.normalize("NFKC", typed))).strip()
    if len(text) > 400:
        return None
    for lang in LANGUAGES:
        numbers = _read([part for part in _BETWEEN.split(text) if part], lang, count)
        if numbers:
            return f"{lang}:{'.'.join(map(str, numbers))}".encode()
    return None


def _read(parts: list[str], lang: str, count: int) -> list[int] | None:
    known = _numbers(lang)
    if len(parts) == count and all(part in known for part in parts):
        return [known[part] for part in parts]
    return _cut("".join(parts), lang, count)


def _cut(text: str, lang: str, count: int) -> list[int] | None:
    """Words written without spaces. Every way to cut is tried; two ways are nobody's secret."""
    known, longest = _numbers(lang), _longest(lang)
    ways: list[list[list[int]]] = [[] for _ in range(len(text) + 1)]
    ways[0] = [[]]
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - longest), end):
            number = known.get(text[start:end])
            if number is not None:
                ways[end] += [[*way, number] for way in ways[start] if len(way) < count][: 8 - len(ways[end])]
    whole = [way for way in ways[len(text)] if len(way) == count]
    return whole[0] if len(whole) == 1 else None
