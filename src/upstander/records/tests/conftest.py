"""Fixtures of this room: a school, and a clock that stands on a Monday in term."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from upstander.records.tests import place as places
from upstander.records.tests.place import Place


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(places.moment(places.MONDAY), tick=False) as traveller:
        yield traveller


@pytest.fixture
def place(db: None, clock: time_machine.Traveller) -> Place:
    return places.make()
