"""In an emergency a class teacher opens another class's records: with a reason, for some hours, and somebody hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from upstander.access import emergency
from upstander.access.decide import Denied, NotFound
from upstander.access.models import Emergency, OfficeEntry
from upstander.access.tests.signed_in import sign_in
from upstander.people import actions as people
from upstander.people import clock
from upstander.people.models import Person
from upstander.records import actions
from upstander.records.models import Reading
from upstander.records.tests import place as places
from upstander.records.tests.place import MONDAY, Place, moment

WHY = "She ran off and nobody reaches her teacher."


@pytest.fixture
def place(db: None, settings) -> Place:
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})
    found = places.make()
    for name in ("Head", "Deputy", "Chen", "Dana", "Ewa"):
        people.make_account(found.people[name], f"{name.lower()}@school.example", None)
        people.change_person(found.people[name], email=f"{name.lower()}@school.example")
        found.people[name].refresh_from_db()
    return found


def browser(place: Place, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    account = place.people[name].account
    assert account is not None
    sign_in(client, account)
    return client


def url(place: Place, path: str) -> str:
    return f"/s/{place.school.slug}/{path}"


def open_for(place: Place, name: str, pupil: str) -> Emergency:
    return emergency.open_for(place.school, place.viewer(name), place.people[pupil], WHY)


def test_a_record_is_open_for_some_hours_and_a_second_person_hears_of_it(
    place: Place, django_capture_on_commit_callbacks
) -> None:
    with time_machine.travel(moment(MONDAY), tick=False):
        case = places.case(place)
        dana = browser(place, "Dana")
        assert dana.get(url(place, f"cases/{case.id}")).status_code == 404
        found = dana.post(url(place, "emergency"), {"q": "Aiko", "deed": "find"})
        assert place.id("Aiko") in found.content.decode()
        short = dana.post(
            url(place, "emergency"), {"q": "Aiko", "pupil": place.id("Aiko"), "reason": "x", "deed": "open"}
        )
        assert short.status_code == 422
        with django_capture_on_commit_callbacks(execute=True):
            dana.post(url(place, "emergency"), {"q": "Aiko", "pupil": place.id("Aiko"), "reason": WHY, "deed": "open"})

        assert dana.get(url(place, f"cases/{case.id}")).status_code == 200
        assert f"cases/{case.id}" in dana.get(url(place, "emergency")).content.decode()
        assert dana.get(url(place, f"cases/{case.id}/do/note-added")).status_code in (403, 404)
        head = browser(place, "Head")
        assert "A colleague has opened records" in head.get(url(place, "today")).content.decode()
        page = head.get(url(place, "emergency")).content.decode()
        assert WHY in page
        assert "Dana" in page
        assert "A colleague has opened records" not in head.get(url(place, "today")).content.decode()
    (letter,) = mail.outbox
    assert letter.to == ["head@school.example"]
    assert "Aiko" not in letter.body
    assert "Dana" not in letter.body
    assert list(Reading.objects.values_list("what", "person")) == [("emergency", place.people["Dana"].id)]
    assert list(OfficeEntry.objects.values_list("deed", "by")) == [("opened-in-emergency", place.people["Dana"].id)]
    with time_machine.travel(moment(MONDAY + timedelta(hours=4)), tick=False):
        assert browser(place, "Dana").get(url(place, f"cases/{case.id}")).status_code == 404


def test_either_of_the_two_closes_it_and_nobody_else(place: Place) -> None:
    with time_machine.travel(moment(MONDAY), tick=False):
        for name in ("Dana", "Head"):
            made = open_for(place, "Dana", "Aiko")
            with pytest.raises(NotFound):
                emergency.end(place.school, place.viewer("Ewa"), made.id)
            assert emergency.pupils_open_to(place.viewer("Dana"), place.school)
            emergency.end(place.school, place.viewer(name), made.id)
            assert not emergency.pupils_open_to(place.viewer("Dana"), place.school)


def test_who_may_not_and_what_stays_shut(place: Place, settings) -> None:
    with time_machine.travel(moment(MONDAY), tick=False):
        for name in ("Ewa", "Aiko"):
            with pytest.raises(Denied):
                open_for(place, name, "Aiko")
        assert browser(place, "Ewa").get(url(place, "emergency")).status_code == 404
        people.look_after(place.people["Dana"], place.people["Bram"])
        with pytest.raises(Denied):
            open_for(place, "Dana", "Bram")
        with pytest.raises(ValueError, match="no"):
            emergency.open_for(place.school, place.viewer("Dana"), place.people["Aiko"], "no")
        other = places.make("other-school")
        with pytest.raises(Denied):
            emergency.open_for(place.school, place.viewer("Dana"), other.people["Aiko"], WHY)

        about_dana = places.case(place, "Aiko", "Dana")
        sealed = actions.open_record(place.viewer("Head"), place.school, "vault")
        about = {"target": [place.id("Aiko")]}
        actions.record(place.viewer("Head"), sealed, "sealed-noted", about=about, fields={"seal": "yes"})
        open_for(place, "Dana", "Aiko")
        dana = browser(place, "Dana")
        for record in (about_dana, sealed):
            for path in (f"cases/{record.id}", f"records/{record.id}/", f"records/{record.id}/readings"):
                assert dana.get(url(place, path)).status_code == 404

        settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"emergency_hours": 0})
        with pytest.raises(Denied):
            open_for(place, "Dana", "Aiko")


def test_the_second_person_is_no_parent_and_without_one_nothing_opens(place: Place) -> None:
    with time_machine.travel(moment(MONDAY), tick=False):
        people.look_after(place.people["Head"], place.people["Aiko"])
        assert open_for(place, "Dana", "Aiko").second == place.people["Deputy"].id
        people.look_after(place.people["Deputy"], place.people["Aiko"])
        with pytest.raises(emergency.NobodyToTell):
            open_for(place, "Dana", "Aiko")


def test_a_mail_that_fails_is_sent_later_and_the_reason_lies_encrypted(place: Place, monkeypatch) -> None:
    def broken(self: object) -> None:
        raise OSError

    with time_machine.travel(moment(MONDAY), tick=False):
        made = open_for(place, "Dana", "Aiko")
        with monkeypatch.context() as patch:
            patch.setattr("django.core.mail.EmailMessage.send", broken)
            assert emergency.tell_waiting(place.school) == 0
        assert emergency.tell_waiting(place.school) == 1
        assert emergency.tell_waiting(place.school) == 0
        made.refresh_from_db()
        assert made.told_at == clock.utcnow(place.school)
    raw = Emergency.objects.values_list("reason", flat=True)[0]
    assert WHY.encode() not in bytes(raw)
    assert Person.objects.filter(pk=made.second).exists()
