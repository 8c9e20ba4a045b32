"""Every address × everybody × reading and sending: what each gets is decided in a table, and nothing is left out of it.

The addresses come from the URL configuration itself: a new one without a line in ``DECIDED`` fails. ``in`` and ``card`` mean that
the way in is shown; ``404`` is the answer for what is not there and for what is not theirs, byte for byte the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.decided import DECIDED, WHO
from tests.world import ROUTES, World, made

pytestmark = pytest.mark.django_db
PUBLIC = "<slug:school>/"
MADE = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|name="(?:held|pass|key|submit_key)" value="[^"]*"')
"""What is drawn anew for every page."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once, and taken back at the end."""
    with django_db_blocker.unblock(), made() as found:
        yield found


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
    return route.startswith(PUBLIC) and not route.startswith(f"{PUBLIC}policy")


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
