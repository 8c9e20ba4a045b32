"""Receipts: the four lists, writing, reading, forgiving."""

from __future__ import annotations

import os
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.vault import codewords

codes = st.binary(min_size=codewords.CODE_BYTES, max_size=codewords.CODE_BYTES)
in_each_language = pytest.mark.parametrize("lang", codewords.LANGUAGES)


def test_a_receipt_has_eighty_bits() -> None:
    assert codewords.WORDS * codewords.BITS_A_WORD == 80


@in_each_language
def test_a_list_has_1024_different_words(lang: str) -> None:
    assert len(set(codewords.word_list(lang))) == 1024


@pytest.mark.parametrize("lang", ["en-GB", "ja", "nl"])
def test_no_word_begins_another_and_no_two_differ_by_one_letter(lang: str) -> None:
    words = sorted(codewords.word_list(lang))

    assert not [pair for pair in pairwise(words) if pair[1].startswith(pair[0])]
    holes: dict[str, str] = {}
    for word in words:
        for at in range(len(word)):
            hole = f"{word[:at]}*{word[at + 1 :]}"
            assert holes.setdefault(hole, word) == word, (word, holes[hole])


@in_each_language
@given(code=codes)
def test_words_lead_back_to_the_receipt_in_every_language(lang: str, code: bytes) -> None:
    assert code in codewords.read(" ".join(codewords.words_of(code, lang)))


@in_each_language
@given(code=codes)
def test_words_may_be_typed_without_spaces(lang: str, code: bytes) -> None:
    assert code in codewords.read("".join(codewords.words_of(code, lang)))


@given(code=codes)
def test_signs_lead_back_to_the_receipt(code: bytes) -> None:
    signs = codewords.signs_of(code)

    assert codewords.read(signs) == (code,)
    assert codewords.read(signs.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == (code,)


CODE = bytes.fromhex("00112233445566778899")


@pytest.mark.parametrize(
    "typed",
    [
        " ".join(codewords.words_of(CODE, "nl")).upper(),
        ", ".join(codewords.words_of(CODE, "nl")),
        "\n".join(f"{n}. {word}" for n, word in enumerate(codewords.words_of(CODE, "nl"), 1)),
        "　".join(codewords.words_of(CODE, "ja")),
        "・".join(
            chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for w in codewords.words_of(CODE, "ja") for c in (*w, " ")
        ),
        " ".join("".join(chr(ord(c) + 0xFEE0) for c in word) for word in codewords.words_of(CODE, "en-GB")),
        "，".join(codewords.words_of(CODE, "zh-Hans")),
    ],
    ids=["capitals", "commas", "numbered lines", "wide spaces", "katakana", "full width", "chinese commas"],
)
def test_spelling_that_means_the_same_is_forgiven(typed: str) -> None:
    assert CODE in codewords.read(typed)


@pytest.mark.parametrize("typed", ["", "   ", "apple", "x" * 5000, "🙈 " * 8, "\u202eolleh " * 8, "1 2 3 4 5 6 7 8"])
def test_what_is_no_receipt_reads_as_nothing(typed: str) -> None:
    assert codewords.read(typed) == ()


@given(text=st.text(max_size=300))
def test_reading_never_fails(text: str) -> None:
    codewords.read(text)
    codewords.unknown(text)


def test_a_mistyped_word_is_named_with_the_nearest_one() -> None:
    words = list(codewords.words_of(CODE, "nl"))
    right = words[3]
    words[3] = right[:-1] + ("x" if right[-1] != "x" else "y")

    assert codewords.unknown(" ".join(words)) == [(4, words[3], right)]


def test_two_receipts_are_never_the_same_by_chance() -> None:
    assert len({codewords.words_of(os.urandom(10), "en-GB") for _ in range(500)}) == 500
