"""Letters to families: filled from the record, in the family's language, and stopped where they would say too much."""

from __future__ import annotations

import pytest

from upstander.cases.letters import guarding
from upstander.cases.tests.story import at, day
from upstander.people import actions as people_actions
from upstander.people.models import Person
from upstander.policy.model import Letter
from upstander.records import queries
from upstander.records.models import Event, StoredFile

pytestmark = pytest.mark.django_db
HARUKA, SORA = "見本はるか", "例田 空"


def begin(place, client, case, **more):
    haruka = str(place.pupils[HARUKA].id)
    sent = {
        "deed": "draft",
        "child": haruka,
        "language": "ja",
        "asked-when": "2026-05-13",
        "asked-place": "16時 相談室",
    }
    return client.post(place.url(f"cases/{case.id}/letters/appointment"), {**sent, **more})


def finish(place, client, case, text, **more):
    sent = {"deed": "send", "child": str(place.pupils[HARUKA].id), "lang": "ja", "text": text, "key": "one-letter"}
    return client.post(place.url(f"cases/{case.id}/letters/appointment"), {**sent, **more})


def test_a_letter_is_filled_from_the_record_and_sending_it_is_recorded(aoba, told):
    _concern, case = told
    parent = people_actions.add_person(aoba.school, Person.Kind.GUARDIAN, "見本 ゆり")
    people_actions.look_after(parent, aoba.pupils[HARUKA])
    with at(aoba, day(11, 16)):
        client = aoba.client("homeroom-teacher")
        way = client.get(aoba.url(f"cases/{case.id}/letters"))
        draft = begin(aoba, client, case)
        text = draft.context["text"]
        sent = finish(aoba, client, case, text)
        twice = finish(aoba, client, case, text)

    assert way.status_code == 200
    assert text.startswith("見本 ゆり 様")
    assert "2026年5月13日（水）、16時 相談室" in text
    assert draft.context["stops"] == []
    assert any("1" in line.label for line in draft.context["left_out"])
    assert (sent.status_code, twice.status_code) == (302, 302)
    [told_home] = Event.objects.filter(record=case, kind="parents-told")
    assert told_home.fields == {"how": "letter", "told": ["appointment"]}
    assert told_home.about["target"] == [str(aoba.pupils[HARUKA].id)]
    [kept] = Event.objects.filter(record=case, kind="file-added")
    assert StoredFile.objects.filter(event=kept).count() == 1


def test_another_child_and_a_word_that_is_never_said_stop_it_until_the_post_that_may_lets_one_message_through(
    aoba, told
):
    _concern, case = told
    with at(aoba, day(11, 16)):
        teacher, head = aoba.client("homeroom-teacher"), aoba.client("principal")
        text = "空さんのことで、別学年 りくさんからも聴きました。気にしすぎかもしれません。"
        stopped = finish(aoba, teacher, case, text, reason="どうしても")
        silent = finish(aoba, head, case, text)
        before = Event.objects.filter(record=case, kind="parents-told").count()
        through = finish(aoba, head, case, text, reason="安全のため、今日のうちに伝える。")

    assert stopped.status_code == silent.status_code == 422
    assert {found for found, _why in stopped.context["stops"]} == {"気にしすぎ", "空さん", "別学年 りく"}
    assert (stopped.context["may_let_through"], silent.context["may_let_through"]) == (False, True)
    assert before == 0
    assert through.status_code == 302
    [kept] = Event.objects.filter(record=case, kind="file-added")
    assert "安全のため" in queries.opened(case, kept, "description")


def test_what_stops_a_letter_is_known_by_its_parts_in_the_matter_and_as_a_whole_elsewhere():
    letter = Letter(id="x", title="x", body="x", never_say=("no big deal",))
    others = {"b": ("Bram Lark", "")}
    pupils = ["Rowan Tern", "Juniper Vale"]

    def found(text):
        return [
            (each.found, each.why) for each in guarding.stops(letter, text, others, pupils, ["Juniper Vale", "Lark"])
        ]

    assert found("bram said it was No  big deal.") == [("no big deal", "words"), ("bram", "matter")]
    assert found("Rowan Tern saw it; Rowan did.") == [("Rowan Tern", "school")]
    assert found("Juniper Vale and Mrs Lark are welcome.") == []
