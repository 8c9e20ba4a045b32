"""Coming back with a receipt."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from upstander.access import viewer as viewers
from upstander.people.models import School
from upstander.records import actions as records
from upstander.records.clock import now as school_now
from upstander.records.clock import utcnow
from upstander.records.models import Event, Record
from upstander.tell import actions, back_views, draft, flood
from upstander.tell.tests.door import ANSWERS, LANGUAGES, Reader, english_school, japanese_school
from upstander.vault import codewords, keys

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(back_views, "ANSWER_AFTER", 0.0)
    flood.WORDS._held.clear()
    flood.SEND._held.clear()


@pytest.fixture
def school() -> School:
    return english_school()


def came_back(reader: Reader, lang: str = "en-GB") -> Reader:
    """Somebody who told something, back with the words."""
    return Reader(reader.slug, lang).post("back", words=" ".join(reader.words))


def staff(school: School, kind: str, **fields: str) -> None:
    """Record something as the school would (who may do so is not this room's)."""
    record = Record.objects.get(kind="concern")
    records.record(viewers.system(school, school_now(school).date()), record, kind, fields=fields)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_of_any_language_open_the_concern_on_a_page_of_any_language(school: School, lang: str) -> None:
    reader = Reader(lang=lang).walk()

    back = came_back(reader, "ja")

    assert back.status == 200
    assert '<html lang="ja"' in back.html
    assert "After practice my bag was gone." in back.text


def test_the_signs_of_the_qr_code_open_it_too(school: School) -> None:
    reader = Reader().walk()
    code = codewords.read(" ".join(reader.words))[0]

    assert "After practice" in Reader().post("back", words=codewords.signs_of(code)).text


def test_the_words_never_stand_in_an_address(school: School) -> None:
    def addresses_of(html: str) -> str:
        return " ".join(re.findall(r'(?:href|action)="([^"]*)"', html))

    # A word may by chance be a part of our own addresses ("tell" is one): those stand on every receipt.
    ours = set(re.split(r"\W", addresses_of(Reader().walk().html)))
    reader = Reader().walk()
    addresses = addresses_of(reader.html)

    assert len(reader.words) == 8
    assert not (set(reader.words) & set(re.split(r"\W", addresses))) - ours
    assert codewords.signs_of(codewords.read(" ".join(reader.words))[0]) not in addresses


def test_words_of_another_school_open_nothing(school: School) -> None:
    japanese_school()
    reader = Reader().walk()

    back = Reader("aoba", "en-GB").post("back", words=" ".join(reader.words))

    assert back.status == 422
    assert "open nothing" in back.text


def test_right_wrong_and_unreadable_words_cost_the_same_look_up(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same number of keyed hashes and one query of the same shape, whatever was typed."""
    right = " ".join(Reader().walk().words)
    wrong = " ".join(codewords.words_of(b"\x01" * 10, "nl"))
    counted: list[int] = []
    shapes: set[str] = set()
    real = keys.keyed_hash
    calls = [0]

    def counting(*args: object) -> str:
        calls[0] += 1
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(actions.keys, "keyed_hash", counting)
    for typed in (right, wrong, "what was it again", ""):
        calls[0] = 0
        with CaptureQueriesContext(
            connection,
        ) as queries:
            actions.come_back(school, typed)
        counted.append(calls[0])
        assert len(queries) == 1
        shapes.add(re.sub(r"'[0-9a-f]{64}'", "?", queries[0]["sql"]))

    assert counted == [5, 5, 5, 5]
    assert len(shapes) == 1


def test_the_answer_to_words_takes_a_fixed_time(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(back_views, "ANSWER_AFTER", 500.0)
    monkeypatch.setattr(back_views.time, "sleep", slept.append)
    words = Reader().walk().words
    Reader().post("back", words=" ".join(words))
    Reader().post("back", words=" ".join(reversed(words)))

    assert len(slept) == 2
    assert all(400.0 < each <= 500.0 for each in slept)  # however long a busy machine takes for the page


def test_a_guesser_is_slowed_and_right_words_still_open(school: School) -> None:
    words = " ".join(Reader().walk().words)
    wrong = " ".join(codewords.words_of(b"\x01" * 10, "nl"))

    with time_machine.travel(utcnow(), tick=False):
        statuses = [Reader().post("back", words=wrong).status for _ in range(25)]

        assert statuses == [422] * 20 + [429] * 5
        assert Reader().post("back", words=words).status == 200


def test_the_talk_goes_both_ways(school: School) -> None:
    reader = Reader().walk()
    assert "It will be read by" in came_back(reader).text
    staff(school, "asked", words="Was it in the <changing room>?")

    back = came_back(reader)
    assert "Was it in the <changing room>?" in back.text
    assert "has asked you something" in back.text
    back.post("back", **{"pass": back.hidden("pass"), "form": "more", "more-what": "Yes, there."})

    assert back.status == 200
    assert "Yes, there." in back.text
    assert "has asked you something" not in back.text
    assert Event.objects.filter(kind="told-more").count() == 1


def test_sending_a_page_twice_adds_once(school: School) -> None:
    back = came_back(Reader().walk())
    form = {"pass": back.hidden("pass"), "form": "more", "more-what": "One thing more."}

    back.post("back", **form)
    back.post("back", **form)

    assert Event.objects.filter(kind="told-more").count() == 1


def test_files_can_be_added_later(school: School) -> None:
    back = came_back(Reader().walk())
    note = SimpleUploadedFile("note.txt", b"what they wrote", "text/plain")

    back.post("back", **{"pass": back.hidden("pass"), "form": "more", "more-files": note})

    assert back.status == 200, back.errors
    assert "Files sent: 1" in back.text


def test_a_teller_says_later_who_they_are(school: School) -> None:
    back = came_back(Reader().walk())

    back.post("back", **{"pass": back.hidden("pass"), "form": "name", "name-teller-name": "Aiko Example"})

    assert "knows your name now" in back.text
    assert "Say who I am" not in back.text


def test_a_teller_changes_the_wish_and_takes_it_back(school: School) -> None:
    back = came_back(Reader().walk())
    back.post(
        "back", **{"pass": back.hidden("pass"), "form": "wish", "wish-wish": ["stop"], "wish-not-told": ["parents"]}
    )
    assert Event.objects.get(kind="wish-changed").fields == {"wish": ["stop"], "not-told": ["parents"]}

    back.post("back", **{"pass": back.hidden("pass"), "form": "withdraw"})

    assert "You took this back" in back.text
    assert Event.objects.filter(kind="withdrawn").count() == 1


def test_a_teller_confirms_what_was_done(school: School) -> None:
    reader = Reader().walk()
    assert "Say whether it was done" not in came_back(reader).text
    staff(school, "step-shared", words="Somebody now stands in the corridor at break.")

    back = came_back(reader)
    assert "The school told you about a step" in back.text
    back.post("back", **{"pass": back.hidden("pass"), "form": "confirm", "confirm-was-done": "yes"})

    assert Event.objects.get(kind="confirmed").fields == {"was-done": "yes"}
    assert "Say whether it was done" not in back.text


def test_an_empty_form_asks_for_something(school: School) -> None:
    back = came_back(Reader().walk())

    back.post("back", **{"pass": back.hidden("pass"), "form": "more", "more-what": "  "})

    assert back.status == 422
    assert back.errors
    assert not Event.objects.filter(kind="told-more").exists()


def test_a_page_left_open_closes_and_keeps_what_was_being_written(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader().walk()
    record = Record.objects.get(kind="concern")
    old = draft.seal_pass(school.id, record.id, utcnow() - timedelta(hours=2))

    late = Reader().post("back", **{"pass": old, "form": "more", "more-what": "Half a thought"})
    assert "closed by itself" in late.text
    again = late.post("back", words=" ".join(reader.words), kept=late.hidden("kept"))

    assert "Half a thought</textarea>" in again.html
    assert not Event.objects.filter(kind="told-more").exists()


@pytest.mark.parametrize("leave", ["", "x", "A" * 80])
def test_a_forged_pass_opens_nothing(school: School, leave: str) -> None:
    Reader().walk()

    forged = Reader().post("back", **{"pass": leave, "form": "more", "more-what": "I am in"})

    assert "Come back with your words" in forged.text
    assert not Event.objects.filter(kind="told-more").exists()


def test_a_pass_of_another_school_opens_nothing(school: School) -> None:
    japanese_school()
    Reader("aoba", "en-GB").walk({**ANSWERS, "wish": {}})
    pass_there = draft.seal_pass(School.objects.get(slug="aoba").id, Record.objects.get().id, utcnow())

    assert "Come back with your words" in Reader().post("back", **{"pass": pass_there}).text


def test_no_name_of_the_school_people_or_others_is_shown(school: School) -> None:
    reader = Reader().walk()
    staff(school, "note-added", note="Told by Bram, looks like Chen did it")

    assert "Chen" not in came_back(reader).text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_steps_of_the_case_that_the_pack_echoes_are_told_in_its_words_and_never_about_whom(
    school: School, lang: str
) -> None:
    from upstander.people.packs import pack_of
    from upstander.policy import labels

    reader = Reader().walk()
    viewer = viewers.system(school, school_now(school).date())
    case = records.open_record(viewer, school, "case")
    records.record(viewer, case, "note-added", fields={"note": "Chen is named"})
    records.link(viewer, Record.objects.get(kind="concern"), case)
    records.record(viewer, case, "close", fields={"reason": "shown in a test"}, happened_anyway="as a test")

    back = came_back(reader, lang)

    assert labels.label(pack_of(school), "events.told-step-closed.done", lang) in back.text
    assert "Chen" not in back.text
