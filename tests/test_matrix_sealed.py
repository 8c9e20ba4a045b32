"""Every address of a record × everybody, once with an open and once with a sealed matter that is alike in all else.

Whom the pack does not let in gets of a sealed record what they get where there is none at all, byte for byte; and no list, search,
figure or feed names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from tests.decided_sealed import LET_IN, OPEN_TO, SEALED, WHEN_OPEN, WHO
from tests.sealed_world import RECORD_IN, SealedWorld, made
from tests.test_matrix import MADE, ask, outcome
from tests.world import ROUTES

pytestmark = pytest.mark.django_db
OF_A_RECORD = [each for each in ROUTES if any(name in each for name in RECORD_IN)]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[SealedWorld]:
    """Made once, and taken back at the end."""
    with django_db_blocker.unblock(), made() as found:
        yield found


@pytest.fixture
def back(world: SealedWorld) -> Iterator[SealedWorld]:
    """The world, with everything that a test did taken back."""
    with transaction.atomic():
        yield world
        transaction.set_rollback(True)


def test_every_address_of_a_record_has_its_line_for_what_is_sealed() -> None:
    """A new address of a record is decided twice: in ``decided.py``, and here with a sealed record behind it."""
    assert sorted(SEALED) == OF_A_RECORD


@pytest.mark.parametrize("who", WHO)
def test_a_sealed_record_is_there_for_nobody_but_whom_the_pack_lets_in(back: SealedWorld, who: str) -> None:
    browser = back.browser(OPEN_TO if who == WHEN_OPEN else who)
    matter, wrong = back.open if who == WHEN_OPEN else back.sealed, []
    for route in sorted(set(SEALED).intersection(OF_A_RECORD)):
        for method, decided in zip(("get", "post"), SEALED[route], strict=True):
            wanted = dict(zip(WHO, decided.split(), strict=True))[who]
            answer = tried(browser, method, back.path(route, matter))
            if outcome(answer) != wanted:
                wrong.append(f"{method} {route}: {outcome(answer)}, decided {wanted}")
            if wanted == "404":
                nowhere = tried(browser, method, back.path(route, matter, **elsewhere(route)))
                if body(answer) != body(nowhere):
                    wrong.append(f"{method} {route}: not what is said where there is nothing")
            if who not in (WHEN_OPEN, *LET_IN) and matter.named_in(answer.content):
                wrong.append(f"{method} {route}: the record is named")
    assert wrong == []


def tried(browser: Client, method: str, path: str) -> Any:
    """An answer; what asking did is taken back."""
    with transaction.atomic():
        answer = ask(browser, method, path)
        transaction.set_rollback(True)
    return answer


def elsewhere(route: str) -> dict[str, str]:
    """A record that is not there, for every way in which a route names one."""
    nothing = str(uuid4())
    return {
        "concerns/<uuid:record>": f"concerns/{nothing}",
        "check/<uuid:record>/<slug:kind>": f"check/{nothing}/wish-from-child",
        **dict.fromkeys(RECORD_IN, nothing),
    }


def body(answer: Any) -> tuple[int, bytes]:
    return answer.status_code, MADE.sub(b"", answer.content)


LISTS = [
    each
    for each in ROUTES
    if each.startswith(("s/", "api/v1/"))
    and each not in OF_A_RECORD
    and not any(name in each for name in ("/adopt/", "/studio/"))
]
"""The pages of a school that are not about its policy alone."""


@pytest.mark.parametrize("who", ["contact-point", "coordinator", "mentor", "school-leader"])
def test_no_list_search_or_figure_counts_a_sealed_record(back: SealedWorld, who: str) -> None:
    """The open matter, which is like it in all else, is on these pages: so the look is a real one."""
    browser, found = back.browser(who), {"open": set(), "sealed": set()}
    for route in LISTS:
        for kind in ("case", "concern"):
            path = back.path(route, back.sealed, **{"<str:register>": kind, "registers/<kind>": f"registers/{kind}"})
            answer = tried(browser, "get", f"{path}?q=Fenna")
            found["open"] |= {route} if back.open.named_in(answer.content) else set()
            found["sealed"] |= {route} if back.sealed.named_in(answer.content) else set()
    assert len(found["open"]) >= 5, found
    assert found["sealed"] == (found["open"] if who in LET_IN else set())
    registers = browser.get(f"/api/v1/schools/{back.home.school.slug}/registers").json()["registers"]
    counted = {each["kind"]: each["counts"]["open"] for each in registers}
    assert counted["case"] == (2 if who in LET_IN else 1)
