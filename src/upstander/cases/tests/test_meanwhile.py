"""Two people at one case: nothing is lost, and whoever writes second sees what the first wrote."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from upstander.cases.tests.story import at, do
from upstander.people.packs import pack_of
from upstander.records.models import Event
from upstander.records.verify import verify_school

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 11, 12, 0)
HIDDEN = re.compile(r'<input type="hidden" name="(seen_to|submit_key)" value="([^"]*)">')


def opened(client, path: str) -> dict[str, str]:
    """The form as a browser holds it."""
    return dict(HIDDEN.findall(client.get(path).content.decode()))


def when() -> dict[str, str]:
    return {"at_0": "2026-05-11", "at_1": "11:50"}


def test_the_same_deed_by_two_is_asked_about(aoba, told):
    _concern, case = told
    path = aoba.url(f"cases/{case.id}/do/note-added")
    with at(aoba, NOON):
        first, second = aoba.client("grade-head"), aoba.client("homeroom-teacher")
        mine, theirs = opened(first, path), opened(second, path)
        assert first.post(path, {**mine, **when(), "note": "一人目のメモ"}).status_code == 302

        asked = second.post(path, {**theirs, **when(), "note": "二人目のメモ"})
        text = asked.content.decode()
        assert asked.status_code == 409
        assert aoba.staff["grade-head"].name in text
        assert "二人目のメモ" in text
        again = dict(HIDDEN.findall(text))
        done = second.post(path, {**again, **when(), "note": "二人目のメモ"})
        assert done.status_code == 302
        assert Event.objects.filter(record=case, kind="note-added").count() == 2

    assert verify_school(aoba.school).problems == []


def test_another_deed_is_told_of_once_ones_own_is_recorded(aoba, told):
    _concern, case = told
    path = aoba.url(f"cases/{case.id}/do/note-added")
    measures = list(pack_of(aoba.school).options["safety-measures"])[:1]
    with at(aoba, NOON):
        first = aoba.client("grade-head")
        mine = opened(first, path)
    target = {"target": [str(aoba.pupils["見本はるか"].id)]}
    do(aoba, "nurse", case, "made-safe", NOON, about=target, fields={"measures": measures})
    with at(aoba, NOON):
        done = first.post(path, {**mine, **when(), "note": "一人目のメモ"}, follow=True)

    (line,) = done.context["recorded"].lines[-1:]
    assert aoba.staff["nurse"].name in line


def test_two_corrections_of_one_entry_both_stay_readable(aoba, told):
    _concern, case = told
    with at(aoba, NOON):
        first, second = aoba.client("grade-head"), aoba.client("homeroom-teacher")
        path = aoba.url(f"cases/{case.id}/do/note-added")
        first.post(path, {**opened(first, path), **when(), "note": "はじめのメモ"})
        wrong = Event.objects.get(record=case, kind="note-added")
        correct = aoba.url(f"cases/{case.id}/events/{wrong.id}/correct")
        mine, theirs = opened(first, correct), opened(second, correct)
        assert first.post(correct, {**mine, **when(), "note": "一人目の訂正", "reason_why": "日付"}).status_code == 302

        asked = second.post(correct, {**theirs, **when(), "note": "二人目の訂正", "reason_why": "場所"})
        assert asked.status_code == 409
        assert "二人目の訂正" in asked.content.decode()
        again = dict(HIDDEN.findall(asked.content.decode()))
        done = second.post(correct, {**again, **when(), "note": "二人目の訂正", "reason_why": "場所"})
        assert done.status_code == 302
    chain = list(Event.objects.filter(record=case, kind="note-added").order_by("position"))
    assert [each.instead_of for each in chain] == [None, chain[0].id, chain[1].id]
    assert verify_school(aoba.school).problems == []
