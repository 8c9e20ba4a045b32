"""Keys are made and ended on a page of one's own; nobody reaches those of somebody else."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from upstander.api import tokens
from upstander.api.models import Token
from upstander.web.tests.lists import at

pytestmark = pytest.mark.django_db


def made(answer) -> str:
    found = re.search(r'id="new-key" value="([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1]


def test_a_new_key_is_shown_once_and_works(fernhill):
    page = fernhill.url("account/keys")
    with at(fernhill):
        client = fernhill.client("teacher")
        first = client.post(page, {"name": "Timetable program", "days": "90"})
        again = client.get(page).content.decode()
        answer = Client().get("/api/v1/schools", headers={"authorization": f"Bearer {made(first)}"})

    assert answer.status_code == 200
    assert "Timetable program" in again
    assert made(first) not in again
    assert 'id="new-key"' not in again
    assert "Last used:" in again


def test_a_key_is_ended_by_its_person_alone(fernhill):
    page = fernhill.url("account/keys")
    with at(fernhill):
        secret = made(fernhill.client("teacher").post(page, {"name": "A", "days": "30"}))
        token = Token.objects.get()
        other = fernhill.client("head").post(page, {"end": str(token.id)})
        nonsense = fernhill.client("teacher").post(page, {"end": "nonsense"})
        before = Client().get("/api/v1/schools", headers={"authorization": f"Bearer {secret}"}).status_code
        mine = fernhill.client("teacher").post(page, {"end": str(token.id)})
        after = Client().get("/api/v1/schools", headers={"authorization": f"Bearer {secret}"}).status_code

    assert (other.status_code, nonsense.status_code, before) == (404, 404, 200)
    assert (mine.status_code, after) == (302, 401)


def test_a_key_has_a_name_and_an_end(fernhill):
    page = fernhill.url("account/keys")
    with at(fernhill):
        answers = [
            fernhill.client("teacher").post(page, data).status_code
            for data in ({}, {"name": "", "days": "30"}, {"name": "A", "days": "5000"}, {"name": "A"})
        ]

    assert answers == [422] * 4
    assert not Token.objects.exists()


def test_nobody_has_more_keys_than_they_can_look_after(fernhill):
    page = fernhill.url("account/keys")
    with at(fernhill):
        client = fernhill.client("teacher")
        answers = [client.post(page, {"name": f"Key {n}", "days": "30"}).status_code for n in range(tokens.MOST + 1)]

    assert answers == [200] * tokens.MOST + [422]


def test_the_page_speaks_the_readers_language(fernhill):
    with at(fernhill):
        client = fernhill.client("teacher")
        dutch = client.get(fernhill.url("account/keys"), {"lang": "nl"}).content.decode()

    assert "90 dagen" in dutch
    assert "90 days" not in dutch
