"""What stands around every page: no session at the door, an end to idle ones, the reader's language, headers."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from upstander.people import actions as people
from upstander.records.tests import place as places
from upstander.records.tests.place import Place


@pytest.fixture
def place(db: None, settings: object) -> Place:
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})  # type: ignore[attr-defined]
    found = places.make()
    people.make_account(found.people["Head"], "head@school.example", None)
    return found


def signed_in(place: Place) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(place.people["Head"].account)  # type: ignore[arg-type]
    return client


def test_a_session_that_nobody_used_for_a_while_is_over(place: Place) -> None:
    today = f"/s/{place.school.slug}/today"
    with time_machine.travel(places.moment(places.MONDAY), tick=False) as clock:
        client = signed_in(place)
        assert client.get(today).status_code == 200
        clock.shift(timedelta(minutes=29))
        assert client.get(today).status_code == 200
        clock.shift(timedelta(minutes=29))
        assert client.get(today).status_code == 200
        clock.shift(timedelta(minutes=31))
        assert client.get(today).status_code == 302


@pytest.mark.parametrize(
    "path", ["/", "/health", "/{school}/tell", "/{school}/talk", "/{school}/back", "/{school}/policy"]
)
def test_the_public_pages_set_no_cookie(place: Place, path: str) -> None:
    answer = Client().get(path.format(school=place.school.slug), follow=True)

    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies
    assert "upstander" not in answer.cookies


@pytest.mark.parametrize(("asked", "tag"), [("ja", "ja"), ("nl", "nl"), ("en-GB", "en-GB"), ("zh-Hans", "zh-Hans")])
def test_a_page_speaks_the_language_that_was_asked_for(place: Place, asked: str, tag: str) -> None:
    answer = Client(headers={"accept-language": "de"}).get(f"/?lang={asked}")

    assert f'<html lang="{tag}"' in answer.content.decode()


def test_the_browsers_language_counts_where_nothing_was_asked(db: None) -> None:
    answer = Client(headers={"accept-language": "nl-NL,nl;q=0.9"}).get("/")

    assert '<html lang="nl"' in answer.content.decode()


def test_a_school_speaks_its_own_language_to_whoever_speaks_none_of_ours(place: Place) -> None:
    answer = Client(headers={"accept-language": "de"}).get(f"/{place.school.slug}/tell")

    assert '<html lang="ja"' in answer.content.decode()


def test_no_page_is_kept_or_framed_or_listed(place: Place) -> None:
    headers = Client().get("/").headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in headers["X-Robots-Tag"]


def test_a_school_whose_name_begins_like_an_address_of_ours_has_no_session_at_its_door(db: None) -> None:
    places.make("tournai")

    answer = Client().get("/tournai/tell")

    assert answer.status_code == 200
    assert not hasattr(answer.wsgi_request, "session")


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "QUERY"])
@pytest.mark.parametrize("path", ["/", "/in/account/login/", "/api/v1/schools", "/nowhere"])
def test_no_method_gives_back_what_was_sent(db: None, method: str, path: str) -> None:
    answer = Client(headers={"x-planted": "planted"}).generic(method, path, b"planted")

    assert answer.status_code == 405
    assert b"planted" not in answer.content


def test_an_error_of_ours_says_nothing_of_the_inside(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_whatever: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("upstander.web.views.render", fails)
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    answer = client.get("/")

    assert answer.status_code == 500
    assert not [
        each for each in ("planted", "RuntimeError", "Traceback", "views.py") if each in answer.content.decode()
    ]


def test_nobody_writes_a_line_of_their_own_into_the_log(db: None, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("WARNING", "django.request"):
        Client().get("/nowhere%0AERROR%20planted")

    assert caplog.records
    assert not [each for each in caplog.records if "\n" in each.getMessage()]


def test_signing_out_leaves_nothing_in_the_browser(place: Place) -> None:
    client = signed_in(place)
    answer = client.post("/in/account/logout/")

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get(f"/s/{place.school.slug}/today").status_code == 302


def test_under_https_no_other_host_can_set_our_cookies() -> None:
    said = "from upstander.web import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE)"
    outside = {**os.environ, "UPSTANDER_SITE_URL": "https://school.example", "UPSTANDER_DEMO": "false"}
    found = subprocess.run([sys.executable, "-c", said], env=outside, capture_output=True, text=True, check=True)

    assert found.stdout.split() == ["__Host-upstander", "__Host-csrf", "True"]
    assert (settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN, settings.CSRF_COOKIE_DOMAIN) == (
        "/",
        None,
        None,
    )
