"""What a pupil with a card sees: how are you, their own answers, whom to talk to, and nothing of any record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.test import Client

from upstander.access import cards
from upstander.cases.tests import school, story
from upstander.cases.tests.conftest import _one_factor, aoba, told  # noqa: F401 - fixtures
from upstander.cases.tests.story import at, day, do, listened
from upstander.people.clock import utcnow
from upstander.people.packs import pack_of

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 5, 30, 12, 0)
NAME = "見本はるか"


def pupil(place: school.Place, name: str, by: UUID | None = None) -> Client:
    """A browser into which a pupil came with a card; ``by``: who made it."""
    client = Client(headers={"accept-language": "ja"})
    printed = cards.issue(place.school, place.pupils[name], by=by, at=utcnow(place.school))
    came = client.post("/card/", {"school": place.school.slug, "words": " ".join(printed.words)})
    assert came.status_code == 302
    return client


@pytest.fixture
def watched(aoba, told):  # noqa: F811
    """The case once it is recognised: the child is asked every month."""
    _concern, case = told
    listened(aoba, case, day(12, 13))
    do(
        aoba,
        "guidance-lead",
        case,
        "definition-decided",
        day(14, 16),
        about={"target": [str(aoba.pupils[NAME].id)]},
        fields={
            "relation": "yes",
            "effect": "yes",
            "pain": "yes",
            "decision": "recognised",
            "reason": "三つがそろう。",
        },
    )
    return case


def get(place, name, path="", when=LATER):
    with at(place, when):
        return pupil(place, name).get(f"/me/{place.school.slug}/{path}")


def answers(place, **more):
    """The first option of every question."""
    pack = pack_of(place.school)
    kind = pack.events["check-in"]
    sent = {"submit_key": uuid4().hex}
    for name in kind.reads:
        spec = kind.fields[name]
        if spec.options:
            sent[name] = next(iter(pack.options[spec.options]))
    return sent | more


def test_a_child_is_asked_how_they_are_and_sees_nothing_else(aoba, watched):  # noqa: F811
    found = get(aoba, NAME)
    text = found.content.decode()

    assert found.status_code == 200
    assert len(found.context["checks"]) == 1
    for secret in ("例田", watched.number, "いじめ", "保護者に直接会って伝える"):
        assert secret not in text


def test_a_card_made_by_a_party_shows_nothing_of_the_matter(aoba, watched):  # noqa: F811
    nurse, teacher = aoba.staff["nurse"], aoba.staff["homeroom-teacher"]
    do(aoba, "principal", watched, "person-added", day(14, 17), about={"actor": [str(teacher.id)]})

    def asked(by):
        with at(aoba, LATER):
            return pupil(aoba, NAME, by.id).get(f"/me/{aoba.school.slug}/").context["checks"]

    assert len(asked(nurse)) == 1
    assert asked(teacher) == []


def test_another_child_is_asked_nothing(aoba, watched):  # noqa: F811
    assert get(aoba, "例田 空").context["checks"] == []
    assert get(aoba, "別学年 りく").context["checks"] == []


def test_the_answers_arrive_once_and_bring_somebody_to_talk(aoba, watched):  # noqa: F811
    path = f"/me/{aoba.school.slug}/check/{watched.id}/check-in"
    data = answers(aoba, words="少し心配です。")
    with at(aoba, LATER):
        client = pupil(aoba, NAME)
        first = client.post(path, data)
        again = client.post(path, data)
        thanks = client.get(first["Location"])

    assert first.status_code == 302
    assert watched.events.filter(kind="check-in").count() == 1
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert thanks.status_code == 200


def test_the_child_reads_their_own_answers_later(aoba, watched):  # noqa: F811
    path = f"/me/{aoba.school.slug}/check/{watched.id}/check-in"
    with at(aoba, LATER):
        pupil(aoba, NAME).post(path, answers(aoba, words="少し心配です。"))

    assert "少し心配です。" in get(aoba, NAME).content.decode()
    assert "少し心配です。" not in get(aoba, "例田 空").content.decode()


def test_a_blank_is_asked_for_kindly_and_the_rest_stays(aoba, watched):  # noqa: F811
    path = f"/me/{aoba.school.slug}/check/{watched.id}/check-in"
    with at(aoba, LATER):
        found = pupil(aoba, NAME).post(path, {"submit_key": uuid4().hex, "words": "とちゅうまで"})

    assert found.status_code == 422
    assert "とちゅうまで" in found.content.decode()


def test_whom_to_talk_to_is_said_in_the_childs_own_language(aoba):  # noqa: F811
    with at(aoba, LATER):
        client = pupil(aoba, NAME)
        text = client.get(f"/me/{aoba.school.slug}/", headers={"accept-language": "nl"}).content.decode()

    assert "8:00 tot 17:00" in text
    assert "8時から17時" not in text


def test_nobody_answers_for_another_child(aoba, watched):  # noqa: F811
    path = f"check/{watched.id}/check-in"

    assert get(aoba, "例田 空", path).status_code == 404
    assert get(aoba, "別学年 りく", path).status_code == 404


def test_a_pupil_never_opens_a_page_of_the_staff(aoba, watched):  # noqa: F811
    with at(aoba, LATER):
        found = pupil(aoba, NAME).get(f"/s/{aoba.school.slug}/cases/{watched.id}")

    assert found.status_code in (302, 404)


def test_without_a_card_the_page_leads_to_the_cards(aoba):  # noqa: F811
    with at(aoba, LATER):
        found = Client().get(f"/me/{aoba.school.slug}/")

    assert found.status_code == 302
    assert "/card/" in found["Location"]


def test_the_story_helpers_make_a_case(aoba):  # noqa: F811
    _concern, case = story.japanese_case(aoba)

    assert case.kind == "case"
