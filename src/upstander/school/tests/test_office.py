"""The office: what it must never be able to do to an account, and that it never locks itself out."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from upstander.people import actions as people
from upstander.people import queries
from upstander.people.models import Account, Person, School
from upstander.records import clock
from upstander.records.tests import place as places
from upstander.records.tests.place import Place


@pytest.fixture
def place(db: None, settings: Any) -> Place:
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})
    found = places.make()
    people.make_account(found.people["Head"], "head@school.example", None)
    return found


def office_of(place: Place) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(place.people["Head"].account)  # type: ignore[arg-type]
    return client


def do(place: Place, person: Person, deed: str) -> str:
    address = f"/s/{place.school.slug}/people/{person.id}"
    return office_of(place).post(address, {"deed": deed}, follow=True).content.decode()


def elsewhere() -> School:
    return people.make_school(
        "other", "Other Example School", pack=str(places.PACK), language="ja", timezone="Asia/Tokyo"
    )


def test_an_invitation_opens_no_account_of_another_school(place: Place) -> None:
    colleague = people.add_person(elsewhere(), "staff", "Fae Example")
    people.make_account(colleague, "fae@other.example", "a long password")
    mine = people.add_person(place.school, "staff", "Somebody", email="Fae@other.example")

    page = do(place, mine, "invite")

    assert "/in/welcome/" not in page
    assert "Somebody signs in with this address already" in page
    mine.refresh_from_db()
    assert mine.account is None
    assert Account.objects.get(email="fae@other.example").check_password("a long password")


def test_an_account_that_serves_two_schools_gets_no_new_link_from_either(place: Place) -> None:
    both = place.people["Chen"]
    people.make_account(both, "chen@school.example", "a long password")
    people.make_account(people.add_person(elsewhere(), "staff", "Chen Example"), "chen@school.example")
    both.refresh_from_db()

    assert "/in/welcome/" not in do(place, both, "invite")


def test_two_of_the_staff_cannot_share_an_address(place: Place) -> None:
    twin = people.add_person(place.school, "staff", "Somebody", email="head@school.example")

    assert "Somebody signs in with this address already" in do(place, twin, "invite")


def test_whoever_has_a_new_address_gets_a_link(place: Place) -> None:
    new = people.add_person(place.school, "staff", "Somebody", email="new@school.example")

    assert "/in/welcome/" in do(place, new, "invite")


def test_the_last_who_runs_the_office_cannot_end_it(place: Place) -> None:
    on = clock.now(place.school).date()
    for held in queries.roles_of(place.people["Deputy"], on):
        people.end_role(held.id, place.school, places.SINCE)
    post = queries.roles_of(place.people["Head"], on)[0]

    page = do(place, place.people["Head"], f"end:{post.id}")

    assert "Nobody could run the office then" in page
    post.refresh_from_db()
    assert post.until is None


def test_a_head_with_a_deputy_may_end_the_post(place: Place) -> None:
    post = queries.roles_of(place.people["Head"], clock.now(place.school).date())[0]

    do(place, place.people["Head"], f"end:{post.id}")

    post.refresh_from_db()
    assert post.until is not None


def test_a_post_is_ended_on_the_page_of_whoever_holds_it(place: Place) -> None:
    post = queries.roles_of(place.people["Deputy"], clock.now(place.school).date())[0]

    do(place, place.people["Chen"], f"end:{post.id}")

    post.refresh_from_db()
    assert post.until is None
