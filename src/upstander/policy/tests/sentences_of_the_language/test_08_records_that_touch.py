"""§8 Records that touch each other: what the engine itself has to do with it; the app's part is tested in ``records``."""

from __future__ import annotations

import pytest

from upstander.policy import loader
from upstander.policy.tests.small import load, log, text

ECHO = (
    "noted: {about: [target], echoes: [{to: case, as: %s, where: %s, open: %s}]}\n"
    "heard-of: {about: [target], echoes: [%s]}"
)


def codes(**entries: str) -> set[str]:
    return {each.code for each in loader.check_text(text("", **entries))[1] if each.stops}


def test_one_record(school):
    """Evaluation never leaves one record"""
    here = school("duties: {d: {when: seen, for each: target, must: told, by: PT2H, who: head}}")
    first, second = log("2026-05-11T10:00 seen target=s1"), log("2026-05-11T10:30 told target=s1")

    assert here.states(first, "2026-05-11T11:00") == ["pending"]
    assert here.duties(second, "2026-05-11T11:00") == []


@pytest.mark.parametrize("where", ["{target: target}", "linked"])
@pytest.mark.parametrize("opens", ["'no'", "'yes'", "always"])
def test_echoes(where, opens):
    """echoes: [{to: case, as: absence, where: {target: pupil}, open: no | yes | always, back: D or school year}]"""
    pack = load("", events=ECHO % ("away", where, f"{opens}, back: P30D", ""))
    [echo] = pack.events["noted"].echoes

    assert (echo.to, echo.as_, echo.open, echo.back.days) == ("case", "away", opens.strip("'"), 30)
    assert echo.where == ("linked" if where == "linked" else {"target": "target"})
    assert codes(events=ECHO % ("nothing", where, opens, "")) != set()


def test_echoes_of_echoes():
    """echoes of echoes are an error"""
    further = "{to: case, as: away, where: {target: target}}"

    assert codes(events=ECHO % ("heard-of", "{target: target}", "'no'", further)) != set()
    assert codes(events=ECHO % ("heard-of", "{target: target}", "'no'", "")) == set()


def test_tells():
    """tells: [roles] (with if / unless) notifies without a duty"""
    pack = load(
        "facts: {f: {true from: seen}}", events="rung: {tells: [head, {roles: [board], if: [f], unless: [closed]}]}"
    )

    assert [(tell.roles, tell.if_, tell.unless) for tell in pack.events["rung"].tells] == [
        (("head",), (), ()),
        (("board",), ("f",), ("closed",)),
    ]
    assert pack.duties == {}


def test_the_calendar_speaks(school):
    """The calendar speaks on the record of the school year"""
    here = school("duties: {d: {when: year-opened, must: met, repeat each: term, until: year-closed, who: head}}")
    events = log(
        "2025-09-01T00:00 year-opened role=system", "2025-10-01T10:00 met", "2026-08-31T23:59 year-closed role=system"
    )

    assert here.states(events, "2026-09-01T00:00") == ["met", "lapsed", "lapsed"]


def test_joining(school):
    """joined / left speak on the record of the school, which has no end"""
    here = school(
        "duties: {d: {when: joined, for each: staff, must: heard, by: P1M, again after: P1Y, "
        "until: left-school, who: {is: staff}}}",
        events="left-school: {about: [staff]}",
    )
    found = here.duties(log("2020-09-01T08:00 joined staff=t1", "2020-09-10T08:00 heard staff=t1"), "2021-09-11T00:00")

    assert [(duty.state.value, duty.due.year) for duty in found] == [("met", 2020), ("overdue", 2021)]
