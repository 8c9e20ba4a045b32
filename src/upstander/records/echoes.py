"""Echoes: an event of one record that speaks in others, appended in the same transaction. Echoes have no echoes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from upstander.policy import arithmetic
from upstander.policy.model import SEALED_TYPES, Echo, EventKind, Span
from upstander.records import actions, append, index
from upstander.records.append import Draft
from upstander.records.index import Desk
from upstander.records.models import Event, Link, Named, Record, SealedField
from upstander.records.numbers import new_number
from upstander.vault import keys


def send(desk: Desk, origin: Record, event: Event, draft: Draft, kind: EventKind) -> None:
    """Append the echoes of an event to the records that its kind names."""
    for echo in kind.echoes:
        for target in _targets(desk, origin, event, echo):
            _write(desk, target, [_echoed(desk, event, draft, kind, echo)])
        if echo.open != "no":
            _open(desk, origin, event, draft, kind, echo)


def _targets(desk: Desk, origin: Record, event: Event, echo: Echo) -> list[Record]:
    if echo.open == "always":
        return []
    rows = Record.objects.select_for_update().filter(school=desk.school, kind=echo.to).exclude(id=origin.id)
    if echo.where == "linked":
        rows = rows.filter(id__in=linked_ids(origin))
    elif echo.where is not None:
        for there, here in echo.where.items():
            people = event.about.get(here, [])
            rows = rows.filter(id__in=Named.objects.filter(role=there, person__in=people).values("record"))
    return [row for row in rows if not row.closed or _watched(desk, row)]


def linked_ids(record: Record) -> set[UUID]:
    """The ids of the records that this one is linked with."""
    pairs = Link.objects.filter(Q(a=record) | Q(b=record)).values_list("a_id", "b_id")
    return {each for pair in pairs for each in pair} - {record.id}


def _watched(desk: Desk, record: Record) -> bool:
    return index.evaluate(desk, record, append.log_of(desk.school, record)).watched


def _echoed(desk: Desk, event: Event, draft: Draft, kind: EventKind, echo: Echo) -> Draft:
    """The same moment, doer, and of fields and names what both kinds declare."""
    there = desk.pack.events[echo.as_]
    common = [
        name for name, spec in kind.fields.items() if name in there.fields and there.fields[name].type is spec.type
    ]
    sealed = {name for name in common if kind.fields[name].type in SEALED_TYPES}
    names = {name: list(draft.about[name]) for name in there.about if draft.about.get(name)}
    if isinstance(echo.where, dict):
        names |= {name: list(draft.about[here]) for name, here in echo.where.items() if draft.about.get(here)}
    return Draft(
        kind=echo.as_,
        at=event.at,
        by_person=event.by_person,
        by_role=event.by_role,
        about=names,
        fields={name: draft.fields[name] for name in common if name in draft.fields},
        sealed={name: draft.sealed[name] for name in sealed if name in draft.sealed},
        echo_of=event.id,
    )


def _write(desk: Desk, target: Record, drafts: list[Draft]) -> None:
    log = append.log_of(desk.school, target) if target.length else []
    actions.write(desk, target, drafts, keys.record_cipher(target.id), log)


def _open(desk: Desk, origin: Record, event: Event, draft: Draft, kind: EventKind, echo: Echo) -> None:
    """Open a record for the echo where none is open (or always), with the earlier events that it is to receive."""
    if echo.open == "yes" and _targets(desk, origin, event, echo):
        return
    new = Record(
        school=desk.school,
        kind=echo.to,
        number=new_number(),
        opened_at=event.at,
        pack_version=f"{desk.pack.id}@{desk.pack.version}",
        changed_at=desk.moment,
    )
    new.save(force_insert=True)
    keys.make_record_key(new.id, desk.school.id)
    earlier = [
        _echoed(desk, old, _draft_of(old, origin), kind, echo) for old in _earlier(desk, origin, event, draft, echo)
    ]
    _write(desk, new, [*earlier, _echoed(desk, event, draft, kind, echo)])


def _earlier(desk: Desk, origin: Record, event: Event, draft: Draft, echo: Echo) -> Iterable[Event]:
    if echo.back is None:
        return []
    since = _back_to(desk, event.at, echo.back)
    log = append.log_of(desk.school, origin)
    from upstander.records import engine

    struck = engine.struck(desk.series, log, desk.now)
    rows = Event.objects.filter(record=origin, kind=event.kind, at__gte=since, at__lte=event.at).exclude(id=event.id)
    wanted = {each for ids in draft.about.values() for each in ids}
    return [
        row
        for row in rows
        if str(row.id) not in struck and wanted & {each for ids in row.about.values() for each in ids}
    ]


def _back_to(desk: Desk, at: datetime, back: Span | str) -> datetime:
    if isinstance(back, Span):
        return arithmetic.subtract(at, back)
    return arithmetic.start_of(desk.timetable.school_year(at.date())[0])


def _draft_of(event: Event, origin: Record) -> Draft:
    """An event that is already in the log, opened again so that its echo can be sealed for another record."""
    cipher = keys.record_cipher(origin.id)
    boxes = SealedField.objects.filter(event=event).exclude(path__contains=":")
    sealed = {box.path: cipher.open(f"{event.id}/{box.path}", box.ciphertext) for box in boxes}
    return Draft(event.kind, event.at, event.by_person, event.by_role, event.about, event.fields, sealed, id=event.id)


def void_echoes(desk: Desk, person: UUID | None, draft: Draft) -> None:
    """Voiding an event voids its echoes, in a role that may record the echo's kind: a ``void`` of any other counts for nothing."""
    struck = str(draft.fields.get("event"))
    for echo in Event.objects.filter(echo_of=struck, school=desk.school):
        target = Record.objects.select_for_update().get(id=echo.record_id)
        void = Draft(
            kind="void",
            at=desk.now,
            by_person=person,
            by_role=_role_for(desk, echo),
            fields={"event": str(echo.id)},
            sealed=draft.sealed,
            echo_of=draft.id,
        )
        _write(desk, target, [void])


def _role_for(desk: Desk, echo: Event) -> str:
    """The doer's own role where it may record the echo's kind, else the software's, else the first that may."""
    kind = desk.pack.events.get(echo.kind)
    if kind is None or not kind.recorded_by:
        return echo.by_role
    allowed = [member for role in kind.recorded_by for member in (role, *desk.pack.members(role))]
    return next((role for role in (echo.by_role, "system") if role in allowed), allowed[0])
