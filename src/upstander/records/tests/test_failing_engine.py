"""A report is kept whatever the policy engine does."""

from __future__ import annotations

import pytest

from upstander.policy import reference
from upstander.records import clock, engine, queries, upkeep, verify
from upstander.records.models import DutyRow, Record
from upstander.records.tests import place as places
from upstander.records.tests.place import Place


@pytest.fixture
def place(db: None) -> Place:
    return places.make()


def broken(*_args: object, **_more: object) -> object:
    raise ZeroDivisionError


def test_where_the_fast_strategy_fails_the_reference_answers(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "evaluate", broken)

    told = places.concern(place)

    assert DutyRow.objects.filter(record=told, open=True).exists()


def test_what_nothing_can_judge_is_kept_and_judged_as_soon_as_something_can(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as both:
        both.setattr(engine, "evaluate", broken)
        both.setattr(reference, "picture", broken)
        told = places.concern(place)
        assert verify.verify_record(Record.objects.get(id=told.id)) == []
        assert queries.visible(place.viewer("Head")).filter(id=told.id).exists()
        assert not DutyRow.objects.filter(record=told).exists()

    assert upkeep.refresh_due(place.school, clock.now(place.school)) == 1

    assert DutyRow.objects.filter(record=told, open=True).exists()
