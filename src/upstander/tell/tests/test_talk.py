"""Who can I talk to."""

from __future__ import annotations

from datetime import date

import pytest

from upstander.people import actions as people
from upstander.people.models import Person
from upstander.tell.talk_views import Somebody
from upstander.tell.tests.door import LANGUAGES, Reader, english_school, japanese_school

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_names_posts_helplines_and_the_door(lang: str) -> None:
    japanese_school()

    reader = Reader("aoba", lang).get("talk")

    assert reader.status == 200
    assert "0120-0-78310" in reader.text
    assert "testserver/aoba/tell" in reader.text
    assert '<svg class="qr"' in reader.html
    assert "Set-Cookie" not in reader.headers


def test_it_names_who_holds_a_post_of_the_whole_school() -> None:
    school = english_school()
    dana = people.add_person(school, Person.Kind.STAFF, "Dana Example")
    people.give_role(dana, "dsl", date(2026, 4, 1))

    assert "Dana Example" in Reader().get("talk").text


def test_it_lists_every_public_contact_of_the_directory_once() -> None:
    from upstander.people.packs import pack_of

    school = english_school()
    public = [
        each for each in pack_of(school).contacts.values() if each.on_door or {"pupil", "parent"} & set(each.for_)
    ]
    text = Reader().get("talk").text

    assert public
    for contact in public:
        assert contact.title in text


@pytest.mark.parametrize(
    ("names", "initial"), [(("見本 澄江",), "見"), (("Ms Quill",), "Q"), (("Ms Quill", "Mr Wren"), ""), ((), "")]
)
def test_whoever_holds_a_post_alone_has_a_face_with_an_initial(names: tuple[str, ...], initial: str) -> None:
    assert Somebody("", names, (), "", "", "").initial == initial
