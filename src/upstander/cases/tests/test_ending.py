"""When it is over: since when each clock runs, what broke it, what is still asked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from upstander.cases.ending import View, standing
from upstander.policy import reference
from upstander.policy.calendar import Timetable
from upstander.policy.log import Doer, Event
from upstander.policy.model import Combine, Pack, Series, Span
from upstander.policy.tests import shipped

RECOGNISED = datetime(2026, 5, 14, 16, 0)
KEY = (("target", "s1"),)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return shipped.pack("jp-junior-high")


def event(id: str, kind: str, at: datetime, **fields) -> Event:
    by = Doer("p1", "guidance-lead")
    return Event(id=id, kind=kind, at=at, recorded=at, by=by, about={"target": ("s1",)}, fields=fields)


def view(pack: Pack, now: datetime, *more: Event) -> View:
    log = [
        event("e1", "concern-received", datetime(2026, 5, 11, 10, 20)),
        event("e2", "definition-decided", RECOGNISED, decision="recognised"),
        *more,
    ]
    series = Series((pack,))
    picture = reference.picture(series, log, None, now, kind="case", record="r")
    return View(pack, standing(series, log, now), picture, Timetable(None, pack.hints))


def test_the_clock_runs_from_the_decision_for_three_months(pack):
    outlook = view(pack, RECOGNISED + timedelta(days=10)).outlook("acts-stopped", KEY)

    assert not outlook.holds
    assert outlook.started == RECOGNISED
    assert outlook.full == datetime(2026, 8, 14, 16, 0)
    assert outlook.lasts == Span(months=3)
    assert outlook.broken_by == ""


def test_the_outlook_agrees_with_the_engine_at_the_very_minute(pack):
    before = view(pack, datetime(2026, 8, 14, 15, 59)).outlook("acts-stopped", KEY)
    after = view(pack, datetime(2026, 8, 14, 16, 0)).outlook("acts-stopped", KEY)

    assert (before.holds, after.holds) == (False, True)
    assert after.since == datetime(2026, 8, 14, 16, 0)


def test_a_new_act_starts_the_clock_anew_and_says_how_far_it_had_come(pack):
    act = event("e3", "act", RECOGNISED + timedelta(days=49))
    outlook = view(pack, RECOGNISED + timedelta(days=50), act).outlook("acts-stopped", KEY)

    assert outlook.started == act.at
    assert outlook.broken_by == "e3"
    assert outlook.run_before == 49


def test_before_the_decision_the_clock_does_not_run_and_the_outlook_says_what_starts_it(pack):
    log = [event("e1", "concern-received", datetime(2026, 5, 11, 10, 20))]
    now = datetime(2026, 5, 12, 9, 0)
    picture = reference.picture(Series((pack,)), log, None, now, kind="case", record="r")
    outlook = View(pack, log, picture, Timetable(None, pack.hints)).outlook("acts-stopped", KEY)

    assert outlook.started is None
    assert [each.kind for each in outlook.asks] == ["definition-decided"]


def test_a_criterion_of_several_parts_shows_them_all(pack):
    outlook = view(pack, RECOGNISED + timedelta(days=10)).outlook("pain-over", KEY)

    assert outlook.how is Combine.ANY
    assert [part.fact for part in outlook.parts] == ["pain-gone", "not-bullying"]
    assert [part.fact for part in outlook.parts[0].parts] == ["pain-quiet", "child-at-ease"]


def test_an_answer_is_valid_for_as_long_as_the_pack_says(pack):
    asked = datetime(2026, 8, 20, 12, 0)
    answer = event("e3", "checked-with-child", asked, pain="no", again="no")
    outlook = view(pack, asked + timedelta(days=1), answer).outlook("child-at-ease", KEY)

    assert outlook.holds
    assert outlook.since == asked
    assert outlook.full == asked + timedelta(days=35)
    assert outlook.rests_on == ("e3",)


def test_a_struck_event_is_no_evidence(pack):
    act = event("e3", "act", RECOGNISED + timedelta(days=49))
    void = Event(
        id="e4",
        kind="void",
        at=act.at + timedelta(hours=1),
        recorded=act.at + timedelta(hours=1),
        by=Doer("p1", "guidance-lead"),
        fields={"event": "e3"},
    )
    outlook = view(pack, RECOGNISED + timedelta(days=50), act, void).outlook("acts-stopped", KEY)

    assert outlook.started == RECOGNISED
