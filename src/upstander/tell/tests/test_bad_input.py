"""What does not fit is said at its field, in clear words, and the rest is kept."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from upstander.records.models import Event, Record, StoredFile
from upstander.records.queries import opened
from upstander.tell import flood
from upstander.tell.tests.door import ANSWERS, Reader, english_school

pytestmark = pytest.mark.django_db
EMOJI = "🙈" * 10_000
RIGHT_TO_LEFT = "הם צחקו עליי \u202eאחרי השיעור\u202c and hid my bag"


@pytest.fixture(autouse=True)
def _school() -> None:
    flood.SEND._held.clear()
    english_school()


def picture(size: tuple[int, int] = (40, 30), exif: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#887766").save(out, "JPEG", exif=exif)
    return out.getvalue()


def send_with(name: str, content: bytes, kind: str = "image/jpeg") -> Reader:
    reader = Reader().walk(until="send")
    return reader.answer(files=SimpleUploadedFile(name, content, kind))


def test_an_empty_answer_says_what_to_do_and_keeps_the_rest() -> None:
    reader = Reader().walk(until="what").answer(place=["gym"])

    assert reader.status == 422
    assert "Write a few words, or skip this question." in reader.text
    assert 'aria-describedby="q-what_helptext q-what_error"' in reader.html
    assert 'value="gym" ' in reader.html
    assert "checked" in reader.html


def test_ten_thousand_emoji_are_kept() -> None:
    Reader().walk({**ANSWERS, "what": {"what": EMOJI}})

    event = Event.objects.get(kind="told")
    assert opened(event.record, event, "what") == EMOJI


def test_a_text_that_is_too_long_comes_back_whole() -> None:
    reader = Reader().walk(until="what").answer(what=EMOJI + "x")

    assert reader.status == 422
    assert "at most 10000 characters" in reader.text
    assert EMOJI + "x</textarea>" in reader.html


def test_a_text_that_is_too_long_for_any_form_is_answered_kindly() -> None:
    reader = Reader().walk(until="what").answer(what="x" * 3_000_000)

    assert reader.status == 413
    assert "too much at once" in reader.text


def test_text_that_runs_right_to_left_is_kept_and_set_apart() -> None:
    reader = Reader().walk({**ANSWERS, "what": {"what": RIGHT_TO_LEFT}}, until="send")

    assert f'<p dir="auto">{RIGHT_TO_LEFT}</p>' in reader.html
    reader.answer()
    event = Event.objects.get(kind="told")
    assert opened(event.record, event, "what") == RIGHT_TO_LEFT


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("openness", {"openness": "secret"}),
        ("who", {"who": "pupil.by-magic"}),
        ("safe", {"safe-now": "<script>"}),
        ("what", {"what": "It was", "place": ["gym", "the-moon"]}),
        ("when", {"since": "1999", "before": "'; drop table"}),
        ("wish", {"wish": ["stop", "a-pony"]}),
    ],
)
def test_an_option_that_does_not_exist_is_not_taken(page: str, fields: dict[str, Any]) -> None:
    reader = Reader().walk(until=page).answer(**fields)

    assert reader.status == 422
    assert reader.errors


def test_an_option_smuggled_in_by_skipping_is_found_before_sending() -> None:
    reader = Reader().walk(until="when").answer("skip", since="1999")

    reader.answer("end")
    reader.answer()

    assert reader.status == 422
    assert reader.hidden("page") == "when"
    assert not Record.objects.exists()


def test_sending_nothing_asks_for_a_sentence() -> None:
    reader = Reader().walk({"openness": ANSWERS["openness"]}, until="send").answer()

    assert reader.status == 422
    assert reader.hidden("page") == "what"
    assert "One sentence is enough" in reader.text


def test_a_page_that_does_not_exist_leads_to_the_first_one() -> None:
    reader = Reader().walk(until="what")

    reader.post(held=reader.hidden("held"), page="../../etc/passwd", go="next")

    assert reader.status == 200
    assert reader.hidden("page") == "openness"


@pytest.mark.parametrize("sign", ["\x00", "a\x00b"])
def test_a_sign_that_cannot_be_kept_does_not_break_the_page(sign: str) -> None:
    reader = Reader().walk(until="what").answer(what=sign)

    assert reader.status in (200, 422)


def test_a_picture_of_twenty_megabytes_is_refused_at_the_field_and_the_words_stay() -> None:
    reader = send_with("big.jpg", picture() + b"\x00" * 20 * 1024 * 1024)

    assert reader.status == 422
    assert "“big.jpg” is too big: at most 10 MB" in reader.text
    assert "After practice my bag was gone." in reader.text
    reader.answer()
    assert len(reader.words) == 8


def test_too_many_files_are_refused_at_the_field() -> None:
    reader = Reader().walk(until="send")
    files = [SimpleUploadedFile(f"{n}.jpg", picture(), "image/jpeg") for n in range(7)]

    reader.answer(files=files)

    assert reader.status == 422
    assert "too many files" in reader.text


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("holiday.jpg", b"MZ\x90\x00\x03" + b"\x00" * 200, "image/jpeg"),
        ("page.png", b"<html><script>alert(1)</script></html>", "image/png"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        ("empty.jpg", b"", "image/jpeg"),
    ],
)
def test_a_file_that_lies_about_what_it_is_is_refused_at_the_field(name: str, content: bytes, kind: str) -> None:
    reader = send_with(name, content, kind)

    assert reader.status == 422
    assert reader.errors
    assert not StoredFile.objects.exists()
    assert not Record.objects.exists()


def test_a_picture_is_kept_without_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCameraMaker"
    reader = send_with("shot.jpg", picture(exif=exif.tobytes()))

    assert len(reader.words) == 8, reader.errors
    row = StoredFile.objects.get()
    assert b"SecretCameraMaker" not in bytes(row.ciphertext)


def test_a_name_that_is_too_long_comes_back() -> None:
    reader = Reader().get().answer(openness="named")
    reader.answer(**{"teller-name": "x" * 400})

    assert reader.status == 422
    assert "at most 200 characters" in reader.text
    assert "x" * 400 in reader.html


def test_a_file_that_lies_is_named_together_with_what_else_is_wrong() -> None:
    reader = Reader().get("tell?all")
    lie = SimpleUploadedFile("a.jpg", b"MZ\x90\x00 not a picture", "image/jpeg")

    reader.answer(openness="", what="It happened again.", files=lie)

    assert reader.status == 422
    assert "a.jpg" in reader.text
    assert reader.html.count('class="error"') >= 2
