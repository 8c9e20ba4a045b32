"""What the office does has an author and a time on record; nobody alone opens a colleague's way in."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from upstander.access import officelog
from upstander.notify import doctor
from upstander.people import actions as people
from upstander.people.models import Person
from upstander.records.tests import place as places
from upstander.records.tests.place import Place


@pytest.fixture
def place(db: None, settings: Any) -> Place:
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})
    found = places.make()
    for name in ("Head", "Deputy", "Chen", "Dana"):
        people.make_account(found.people[name], f"{name.lower()}@school.example", "a long password of ours")
    return found


def browser(place: Place, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(place.people[name].account)  # type: ignore[arg-type]
    return client


def do(place: Place, who: str, person: Person, **data: str) -> Any:
    return browser(place, who).post(f"/s/{place.school.slug}/people/{person.id}", data, follow=True)


def deeds(place: Place) -> list[tuple[str, str, str]]:
    return [(entry.deed, entry.person, entry.by) for entry in officelog.entries(place.school)]


def test_a_post_given_and_ended_stands_with_its_author_and_unit(place: Place) -> None:
    dana = place.people["Dana"]
    do(place, "Head", dana, deed="give", role="class-teacher", where=f"class:{place.classes['2A'].id}")
    held = next(row for row in dana.roles_held.all() if row.school_class == place.classes["2A"])
    do(place, "Head", dana, deed=f"end:{held.id}")
    do(place, "Head", dana, deed="back")

    assert deeds(place) == [("back", "Dana", "Head"), ("post-ended", "Dana", "Head"), ("post-given", "Dana", "Head")]
    page = browser(place, "Head").get(f"/s/{place.school.slug}/people/log").content.decode()
    assert "post given: Class teacher, 2A" in page
    assert "by Head" in page


def test_only_the_office_reads_the_log(place: Place) -> None:
    assert browser(place, "Chen").get(f"/s/{place.school.slug}/people/log").status_code == 403
    assert browser(place, "Chen").get(f"/s/{place.school.slug}/people/{place.people['Dana'].id}").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_new_link_for_a_colleague_takes_a_second_person_and_the_colleague_hears_of_it(place: Place) -> None:
    chen = place.people["Chen"]
    Authenticator.objects.create(user=chen.account, type=Authenticator.Type.TOTP, data={})

    asked = do(place, "Head", chen, deed="invite", without_phone="1").content.decode()
    again = do(place, "Head", chen, deed="confirm-link")

    assert "/in/welcome/" not in asked
    assert again.status_code == 403
    assert [letter.to for letter in mail.outbox] == [["deputy@school.example"]]
    assert "Chen" not in mail.outbox[0].body
    assert do(place, "Dana", chen, deed="confirm-link").status_code == 403
    assert do(place, "Chen", chen, deed="confirm-link").status_code == 403

    made = do(place, "Deputy", chen, deed="confirm-link").content.decode()

    assert "/in/welcome/" in made
    assert mail.outbox[-1].to == ["chen@school.example"]
    assert not Authenticator.objects.filter(user=chen.account).exists()
    assert deeds(place) == [("link-made", "Chen", "Deputy"), ("link-asked", "Chen", "Head")]
    assert do(place, "Deputy", chen, deed="confirm-link").status_code == 403


def test_a_link_that_was_asked_for_can_be_dropped(place: Place) -> None:
    chen = place.people["Chen"]
    do(place, "Head", chen, deed="invite")
    do(place, "Deputy", chen, deed="drop-link")

    assert do(place, "Deputy", chen, deed="confirm-link").status_code == 403
    assert deeds(place)[0] == ("link-dropped", "Chen", "Deputy")


def test_nobody_asks_for_a_link_for_themselves(place: Place) -> None:
    assert do(place, "Head", place.people["Head"], deed="invite").status_code == 403


def test_whoever_no_mail_reaches_is_named_to_the_office_and_counted_by_the_doctor(place: Place) -> None:
    ewa = place.people["Ewa"]
    people.change_person(ewa, email="")

    page = browser(place, "Head").get(f"/s/{place.school.slug}/people/").content.decode()
    found = next(check for check in doctor.all_checks() if check.title.startswith("Mail addresses"))

    assert "No mail reaches one person who holds a post" in page
    assert not found.fine
    assert str(ewa.id) in found.mend
    assert "Ewa" not in found.mend
    do(place, "Head", ewa, deed="address", email="ewa@school.example")
    assert next(check for check in doctor.all_checks() if check.title.startswith("Mail addresses")).fine
