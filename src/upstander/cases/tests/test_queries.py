"""However many cases there are, a page asks the database the same number of questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from upstander.cases.tests.school import Place
from upstander.cases.tests.story import at
from upstander.people import actions as people
from upstander.records import actions

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 11, 16, 40)
MOST = {"today": 45, "cases/": 40, "case": 65}
"""The most questions that each page asks for one case; forty cases ask as many."""


def more_cases(place: Place, number: int) -> None:
    """Cases about pupils of their own, each with open duties."""
    head = place.viewer("principal")
    for each in range(number):
        pupil = people.add_person(place.school, "pupil", f"例 {each}")
        people.place(pupil, place.classes["2B"], datetime(2026, 4, 1).date())
        case = actions.open_record(head, place.school, "case")
        actions.record(head, case, "concern-received", about={"target": [str(pupil.id)]})


def asked(client: Client, path: str) -> int:
    """How many questions a page asks the second time it is read."""
    client.get(path)
    found = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE")):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.parametrize("page", list(MOST))
def test_forty_cases_ask_no_more_than_one(aoba: Place, told: Any, page: str) -> None:
    _concern, case = told
    path = aoba.url(f"cases/{case.id}" if page == "case" else page)
    with at(aoba, NOW):
        client = aoba.client("grade-head")
        one = asked(client, path)
        more_cases(aoba, 39)
        forty = asked(client, path)

    # A question may be needed for the first time (names that were in hand before, and whose a duty is that presses today); never
    # one for each case.
    assert forty <= one + 6, (one, forty)
    assert forty <= MOST[page], (one, forty)
