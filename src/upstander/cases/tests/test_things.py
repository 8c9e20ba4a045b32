"""A primary school's phones: a search that opens step by step, an image nobody sees, custody, posts, and what a class hands in."""

from __future__ import annotations

import copy
import hashlib
import io
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from upstander.cases.looking import Looking
from upstander.cases.tests import school as schools
from upstander.cases.tests import story
from upstander.cases.tests.school import Place
from upstander.cases.things import custody, evidence, hand_in, no_view, receipt, search, takedowns
from upstander.people import actions as people
from upstander.people.packs import pack_of
from upstander.records import actions, files
from upstander.records.actions import FormProblems, Stopped
from upstander.records.models import Event, Record
from upstander.ui import pdf
from upstander.web.testing.kept import kept

MORNING = datetime(2026, 5, 11, 8, 55)
SUSPECTED = {"device": "phone", "grounds": ["risk"], "reason": "A shameful reason.", "indecent": "no"}
TAKEN = {"where": "Safe, shelf 2", "off": "yes", "bag": "B-7"}


def _primary() -> Place:
    made = people.make_school(
        "wren", "Wren Example Primary", pack="gb-primary-online", language="en-GB", timezone="Europe/London"
    )
    place = Place(made)
    for code in ("6C", "5H"):
        place.classes[code] = people.make_class(made, 2026, code, grade=code[0], name=code)
    schools.staff(place, "class-teacher", "Mrs Teasel", school_class="6C")
    schools.staff(place, "dsl", "Ms Avocet")
    schools.staff(place, "headteacher", "Mrs Linden")
    schools.staff(place, "authorised-searcher", "Ms Brambling")
    for name, code in (("Quince Rowe", "6C"), ("Avens Thorn", "6C"), ("Bay Heath", "5H")):
        schools.pupil(place, name, code)
    return place


@pytest.fixture(scope="module")
def _wren(django_db_setup, django_db_blocker) -> Iterator[Place]:
    with kept(django_db_blocker):
        yield _primary()


@pytest.fixture
def wren(_wren, db) -> Place:
    return copy.deepcopy(_wren)


def quince(place: Place) -> dict[str, list[str]]:
    return {"owner": [str(place.pupils["Quince Rowe"].id)]}


def suspect(place: Place, at: datetime = MORNING) -> Record:
    """The class teacher writes down why a phone is suspected."""
    with story.at(place, at):
        viewer = place.viewer("class-teacher")
        record = actions.open_record(viewer, place.school, "device")
        actions.record(viewer, record, "device-suspected", about=quince(place), fields=SUSPECTED)
    return record


def do(place: Place, role: str, record: Record, kind: str, minutes: int, **fields: object) -> Event:
    about = quince(place) if record.kind == "device" else {}
    return story.do(place, role, record, kind, MORNING + timedelta(minutes=minutes), about=about, fields=fields)


def look(place: Place, role: str, record: Record, now: datetime) -> Looking:
    found = Record.objects.get(id=record.id)
    return Looking(place.school, place.viewer(role), found, pack_of(place.school, now.date()), now, "en-GB")


def states(place: Place, role: str, record: Record, minutes: int) -> dict[str, str]:
    """{kind: state} of the steps of the search, as this role sees them."""
    now = MORNING + timedelta(minutes=minutes)
    with story.at(place, now):
        looking = look(place, role, record, now)
        room = search.room_of(looking)
        assert room is not None
        return dict(zip(room.steps, (each.state for each in search.enter(looking)), strict=True))


def test_a_search_opens_step_by_step_and_says_what_is_missing_under_which_clause(wren: Place) -> None:
    record = suspect(wren)
    first = states(wren, "authorised-searcher", record, 1)
    assert (first["device-suspected"], first["urgency-judged"]) == (search.DONE, search.OPEN)
    assert {first[each] for each in ("device-searched", "content-examined", "content-erased")} == {search.WAITS}
    with story.at(wren, MORNING + timedelta(minutes=2)):
        stages = search.enter(look(wren, "class-teacher", record, MORNING + timedelta(minutes=2)))
    blocked = next(each for each in stages if each.label == "Search for the device")
    assert "GBO-6.3.d" in {clause.id for limit in blocked.limits for clause in limit.clauses}
    assert "Ms Brambling" in blocked.who
    assert blocked.deed is None
    do(wren, "authorised-searcher", record, "urgency-judged", 3, urgency="today", others="Nobody.")
    do(wren, "authorised-searcher", record, "search-explained", 4, why="yes", how="yes", questions="yes")
    do(wren, "authorised-searcher", record, "cooperation-sought", 5, answer="agrees")
    assert states(wren, "authorised-searcher", record, 6)["device-searched"] == search.OPEN
    do(wren, "authorised-searcher", record, "device-confiscated", 7, **TAKEN)
    do(wren, "authorised-searcher", record, "reason-given", 8, reasons=["harm"], words="What was told.")
    after = states(wren, "authorised-searcher", record, 9)
    assert (after["content-examined"], after["content-erased"]) == (search.OPEN, search.WAITS)  # two powers


def test_one_press_and_from_then_on_nobody_looks(wren: Place) -> None:
    record = suspect(wren)
    at = MORNING + timedelta(minutes=10)
    with story.at(wren, at):
        browser = wren.client("class-teacher")
        page = browser.get(wren.url(f"records/{record.id}/search"))
        assert page.context["stop_url"].endswith("/no-view")
        sent = {"submit_key": page.context["stop_key"]}
        for _ in range(2):
            answer = browser.post(wren.url(f"records/{record.id}/no-view"), sent)
            assert answer.status_code == 302
        assert Event.objects.filter(record=record, kind="indecent-suspected").count() == 1
        assert browser.get(wren.url(f"records/{record.id}/search")).headers["Location"].endswith("/no-view")
        text = browser.get(wren.url(f"records/{record.id}/no-view")).content.decode()
        assert all(each in text for each in ("Ms Avocet", "tel:01234846960", "Delete it now."))
        form = wren.client("dsl").get(wren.url(f"records/{record.id}/do/file-added")).content.decode()
        assert 'type="file"' not in form
        assert "No file is taken here" in form
    with pytest.raises(Stopped):
        do(wren, "headteacher", record, "content-examined", 11, found="nothing")
    left = states(wren, "authorised-searcher", record, 12)
    assert {left["content-examined"], left["content-erased"]} == {search.SHUT}


def test_a_file_keeps_its_fingerprint_and_is_shown_to_nobody_once_an_image_is_suspected(wren: Place) -> None:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, "PNG")
    viewer = wren.viewer("dsl")
    with story.at(wren, MORNING):
        case = actions.open_record(viewer, wren.school, "case")
        about = {"target": [str(wren.pupils["Quince Rowe"].id)]}
        actions.record(viewer, case, "concern-received", about=about)
        upload = SimpleUploadedFile("chat.png", out.getvalue(), "image/png")
        actions.record(viewer, case, "file-added", files={"files": [upload]})
        [found] = evidence.files(look(wren, "dsl", case, MORNING))
        stored = found.url.rsplit("/", 1)[-1]
        content = files.opened(viewer, case, stored)[1]  # type: ignore[arg-type]
        assert "".join(found.kept) == hashlib.sha256(content).hexdigest()
        assert "".join(found.sent or found.kept) == hashlib.sha256(out.getvalue()).hexdigest()
        browser = wren.client("dsl")
        assert browser.get(wren.url(f"cases/{case.id}/files/{stored}")).status_code == 200
        assert found.url in browser.get(wren.url(f"cases/{case.id}/evidence")).content.decode()
    with story.at(wren, MORNING + timedelta(minutes=1)):
        no_view.switch(look(wren, "dsl", case, MORNING), "")
        [found] = evidence.files(look(wren, "dsl", case, MORNING + timedelta(minutes=1)))
        assert found.url == ""
        assert browser.get(wren.url(f"cases/{case.id}/files/{stored}")).status_code == 404
        again = SimpleUploadedFile("more.png", out.getvalue(), "image/png")
        with pytest.raises(FormProblems):
            actions.record(viewer, case, "file-added", files={"files": [again]}, happened_anyway="It was put in.")


def test_custody_is_a_line_with_its_gaps_and_the_receipt_gives_no_reason(wren: Place, monkeypatch) -> None:
    record = suspect(wren)
    do(wren, "class-teacher", record, "device-confiscated", 1, **TAKEN)
    to = {"to": str(wren.staff["dsl"].id), "where": "Safeguarding room"}
    do(wren, "class-teacher", record, "device-moved", 5, **to)
    do(wren, "authorised-searcher", record, "device-returned", 60, to="The mother", signed="Q. R.")
    now = MORNING + timedelta(minutes=61)
    with story.at(wren, now):
        looking = look(wren, "dsl", record, now)
        [line] = custody.lines(looking)
        assert [each.who for each in line.held] == ["Mrs Teasel", "Ms Avocet", "The mother"]
        assert ([bool(each.gap) for each in line.held], line.open) == ([False, False, True], False)
        assert all(each in line.held[2].gap for each in ("Ms Avocet", "Ms Brambling"))
        sheets: list[str] = []
        make = pdf.make
        monkeypatch.setattr(
            pdf, "make", lambda sheet, data, **more: (sheets.append(str(data)), make(sheet, data, **more))[1]
        )
        assert receipt.make(looking).startswith(b"%PDF")
    assert all(each in sheets[0] for each in ("Quince Rowe, 6C", "Mobile phone", "B-7", "Mrs Teasel", "The mother"))
    assert not any(each in sheets[0] for each in ("A shameful reason.", "risk", "shelf 2"))


def test_a_post_stays_open_until_somebody_found_it_gone(wren: Place) -> None:
    viewer = wren.viewer("dsl")
    about = {"post": ["video-1"]}
    with story.at(wren, MORNING):
        case = actions.open_record(viewer, wren.school, "case")
        actions.record(viewer, case, "concern-received", about={"target": quince(wren)["owner"]})
        fields = {"service": "Schoolchat", "what": "A film.", "asked": "yes"}
        actions.record(viewer, case, "takedown-reported", about=about, fields=fields)
        [post] = takedowns.posts(look(wren, "dsl", case, MORNING))
        assert (post.up, post.service, len(post.steps)) == (True, "Schoolchat", 1)
        assert "Schoolchat" in wren.client("dsl").get(wren.url("takedowns")).content.decode()
        assert "Schoolchat" not in wren.client("authorised-searcher").get(wren.url("takedowns")).content.decode()
    later = MORNING + timedelta(hours=3)
    with story.at(wren, later):
        actions.record(viewer, case, "takedown-looked", about=about, fields={"there": "no"})
        [post] = takedowns.posts(look(wren, "dsl", case, later))
        assert not post.up
        assert "Schoolchat" not in wren.client("dsl").get(wren.url("takedowns")).content.decode()


def test_a_class_hands_in_with_one_tap_each_and_each_tap_counts_once(wren: Place) -> None:
    url = wren.url(f"hand-in/{wren.classes['6C'].id}")
    one, two = (str(wren.pupils[name].id) for name in ("Quince Rowe", "Avens Thorn"))
    with story.at(wren, MORNING):
        browser = wren.client("class-teacher")
        assert browser.get(wren.url("hand-in")).headers["Location"] == url
        assert browser.get(wren.url(f"hand-in/{wren.classes['5H'].id}")).status_code == 404
        for key in ("a-key-of-its-own", "a-key-of-its-own", "another-key-here"):  # a retry, and a second telephone
            sent = {"tap": f"in:{one}:phone", "submit_key": key, "ago": "120"}
            assert browser.post(url, sent, headers={"accept": "application/json"}).json() == {"ok": True, "problem": ""}
        assert browser.post(url, {"tap": f"in:{two}:phone", "submit_key": "no-script-key"}).status_code == 302
        taken = Event.objects.filter(kind="device-in")
        assert (taken.count(), taken.values("record").distinct().count()) == (2, 1)
        assert taken.order_by("position")[0].at == MORNING - timedelta(minutes=2)
        assert browser.post(url, {"tap": "in:nobody:phone", "submit_key": "no-such-pupil"}).status_code == 404
        assert browser.post(url, {"tap": "", "submit_key": "nothing"}).status_code == 422
        assert "Back by 15:20" in browser.get(url).content.decode()
    with story.at(wren, MORNING.replace(hour=16)):
        browser = wren.client("class-teacher")
        page = browser.get(url).content.decode()
        assert all(each in page for each in ("2 are still here.", "Avens Thorn, Quince Rowe"))
        browser.post(url, {"tap": f"back:{one}:phone", "submit_key": "first-back-key"})
        assert not Event.objects.filter(kind="list-cleared").exists()
        browser.post(url, {"tap": "all:", "submit_key": "the-rest-goes-back"})
        assert Event.objects.filter(kind="list-cleared").count() == 1
        assert "still here" not in browser.get(url).content.decode()


def test_whoever_usually_hands_in_and_did_not_is_shown(wren: Place) -> None:
    url = wren.url(f"hand-in/{wren.classes['6C'].id}")
    one, two = (str(wren.pupils[name].id) for name in ("Quince Rowe", "Avens Thorn"))
    for day in (0, 1):
        with story.at(wren, MORNING + timedelta(days=day)):
            browser = wren.client("class-teacher")
            browser.post(url, {"tap": f"in:{one}:phone", "submit_key": f"day-{day}-in-the-morning"})
    third = MORNING + timedelta(days=2)
    with story.at(wren, third):
        browser = wren.client("class-teacher")
        browser.post(url, {"tap": f"in:{two}:phone", "submit_key": "day-2-in-the-morning"})
        units = hand_in.classes(wren.school, wren.viewer("class-teacher", third.date()), pack_of(wren.school))
        assert [each.name for each in units] == ["6C"]
        text = browser.get(url).content.decode()
    assert text.count("Usually hands one in.") == 1
