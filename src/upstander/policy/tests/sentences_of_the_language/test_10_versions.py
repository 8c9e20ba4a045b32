"""§10 Versions."""

from __future__ import annotations

from upstander.policy.model import Series
from upstander.policy.tests.small import School, load, log

SEEN = "2026-05-%s seen target=s1"
DUTY = "duties: {d: {when: seen, for each: target, must: told, %s, who: head}}"
SECOND = (('version: "1"', 'version: "2"'), ("in force from: 2025-04-01", "in force from: 2026-05-15"))


def two(school, first: str, second: str) -> School:
    """A school that changed its policy on 15 May 2026."""
    here = school(first)
    return School(here.pack, here.strategy, series=Series((here.pack, load(second, *SECOND))))


def told(here: School, events, now: str) -> list[tuple[str, str, str]]:
    return [
        (duty.arose.isoformat(timespec="minutes"), duty.version, duty.due.isoformat(timespec="minutes"))
        for duty in here.duties(events, now)
    ]


def test_in_force_from(school):
    """A pack version is in force from a date (00:00)"""
    here = two(school, DUTY % "by: PT2H, counts: each", DUTY % "by: PT3H, counts: each")
    events = log(SEEN % "14T23:59", SEEN % "15T00:00")

    assert [version for _, version, _ in told(here, events, "2026-05-16T00:00")] == ["1", "2"]
    assert told(here, log(SEEN.replace("2026", "2020") % "11T10:00"), "2026-05-16T00:00")[0][1] == "1"


def test_every_instance(school):
    """Every instance (each window, each link of a chain) belongs to the version in force at its own arising, its
    windows reckoned from the first arising under any version"""
    windows = two(school, DUTY % "repeat every: P1W", DUTY % "repeat every: P1W, by: P1D")
    links = two(school, DUTY % "by: P1D, again after: P1W", DUTY % "by: P1D, again after: P2W")
    settled = log(SEEN % "11T10:00", "2026-05-12T10:00 told target=s1", "2026-05-16T10:00 told target=s1")

    assert told(windows, log(SEEN % "11T10:00"), "2026-05-18T10:00") == [
        ("2026-05-11T10:00", "1", "2026-05-18T10:00"),
        ("2026-05-18T10:00", "2", "2026-05-19T10:00"),
    ]
    assert [(version, due[8:10]) for _, version, due in told(links, settled, "2026-05-16T10:00")] == [
        ("1", "12"),
        ("1", "19"),
        ("2", "30"),
    ]


def test_a_limit(school):
    """a limit to the version at the act"""
    here = two(school, "limits: {l: {act: told, never: true}}", "limits: {l: {act: told, only by: [head]}}")
    events = log(
        "2026-05-14T23:59 told target=s1",
        "2026-05-15T00:00 told target=s1",
        "2026-05-15T00:01 told target=s1 role=teacher",
    )

    assert [(breach.event, breach.missing) for breach in here.breaches(events)] == [
        ("e1", ("never",)),
        ("e3", ("by:head",)),
    ]


def test_closure(school):
    """closure and listed facts to the version at now"""
    closure = "closure: {case: {for each: target, needs: [%s], settled: all}}"
    facts = "facts: {f: {for each: target, true from: %s}}\n"
    here = two(school, facts % "seen" + closure % "f", facts % "told" + closure % "f")
    before, after = (here.look(log(SEEN % "11T10:00"), now) for now in ("2026-05-14T23:59", "2026-05-15T00:00"))

    assert (before.closable, after.closable) == (True, False)
    assert (len(before.facts), len(after.facts)) == (1, 0)


def test_once_over_the_whole_log(school):
    """once counts over the whole log by rule id"""
    here = two(school, DUTY % "by: PT2H", DUTY % "by: PT3H")

    assert len(here.duties(log(SEEN % "11T10:00", SEEN % "16T10:00"), "2026-05-17T00:00")) == 1


def test_a_fact_turns_with_its_version(school):
    """at 00:00 of a version a fact turns if it holds by the new and did not in the minute before by the old"""
    facts = "facts: {f: {for each: target, true from: %s}}\n"
    duty = "duties: {d: {when: {becomes true: f}, counts: each, for each: target, must: told, by: PT2H, who: head}}"
    turns, stays = (
        two(school, facts % "act" + duty, facts % "seen" + duty),
        two(school, facts % "seen" + duty, facts % "[seen, act]" + duty),
    )

    assert [arose for arose, _, _ in told(turns, log(SEEN % "11T10:00"), "2026-05-16T00:00")] == ["2026-05-15T00:00"]
    assert [arose for arose, _, _ in told(stays, log(SEEN % "11T10:00"), "2026-05-16T00:00")] == ["2026-05-11T10:00"]


def test_a_new_rule(school):
    """a rule of which the version before had no id counts from that day, but a new recurring rule has windows from
    that day for triggers before it"""
    none = "limits: {l: {act: told, never: true}}"
    single, series, chain = (
        two(school, none, DUTY % rule) for rule in ("by: PT2H", "repeat every: P1W", "by: P1D, again after: P1W")
    )
    events = log(SEEN % "11T10:00")

    assert told(single, events, "2026-05-20T00:00") == []
    assert [arose for arose, _, _ in told(series, events, "2026-05-20T00:00")] == ["2026-05-18T10:00"]
    assert told(chain, events, "2026-05-20T00:00") == []
    assert len(told(single, log(SEEN % "15T00:00"), "2026-05-20T00:00")) == 1


def test_a_rule_that_ends(school):
    """belongs to the version in force at its own arising"""
    here = two(school, DUTY % "repeat every: P1W", "limits: {l: {act: told, never: true}}")

    assert told(here, log(SEEN % "11T10:00"), "2026-05-25T00:00") == [("2026-05-11T10:00", "1", "2026-05-18T10:00")]


def test_guards_by_version(school):
    """each window, each link of a chain"""
    facts = "facts: {f: {for each: target, true from: %s}}\n"
    here = two(
        school,
        facts % "act" + DUTY % "repeat every: P1W, unless: [f]",
        facts % "seen" + DUTY % "repeat every: P1W, unless: [f]",
    )

    assert here.states(log(SEEN % "11T10:00"), "2026-05-18T10:00") == ["pending", "not-applicable"]
