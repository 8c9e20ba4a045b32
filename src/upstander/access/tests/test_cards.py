"""A printed card: who gets in with it, and how it is taken back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from upstander.access import cards
from upstander.access.models import Card
from upstander.records.tests import place as places
from upstander.records.tests.place import Place

NOW = datetime(2026, 5, 11, 1, 20, tzinfo=UTC)


@pytest.fixture
def place(db: None) -> Place:
    return places.make()


def issue(place: Place, name: str = "Aiko") -> cards.Printed:
    return cards.issue(place.school, place.people[name], by=None, at=NOW)


def test_the_words_of_a_card_open_it_however_they_are_typed(place: Place) -> None:
    printed = issue(place)

    for typed in (
        " ".join(printed.words),
        "".join(printed.words),
        "\u3000".join(printed.words),
        "・".join(printed.words),
    ):
        found = cards.find(place.school, typed, address="1", at=NOW)
        assert found is not None
        assert found.person == place.people["Aiko"]


def test_the_words_themselves_are_stored_nowhere(place: Place) -> None:
    printed = issue(place)

    stored = repr(Card.objects.values_list())

    assert all(word not in stored for word in printed.words)


def test_a_new_card_ends_the_old_one(place: Place) -> None:
    old = issue(place)
    issue(place)

    assert cards.find(place.school, " ".join(old.words), address="1", at=NOW) is None


def test_a_card_of_one_school_opens_nothing_in_another(place: Place) -> None:
    printed = issue(place)
    other = places.make("another-school")

    assert cards.find(other.school, " ".join(printed.words), address="1", at=NOW) is None


def test_whoever_tries_many_words_has_to_wait(place: Place) -> None:
    def try_many() -> None:
        for _ in range(100):
            cards.find(place.school, "a b c d e f", address="1", at=NOW)

    with pytest.raises(cards.TooMany):
        try_many()


def test_the_words_stand_behind_the_sign_that_no_browser_sends(place: Place) -> None:
    printed = issue(place)
    path, _, code = printed.address.partition("://")[2].partition("/")[2].partition("#")
    client = Client()

    shown = client.get(f"/{path}")

    assert shown.status_code == 200
    assert code
    assert code not in path
    assert "access/card" in shown.content.decode()
    assert "card" not in client.session
    assert client.post("/card/", {"school": place.school.slug, "words": code}).status_code == 302
    assert client.session["card"]["person"] == place.id("Aiko")


def test_an_older_card_still_opens_after_a_press_and_asks_for_a_new_one(place: Place) -> None:
    printed = issue(place)
    client = Client(headers={"accept-language": "en"})
    path = f"/card/{place.school.slug}/{'-'.join(printed.words)}"

    shown = client.get(path)

    assert "card of the old kind" in shown.content.decode()
    assert "card" not in client.session
    assert client.post(path).status_code == 302
    assert client.session["card"]["person"] == place.id("Aiko")


def test_a_revoked_card_is_out_at_the_next_page(place: Place) -> None:
    printed = issue(place)
    client = Client()
    client.post("/card/", {"school": place.school.slug, "words": " ".join(printed.words)})
    before = client.get(f"/me/{place.school.slug}/").status_code

    cards.revoke(place.school, place.people["Aiko"], by=None, at=NOW)

    assert before == 200
    assert client.get(f"/me/{place.school.slug}/").status_code == 302


def test_wrong_words_say_what_to_do_and_keep_nothing_else(place: Place) -> None:
    answer = Client(headers={"accept-language": "en"}).post("/card/", {"school": place.school.slug, "words": "one two"})

    assert answer.status_code == 422
    assert "ask your teacher for a new card" in answer.content.decode()
