"""Every address × everybody × reading and sending: what each gets is decided in a table, and nothing is left out of it.

The addresses come from the URL configuration itself: a new one without a line in ``DECIDED`` fails. ``in`` and ``card`` mean that
the way in is shown; ``404`` is the answer for what is not there and for what is not theirs, byte for byte the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver

from tests.decided import DECIDED, WHO
from upstander.access import cards
from upstander.access.tests.signed_in import sign_in
from upstander.cases.tests import school as schools
from upstander.cases.tests import story
from upstander.cases.tests.school import Place
from upstander.people import actions as people
from upstander.people import clock
from upstander.people.models import Person
from upstander.records.models import Record

pytestmark = pytest.mark.django_db
URLS = "tests.whole_site"
NOW = schools.NOON.replace(hour=16, minute=40)
PUBLIC = "<slug:school>/"
MADE = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|name="(?:held|pass|key|submit_key)" value="[^"]*"')
"""What is drawn anew for every page."""


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Every route, as it is written, each once."""
    for each in patterns if patterns is not None else get_resolver(URLS).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, route)
        else:
            yield route


ROUTES = sorted(set(routes()))


@dataclass
class World:
    """Two schools with a case each, and everybody who asks."""

    home: Place
    away: Place
    concern: Record
    case: Record
    foreign: Record
    people: dict[str, Person]

    def values(self, record: str = "") -> dict[str, str]:
        """What stands for each parameter."""
        case = str(self.case.id)
        event = self.case.events.filter(echo_of=None).order_by("position").values_list("id", flat=True)[0]
        return {
            "<slug:school>": self.home.school.slug,
            "concerns/<uuid:record>": f"concerns/{record or self.concern.id}",
            "<uuid:record>": record or case,
            "<uuid:event>": str(event),
            "<uuid:file>": str(uuid4()),
            "<uuid:person>": str(self.home.staff["nurse"].id),
            "<uuid:school_class>": str(self.home.classes["2B"].id),
            "<uuid:account_id>": str(uuid4()),
            "<str:token>": "no-such-token",
            "<str:words>": "no-such-words",
            "check/<uuid:record>/<slug:kind>": f"check/{record or case}/child-check-in",
            "<slug:kind>": "note-added",
            "<str:kind>": "note-added",
            "<str:rule>": "meet-parents",
            "<str:register>": "concern",
            "<path:rest>": "nothing/here",
            "schools/<slug>": f"schools/{self.home.school.slug}",
            "registers/<kind>": "registers/concern",
            "<record_id>": record or case,
            "<slug:rule>": "meet-parents",
            "<slug:deed>": "waive",
            "rules/<slug:section>/<slug:name>": "rules/duties/meet-parents",
            "<slug:step>": "words",
            "^confirm-email/(?P<key>[-:\\w]+)/$": "confirm-email/nothing/",
            "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-nothing/",
        }

    def path(self, route: str, record: str = "", **other: str) -> str:
        values = {**self.values(record), **other}
        for name in sorted(values, key=len, reverse=True):
            route = route.replace(name, values[name])
        assert "<" not in route, f"say what stands for the parameter in {route}"
        return f"/{route}"

    def browser(self, who: str, *, checks: bool = False) -> Client:
        """A browser in which they have come in."""
        client = Client(headers={"accept-language": "ja"}, enforce_csrf_checks=checks)
        client.raise_request_exception = False
        if who == "pupil":
            person = self.people["pupil"]
            card = cards.issue(self.home.school, person, by=None, at=clock.utcnow(self.home.school))
            answer = client.post(f"/card/{self.home.school.slug}/{'-'.join(card.words)}")
            assert answer.status_code == 302
        elif who in self.people:
            account = self.people[who].account
            assert account is not None
            sign_in(client, account)
        return client


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once, and taken back at the end."""
    from django.conf import settings

    simple = {
        "ROOT_URLCONF": URLS,
        "INSTALLATION": settings.INSTALLATION.model_copy(update={"require_totp": False, "demo": True}),
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
    }
    with override_settings(**simple), django_db_blocker.unblock(), transaction.atomic():
        home, away = schools.japanese(), schools.english()
        away_head = away.staff["headteacher"]
        second = schools.staff(home, "homeroom-teacher", "別担任 とおる", school_class="2A")
        guardian = people.add_person(home.school, Person.Kind.GUARDIAN, "保護者 例子")
        people.make_account(guardian, "guardian@school.example", None)
        guardian.refresh_from_db()
        people.look_after(guardian, home.pupils["見本はるか"], "mother")
        concern, case = story.japanese_case(home)
        named = home.staff["guidance-lead"]
        with time_machine.travel(schools.moment(home, NOW), tick=False):
            name_somebody(home, case, named)
            foreign = foreign_case(away)
            yield World(
                home,
                away,
                concern,
                case,
                foreign,
                {
                    "head": home.staff["principal"],
                    "coordinator": home.staff["grade-head"],
                    "homeroom": home.staff["homeroom-teacher"],
                    "other-homeroom": second,
                    "teacher": home.staff["teacher"],
                    "pupil": home.pupils["見本はるか"],
                    "guardian": guardian,
                    "other-school": away_head,
                    "named": named,
                },
            )
        transaction.set_rollback(True)


def name_somebody(home: Place, case: Record, person: Person) -> None:
    """Somebody of the staff is named as doing it: from then on they see nothing of it."""
    from upstander.records import actions

    actions.record(home.viewer("principal"), case, "person-added", about={"actor": [str(person.id)]})


def foreign_case(away: Place) -> Record:
    """A case of the other school."""
    from upstander.records import actions

    viewer = away.viewer("headteacher")
    case = actions.open_record(viewer, away.school, "case")
    actions.record(viewer, case, "concern-received", about={"target": [str(away.pupils["Juniper Vale"].id)]})
    return case


@pytest.fixture
def back(world: World) -> Iterator[World]:
    """The world, with everything that a test did taken back."""
    with transaction.atomic():
        yield world
        transaction.set_rollback(True)


def outcome(answer: HttpResponse) -> str:
    """What happened, in a word."""
    place = answer.headers.get("Location", "")
    if answer.status_code == 302:
        if place.startswith("/in/account/login"):
            return "in"
        return "card" if place.startswith("/card/?school=") else "302"
    return str(answer.status_code)


def ask(client: Client, method: str, path: str) -> Any:
    if method == "get":
        return client.get(path)
    return client.post(path, {"csrfmiddlewaretoken": "as a browser sends it"})


def test_every_address_has_its_line() -> None:
    assert sorted(DECIDED) == ROUTES


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("method", ["get", "post"])
def test_everybody_gets_what_was_decided(back: World, who: str, method: str) -> None:
    wrong = []
    browser = back.browser(who)
    came_with = SimpleCookie(browser.cookies)
    for route in ROUTES:
        browser.cookies = SimpleCookie(came_with)
        with transaction.atomic():
            answer = ask(browser, method, back.path(route))
            transaction.set_rollback(True)
        wanted = dict(zip(WHO, DECIDED[route][method == "post"].split(), strict=True))[who]
        if outcome(answer) != wanted:
            wrong.append(f"{method} {route}: {outcome(answer)}, decided {wanted}")
        wrong += [f"{method} {route}: {each}" for each in headers_wrong(answer, route)]
    assert wrong == []


def at_door(route: str) -> bool:
    return route.startswith(PUBLIC) and route != f"{PUBLIC}policy"


def headers_wrong(answer: HttpResponse, route: str) -> list[str]:
    """What is missing in the headers or should not be on the page."""
    policy = answer.headers.get("Content-Security-Policy", "")
    found = []
    if (
        "default-src 'none'" not in policy
        or "unsafe" in policy
        or "http:" in policy
        or "https:" in policy
        or "*" in policy
    ):
        found.append(f"content policy: {policy}")
    for name, value in (
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer" if at_door(route) else "same-origin"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ):
        if answer.headers.get(name) != value:
            found.append(f"{name}: {answer.headers.get(name)}")
    if "no-store" not in answer.headers.get("Cache-Control", ""):
        found.append(f"Cache-Control: {answer.headers.get('Cache-Control')}")
    if route.startswith(PUBLIC) and answer.cookies:
        found.append(f"a cookie at the door: {sorted(answer.cookies)}")
    return found + body_wrong(answer.content.decode(errors="replace"))


def body_wrong(html: str) -> list[str]:
    """Nothing inline, nothing from elsewhere."""
    patterns = {
        "a script in the page": r"<script(?![^>]*\bsrc=)[^>]*>",
        "a style in the page": r"<style|<[a-z][^>]* style=",
        "a handler in the page": r"<[a-z][^>]* on[a-z]+=",
        "something from elsewhere": r"<(?:script|img|link|iframe|source|video|audio)[^>]* (?:src|href)=[\"'](?:https?:)?//",
    }
    return [name for name, pattern in patterns.items() if re.search(pattern, html)]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "who", ["head", "homeroom", "other-homeroom", "teacher", "named", "other-school", "pupil", "guardian"]
)
def test_what_is_not_theirs_answers_like_what_is_not_there(back: World, who: str, method: str) -> None:
    browser = back.browser(who)
    hidden = [str(back.foreign.id)]
    if who in ("other-homeroom", "teacher", "named", "other-school"):
        hidden += [str(back.case.id), str(back.concern.id)]
    for route in (each for each in ROUTES if "<uuid:record>" in each):
        nowhere = ask(browser, method, back.path(route, str(uuid4())))
        for record in hidden:
            there = ask(browser, method, back.path(route, record))
            assert there.status_code == nowhere.status_code, (route, record)
            assert MADE.sub(b"", there.content) == MADE.sub(b"", nowhere.content), (route, record)


@pytest.mark.parametrize("name", ["<uuid:person>", "<uuid:school_class>"])
def test_people_and_classes_of_another_school_are_not_there(back: World, name: str) -> None:
    browser = back.browser("head")
    foreign = back.away.staff["tutor"].id if name == "<uuid:person>" else back.away.classes["8 Oak"].id
    for route in (each for each in ROUTES if name in each and each.startswith("s/")):
        for method in ("get", "post"):
            there = ask(browser, method, back.path(route, **{name: str(foreign)}))
            nowhere = ask(browser, method, back.path(route, **{name: str(uuid4())}))
            assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content), route


def test_nothing_is_taken_from_a_form_of_somebody_elses_site(back: World) -> None:
    """Without its token no form is taken, but at the door, which knows nobody and has tokens of its own."""
    for who in ("anonymous", "head", "pupil"):
        browser = back.browser(who)
        browser.handler.enforce_csrf_checks = True
        for route in ROUTES:
            answer = browser.post(back.path(route), {"words": "x"})
            if not route.startswith(PUBLIC):
                assert answer.status_code in (403, 404, 405), (who, route, answer.status_code)
