"""When its period is over a record goes, with its concern, its receipts and its key; nothing else does, and the rest verifies."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from upstander import cli
from upstander.access import keeping
from upstander.access.decide import NotFound
from upstander.policy.model import Keep, Span
from upstander.records import actions, checkpoints, clock, outbox, queries, subjects, triggers
from upstander.records.bundle import making
from upstander.records.keeping import destroying, holding, periods, telling
from upstander.records.keeping.periods import Standing, State
from upstander.records.models import Destruction, Event, Record
from upstander.records.tests import place as places
from upstander.records.tests.place import Place
from upstander.records.verify import verify_school
from upstander.tell.models import Receipt
from upstander.vault import keys

OVER = places.MONDAY.replace(year=2031)
"""Five years after the case was closed."""
SECRETS = ("ZEBRA-told", "ZEBRA-note", "ZEBRA-file")


@pytest.fixture
def closed(place: Place) -> Record:
    """A closed case with the concern that it came from, and another case that goes on."""
    head, told, case = place.viewer("Head"), places.concern(place, what=SECRETS[0]), places.case(place)
    actions.link(head, told, case)
    actions.record(head, case, "note-added", fields={"note": SECRETS[1]})
    actions.record(head, case, "file-added", files=[SimpleUploadedFile("a.txt", SECRETS[2].encode())])
    close(place, case)
    places.case(place, "Cem", "Aiko")
    checkpoints.make(place.school)
    return case


def close(place: Place, case: Record) -> None:
    actions.record(place.viewer("Head"), case, "close", fields={"reason": "over"}, happened_anyway="for this test")


def states(place: Place, now: datetime) -> dict[str, State]:
    return {each.record.number: each.state for each in periods.look(place.school, now)}


def test_a_record_is_kept_from_its_closing_and_its_concern_with_it(place: Place, closed: Record) -> None:
    told = Record.objects.get(kind="concern")
    for now, state in (
        (OVER - timedelta(days=40), State.LATER),
        (OVER - timedelta(days=20), State.SOON),
        (OVER - timedelta(minutes=1), State.SOON),
        (OVER, State.DUE),
    ):
        found = states(place, now)
        assert (found[closed.number], found[told.number]) == (state, state)
        assert sorted(found.values()) == sorted([state, state, State.RUNNING])


def test_where_something_is_still_to_be_done_a_period_from_a_fact_does_not_end(place: Place) -> None:
    going = places.case(place)
    standing = Standing(going, State.LATER, Keep(Span(months=1), "recognised"), places.MONDAY, OVER)

    assert periods._judged(standing, OVER, periods.AHEAD, held=False, busy=True).state is State.DUTY
    assert periods._judged(standing, OVER, periods.AHEAD, held=False, busy=False).state is State.DUE
    assert periods._judged(standing, OVER, periods.AHEAD, held=True, busy=False).state is State.HELD


def test_a_hold_keeps_it_and_what_it_is_linked_with(place: Place, closed: Record) -> None:
    told = Record.objects.get(kind="concern")
    with pytest.raises(ValueError, match="reason"):
        holding.hold(told, " ")
    holding.hold(told, "ZEBRA-court")

    assert states(place, OVER)[closed.number] is State.HELD
    assert destroying.apply(place.school, OVER) == []
    assert holding.release(told) == 1
    assert states(place, OVER)[closed.number] is State.DUE


def test_what_is_destroyed_is_nowhere_and_everything_verifies(place: Place, closed: Record) -> None:
    told = Record.objects.get(kind="concern")
    Receipt.objects.create(school=place.school, hash="0" * 64, record=told.id)
    keys_before = [bytes(row[0]) for row in rows("SELECT wrapped FROM vault_recordkey")]
    events = {str(row.id) for row in Event.objects.filter(record=closed)}
    with time_machine.travel(places.moment(OVER), tick=False):
        made = destroying.apply(place.school)
        assert verify_school(place.school).problems == []
        assert checkpoints.make(place.school) is None
        with pytest.raises(NotFound):
            queries.get(place.viewer("Head", OVER.date()), closed.id)
        assert closed not in queries.visible(place.viewer("Head", OVER.date()))

    assert len(made) == 2
    assert not Receipt.objects.exists()
    assert Record.objects.count() == 1
    with pytest.raises(keys.KeyDestroyed):
        keys.record_cipher(closed.id)
    with pytest.raises(keys.KeyDestroyed):
        making._open(closed, [])
    held = everything()
    left = {each.encode() for each in (*SECRETS, *(event for event in events))}
    assert not [each for each in left if each in held]
    assert sum(each in held for each in keys_before) == 1
    said = next(each.said for each in made if each.record_id == closed.id)
    assert (said["files"], len(said["chain"]), said["kept"]["for"]) == (1, closed_length(closed), "P5Y")


def closed_length(record: Record) -> int:
    return Record.everything.get(id=record.id).length


def rows(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def everything() -> bytes:
    """Every value of every table."""
    found = []
    for model in apps.get_models():
        for row in rows(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}"):  # noqa: S608
            found += [bytes(each) if isinstance(each, (bytes, memoryview)) else str(each).encode() for each in row]
    return b"\n".join(found)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"said": {"record": "another"}}, "certificate-signature"),
        ({"signature": b"x" * 64}, "certificate-signature"),
        (None, "certificate-missing"),
    ],
)
def test_a_destruction_that_the_school_did_not_sign_is_named(
    place: Place, closed: Record, change: dict[str, object] | None, what: str
) -> None:
    with time_machine.travel(places.moment(OVER), tick=False):
        destroying.apply(place.school)
    triggers.remove()
    kept = Destruction.objects.filter(record=closed)
    if change:
        kept.update(**change)
    else:
        kept.delete()

    assert what in {each.what for each in verify_school(place.school).problems}


def test_what_was_destroyed_before_its_time_is_named(place: Place, closed: Record) -> None:
    early = next(each for each in periods.look(place.school, OVER) if each.record.id == closed.id)
    destroying.destroy(early)

    assert [each.what for each in verify_school(place.school).problems] == ["destroyed-early"]


def test_what_changed_since_the_look_stays(place: Place, closed: Record) -> None:
    due = next(each for each in periods.look(place.school, OVER) if each.record.id == closed.id)
    actions.record(place.viewer("Head"), closed, "reopen", fields={"reason": "again"})

    with pytest.raises(destroying.NotDue):
        destroying.destroy(due)
    assert states(place, OVER)[closed.number] is State.RUNNING


def test_the_command_destroys_only_as_many_as_were_seen(
    place: Place, closed: Record, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("UPSTANDER_LANG", "en-GB")
    monkeypatch.setattr(destroying, "scrub", lambda: None)  # outside of transactions only
    with time_machine.travel(places.moment(OVER), tick=False):
        assert cli.main(["keep", "hold", closed.number, "--reason", "court"]) == 0
        assert cli.main(["keep", "apply", "--expect", "2"]) == 2
        assert cli.main(["keep", "release", closed.number]) == 0
        assert cli.main(["keep", "preview"]) == 0
        assert f"{closed.number}  case" in capsys.readouterr().out
        assert cli.main(["keep", "apply"]) == 2
        assert "2 records are due" in capsys.readouterr().err
        assert cli.main(["keep", "apply", "--expect", "2", "--by", "Head"]) == 0
        assert cli.main(["keep", "certificates"]) == 0
        assert closed.number in capsys.readouterr().out
        assert cli.main(["verify"]) == 0
    assert clock.utcnow().year < 2031


def lines(place: Place) -> list[outbox.Line]:
    return [line for line in outbox.pending(place.school, OVER) if line.kind == "keeping"]


def told_of(place: Place, name: str) -> tuple[int, int]:
    found = telling.waiting_for(place.viewer(name, OVER.date()))
    return found.soon, found.over


def test_a_month_before_the_end_and_at_the_end_the_office_hears_of_it_until_something_is_done(
    place: Place, closed: Record
) -> None:
    assert telling.tell(place.school, OVER - timedelta(days=40)) == 0
    assert telling.tell(place.school, OVER - timedelta(days=20)) == 1
    assert telling.tell(place.school, OVER - timedelta(days=20)) == 0
    assert (told_of(place, "Head"), told_of(place, "Deputy"), told_of(place, "Chen")) == ((1, 0), (0, 0), (0, 0))
    (line,) = lines(place)
    assert line.settled is False

    telling.tell(place.school, OVER)
    assert (told_of(place, "Head"), told_of(place, "Deputy")) == ((0, 1), (0, 0))

    held = holding.hold(closed, "court")
    telling.tell(place.school, OVER)
    assert (told_of(place, "Head"), lines(place)) == ((0, 0), [])
    assert holding.let_go(closed, held.id, "over", place.people["Head"].id) is not None
    telling.tell(place.school, OVER)
    assert told_of(place, "Head") == (0, 1)


def test_whom_the_matter_names_neither_hears_of_its_end_nor_keeps_it(place: Place) -> None:
    about = places.case(place, actor="Head")
    deed = {"fields": {"reason": "over"}, "happened_anyway": "for this test"}
    actions.record(place.viewer("Deputy"), about, "close", **deed)
    telling.tell(place.school, OVER - timedelta(days=20))
    deputy, head = (place.viewer(each, OVER.date()) for each in ("Deputy", "Head"))
    subject = subjects.subject_of(about, deputy.pack, OVER)

    assert (told_of(place, "Head"), told_of(place, "Deputy")) == ((0, 0), (1, 0))
    assert (keeping.may_keep(head, subject), keeping.may_export(head, subject)) == (False, False)
    assert keeping.may_keep(deputy, subject)
