"""Mails: who gets one, in which language, and that none of them says anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection

from upstander.notify import actions, doctor, letters
from upstander.notify.models import Mail, Tick
from upstander.people import actions as people
from upstander.records.models import Notice
from upstander.records.tests import place as places
from upstander.records.tests.place import Place

SECRETS = ("Aiko", "Bram", "shoes", "Shoes", "hide")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(places.moment(places.MONDAY), tick=False) as traveller:
        yield traveller


@pytest.fixture
def place(db: None, clock: time_machine.Traveller) -> Place:
    found = places.make()
    for name, person in found.people.items():
        if person.kind == "staff":
            people.make_account(person, f"{name.lower()}@school.example", None)
    return found


def test_a_concern_reaches_somebody_by_mail_and_the_mail_says_nothing(place: Place) -> None:
    places.concern(place)

    sent = actions.deliver()

    assert sent == len(mail.outbox) >= 1
    for message in mail.outbox:
        assert not any(secret in message.subject + message.body for secret in SECRETS)
        assert f"/s/{place.school.slug}/today" in message.body


def test_many_lines_are_one_mail_for_each_person(place: Place) -> None:
    for _ in range(4):
        places.concern(place)

    actions.deliver()

    receivers = [message.to[0] for message in mail.outbox]
    assert len(receivers) == len(set(receivers))


def test_what_is_sent_is_never_sent_again(place: Place) -> None:
    places.concern(place)
    actions.deliver()

    assert actions.deliver() == 0


def test_of_two_workers_one_sends(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    places.concern(place)
    sent: list[str] = []

    def slow(message: mail.EmailMessage, *_args: object, **_more: object) -> int:
        sent.extend(message.to)
        actions.deliver()  # the other worker, while this one waits for the mail server
        return 1

    monkeypatch.setattr("django.core.mail.EmailMessage.send", slow)
    actions.deliver()

    assert len(sent) == len(set(sent)) >= 1


def test_a_worker_that_was_killed_holds_the_others_up_for_a_while_only(
    place: Place, clock: time_machine.Traveller
) -> None:
    places.concern(place)
    assert actions._lease(place.school)

    assert actions.deliver() == 0
    clock.shift(actions.LEASE + timedelta(seconds=1))

    assert actions.deliver() >= 1


def test_a_server_clock_that_is_set_back_stops_no_mail(place: Place, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(days=1))
    assert actions._lease(place.school)
    clock.shift(timedelta(days=-1))
    places.concern(place)

    assert actions.deliver() >= 1


def test_a_mail_server_that_is_away_loses_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    places.concern(place)

    def away(*_args: object, **_more: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", away)
        assert actions.deliver() == 0

    assert actions.deliver() >= 1


@pytest.mark.parametrize("address", ["a@b..example", "two@at@signs", "line\nbreak@b.example"])
def test_an_address_that_is_none_keeps_nobody_elses_mail_back(place: Place, address: str) -> None:
    head = place.people["Head"]
    other = place.staff("Zoe", "head")
    people.change_person(other, email="zoe@school.example")
    people.change_person(head, email=address)
    places.concern(place)

    actions.deliver()

    assert "zoe@school.example" in {message.to[0] for message in mail.outbox}
    assert set(Notice.objects.filter(person=head.id).values_list("dropped", flat=True)) == {"bad address"}


def test_a_school_whose_records_cannot_be_looked_at_stops_no_other_job(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> int:
        raise RuntimeError

    monkeypatch.setattr("upstander.records.upkeep.refresh_due", broken)
    places.concern(place)

    assert actions.tick() >= 1
    assert Tick.objects.filter(job="clock").exists()


def test_a_job_that_fails_is_done_at_the_next_step(place: Place) -> None:
    with pytest.raises(ZeroDivisionError):
        actions._claimed("job", timedelta(hours=1), lambda: 1 / 0)

    assert actions._claimed("job", timedelta(hours=1), lambda: 1) == 1


def test_whoever_has_no_address_is_dropped_with_the_reason(place: Place) -> None:
    for person in place.people.values():
        people.change_person(person, email="")
    places.concern(place)

    actions.deliver()

    assert mail.outbox == []
    assert set(Notice.objects.values_list("dropped", flat=True)) == {"no address"}


@pytest.mark.parametrize("language", ["ja", "nl", "en-GB", "zh-Hans"])
def test_a_mail_speaks_the_readers_language(place: Place, language: str) -> None:
    person = place.people["Head"]
    people.change_person(person, language=language)

    letter = letters.something_needs_you(person, place.school, late=True)

    pattern = {"ja": "[ぁ-ん]", "nl": "[Ii]ets", "en-GB": "Something", "zh-Hans": "[事项]"}[language]
    assert re.search(pattern, letter.body)


def test_what_is_late_climbs_by_the_clock_alone(place: Place, clock: time_machine.Traveller) -> None:
    places.concern(place)
    actions.deliver()
    mail.outbox.clear()

    clock.shift(timedelta(days=4))
    actions.tick()
    actions.deliver()

    late = letters.something_needs_you(place.people["Head"], place.school, late=True).subject
    assert any(message.subject == late for message in mail.outbox)


def test_a_digest_comes_once_a_day_and_only_to_whoever_has_something(
    place: Place, clock: time_machine.Traveller
) -> None:
    places.concern(place)
    clock.shift(timedelta(days=3))

    actions.tick()
    actions.tick()

    digests = Mail.objects.filter(kind=Mail.Kind.DIGEST)
    assert digests.count() == digests.values("person").distinct().count() >= 1
    assert not any(secret in row.body for row in digests for secret in SECRETS)


def test_a_job_is_claimed_by_one_clock_only(place: Place) -> None:
    done: list[int] = []

    first = actions._claimed("job", timedelta(hours=1), lambda: done.append(1))
    second = actions._claimed("job", timedelta(hours=1), lambda: done.append(2))

    assert (first, second, done) == (1, 0, [1])


def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(place: Place) -> None:
    Tick.objects.all().delete()

    found = {check.title: check for check in doctor.all_checks()}

    assert not found["Clock"].fine
    assert "upstander run" in found["Clock"].mend
    assert found["Database tables"].fine
    assert found["Triggers that protect the record"].fine


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no policies: one school, one file")
def test_the_doctor_names_a_table_that_is_open_to_every_school(place: Place) -> None:
    def wall() -> dict[str, doctor.Check]:
        return {check.title: check for check in doctor.all_checks()}

    assert wall()["Wall between the schools"].fine
    assert wall()["User of the database"].fine
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_reading DISABLE ROW LEVEL SECURITY")

    assert not wall()["Wall between the schools"].fine
    assert "records_reading" in wall()["Wall between the schools"].mend
