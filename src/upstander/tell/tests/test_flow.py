"""Walking through the door without script, in four languages."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from upstander.records.clock import utcnow
from upstander.records.models import Event, Record
from upstander.records.queries import opened
from upstander.tell import draft
from upstander.tell.tests.door import ANSWERS, LANGUAGES, WORDS, Reader, english_school, japanese_school

pytestmark = pytest.mark.django_db
in_each_language = pytest.mark.parametrize("lang", LANGUAGES)


@in_each_language
def test_a_pupil_tells_and_gets_eight_words_of_their_language(lang: str) -> None:
    japanese_school()

    reader = Reader("aoba", lang).walk({**ANSWERS, "what": {"what": WORDS[lang]}, "wish": {}})

    assert len(reader.words) == 8
    event = Event.objects.get(kind="told")
    assert opened(event.record, event, "what") == WORDS[lang]
    assert event.fields["source-kind"] == "pupil"
    assert event.fields["standing"] == "to-me"
    assert "what" not in event.fields


@in_each_language
def test_every_page_is_small_and_has_one_heading_and_sets_no_cookie(lang: str) -> None:
    english_school()
    reader = Reader(lang=lang).get()
    seen = []
    while True:
        seen.append(reader.hidden("page"))
        assert len(reader.html.encode()) < 16_000
        assert len(re.findall(r"<h1[ >]", reader.html)) == 1, seen
        assert f'<html lang="{lang}"' in reader.html
        assert "Set-Cookie" not in reader.headers
        assert reader.headers["Cache-Control"] == "no-store"
        if not reader.hidden("page"):
            break
        reader.answer(**ANSWERS[reader.hidden("page")])

    assert seen == ["openness", "who", "safe", "what", "when", "people", "done", "wish", "send", ""]
    assert not reader.client.cookies


def test_what_was_written_stays_when_the_language_changes() -> None:
    english_school()
    reader = Reader().walk(until="what")

    reader.answer("lang:nl", what="Half a sent", place=["gym"])

    assert '<html lang="nl"' in reader.html
    assert "Half a sent</textarea>" in reader.html
    assert re.search(r'value="gym"[^>]*checked', reader.html)
    assert "?lang=nl" in reader.html


def test_what_was_written_stays_when_one_goes_back_and_on_again() -> None:
    english_school()
    reader = Reader().walk(until="what")

    reader.answer("back", what="Half a sent")
    assert reader.hidden("page") == "safe"
    reader.answer(**{"safe-now": "yes"})

    assert "Half a sent</textarea>" in reader.html


def test_whoever_is_not_safe_first_sees_what_to_do_and_whom_to_call() -> None:
    english_school()
    reader = Reader().walk(until="safe")

    reader.answer(**{"safe-now": "no"})

    assert reader.hidden("page") == "minute"
    assert reader.text.index("Go where other people are") < reader.text.index("0800 1111")
    assert 'href="tel:999"' in reader.html.partition("<main")[2].partition("</main>")[0]


def test_whoever_gives_a_name_is_asked_for_it_and_whoever_does_not_gives_none() -> None:
    english_school()
    reader = Reader().get().answer(openness="named")
    assert reader.hidden("page") == "name"

    reader.answer()
    assert reader.status == 422
    assert reader.errors
    reader.answer(**{"teller-name": "Aiko Example"})
    assert reader.hidden("page") == "who"
    reader.answer("page:openness")
    reader.answer(openness="anonymous")
    while reader.hidden("page"):
        reader.answer(**ANSWERS[reader.hidden("page")])

    assert "teller-name" not in Event.objects.get(kind="told").sealed


def test_a_parent_is_asked_how_they_know_in_words_that_fit() -> None:
    english_school()
    reader = Reader().walk(until="who").answer(who="parent")

    assert reader.hidden("page") == "standing"
    assert "It is about my child" in reader.text


def test_staff_are_shown_the_shorter_form() -> None:
    english_school()

    assert "/s/larkrise/note" in Reader().walk(until="who").answer(who="staff").html


def test_all_questions_fit_one_page() -> None:
    english_school()
    reader = Reader().get("tell?all")

    assert len(reader.html.encode()) < 30_000
    reader.answer(openness="anonymous", what="He hid my shoes again.")

    assert len(reader.words) == 8


def test_a_form_left_open_for_a_day_keeps_its_answers_and_asks_to_look_again() -> None:
    school = english_school()
    old = draft.Draft("0" * 32, utcnow() - timedelta(hours=30), {"openness": "anonymous", "what": "Long ago"})
    reader = Reader().post(held=draft.seal(school.id, old), page="people", go="next", **{"who-was-there": "8B"})

    assert reader.status == 200
    assert "open for more than a day" in reader.text
    assert "8B</textarea>" in reader.html
    kept = draft.open_draft(school.id, reader.hidden("held"))
    assert kept is not None
    assert kept.text("what") == "Long ago"


@pytest.mark.parametrize("held", ["", "x", "A" * 200, "AQ" * 40])
def test_a_changed_form_keeps_what_stands_on_the_page(held: str) -> None:
    english_school()

    reader = Reader().post(held=held, page="what", go="next", what="Still here")

    assert reader.status == 200
    assert "Still here</textarea>" in reader.html
    assert "Nothing has been sent" in reader.text
    assert not Record.objects.exists()


def test_a_form_of_another_school_is_not_read() -> None:
    english_school()
    japanese_school()
    other = Reader("aoba", "en-GB").walk(until="people")

    reader = Reader().post(held=other.hidden("held"), page="people", go="next", **{"who-was-there": "8B"})

    assert "could not read the answers" in reader.text


def test_a_post_that_comes_from_another_site_is_not_taken() -> None:
    english_school()
    reader = Reader().walk(until="send")
    form = {"held": reader.hidden("held"), "page": "send", "go": "next"}

    response = reader.client.post("/larkrise/tell", form, headers={"Origin": "https://elsewhere.example"})

    assert response.status_code == 403
    assert not Record.objects.exists()


def test_an_unknown_school_is_not_found() -> None:
    assert Reader("nowhere").get().status == 404


@in_each_language
def test_every_link_of_a_page_keeps_the_language(lang: str) -> None:
    english_school()
    page = Reader(lang=lang).get().html
    inner = page.partition("<main")[2].partition("</main>")[0]

    links = re.findall(r'href="(/larkrise/[^"]*)"', inner)

    assert len(links) == 3
    assert all(f"lang={lang}" in unescape(link).replace("?", "&").split("&") for link in links), links
