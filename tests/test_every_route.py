"""Every address of the site × who asks: made from the URL configuration, so that a new address without a decision fails.

Nobody signed in is shown the way in; another school's staff, and somebody named in the matter, get the very answer that
an address of nothing gets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from upstander.cases.tests import school as schools
from upstander.cases.tests.school import NOON, Place
from upstander.records import actions
from upstander.records.models import Record

OUTSIDE = ("in/account/", "in/welcome/")
"""allauth's own pages, and invitations, which a signed token opens."""


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Every route of the site, as it is written."""
    for each in patterns if patterns is not None else get_resolver().url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        else:
            yield route


STAFF = sorted(route for route in routes() if route.startswith("s/<slug:school>/"))
OF_A_RECORD = [route for route in STAFF if "<uuid:record>" in route]


@dataclass
class World:
    """Two schools, a case in one, and who asks: {name: browser}."""

    home: Place
    case: Record
    browsers: dict[str, Client]

    def ask(self, who: str, route: str, record: str | None = None) -> HttpResponse:
        values = {
            "<slug:school>": self.home.school.slug,
            "<uuid:record>": record or str(self.case.id),
            "<uuid:event>": str(self.case.events.order_by("position").values_list("id", flat=True)[0]),
            "<uuid:file>": str(uuid4()),
            "<uuid:person>": str(self.home.pupils["例田 空"].id),
            "<uuid:school_class>": str(self.home.classes["2B"].id),
            "<slug:kind>": "note-added",
            "<str:kind>": "note-added",
            "<str:rule>": "meet-parents",
            "<str:register>": "concern",
            "<path:rest>": "nothing/here",
            "schools/<slug>": f"schools/{self.home.school.slug}",
            "registers/<kind>": "registers/concern",
            "<record_id>": record or str(self.case.id),
            "<slug:rule>": "meet-parents",
            "<slug:deed>": "waive",
            "rules/<slug:section>/<slug:name>": "rules/duties/meet-parents",
            "<slug:step>": "words",
        }
        for name, value in values.items():
            route = route.replace(name, value)
        assert "<" not in route, f"say what stands for the parameter in {route}"
        return self.browsers[who].get(f"/{route}")


@pytest.fixture
def world(db: None, settings: object) -> Iterator[World]:
    installation = settings.INSTALLATION  # type: ignore[attr-defined]
    settings.INSTALLATION = installation.model_copy(update={"require_totp": False})  # type: ignore[attr-defined]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    home, away = schools.japanese(), schools.english()
    with time_machine.travel(schools.moment(home, NOON), tick=False):
        principal = home.viewer("principal")
        case = actions.open_record(principal, home.school, "case")
        named = {"target": [home.pupils["見本はるか"].id], "actor": [home.staff["guidance-lead"].id]}
        actions.record(principal, case, "concern-received", about=named)
        browsers = {
            "nobody": Client(),
            "another school": away.client("headteacher"),
            "no access": home.client("teacher"),
            "named in it": home.client("guidance-lead"),
            "principal": home.client("principal"),
        }
        yield World(home, case, browsers)


def test_every_address_is_of_a_known_part_of_the_site() -> None:
    known = (
        "",
        "health",
        "api/",
        "tour",
        "in/",
        "card/",
        "s/",
        "me/",
        "demo/",
        "<slug:school>/",
        "lang",
        "static/",
        "patterns",
    )

    assert [route for route in routes() if route and not route.startswith(known[1:])] == []


def test_nobody_is_shown_the_way_in_and_another_school_nothing(world: World) -> None:
    for route in STAFF:
        nobody, stranger = world.ask("nobody", route), world.ask("another school", route)

        assert (nobody.status_code, nobody.headers.get("Location", "").startswith("/in/")) == (302, True), route
        assert stranger.status_code == 404, route


@pytest.mark.parametrize("who", ["another school", "no access", "named in it"])
def test_a_record_that_is_not_ones_own_answers_like_one_that_does_not_exist(world: World, who: str) -> None:
    for route in OF_A_RECORD:
        there, nowhere = world.ask(who, route), world.ask(who, route, str(uuid4()))

        assert there.status_code == nowhere.status_code == 404, route
        assert there.content == nowhere.content, route


@pytest.mark.parametrize("who", ["no access", "named in it", "principal"])
def test_no_address_breaks_for_anybody(world: World, who: str) -> None:
    world.browsers[who].raise_request_exception = False
    for route in STAFF:
        assert world.ask(who, route).status_code in (200, 302, 403, 404, 405), route
