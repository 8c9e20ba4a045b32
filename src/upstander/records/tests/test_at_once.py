"""Several people at once: nothing is lost, nothing doubled, the chain holds. On PostgreSQL, where they run side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import connection, connections, transaction

from upstander.access import viewer as viewers
from upstander.records import actions, submits
from upstander.records.models import Event, Record
from upstander.records.tests import place as places
from upstander.records.tests.place import MONDAY, Place
from upstander.records.verify import verify_school

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(transactional_db: None) -> Iterator[Place]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's test database lives in one connection; writers there take turns anyway")
    with time_machine.travel(places.moment(MONDAY), tick=False):
        yield places.make()


def at_once(number: int, deed: Callable[[int], object]) -> list[object]:
    """Run a deed in so many threads that start together; returns what they returned or raised."""
    gate, answers = threading.Barrier(number), [None] * number

    def run(index: int) -> None:
        gate.wait()
        try:
            answers[index] = deed(index)  # type: ignore[call-overload]
        except Exception as problem:
            answers[index] = problem  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_everybody_who_writes_in_one_case_at_once_gets_a_place_in_its_chain(place: Place) -> None:
    case = places.case(place)
    head = place.viewer("Head")

    def write(index: int) -> object:
        mine = Record.objects.get(id=case.id)
        return actions.record(head, mine, "note-added", fields={"note": f"note {index}"}).position

    answers = at_once(8, write)

    assert sorted(answers) == list(range(4, 12)), answers  # type: ignore[type-var]
    assert verify_school(place.school).problems == []


def test_one_form_sent_eight_times_at_once_makes_one_concern(place: Place) -> None:
    teller = viewers.teller(place.school, MONDAY.date())

    def tell() -> object:
        with transaction.atomic():
            made = actions.open_record(teller, place.school, "concern", submit_key="one")
            if not made.was_there:  # type: ignore[attr-defined]
                actions.record(teller, made, "told", fields={"what": "x"})
            return made.id

    answers = at_once(8, lambda index: submits.once(tell))

    assert len(set(answers)) == 1, answers
    assert Record.objects.count() == Event.objects.count() == 1
