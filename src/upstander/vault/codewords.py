"""Secrets that people keep: eighty random bits, written as eight words in the reader's language or as sixteen signs.

Receipts and pupils' cards are such codes. The bits are the code; the four word lists are only four ways to write them, so
what was handed out in Dutch can be shown, and typed back, in Japanese. Each list has 1,024 words (10 bits); in English,
Dutch and Japanese no word begins another and no two differ by a single letter, so words may also be typed without spaces.

Pure: no database, no clock. What is stored of a code is decided by whoever hands it out.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Final

WORDS: Final = 8
BITS_A_WORD: Final = 10
CODE_BYTES: Final = WORDS * BITS_A_WORD // 8
LANGUAGES: Final = ("en-GB", "ja", "nl", "zh-Hans")

_LISTS: Final = Path(__file__).parent / "words"
_BREAKS: Final = re.compile(r"[\W\d_]+")
_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES: Final = str.maketrans("OIL", "011")
_TO_HIRAGANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


@lru_cache(maxsize=8)
def word_list(lang: str) -> tuple[str, ...]:
    """The 1,024 words of a language of the screens; English for any other."""
    name = lang if lang in LANGUAGES else LANGUAGES[0]
    return tuple((_LISTS / f"{name}.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=8)
def _places(lang: str) -> dict[str, int]:
    return {_fold(word): place for place, word in enumerate(word_list(lang))}


def words_of(code: bytes, lang: str) -> tuple[str, ...]:
    """A code's ten bytes as eight words. Raises ValueError for any other length."""
    if len(code) != CODE_BYTES:
        raise ValueError("a code has ten bytes")
    number = int.from_bytes(code)
    words = word_list(lang)
    shifts = range((WORDS - 1) * BITS_A_WORD, -1, -BITS_A_WORD)
    return tuple(words[(number >> shift) & (len(words) - 1)] for shift in shifts)


def signs_of(code: bytes) -> str:
    """A code as sixteen signs without look-alikes (no I, L, O, U), for the QR code's address: ``4TGH-…``."""
    number = int.from_bytes(code)
    signs = "".join(_SIGNS[(number >> shift) & 31] for shift in range(75, -1, -5))
    return "-".join(signs[at : at + 4] for at in range(0, 16, 4))


def read(text: str) -> tuple[bytes, ...]:
    """The codes that somebody may have meant: at most one for each language and one in signs, none where nothing fits.

    Capitals, spaces, width, numbering, punctuation and kind of kana make no difference.
    """
    found = [_from_signs(text), *(_from_words(text, lang) for lang in LANGUAGES)]
    return tuple(dict.fromkeys(code for code in found if code is not None))


def same_word(typed: str, word: str) -> bool:
    """Whether somebody typed this word of their code."""
    return "".join(_tokens(typed)) == _fold(word)


def unknown(text: str) -> list[tuple[int, str, str]]:
    """(number from 1, what was typed, the nearest word or nothing) of words that stand in no list.

    The list is the one that knows most of the words. Lists are public: this helps with typing and tells nothing else.
    """
    tokens = _tokens(text)
    lang = max(LANGUAGES, key=lambda each: sum(token in _places(each) for token in tokens))
    places = _places(lang)
    lost = [(number, token) for number, token in enumerate(tokens[:20], 1) if token not in places]
    return [
        (number, token[:40], next(iter(get_close_matches(token[:40], places, 1, 0.7)), "")) for number, token in lost
    ]


def _fold(text: str) -> str:
    """One spelling of what may be written in several: width, capitals, katakana."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_TO_HIRAGANA)


def _tokens(text: str) -> list[str]:
    return [token for token in _BREAKS.split(_fold(text[:2000])) if token]


def _from_words(text: str, lang: str) -> bytes | None:
    places = _places(lang)
    tokens = _tokens(text)
    if len(tokens) != WORDS or any(token not in places for token in tokens):
        tokens = _parted("".join(tokens), places)
    if len(tokens) != WORDS:
        return None
    number = 0
    for token in tokens:
        number = number << BITS_A_WORD | places[token]
    return number.to_bytes(CODE_BYTES)


def _parted(text: str, places: dict[str, int]) -> list[str]:
    """Words written without spaces, parted; no word begins another, so there is one way at most."""
    words: list[str] = []
    longest = max(map(len, places))
    while text and len(words) <= WORDS:
        word = next((text[:size] for size in range(1, longest + 1) if text[:size] in places), "")
        if not word:
            return []
        words.append(word)
        text = text[len(word) :]
    return words


def _from_signs(text: str) -> bytes | None:
    signs = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text[:200])).upper().translate(_LOOK_ALIKES)
    if len(signs) != 16 or any(sign not in _SIGNS for sign in signs):
        return None
    number = 0
    for sign in signs:
        number = number << 5 | _SIGNS.index(sign)
    return number.to_bytes(CODE_BYTES)
