"""Every kind of field that a policy may ask for is filled in, kept and read again; the guard stands before the record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from upstander.records.models import Event, Record, SealedField
from upstander.web.tests import lists
from upstander.web.tests.lists import MORNING, at
from upstander.web.tests.test_registers import hand_in, page

pytestmark = pytest.mark.django_db
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def opened(place, **fields) -> str:
    return lists.record_of(hand_in(place, **fields).headers["Location"])


def send(place, role: str, record: str, kind: str, **data):
    filled = {"at_0": "2026-05-11", "at_1": "09:00", "submit_key": f"{kind}-12345678", **data}
    return place.client(role).post(place.url(f"records/{record}/do/{kind}"), filled)


def test_all_types_of_field_are_kept_and_read_again(fernhill):
    with at(fernhill):
        record = opened(
            fernhill,
            damage=["cracked", "wet"],
            worth="120.50",
            until="2026-05-12",
            **{"at-lunch": "12:15"},
            charged="yes",
            care="4",
            witness=str(fernhill.staff["keeper"].id),
            notes="Taken in at the gate.",
            picture=SimpleUploadedFile("a.png", PIXEL, content_type="image/png"),
            receipt_name="Juniper Vale",
            receipt_drawing="M10 20 L30 40",
            receipt_sure="on",
        )
        event = Event.objects.get(record=record, kind="device-handed-in")
        text = page(fernhill, "keeper", f"records/{record}/events/{event.id}").content.decode()

    assert event.fields == {
        "what": "phone", "shelf": "left", "damage": ["cracked", "wet"], "worth": 120.5, "until": "2026-05-12",
        "at-lunch": "12:15", "charged": "yes", "care": 4, "witness": str(fernhill.staff["keeper"].id),
    }  # fmt: skip
    for word in (
        "Telephone",
        "Left shelf",
        "Cracked, Wet",
        "120.5",
        "12 May",
        "Yes",
        "Ms Fern",
        "Taken in at the gate.",
        "a.png",
    ):
        assert word in text, word
    assert '<path d="M10 20 L30 40"/>' in text
    assert "M10" not in SealedField.objects.filter(event=event, path="receipt").get().ciphertext.hex()


def test_a_field_that_is_secret_from_a_post_is_neither_asked_nor_shown_to_it(fernhill):
    with at(fernhill):
        record = opened(fernhill, notes="Only for the safe.")
        event = Event.objects.get(record=record, kind="device-handed-in")
        form = page(fernhill, "teacher", "registers/device/new/device-handed-in").content.decode()
        shown = page(fernhill, "teacher", f"records/{record}/events/{event.id}").content.decode()

    assert 'name="notes"' not in form
    assert "Only for the safe." not in shown


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"receipt_name": "Juniper Vale"}, "Tick that the signature is meant."),
        ({"receipt_sure": "on"}, "Write the name of whoever signs."),
        ({"worth": "-1"}, "This must be 0 or more."),
        ({"worth": "5000"}, "This can be 3000 at most."),
        ({"until": "31/31/31"}, "Give a day that exists."),
        ({"witness": "00000000-0000-4000-8000-000000000000"}, "Choose one of these."),
        ({"what": "spoon"}, "Choose one of these."),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_written_stays(fernhill, fields, said):
    with at(fernhill):
        sent = hand_in(fernhill, notes="This stays.", **fields)

    assert sent.status_code == 422
    assert said in sent.content.decode()
    assert "This stays." in sent.content.decode()
    assert not Record.objects.filter(kind="device").exists()


def test_a_drawing_that_is_no_drawing_is_dropped(fernhill):
    with at(fernhill):
        record = opened(fernhill, receipt_name="A", receipt_sure="on", receipt_drawing='M1 1"/><script>')
        event = Event.objects.get(record=record, kind="device-handed-in")
        text = page(fernhill, "keeper", f"records/{record}/events/{event.id}").content.decode()

    assert "<script>" not in text
    assert 'class="signature"' not in text


def test_a_required_signature_is_asked_for(fernhill):
    with at(fernhill):
        record = opened(fernhill)
        sent = send(fernhill, "keeper", record, "device-returned", to="Juniper", **owner(fernhill))
        signed = send(
            fernhill,
            "keeper",
            record,
            "device-returned",
            to="Juniper",
            receipt_name="J. Vale",
            receipt_sure="on",
            **owner(fernhill),
        )

    assert sent.status_code == 422
    assert "Write the name of whoever signs." in sent.content.decode()
    assert signed.status_code == 302


def owner(place, name: str = "Juniper Vale") -> dict[str, str]:
    return {"about-owner": str(place.pupils[name].id)}


def test_the_form_of_a_duty_comes_filled_in_with_whom_it_concerns(fernhill):
    with at(fernhill):
        record = opened(fernhill)
        found = page(fernhill, "keeper", f"records/{record}/")
        step = next(step for step in found.context["steps"] if step.label == "Give the device back")
        form = fernhill.client("keeper").get(step.deed.url).content.decode()

    assert f'value="{fernhill.pupils["Juniper Vale"].id}" checked' in form
    assert "This is asked for" in form


def test_a_limit_stops_the_step_and_what_happened_can_be_recorded_all_the_same(fernhill):
    with at(fernhill):
        record = opened(fernhill)
        data = {"why": "A threat was sent.", **owner(fernhill)}
        stopped = send(fernhill, "teacher", record, "device-searched", **data)
        before = Event.objects.filter(record=record, kind="device-searched").count()
        again = send(
            fernhill, "teacher", record, "device-searched", happened="1", anyway="It was searched at the gate.", **data
        )
        shown = page(fernhill, "head", f"records/{record}/").content.decode()

    assert (stopped.status_code, before, again.status_code) == (409, 0, 302)
    text = stopped.content.decode()
    assert "Search only once the owner knows why" in text
    assert "A threat was sent." in text
    assert "The owner knows why" in text
    assert "It was searched at the gate." in shown
    assert "The policy asks for something else here" in shown


def test_a_field_that_a_fact_requires_is_required_while_it_holds(fernhill):
    with at(fernhill):
        record = opened(fernhill)
        send(fernhill, "keeper", record, "reason-told", **owner(fernhill))
        blank = send(fernhill, "teacher", record, "device-searched", **owner(fernhill))

    assert blank.status_code == 422


def test_a_form_that_is_sent_twice_records_once(fernhill):
    with at(fernhill):
        record = opened(fernhill)
        first = send(fernhill, "keeper", record, "seal-checked", whole="no")
        second = send(fernhill, "keeper", record, "seal-checked", whole="no")

    assert first.headers["Location"] == second.headers["Location"]
    assert Event.objects.filter(record=record, kind="seal-checked").count() == 1


def test_a_fact_that_turns_brings_its_duty_and_says_since_when_it_holds(fernhill):
    with at(fernhill):
        record = opened(fernhill)
        send(fernhill, "keeper", record, "seal-checked", whole="no")
        text = page(fernhill, "keeper", f"records/{record}/").content.decode()

    assert "The seal is broken" in text
    assert "Mend the seal and check it again" in text


def test_waiving_extending_closing_and_opening_again(fernhill):
    head = fernhill.client("head")
    with at(fernhill):
        record = opened(fernhill)
        easing = {"reason": "The family asked.", "submit_key": "ease-12345678"}
        extended = head.post(fernhill.url(f"records/{record}/duties/give-back/extend"), {"to": "2026-05-13", **easing})
        waived = head.post(
            fernhill.url(f"records/{record}/duties/give-back/waive"), {**easing, "submit_key": "waive-12345678"}
        )
        closed = send(fernhill, "head", record, "close", reason="Given back.")
        state = Record.objects.get(id=record).closed
    with at(fernhill, MORNING + timedelta(minutes=5)):
        text = page(fernhill, "head", f"records/{record}/").content.decode()
        again = send(fernhill, "head", record, "reopen", reason="Back again")

    assert [each.status_code for each in (extended, waived, closed)] == [302, 302, 302]
    assert state
    assert "Closed" in text
    assert again.status_code == 302


def test_a_thing_is_named_by_a_mark_and_stays_so(fernhill):
    with at(fernhill):
        record = opened(fernhill)
        form = page(fernhill, "keeper", f"records/{record}/do/device-described").content.decode()
        wrong = send(fernhill, "keeper", record, "device-described", words="x", **{"about-device": "a (strange) one"})
        sent = send(fernhill, "keeper", record, "device-described", words="x", **{"about-device": "phone 17"})
        event = Event.objects.get(record=record, kind="device-described")

    assert 'name="about-device"' in form
    assert wrong.status_code == 422
    assert "a-(strange)-one" in wrong.content.decode()
    assert sent.status_code == 302
    assert event.about == {"device": ["phone-17"]}


def test_whom_a_record_of_staff_is_about_is_found_among_the_staff(fernhill):
    with at(fernhill):
        found = fernhill.client("head").post(
            fernhill.url("registers/training/new/training-begun"), {"look": "1", "find": "moss"}
        )

    labels = [choice.label for name in found.context["names"] for choice in name.choices]
    assert labels == ["Mr Moss"]
