"""What was recorded and does not count is said, and only that."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from upstander.cases.near import near_misses
from upstander.policy.calendar import Timetable
from upstander.policy.log import Doer, Event
from upstander.policy.model import Pack, Strength
from upstander.policy.tests import shipped
from upstander.policy.verdict import DutyInstance, Picture, State

AT = datetime(2026, 5, 11, 16, 0)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return shipped.pack("jp-junior-high")


def event(kind: str, id: str = "e1", at: datetime = AT, **more) -> Event:
    return Event(id=id, kind=kind, at=at, recorded=at, by=Doer("p1", "homeroom-teacher"), **more)


def duty(
    rule: str, state: State = State.PENDING, arose: datetime = AT - timedelta(hours=6), target: str = "s1"
) -> DutyInstance:
    return DutyInstance(
        rule=rule,
        clause=(),
        version="1",
        key=(("target", target),),
        occurrence=0,
        arose=arose,
        due=datetime(2026, 5, 11, 23, 59),
        state=state,
        strength=Strength.MUST,
        because=("e0",),
    )


def misses(pack: Pack, recorded: Event, *duties: DutyInstance, log: tuple[Event, ...] = ()):
    picture = Picture(record="r", kind="case", now=AT, duties=duties)
    return near_misses({"1": pack}, picture, (*log, recorded), recorded, Timetable(None, pack.hints))


def call(**more) -> Event:
    return event("parents-told", about={"target": ("s1",)}, fields={"how": "phone", "told": ("facts",)}, **more)


def test_a_phone_call_does_not_count_for_the_visit(pack):
    [miss] = misses(pack, call(), duty("meet-parents"))

    assert miss.duty.rule == "meet-parents"
    assert [test.field for test in miss.failed[0]] == ["how"]
    assert not miss.part
    assert not miss.too_early


def test_a_visit_is_no_near_miss_once_the_duty_is_met(pack):
    visit = event("parents-told", about={"target": ("s1",)}, fields={"how": "home-visit"})

    assert misses(pack, visit, duty("meet-parents", State.MET)) == []


def test_a_call_about_another_child_says_nothing_of_this_one(pack):
    assert misses(pack, call(), duty("meet-parents", target="s2")) == []


def test_an_event_of_another_kind_is_no_near_miss(pack):
    assert misses(pack, event("note-added"), duty("meet-parents")) == []


def test_a_duty_that_arose_afterwards_is_not_missed(pack):
    assert misses(pack, call(), duty("meet-parents", arose=AT + timedelta(minutes=1))) == []


def test_a_part_of_what_is_asked_is_said_to_be_a_part(pack):
    talk = event("talked-with-target", about={"target": ("s1",)}, fields={"said": ("protect",), "pain": "yes"})

    [miss] = misses(pack, talk, duty("talk-with-target"))

    assert miss.part
    assert len(miss.failed) == 2


def test_what_comes_too_early_is_said_to_be_too_early(pack):
    early = event("checked-after", about={"target": ("s1",)}, fields={"quiet": "yes"})

    [miss] = misses(pack, early, duty("check-after-closing", State.UPCOMING))

    assert miss.too_early


def test_a_duty_that_the_event_itself_raised_is_not_missed(pack):
    recorded = event("parents-told", id="e0", about={"target": ("s1",)}, fields={"how": "phone"})

    assert misses(pack, recorded, duty("meet-parents")) == []
