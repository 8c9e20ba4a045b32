"""§10 Versions."""

from __future__ import annotations

from upstander.policy import versions
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


def alike(first: str, second: str, section: str = "duties", name: str = "d", *swaps: tuple[str, str]) -> bool:
    before, after = load(first), load(second, *SECOND, *swaps)
    same = versions.the_same(before, after, section, name)
    assert same == (name not in [each.name for each in versions.compare(before, after) if each.section == section])
    return same


def test_the_same_rule():
    """Two rules are the same (for comparing versions) when their patterns, names, deadlines with params filled in and
    facts used are"""
    fact = "facts: {f: {for each: target, true from: %s}, g: {for each: target, all of: [f]}}\n"
    duty, worded = DUTY % "by: PT2H", DUTY % "by: promptly"
    looking = DUTY % "by: PT2H, if: [g]"

    assert alike(duty, duty)
    assert not alike(duty, duty.replace("must: told", "must: act"))
    assert not alike(duty, duty.replace("when: seen", "when: act"))
    assert not alike(duty, duty.replace(", for each: target", ""))
    assert not alike(duty, duty.replace("PT2H", "PT3H"))
    assert not alike(duty, duty.replace("who: head", "who: teacher"))
    assert alike(worded, DUTY % "by: 1 school day")
    assert not alike(worded, worded, "duties", "d", ("promptly: 1 school day", "promptly: 2 school days"))
    assert alike(fact % "act" + looking, fact % "act" + looking)
    assert not alike(fact % "act" + looking, fact % "seen" + looking)
    assert not alike(fact % "act" + duty, fact % "seen" + duty, "facts", "g")


def test_another_name_for_the_same():
    """not clause, label or title"""
    duty = DUTY % "by: PT2H"
    limit = "limits: {l: {act: told, never: true%s}}"

    assert alike(duty, duty.replace("who: head", "who: head, label: Another name, clause: S-1"))
    assert alike(limit % "", limit % ", label: Another name", "limits", "l")
