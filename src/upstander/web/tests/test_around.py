"""What stands around every page: no session at the door, an end to idle ones, the reader's language, headers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
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
