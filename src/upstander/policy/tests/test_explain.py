"""Why: what started a duty, how its due moment was reckoned, what would settle it, what would lift a limit."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest

from upstander.policy import compiled, explain, guard
from upstander.policy.model import Series
from upstander.policy.tests.small import CALENDAR, load, log

LANGUAGES = ("en-GB", "ja", "nl", "zh-Hans")
RULES = """
facts:
  calm: {for each: target, quiet: act, since: seen, for: P3M, label: three quiet months}
  agreed-to: {for each: target, true from: agreed, label: they agreed}
  both: {for each: target, all of: [calm, agreed-to], label: calm and agreed}
duties:
  d: {clause: S-1, when: seen, for each: target, must: {all of: [told, act]}, by: 3 school days, who: teacher,
      may be waived by: [head], may be extended by: [board], label: Tell them}
  if-agreed: {when: seen, for each: target, if: [agreed-to], must: told, by: P1D, who: teacher, label: Tell more}
  more: {when: {seen: {n: {at least: 2}}}, for each: target, must: told, by: P1D, who: teacher, label: Tell again}
  then: {when: {becomes true: both}, for each: target, must: told, by: P1D, who: teacher, label: Tell at last}
  never-asked: {when: planned, must: met, by: P1D, who: head, label: Meet}
limits:
  l: {clause: S-1, act: told, for each: target, only after: [act], only by: [head], not by: [heard], label: Not told yet}
closure: {case: {for each: target, needs: [calm], settled: all, decided by: [head]}}
"""
SEEN = "2026-05-21T10:00 seen target=s1"  # a Thursday; Monday the 25th is closed


@pytest.fixture(scope="module")
def series():
    return Series((load(RULES),))


def _explained(series, events, now, rule, lang="en-GB"):
    moment = datetime.fromisoformat(now)
    picture = compiled.picture(series, events, CALENDAR, moment, kind="case", record="c")
    [duty] = [duty for duty in picture.duties if duty.rule == rule]
    return explain.duty(series, events, CALENDAR, moment, duty, lang)


def test_a_duty_says_what_started_it_and_under_which_clause(series):
    found = _explained(series, log(SEEN), "2026-05-21T11:00", "d")

    assert found.of("started.event")[0].events == ("e1",)
    assert "“Seen” on Thursday 21 May 2026, 10:00" in found.words
    assert found.clauses == {"S-1": "What we do"}


def test_the_arithmetic_names_each_day_that_was_passed_over_and_why(series):
    found = _explained(series, log(SEEN), "2026-05-21T11:00", "d")
    [skipped] = found.of("due.skipped")

    assert [moment.day for moment in skipped.moments] == [23, 24, 25]
    assert "Saturday 23 May 2026 (weekend)" in skipped.words
    assert "Monday 25 May 2026 (public holiday)" not in skipped.words
    assert "Monday 25 May 2026 (school closed)" in skipped.words
    assert found.of("due.at")[0].moments == (datetime(2026, 5, 27, 23, 59),)


def test_an_open_duty_says_what_would_settle_it_and_who_may_waive_it(series):
    found = _explained(series, log(SEEN, "2026-05-21T10:30 told target=s1"), "2026-05-21T11:00", "d")

    assert "“Act”" in found.of("settle.missing")[0].words
    assert "“Told”" not in found.of("settle.missing")[0].words
    assert (found.of("waive")[0].roles, found.of("extend")[0].roles) == (("head",), ("board",))


def test_an_extension_and_what_settled_it(series):
    events = log(
        SEEN,
        "2026-05-22T09:00 extend rule=d to=2026-06-30 role=board",
        "2026-06-01T09:00 told target=s1",
        "2026-06-02T09:00 act target=s1",
    )
    found = _explained(series, events, "2026-06-03T11:00", "d")

    assert found.of("due.extended")[0].events == ("e2",)
    assert found.of("state.met")[0].events == ("e4",)


def test_a_duty_that_does_not_apply_says_which_fact_kept_it(series):
    found = _explained(series, log(SEEN), "2026-05-21T11:00", "if-agreed")

    assert found.of("blocked.if")[0].facts == ("agreed-to",)
    assert "they agreed" in found.words.lower()


@pytest.mark.parametrize(
    ("rule", "code", "word"),
    [
        ("never-asked", "absent.event", "Planned"),
        ("more", "absent.test", "Seen"),
        ("then", "absent.part", "calm"),
        ("if-agreed", "blocked.if", "agreed"),
        ("gone", "absent.version", "no such rule"),
        ("d", "absent.arose", "21 May"),
    ],
)
def test_a_duty_that_did_not_arise_names_the_first_condition_that_failed(series, rule, code, word):
    now = datetime(2026, 5, 22)
    found = explain.not_arisen(series, log(SEEN), CALENDAR, now, rule, "en-GB")

    assert [part.code for part in found.parts] == [code]
    assert word.lower() in found.words.lower()


NESTED = """
facts:
  calm: {for each: target, quiet: act, since: seen, for: P3M, label: three quiet months}
  told-once: {for each: target, true from: told, label: they were told}
  agreed-to: {for each: target, true from: agreed, label: they agreed}
  both: {for each: target, all of: [agreed-to, calm], label: agreed and calm}
  free: {for each: target, none of: [told-once], label: nobody was told}
  all-well: {for each: target, all of: [both, free], label: all is well}
  either: {for each: target, any of: [calm, told-once], label: calm or told}
duties:
  d: {when: {becomes true: all-well}, for each: target, must: told, by: P1D, who: teacher, label: Tell}
  e: {when: {overdue: d}, for each: target, must: told, by: P1D, who: teacher, label: Ask}
  g: {when: {becomes true: either}, for each: target, must: agreed, by: P1D, who: teacher, label: Go on}
  h: {when: met, for each: actor of the case, must: heard, by: P1D, who: teacher, label: Hear}
  i: {when: act, for each: target, must: told, by: P1D, who: teacher, label: Look}
limits: {l: {act: planned, only after: [met], label: Not planned yet}}
"""


TOLD_LONG_AGO = tuple(
    f"2026-01-{day}T10:00 {kind} target=s1" for day, kind in ((20, "seen"), (21, "agreed"), (22, "told"))
)


@pytest.mark.parametrize(
    ("lines", "rule", "code", "facts"),
    [
        ((), "d", "absent.part", ("all-well", "agreed-to")),
        (("2026-05-21T11:00 agreed target=s1",), "d", "absent.part", ("all-well", "calm")),
        (TOLD_LONG_AGO, "d", "absent.part-none", ("all-well", "told-once")),
        ((), "e", "absent.not-asked", ()),
        ((), "g", "absent.fact", ("either",)),
        (("2026-05-21T11:00 met",), "h", "absent.nobody", ()),
        ((), "i", "absent.event", ()),
    ],
)  # fmt: skip
def test_the_reason_goes_down_to_the_first_part_that_decides(lines, rule, code, facts):
    nested = Series((load(NESTED),))
    events = log(*(lines if lines and lines[0] < "2026-05" else (SEEN, *lines)))
    found = explain.not_arisen(nested, events, CALENDAR, datetime(2026, 5, 22), rule, "en-GB", key=(("target", "s1"),))

    assert [(part.code, part.facts) for part in found.parts] == [(code, facts)]


def test_an_event_about_somebody_else_is_said_to_be_so():
    nested = Series((load(NESTED),))
    events = log(SEEN, "2026-05-21T11:00 act target=s2")
    found = explain.not_arisen(nested, events, CALENDAR, datetime(2026, 5, 22), "i", "en-GB", key=(("target", "s1"),))

    assert found.words == "It was recorded, but not about this person: “Act”."


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_duty_that_did_not_arise_is_listed_with_a_reason(lang):
    nested = Series((load(NESTED),))
    found = explain.all_not_arisen(nested, log(SEEN), CALENDAR, datetime(2026, 5, 22), lang)

    assert [each.rule for each in found] == ["d", "e", "g", "h", "i"]
    assert all(len(each.parts) == 1 and each.words and "%(" not in each.words for each in found)
    later = explain.all_not_arisen(
        nested, log(SEEN, "2026-05-21T11:00 act target=s1"), CALENDAR, datetime(2026, 5, 22), lang
    )
    assert "i" not in [each.rule for each in later]


def test_a_statement_knows_the_kinds_of_event_behind_its_facts():
    pack = load(NESTED)
    part = explain.Part("absent.fact", "", facts=("all-well", "either"))

    assert explain.kinds_behind(pack, part) == {"agreed", "act", "seen", "told"}


def test_a_limit_says_what_would_lift_it(series):
    [asked] = log("2026-05-22T09:00 told target=s1 role=teacher id=x")
    events = log(SEEN, "2026-05-21T12:00 heard actor=a1")
    [breach] = guard.would_break(series, events, CALENDAR, asked, kind="case", record="c")
    found = explain.breach(series, breach, "en-GB", log=events)

    assert [part.code for part in found.parts] == ["lift.records", "lift.roles", "lift.others"]
    assert "Note an act" in found.words


def test_closing_too_early_says_what_is_still_missing(series):
    [asked] = log("2026-05-22T09:00 close id=x")
    [breach] = guard.would_break(series, log(SEEN), CALENDAR, asked, kind="case", record="c")
    found = explain.breach(series, breach, "en-GB")

    assert "three quiet months" in found.words.lower()
    assert "Tell them" in found.words


def test_each_language_says_it_in_its_own_words(series):
    said = [_explained(series, log(SEEN), "2026-06-21T11:00", "d", lang).of("due.at")[0].words for lang in LANGUAGES]

    assert len(set(said)) == 4
    assert all(one != other for one, other in pairwise(said))
    assert "2026年5月27日（水）23:59" in said[1]
    assert "woensdag 27 mei 2026 om 23:59" in said[2]
