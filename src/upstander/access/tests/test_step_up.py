"""Before an export, an emergency or a key somebody shows again who they are; and sees where they are signed in."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from upstander.access import sessions
from upstander.access.models import SignIn
from upstander.access.tests.signed_in import sign_in
from upstander.people import actions as people
from upstander.records.tests import place as places
from upstander.records.tests.place import Place

PASSWORD = "violet tractor ninety"
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"


@pytest.fixture
def place(db: None, settings) -> Place:
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})
    found = places.make()
    people.make_account(found.people["Head"], "head@school.example", PASSWORD)
    found.people["Head"].refresh_from_db()
    return found


def came_in() -> Client:
    client = Client(headers={"accept-language": "en", "user-agent": AGENT})
    answer = client.post("/in/account/login/", {"login": "head@school.example", "password": PASSWORD})
    assert answer.status_code == 302
    return client


def test_an_export_asks_again_and_goes_on_where_it_was_asked_for(place: Place) -> None:
    account = place.people["Head"].account
    browser = Client(headers={"accept-language": "en"})
    sign_in(browser, account, minutes_ago=11)
    asked = f"/s/{place.school.slug}/registers/case/csv"

    sent = browser.get(asked)
    page = browser.get(sent.headers["Location"])
    wrong = browser.post(sent.headers["Location"], {"password": "not this one"})
    answer = browser.post("/in/account/reauthenticate/", {"password": PASSWORD, "next": asked})

    assert sent.headers["Location"].startswith("/in/account/reauthenticate/?next=")
    assert "Is it you?" in page.content.decode()
    assert wrong.status_code == 200
    assert browser.get(sent.headers["Location"]).status_code in (200, 302)
    assert answer.headers["Location"] == asked
    assert browser.get(asked).status_code == 200


@pytest.mark.parametrize("path", ["account/keys", "registers/case/csv"])
def test_what_is_asked_for_again_and_for_how_long(place: Place, path: str) -> None:
    account = place.people["Head"].account
    for minutes, status in ((9, 200), (11, 302)):
        browser = Client()
        sign_in(browser, account, minutes_ago=minutes)
        assert browser.get(f"/s/{place.school.slug}/{path}").status_code == status


def test_a_form_that_comes_too_late_is_not_kept_in_the_session(place: Place) -> None:
    browser = Client()
    sign_in(browser, place.people["Head"].account, minutes_ago=60)

    answer = browser.post(f"/s/{place.school.slug}/account/keys", {"name": "Secret of mine", "days": "90"})

    assert answer.status_code == 302
    assert "Secret of mine" not in str(dict(browser.session.items()))


def test_each_browser_is_listed_without_an_address_and_can_be_ended_from_another(place: Place) -> None:
    here, there = came_in(), came_in()

    page = here.get("/in/places").content.decode()
    assert page.count("Chrome · Linux") >= 2
    assert "127.0.0.1" not in page
    other = SignIn.objects.get(key=there.session.session_key)
    here.post("/in/places", {"place": str(other.id)})

    assert there.get(f"/s/{place.school.slug}/today").headers["Location"].startswith("/in/account/login/")
    assert here.get(f"/s/{place.school.slug}/today").status_code == 200


def test_all_others_end_at_once_and_nobody_elses(place: Place) -> None:
    people.make_account(place.people["Chen"], "chen@school.example", PASSWORD)
    place.people["Chen"].refresh_from_db()
    stranger = Client()
    sign_in(stranger, place.people["Chen"].account)
    here, _there = came_in(), came_in()

    here.post("/in/places", {"place": str(SignIn.objects.get(key=stranger.session.session_key).id)})
    here.post("/in/places", {})

    assert {row.key for row in SignIn.objects.all()} == {here.session.session_key, stranger.session.session_key}
    assert stranger.get("/in/places").status_code == 200
    assert here.post("/in/places", {"place": "no id"}).status_code == 404


def test_what_is_over_is_forgotten(place: Place) -> None:
    came_in()
    Session.objects.update(expire_date=timezone.now())

    assert sessions.forget_expired(timezone.now()) == 1
    assert not SignIn.objects.exists()


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (AGENT, "Chrome · Linux"),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari · iPad"),
        ("curl/8", ""),
    ],
)
def test_a_device_is_named_in_two_words(agent: str, device: str) -> None:
    assert sessions.device_of(agent) == device


def test_guessing_a_password_is_slowed(place: Place) -> None:
    browser = Client(headers={"accept-language": "en"})
    for _ in range(6):
        browser.post("/in/account/login/", {"login": "head@school.example", "password": "not this one"})

    answer = browser.post("/in/account/login/", {"login": "head@school.example", "password": PASSWORD})

    assert answer.status_code != 302


@pytest.mark.parametrize(
    "asked", ["999", "{{ x }}", "//elsewhere.example/", "https://elsewhere.example/", "javascript:x()"]
)
def test_after_confirming_one_goes_on_within_the_house_only(place: Place, settings, asked: str) -> None:
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"demo": True})
    account = place.people["Head"].account
    account.set_unusable_password()
    account.save()
    browser = Client()
    sign_in(browser, account, minutes_ago=11)

    answer = browser.post("/in/confirm", {"next": asked})

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith("//")
