"""What does not fit is said at its field, the rest is kept, nothing breaks: every form behind the door and beside it.

The door's own form has its tests in ``tell``. Here every kind of event of every policy that we ship is filled with nonsense, and
every other form of the house.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator
from functools import cached_property
from html import escape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from PIL import Image

from upstander.access import cards
from upstander.cases.tests import school as schools
from upstander.cases.tests.school import NOON, Place
from upstander.people import clock
from upstander.policy.model import FieldType
from upstander.records import actions
from upstander.records.forms import form_for
from upstander.records.models import Event, Record, StoredFile
from upstander.web.testing.kept import kept

pytestmark = pytest.mark.django_db
EMOJI = "🙈" * 10_000
RIGHT_TO_LEFT = "הם צחקו עליי \u202eאחרי השיעור\u202c and hid my bag"
TOO_LONG = "x" * 25_000
HEADS = {"jp-junior-high": "principal", "gb-secondary": "headteacher"}
NONSENSE: dict[FieldType, str] = {
    FieldType.TEXT: EMOJI,
    FieldType.LONG_TEXT: TOO_LONG,
    FieldType.SIGNATURE: EMOJI,
    FieldType.NUMBER: "a dozen",
    FieldType.SCALE: "77",
    FieldType.DATE: "2026-13-45",
    FieldType.TIME: "25:71",
    FieldType.YES_NO: "perhaps",
    FieldType.ONE_OF: "no-such-option",
    FieldType.SOME_OF: "no-such-option",
    FieldType.PLACE: "the-moon",
    FieldType.PERSON: "00000000-0000-0000-0000-000000000000",
}


@pytest.fixture(autouse=True, scope="module")
def _simple() -> Iterator[None]:
    from django.conf import settings

    installation = settings.INSTALLATION.model_copy(update={"require_totp": False, "demo": True})
    with override_settings(INSTALLATION=installation, ROOT_URLCONF="tests.whole_site"):
        yield


class Desk:
    """The head of a school with a case before them."""

    def __init__(self, place: Place, head: str, pupils: tuple[str, str]) -> None:
        self.place, self.head = place, head
        viewer = place.viewer(head)
        self.case: Record = actions.open_record(viewer, place.school, "case")
        self.target, self.actor = (str(place.pupils[name].id) for name in pupils)
        actions.record(viewer, self.case, "concern-received", about={"target": [self.target], "actor": [self.actor]})

    @cached_property
    def client(self) -> Client:
        """A browser in which they have come in."""
        return self.place.client(self.head)

    def url(self, kind: str) -> str:
        return self.place.url(f"cases/{self.case.id}/do/{kind}")

    def kinds(self) -> list[str]:
        """The kinds whose form opens here."""
        pack = self.place.viewer(self.head).pack
        found = [kind for kind in pack.events if self.client.get(self.url(kind)).status_code == 200]
        assert len(found) > 20
        return found


@pytest.fixture(scope="module")
def japanese_desk(django_db_setup: None, django_db_blocker: Any) -> Iterator[Desk]:
    with kept(django_db_blocker):
        place = schools.japanese()
        with time_machine.travel(schools.moment(place, NOON), tick=False):
            made = Desk(place, "principal", ("見本はるか", "例田 空"))
        yield made


@pytest.fixture(scope="module")
def english_place(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    with kept(django_db_blocker):
        yield schools.english()


@pytest.fixture(scope="module")
def english_desk(english_place: Place, django_db_blocker: Any) -> Iterator[Desk]:
    with kept(django_db_blocker):
        with time_machine.travel(schools.moment(english_place, NOON), tick=False):
            made = Desk(english_place, "headteacher", ("Juniper Vale", "Bram Lark"))
        yield made


@pytest.fixture(params=sorted(HEADS))
def desk(request: pytest.FixtureRequest, japanese_desk: Desk, english_desk: Desk, db: None) -> Iterator[Desk]:
    """The same at both schools."""
    found = copy.deepcopy(japanese_desk if request.param == "jp-junior-high" else english_desk)
    with time_machine.travel(schools.moment(found.place, NOON), tick=False):
        yield found


def picture(size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#887766").save(out, "JPEG")
    return out.getvalue()


def problems(answer: Any) -> dict[str, Any]:
    """What the form on the page says: {field: messages}."""
    return dict(answer.context["form"].errors)


def test_every_field_of_every_kind_stands_in_its_form(desk: Desk) -> None:
    viewer = desk.place.viewer(desk.head)
    for kind, spec in viewer.pack.events.items():
        made = form_for(viewer.pack, kind, lang="en-GB", school=desk.place.school, viewer=viewer, now=NOON)
        secret = {name for name, field in spec.fields.items() if set(field.secret_from) & {desk.head}}
        assert set(spec.fields) - secret <= set(made.base_fields), kind


def test_nonsense_in_every_field_of_every_kind_is_said_at_the_field(desk: Desk) -> None:
    events = recorded()
    pack = desk.place.viewer(desk.head).pack
    for kind in desk.kinds():
        fields = pack.events[kind].fields
        asked = {name: NONSENSE[spec.type] for name, spec in fields.items() if spec.type in NONSENSE}
        sent: dict[str, Any] = {**asked, "submit_key": uuid4().hex, "at_0": "2099-01-01", "at_1": "10:00"}
        sent |= {name: lying() for name, spec in fields.items() if spec.type is FieldType.FILE}
        answer = desk.client.post(desk.url(kind), sent)

        assert answer.status_code == 422, kind
        found = problems(answer)
        shown = set(answer.context["form"].fields)
        assert {*asked} & shown <= set(found), kind
        assert "at" in found or "at" not in shown, kind
        page = answer.content.decode()
        kept = [name for name in asked if fields[name].type is FieldType.LONG_TEXT and name in shown]
        assert page.count(TOO_LONG) >= len(kept), kind
    assert recorded() == events


def recorded() -> int:
    """How many events there are, but those that the calendar and the register of people record by themselves."""
    return Event.objects.exclude(by_role="system").count()


def lying() -> SimpleUploadedFile:
    """A program that says it is a photograph."""
    return SimpleUploadedFile("holiday.jpg", b"MZ\x90\x00\x03" + b"\x00" * 200, "image/jpeg")


def test_an_empty_form_says_what_is_missing(desk: Desk) -> None:
    pack = desk.place.viewer(desk.head).pack
    for kind in desk.kinds():
        answer = desk.client.post(desk.url(kind), {"submit_key": uuid4().hex})

        assert answer.status_code in (302, 409, 422), kind
        if answer.status_code == 422:
            required = {name for name, spec in pack.events[kind].fields.items() if spec.required}
            assert required & set(answer.context["form"].fields) <= set(problems(answer)), kind
            assert answer.context["problems"], kind


@pytest.mark.parametrize(
    "text", [EMOJI, RIGHT_TO_LEFT, "a\x00b", "<script>alert(1)</script>", "'; drop table x; --", " \n "]
)
def test_strange_text_is_kept_or_refused_kindly(desk: Desk, text: str) -> None:
    kind = "note-added"
    sent = {"submit_key": uuid4().hex, "at_0": NOON.date().isoformat(), "at_1": "09:00"}
    spec = desk.place.viewer(desk.head).pack.events[kind].fields
    answer = desk.client.post(desk.url(kind), {**sent, **dict.fromkeys(spec, text)}, follow=True)

    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        entries = desk.client.get(desk.place.url(f"cases/{desk.case.id}/record")).content.decode()
        assert escape(text, quote=False)[:200] in entries.replace("&#x27;", "'").replace("&quot;", '"')
        assert "<script>alert" not in entries
    else:
        assert problems(answer)


@pytest.mark.parametrize("person", ["00000000-0000-0000-0000-000000000000", "not-an-id", "' or 1=1", "🙈", ""])
def test_a_person_who_is_not_of_the_school_is_never_named(desk: Desk, person: str) -> None:
    before = recorded()
    for kind in ("person-added", "parents-told", "definition-decided"):
        answer = desk.client.post(
            desk.url(kind), {"submit_key": uuid4().hex, "about-target": person, "about-actor": person}
        )

        assert answer.status_code in (422, 409), kind
    assert recorded() == before


def test_somebody_of_another_school_is_never_named(desk: Desk) -> None:
    other = schools.english("other") if desk.head == "principal" else schools.japanese("other")
    stranger = str(next(iter(other.pupils.values())).id)

    answer = desk.client.post(desk.url("person-added"), {"submit_key": uuid4().hex, "about-target": stranger})

    assert answer.status_code == 422
    assert stranger not in answer.content.decode()


@pytest.mark.parametrize(
    "file",
    [
        ("big.jpg", picture() + b"\x00" * 20 * 1024 * 1024, "image/jpeg"),
        ("holiday.jpg", b"MZ\x90\x00\x03" + b"\x00" * 200, "image/jpeg"),
        ("page.png", b"<html><script>alert(1)</script></html>", "image/png"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        ("empty.jpg", b"", "image/jpeg"),
    ],
    ids=lambda file: file[0][:12],
)
def test_a_file_that_does_not_fit_is_refused_at_its_field_and_the_words_stay(
    english: Place, file: tuple[str, bytes, str]
) -> None:
    desk = Desk(english, "headteacher", ("Juniper Vale", "Bram Lark"))
    said = dict.fromkeys(("apart", "right-to-tell", "not-to-blame"), "yes")
    when = {"at_0": NOON.date().isoformat(), "at_1": "09:00", "about-target": desk.target}
    sent = {
        **said,
        **when,
        "submit_key": uuid4().hex,
        "what": RIGHT_TO_LEFT,
        "statement-file": SimpleUploadedFile(*file),
    }
    answer = desk.client.post(desk.url("listened"), sent)

    assert answer.status_code == 422
    assert problems(answer)["statement-file"]
    assert RIGHT_TO_LEFT in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_a_second_click_with_the_same_key_makes_nothing_twice(desk: Desk) -> None:
    spec = desk.place.viewer(desk.head).pack.events["note-added"].fields
    sent = {"submit_key": uuid4().hex, "at_0": NOON.date().isoformat(), "at_1": "09:00", **dict.fromkeys(spec, "once")}
    before = Event.objects.count()
    for _ in range(2):
        assert desk.client.post(desk.url("note-added"), sent).status_code == 302

    assert Event.objects.count() == before + 1


# --- the other forms ------------------------------------------------------------------------------------------------

JUNK = {"empty": "", "long": TOO_LONG, "emoji": EMOJI, "rtl": RIGHT_TO_LEFT, "null": "a\x00b", "id": "not-an-id"}


@pytest.fixture
def english(english_place: Place, db: None) -> Iterator[Place]:
    place = copy.deepcopy(english_place)
    with time_machine.travel(schools.moment(place, NOON), tick=False):
        yield place


FORMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "s/larkrise/note": ("headteacher", ("what", "at_0", "at_1", "pupil", "safe-now", "place", "since", "key")),
    "s/larkrise/people/new": ("headteacher", ("name", "email", "language")),
    "s/larkrise/people/from-file": ("headteacher", ("kept", "file")),
    "s/larkrise/people/{staff}": ("headteacher", ("deed", "role", "where", "first_day", "last_day")),
    "s/larkrise/classes/{class}/cards": ("headteacher", ("pupil", "deed")),
    "larkrise/back": ("", ("words", "go", "pass", "kept")),
    "larkrise/tell": ("", ("held", "page", "go", "what", "openness")),
    "larkrise/tell/kept": ("", ("held", "word-1", "word-2", "go")),
    "card/": ("", ("school", "words")),
    "card/larkrise/these-are-no-words": ("", ("x",)),
    "in/account/login/": ("", ("login", "password")),
    "in/account/password/reset/": ("", ("email",)),
    "demo/enter": ("", ("person",)),
    "demo/card": ("", ("person",)),
    "demo/clock": ("", ("school", "to_0", "to_1", "step")),
}


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("junk", JUNK)
def test_no_form_breaks(english: Place, path: str, junk: str) -> None:
    role, fields = FORMS[path]
    client = english.client(role) if role else Client()
    client.raise_request_exception = False
    path = path.format(staff=english.staff["tutor"].id, **{"class": english.classes["8 Oak"].id})
    answers = [client.post(f"/{path}", dict.fromkeys(fields, JUNK[junk]))]
    answers += [client.post(f"/{path}", {name: JUNK[junk]}) for name in fields]
    answers.append(client.get(f"/{path}", dict.fromkeys((*fields, "lang", "q", "page", "duty"), JUNK[junk][:2000])))

    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []


@pytest.mark.parametrize(
    "deed",
    [
        "give",
        "away",
        "back",
        "left",
        "invite",
        "end:",
        "end:not-an-id",
        "end:5d1f6a0e-0000-4000-8000-000000000000",
        "🙈",
    ],
)
def test_no_deed_on_a_persons_page_breaks(english: Place, deed: str) -> None:
    client = english.client("headteacher")
    client.raise_request_exception = False
    answer = client.post(
        english.url(f"people/{english.staff['tutor'].id}"), {"deed": deed, "first_day_0": "31 February"}
    )

    assert answer.status_code in (200, 302, 404, 422)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"name\n",
        b"a,b,c\n1,2\n",
        "姓名;班\n".encode("shift_jis"),
        b"\x00" * 5000,
        b"=cmd|' /C calc'!A0",
    ],
    ids=range(7),
)
def test_a_roster_that_is_none_is_refused_with_words(english: Place, content: bytes) -> None:
    client = english.client("headteacher")
    answer = client.post(
        english.url("people/from-file"), {"file": SimpleUploadedFile("roster.csv", content, "text/csv")}
    )

    assert answer.status_code in (200, 422)
    report: Any = answer.context.get("report")
    assert answer.context["form"].errors or (report.added, report.changed) == (0, 0)


def test_a_roster_that_was_kept_too_long_is_asked_for_again(english: Place) -> None:
    answer = english.client("headteacher").post(english.url("people/from-file"), {"kept": "expired"}, follow=True)

    assert answer.status_code == 200
    assert "Choose the file once more" in answer.content.decode()


@pytest.mark.parametrize("junk", JUNK)
def test_the_childs_questions_take_no_nonsense(english: Place, junk: str) -> None:
    desk = Desk(english, "headteacher", ("Juniper Vale", "Bram Lark"))
    child = english.pupils["Juniper Vale"]
    card = cards.issue(english.school, child, by=None, at=clock.utcnow(english.school))
    client = Client(headers={"accept-language": "en-GB"})
    client.post(f"/card/larkrise/{'-'.join(card.words)}")
    path = f"/me/larkrise/check/{desk.case.id}/child-check-in"
    answer = client.post(path, {"feels": JUNK[junk], "again": JUNK[junk], "talk": JUNK[junk], "words": JUNK[junk]})

    assert answer.status_code in (404, 422)
    assert not Event.objects.filter(kind="child-check-in").exists()


def test_a_card_that_was_ended_opens_nothing(english: Place) -> None:
    child = english.pupils["Juniper Vale"]
    now = clock.utcnow(english.school)
    card = cards.issue(english.school, child, by=None, at=now)
    cards.revoke(english.school, child, by=None, at=now)

    answer = Client().post(f"/card/larkrise/{'-'.join(card.words)}")

    assert answer.status_code == 404


@pytest.mark.parametrize("junk", JUNK)
def test_the_decision_on_a_concern_takes_no_nonsense(english: Place, junk: str) -> None:
    from upstander.cases.tests.story import tell

    concern = tell(english, NOON.replace(hour=9), place=["corridor"], wish=["stop"], **{"not-told": []})
    client = english.client("headteacher")
    text, cases = JUNK[junk], Record.objects.filter(kind="case").count()
    sent = {"decision": text, "case": text, "about-target": text, "reason": text, "pass-on": text, "find": text}
    answer = client.post(english.url(f"concerns/{concern.id}/triage"), {**sent, "submit_key": uuid4().hex})

    assert answer.status_code == 422
    assert answer.context["problems"]
    assert Record.objects.filter(kind="case").count() == cases
