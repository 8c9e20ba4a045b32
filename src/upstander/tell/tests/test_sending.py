"""Nothing is lost, nothing is kept twice, a class gets through, a flood is slowed."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from html import unescape

import pytest
import time_machine

from upstander.records.clock import utcnow
from upstander.records.models import Event, Record
from upstander.tell import actions, flood, proof
from upstander.tell.models import Receipt
from upstander.tell.tests.door import Reader, english_school

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_buckets():
    for bucket in (flood.SEND, flood.SCHOOL, flood.WORDS):
        bucket._held.clear()


def test_a_double_click_gives_the_same_receipt_and_one_concern() -> None:
    english_school()
    reader = Reader().walk(until="send")
    form = {"held": reader.hidden("held"), "page": "send", "go": "next"}

    first = reader.post(**form).words
    second = reader.post(**form).words

    assert first == second
    assert Record.objects.filter(kind="concern").count() == 1
    assert Event.objects.filter(kind="told").count() == 1
    assert Receipt.objects.count() == 1
    assert "sent before" in reader.text


def test_two_receipts_differ_in_words_and_code_and_nothing_else_is_left_open() -> None:
    english_school()
    pages = []
    for _ in range(2):
        reader = Reader().walk(until="send")
        pages.append((reader.answer().words, reader.html))
    (words, first), (others, second) = pages

    assert words != others
    assert re.findall(r' d="(M0[^"]+)', first) != re.findall(r' d="(M0[^"]+)', second)
    assert "@tell:" not in first + second
    for html, own in zip((first, second), (words, others), strict=True):
        held = unescape(re.findall(r'name="held" value="([^"]+)"', html)[0])
        numbers = [int(each) for each in re.findall(r'name="w(\d)"', html)]
        answer = reader.client.post(
            "/larkrise/tell/kept", {"held": held, "go": "next", **{f"w{n}": own[n - 1] for n in numbers}}
        )
        assert len(numbers) == 2
        assert answer.status_code == 200  # 422 where a word is not the one that was asked for


def test_going_back_after_the_receipt_and_sending_again_adds_nothing_and_says_so() -> None:
    english_school()
    reader = Reader().walk(until="send")
    form = {"held": reader.hidden("held"), "page": "send"}
    words = reader.post(**form, go="next").words

    reader.post(**form, go="page:what")
    reader.answer(what="Something else")
    reader.answer("end")
    reader.answer()

    assert reader.words == words
    assert "it was not added" in reader.text
    assert Event.objects.filter(kind="told").count() == 1


def test_the_receipt_in_another_language_opens_the_same_concern() -> None:
    english_school()
    reader = Reader().walk()
    english = reader.words

    reader.post("tell/kept", held=reader.hidden("held"), go="lang:ja")

    assert reader.words != english
    assert "What you told us" in Reader().post("back", words=" ".join(reader.words)).text


def test_only_a_keyed_hash_of_the_receipt_is_kept() -> None:
    school = english_school()
    reader = Reader().walk()
    row = Receipt.objects.get()
    code = actions.codewords.read(" ".join(reader.words))[0]

    assert row.hash == actions.hash_of(school.id, code)
    assert code.hex() not in row.hash
    assert len(row.hash) == 64


def test_no_receipt_is_shown_when_nothing_could_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    english_school()
    reader = Reader().walk(until="send")
    reader.client.raise_request_exception = False

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(actions.Receipt.objects, "create", broken)
    reader.answer()

    assert reader.status == 500
    assert not reader.words
    assert not Record.objects.exists()


def test_two_words_typed_back_end_the_visit() -> None:
    english_school()
    reader = Reader().walk()
    words = reader.words
    held = reader.hidden("held")
    numbers = [int(part.partition('"')[0]) for part in reader.html.split('name="w')[1:]]

    reader.post("tell/kept", held=held, go="next", **{f"w{number}": "apple" for number in numbers})
    assert reader.status == 422
    assert reader.words == words
    assert len(reader.errors) == 2
    reader.post("tell/kept", held=held, go="next", **{f"w{n}": f" {words[n - 1].upper()} " for n in numbers})

    assert reader.status == 200
    assert "Well kept" in reader.text


def test_thirty_reports_from_one_address_all_get_through() -> None:
    english_school()
    readers = [Reader().walk(until="send") for _ in range(30)]

    receipts = {tuple(reader.answer().words) for reader in readers}

    assert len(receipts) == 30
    assert Record.objects.filter(kind="concern").count() == 30
    assert len(set(Record.objects.values_list("number", flat=True))) == 30


def test_a_flood_is_slowed_gently_and_another_address_passes() -> None:
    school = english_school()
    reader = Reader().walk(until="send")
    now = utcnow()
    while flood.SEND.take(school.id, reader.address, now):
        pass

    held = reader.hidden("held")
    with time_machine.travel(now, tick=False):  # a slow page would be long enough for another report
        reader.answer()

    assert reader.status == 429
    assert "press Send again" in reader.text
    assert "phone" in reader.text
    assert "After practice my bag was gone." in reader.text
    assert reader.hidden("held")
    assert len(Reader(address="198.51.100.9").walk().words) == 8
    flood.SEND._held.clear()
    assert len(reader.post(held=held, page="send", go="next").words) == 8


def test_a_bucket_fills_again_with_time() -> None:
    school = english_school()
    now = utcnow()
    while flood.SEND.take(school.id, "203.0.113.7", now):
        pass

    assert flood.SEND.take(school.id, "203.0.113.7", now + timedelta(seconds=flood.WAIT_SEND))


def solved(challenge: str) -> str:
    """What the page's script does."""
    asked = json.loads(challenge)
    number = next(
        n
        for n in range(asked["maxnumber"] + 1)
        if sha256(f"{asked['salt']}{n}".encode()).hexdigest() == asked["challenge"]
    )
    kept = {name: asked[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return b64encode(json.dumps({**kept, "number": number}).encode()).decode()


def test_a_proof_of_work_takes_the_place_of_waiting_for_its_own_form_only(settings, monkeypatch) -> None:
    school = english_school()
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"proof_of_work": True})
    monkeypatch.setattr(flood.SEND, "burst", 0)
    monkeypatch.setattr(proof, "MOST", 500)
    reader, other = Reader().walk(until="send"), Reader().walk(until="send")

    assert reader.answer().status == 429
    found = re.search(r'data-challenge="([^"]+)"', reader.html)
    assert found
    answer = solved(unescape(found[1]))
    assert other.answer(proof=answer).status == 429
    assert reader.answer(proof="x" * 40).status == 429
    assert len(reader.answer(proof=answer).words) == 8
    assert not proof.is_done(school.id, "0" * 32, answer)


def test_no_proof_is_asked_for_by_default(monkeypatch) -> None:
    english_school()
    monkeypatch.setattr(flood.SEND, "burst", 0)

    assert "data-challenge" not in Reader().walk(until="send").answer().html
