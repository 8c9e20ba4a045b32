"""Rules as sentences in the four languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from upstander.policy.durations import parse_distance
from upstander.policy.loader import load_text
from upstander.policy.loader.tests.packs import SMALL, pack, small
from upstander.policy.sentences import deadline_words, distance_words, sentence
from upstander.policy.tests import shipped
from upstander.policy.words import catalogue

LANGUAGES = ("en-GB", "ja", "nl", "zh-Hans")
compiled = pytest.mark.skipif(
    not all(catalogue(lang).gettext("the school") != "the school" for lang in ("ja", "nl", "zh-Hans")),
    reason="the catalogues are not compiled (./start does it)",
)
RULES = (Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8")
UNTIDY = re.compile(r"  | [.,;:。、，]|[、，,]{2}|[、，,][。.]|\(\)|（）")


def everything(lang: str) -> dict[str, str]:
    found = pack(RULES)
    names = [*found.duties, *found.limits, *found.facts, *(f"closure.{kind}" for kind in found.closure)]
    return {name: sentence(found, name, lang) for name in names}


def test_a_duty_reads_as_a_sentence_in_english() -> None:
    assert sentence(small(), "tell-parents", "en-GB") == (
        "After “Recognised as bullying”, the form tutor is to tell the parents within 1 school day (“promptly”) "
        "for each person named as “Pupil who was hurt” (A.1)."
    )


def test_limits_facts_and_closures_read_as_sentences_in_english() -> None:
    assert sentence(small(), "hear-alone", "en-GB") == (
        "“Heard” (how many named as “Pupil who did it”: at least 2) must never happen (A.2)."
    )
    assert sentence(small(), "quiet", "en-GB") == (
        "“no acts for three months” holds when there has been no “A new act” for 3 months, counted from “Recognised as bullying” "
        "(looked at for each person named as “Pupil who was hurt”) (A.2)."
    )
    assert sentence(small(), "closure.case", "en-GB") == (
        "“Case” may be closed when this holds: “no acts for three months” for each person named as “Pupil who was hurt”, "
        "and when no duty is open, by decision of the headteacher. Afterwards it is watched for 3 months."
    )


@compiled
def test_each_language_puts_the_parts_in_its_own_order() -> None:
    text = SMALL.replace("language: en-GB", "language: ja").replace("1 school day", "same day")
    for english, own in (
        ("label: Tell the parents", "label: 保護者に直接会って伝える"),
        ("title: Form tutor", "title: 学級担任"),
        ("done: Recognised as bullying", "done: いじめと認知した"),
        ("title: Pupil who was hurt", "title: いじめられた生徒"),
    ):
        text = text.replace(english, own)
    ja = load_text(text)

    assert sentence(ja, "tell-parents", "ja") == (
        "「いじめと認知した」のあと、学級担任は、「いじめられた生徒」一人ひとりについて、その日のうちに（「promptly」）、"
        "保護者に直接会って伝える（A.1）。"
    )
    assert sentence(small(), "tell-parents", "nl") == (
        "Na “Recognised as bullying” moet wie de functie “Form tutor” heeft binnen 1 schooldag (“promptly”) voor ieder die "
        "genoemd is als “Leerling die het overkwam” het volgende doen: “Tell the parents” (A.1)."
    )
    assert sentence(small(), "tell-parents", "zh-Hans").startswith("“Recognised as bullying”之后，")


@compiled
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_form_of_rule_has_a_tidy_sentence_in_every_language(lang: str) -> None:
    english = everything("en-GB")
    for name, text in everything(lang).items():
        assert "%(" not in text, name
        assert not UNTIDY.search(text), text
        assert text.endswith((".", "。")), text
        assert lang == "en-GB" or text != english[name], name


@compiled
@pytest.mark.parametrize("name", ["jp-junior-high", "gb-secondary"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_of_the_packs_has_a_tidy_sentence(name: str, lang: str) -> None:
    found = shipped.pack(name)
    for rule in [*found.duties.values(), *found.limits.values(), *found.facts.values(), *found.closure.values()]:
        text = sentence(found, rule, lang)
        assert "%(" not in text
        assert text.endswith((".", "。"))
        assert not UNTIDY.search(text), text


def test_a_sentence_is_asked_for_by_the_rule_or_its_id() -> None:
    assert sentence(small(), small().facts["kept"], "en-GB") == sentence(small(), "kept", "en-GB")
    with pytest.raises(KeyError):
        sentence(small(), "no-such-rule", "en-GB")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("PT1H", "1 hour"),
        ("PT90M", "1 hour and 30 minutes"),
        ("P1W", "1 week"),
        ("P10D", "10 days"),
        ("P1Y2M", "1 year and 2 months"),
        ("1 school day", "1 school day"),
        ("3 working days", "3 working days"),
    ],
)
def test_distances_are_said_with_their_plurals(text: str, said: str) -> None:
    assert distance_words(parse_distance(text), "en-GB") == said


def test_a_deadline_is_said_with_the_word_of_the_document() -> None:
    by = small().duties["tell-parents"].by

    assert by is not None
    assert deadline_words(small(), by, "en-GB") == "within 1 school day (“promptly”)"


@compiled
def test_japanese_keeps_answers_apart_and_says_an_hour_as_an_hour() -> None:
    pack = shipped.pack("jp-junior-high")

    assert "時刻：18:00まで" in sentence(pack, "meet-parents", "ja")
    assert "「感じていないと答えた」または「今は言えない・分からない」" in sentence(
        pack, "ask-before-not-recognised", "ja"
    )
    assert "「行った人の立場」が2種類以上" in sentence(pack, "changes-meet", "ja")
    assert sentence(pack, "check-effect", "ja").startswith(
        "「指導した」のあと、「終結した」となるまで、2週間たつ前には行わず、"
    )
