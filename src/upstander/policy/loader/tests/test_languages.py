"""What is wrong with a pack is said in the author's language: place, code and the author's own words stay."""

from __future__ import annotations

import pytest

from upstander.policy import loader
from upstander.policy.tests.small import text
from upstander.policy.words import worded

WRONG = "duties: {d: {when: sen, for each: target, must: told, by: PT0S, who: head}}"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en-GB", "unknown kind of event 'sen'"),
        ("ja", "知らない種類の出来事 'sen'"),
        ("nl", "onbekende soort gebeurtenis 'sen'"),
        ("zh-Hans", "不认识的事件类型 'sen'"),
    ],
)
def test_a_problem_speaks_the_four_languages(lang: str, said: str) -> None:
    _pack, problems = loader.check_text(text(WRONG))
    unknown = next(each for each in problems if "'sen'" in each.message)

    assert unknown.said(lang).message == said
    assert (unknown.said(lang).line, unknown.said(lang).code) == (unknown.line, unknown.code)
    assert "seen" in unknown.said(lang).hint
    assert unknown.in_words(lang).startswith(f"{unknown.file}:{unknown.line}:")


def test_every_problem_of_a_wrong_pack_has_its_words_in_every_language() -> None:
    _pack, problems = loader.check_text(text(WRONG))

    for lang in ("ja", "nl", "zh-Hans"):
        assert all(each.said(lang).message != each.message for each in problems)


def test_an_authors_braces_are_the_authors() -> None:
    assert worded("unknown word {word}", word="{x}") == "unknown word {x}"
