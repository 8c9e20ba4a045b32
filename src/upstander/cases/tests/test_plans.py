"""The plans of a matter: a card for each person, agreements that somebody checks, a ladder compared with like cases only."""

from __future__ import annotations

from datetime import date

import pytest

from upstander.cases.looking import Looking
from upstander.cases.plans import ladder, room
from upstander.cases.tests.story import at, day, do
from upstander.people.packs import pack_of
from upstander.records import actions, alike, queries

pytestmark = pytest.mark.django_db


def looking_at(place, role, case, when, lang) -> Looking:
    viewer = place.viewer(role, when.date())
    return Looking(place.school, viewer, queries.get(viewer, case.id, log=False), pack_of(place.school), when, lang)


def another_case(place, role, target, actor, harm, when, measure="") -> None:
    """A matter that the comparison may count: what it was about, and what was decided."""
    with at(place, when):
        viewer = place.viewer(role, when.date())
        made = actions.open_record(viewer, place.school, "case", at=when)
        about = {"target": [str(target.id)], "actor": [str(actor.id)]}
        actions.record(viewer, made, "concern-received", at=when, about=about)
    facts = {"since": "some-weeks", "places": ["classroom"], "harm": [harm], "complete": "yes"}
    do(place, role, made, "facts-established", when, fields=facts)
    if measure:
        given = {"measures": [measure], "reason": "理由"}
        do(place, role, made, "measure-decided", when, about={"actor": about["actor"]}, fields=given)


def test_each_person_has_a_card_with_what_is_planned_and_who_looked_back(aoba, told):
    _concern, case = told
    haruka, sora = str(aoba.pupils["見本はるか"].id), str(aoba.pupils["例田 空"].id)
    plan = {"measures": ["adult-near"], "trusted": ["homeroom"], "plan": "朝と帰りに話す。", "review": "2026-05-18"}
    do(aoba, "homeroom-teacher", case, "support-planned", day(12), about={"target": [haruka]}, fields=plan)

    with at(aoba, day(19)):
        plans = room.enter(looking_at(aoba, "grade-head", case, day(19), "ja"))
        mine, theirs, _group = plans.cards()
        before = mine.plans[0]
    asked = {"how": ["talk"], "again": "no", "pain": "no"}
    do(aoba, "homeroom-teacher", case, "checked-with-child", day(19), about={"target": [haruka]}, fields=asked)
    with at(aoba, day(19, 13)):
        after = room.enter(looking_at(aoba, "grade-head", case, day(19, 13), "ja")).cards()[0].plans[0]
        page = aoba.client("grade-head").get(aoba.url(f"cases/{case.id}/plans"))

    assert (mine.id, theirs.id) == (haruka, sora)
    assert [line.value for line in before.until] == ["2026年5月18日（月）"]
    assert (before.late, list(before.looked)) == (True, [])
    assert (after.late, len(after.looked)) == (False, 1)
    assert theirs.empty
    assert all(f"about-actor={sora}" in deed.url for deed in theirs.deeds)
    assert page.status_code == 200


def test_the_ladder_says_who_may_and_compares_only_with_enough_like_cases(aoba, told):
    _concern, case = told
    facts = {"since": "some-weeks", "places": ["classroom"], "harm": ["exclusion"], "complete": "yes"}
    do(aoba, "grade-head", case, "facts-established", day(12), fields=facts)
    target, actor, other = aoba.pupils["仮名 うみ"], aoba.pupils["例田 空"], aoba.pupils["別学年 りく"]

    def found(when):
        with at(aoba, when):
            looking = looking_at(aoba, "vice-principal", case, when, "ja")
            return ladder.of(looking, room.enter(looking).room)

    another_case(aoba, "grade-head", target, actor, "exclusion", day(13), "seat")
    another_case(aoba, "grade-head", target, actor, "exclusion", day(13))
    another_case(aoba, "grade-head", target, other, "violence", day(13), "seat")
    few = found(day(14))
    another_case(aoba, "grade-head", other, actor, "exclusion", day(14), "seat")
    enough = found(day(15))

    assert few is not None
    assert [each.like for each in few.rungs] == [""] * len(few.rungs)
    assert enough is not None
    seats = next(each for each in enough.rungs if each.label == "席・班・学級を変える")
    suspension = next(each for each in enough.rungs if each.label == "出席停止の手続き")
    assert [number for number in seats.like if number.isdigit()] in (["2", "3"], ["3", "2"])
    assert suspension.who == "校長、教頭"
    assert suspension.deed is not None
    assert not any(name in str(enough) for name in ("仮名", "例田", "りく"))


def test_a_struck_entry_is_not_compared(aoba, told):
    _concern, case = told
    given = {"measures": ["seat"], "reason": "理由"}
    about = {"actor": [str(aoba.pupils["例田 空"].id)]}
    event = do(aoba, "grade-head", case, "measure-decided", day(13), about=about, fields=given)
    viewer = aoba.viewer("grade-head", date(2026, 5, 13))
    with at(aoba, day(13, 13)):
        before = alike.codes(viewer, [case.id], "measure-decided", "measures")
        actions.void(viewer, event, "間違えた")
        after = alike.codes(viewer, [case.id], "measure-decided", "measures")

    assert dict(before) == {case.id: [["seat"]]}
    assert dict(after) == {}
