"""Echoes: an event of one record that speaks in others, appended in the same transaction (§8). Echoes have no echoes.

An echo carries the moment and the doer, the fields that both kinds declare, and the names in ``where`` as far as they agree: of
an event about two pupils each pupil's record hears of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from upstander.policy import arithmetic
from upstander.policy.model import SEALED_TYPES, Echo, EventKind, Field, FieldType, Span
from upstander.records import actions, append, carrying, engine, index, naming, telling
from upstander.records.append import Draft
from upstander.records.index import Desk
from upstander.records.models import Event, Link, Named, Record, SealedField
from upstander.records.numbers import new_number
from upstander.vault import keys

Names = dict[str, list[str]]


@dataclass
class Origin:
    """The event that speaks, with what of it is sealed."""

    record: Record
    event: Event
    draft: Draft
    kind: EventKind


def send(desk: Desk, origin: Record, event: Event, draft: Draft, kind: EventKind) -> None:
    """Append the echoes of an event to the records that its kind names."""
    said = Origin(origin, event, draft, kind)
    for echo in kind.echoes:
        hearing = [] if echo.open == "always" else list(_hearing(desk, said, echo))
        for target, names in hearing:
            _deliver(desk, target, [_echoed(desk, said, echo, names)])
        for names in _unheard(desk, said, echo, hearing):
            _open(desk, said, echo, names)


# --- who hears ----------------------------------------------------------------------------------------------------


def _hearing(desk: Desk, said: Origin, echo: Echo) -> Iterator[tuple[Record, Names]]:
    """Each open record whose subject agrees, with the names that it hears. A closed one only while it is watched."""
    rows = Record.objects.select_for_update().filter(school=desk.school, kind=echo.to).exclude(id=said.record.id)
    if echo.where == "linked":
        rows = rows.filter(id__in=linked_ids(said.record))
    elif echo.where is not None:
        for there, values in _wanted(desk, said.event.about, echo.where).items():
            named = Named.objects.filter(role__in=_members(desk, there), person__in=values)
            rows = rows.filter(id__in=named.values("record"))
    for row in rows.order_by("opened_at", "number"):
        if not row.closed or _watched(desk, row):
            yield row, _agreeing(desk, said, echo, row)


def linked_ids(record: Record) -> set[UUID]:
    """The ids of the records that this one is linked with."""
    pairs = Link.objects.filter(Q(a=record) | Q(b=record)).values_list("a_id", "b_id")
    return {each for pair in pairs for each in pair} - {record.id}


def _watched(desk: Desk, record: Record) -> bool:
    return index.evaluate(desk, record, append.log_of(desk.school, record)).watched


def _members(desk: Desk, name: str) -> list[str]:
    """A name and, of a group, its members: whoever is named so is in the group."""
    return list(dict.fromkeys([name, *desk.pack.members(name)]))


def _wanted(desk: Desk, about: Mapping[str, Sequence[str]], where: Mapping[str, str]) -> Names:
    """{name there: whom the event names here}."""
    return {
        there: list(dict.fromkeys(each for name in _members(desk, here) for each in about.get(name, ())))
        for there, here in where.items()
    }


def _agreeing(desk: Desk, said: Origin, echo: Echo, target: Record) -> Names:
    """What of the names in ``where`` this record has, too; of an echo without ``where`` the names that both kinds declare."""
    if not isinstance(echo.where, Mapping):
        return _declared_in_both(desk, said, echo)
    found: Names = {}
    for there, values in _wanted(desk, said.event.about, echo.where).items():
        named = Named.objects.filter(record=target, role__in=_members(desk, there), person__in=values)
        known = set(named.values_list("person", flat=True))
        found[there] = [value for value in values if value in known]
    return found


def _declared_in_both(desk: Desk, said: Origin, echo: Echo) -> Names:
    about = said.event.about
    return {name: list(about[name]) for name in desk.pack.events[echo.as_].about if about.get(name)}


def _unheard(desk: Desk, said: Origin, echo: Echo, hearing: list[tuple[Record, Names]]) -> list[Names]:
    """The names for which a record opens: for each subject without one (``yes``), or for all of them one (``always``)."""
    if echo.open == "no":
        return []
    if not isinstance(echo.where, Mapping):
        return [] if hearing and echo.open == "yes" else [_declared_in_both(desk, said, echo)]
    wanted = _wanted(desk, said.event.about, echo.where)
    if not all(wanted.values()):
        return []
    if echo.open == "always":
        return [wanted]
    subject, *others = wanted
    heard = {value for _, names in hearing for value in names.get(subject, ())}
    return [
        {subject: [value], **{name: wanted[name] for name in others}} for value in wanted[subject] if value not in heard
    ]


# --- what they hear -----------------------------------------------------------------------------------------------


def _echoed(desk: Desk, said: Origin, echo: Echo, names: Names) -> Draft:
    """The same moment and doer, and of the fields what both kinds declare."""
    there = desk.pack.events[echo.as_]
    common = [name for name, spec in said.kind.fields.items() if _same(desk, spec, there.fields.get(name), said.draft)]
    sealed = {name for name in common if said.kind.fields[name].type in SEALED_TYPES}
    files = {name for name in common if said.kind.fields[name].type is FieldType.FILE}
    copies = {
        name: carrying.copies(said.event, said.draft.sealed, said.draft.files, name)
        for name in sorted(files)
        if name in said.draft.sealed
    }
    fields = said.draft.fields
    return Draft(
        kind=echo.as_,
        at=said.event.at,
        by_person=said.event.by_person,
        by_role=said.event.by_role,
        about={name: ids for name, ids in names.items() if ids},
        fields={name: fields[name] for name in common if name in fields},
        sealed={
            **{name: said.draft.sealed[name] for name in sealed - files if name in said.draft.sealed},
            **{name: json.dumps([str(one.id) for one in found]).encode() for name, found in copies.items()},
            **{f"file:{one.id}": one.description() for found in copies.values() for one in found},
        },
        files={one.id: one.content for found in copies.values() for one in found},
        echo_of=said.event.id,
    )


def _same(desk: Desk, here: Field, there: Field | None, draft: Draft) -> bool:
    """Whether both kinds declare the field: of one type, and of a coded list a value that the other list has, too."""
    if there is None or there.type is not here.type:
        return False
    if here.options == there.options:
        return True
    value: Any = draft.fields.get(here.id)
    codes = value if isinstance(value, list | tuple) else [value]
    return all(code in desk.pack.options.get(there.options, {}) for code in codes)


def _deliver(desk: Desk, target: Record, drafts: list[Draft]) -> list[Event]:
    """Append to a record with what its pack takes about whoever is named for the first time, and tell whom it tells."""
    log = append.log_of(desk.school, target) if target.length else []
    known, taken = list(log), list[Draft]()
    for draft in drafts:
        taken += naming.taken(desk, target, draft.about, draft.at, known)
        known.append(append.draft_for_engine(desk.school, draft, desk.moment))
    following = [*drafts, *taken]
    events = actions.write(desk, target, following, keys.record_cipher(target.id), log)
    names = index.names_in_log(desk, log)
    for event in events[: len(drafts)]:
        picture = target.picture  # type: ignore[attr-defined]
        telling.tell(desk, target, desk.pack.events[event.kind], event, picture, names)
    return events


def _open(desk: Desk, said: Origin, echo: Echo, names: Names) -> None:
    """Open a record for the echo, with the earlier events that it is to receive."""
    new = Record(
        school=desk.school,
        kind=echo.to,
        number=new_number(),
        opened_at=said.event.at,
        pack_version=f"{desk.pack.id}@{desk.pack.version}",
        changed_at=desk.moment,
    )
    new.save(force_insert=True)
    keys.make_record_key(new.id, desk.school.id)
    if echo.where == "linked":
        first, second = sorted((said.record, new), key=lambda each: each.id.hex)
        person = said.event.by_person
        Link.objects.create(a=first, b=second, school_id=desk.school.id, by_person=person, made_at=desk.moment)
    _deliver(desk, new, [_echoed(desk, said, echo, names)])
    receive(desk, new)


# --- back ---------------------------------------------------------------------------------------------------------


def receive(desk: Desk, record: Record) -> None:
    """A record that opens receives the earlier events of the time that ``back`` names, as far as their names agree."""
    named = index.names_in_log(desk, append.log_of(desk.school, record))
    drafts: list[Draft] = []
    for kind in desk.pack.events.values():
        for echo in kind.echoes:
            if echo.to == record.kind and echo.back is not None:
                drafts += _earlier(desk, record, kind, echo, named)
    if drafts:
        _deliver(desk, record, sorted(drafts, key=lambda draft: draft.at))


def _earlier(desk: Desk, record: Record, kind: EventKind, echo: Echo, named: Mapping[str, set[str]]) -> Iterable[Draft]:
    since = _back_to(desk, record.opened_at, echo.back)
    there = Event.objects.filter(record=record).exclude(echo_of=None).values_list("echo_of", flat=True)
    rows = Event.objects.filter(school=desk.school, kind=kind.id, at__gte=since, echo_of=None).exclude(record=record)
    if echo.where == "linked":
        rows = rows.filter(record__in=linked_ids(record))
    elif echo.where is not None:
        people = {each for name in echo.where for member in _members(desk, name) for each in named.get(member, ())}
        rows = rows.filter(record__in=Named.objects.filter(school=desk.school, person__in=people).values("record"))
    struck: dict[UUID, frozenset[str]] = {}
    for old in rows.exclude(id__in=list(there)).select_related("record").order_by("at"):
        if old.record_id not in struck:
            struck[old.record_id] = engine.struck(desk.series, append.log_of(desk.school, old.record), desk.now)
        said = Origin(old.record, old, _draft_of(old), kind)
        names = _agreeing(desk, said, echo, record)
        agrees = not isinstance(echo.where, Mapping) or all(names.values())
        if agrees and str(old.id) not in struck[old.record_id]:
            yield _echoed(desk, said, echo, names)


def _back_to(desk: Desk, at: datetime, back: Span | str | None) -> datetime:
    if isinstance(back, Span):
        return arithmetic.subtract(at, back)
    return arithmetic.start_of(desk.timetable.school_year(at.date())[0])


def _draft_of(event: Event) -> Draft:
    """An event that is already in the log, opened again so that its echo can be sealed for another record."""
    cipher = keys.record_cipher(event.record_id)
    boxes = SealedField.objects.filter(event=event).exclude(path__startswith="outside:")
    sealed = {box.path: cipher.open(f"{event.id}/{box.path}", box.ciphertext) for box in boxes}
    return Draft(event.kind, event.at, event.by_person, event.by_role, event.about, event.fields, sealed, id=event.id)


# --- voiding ------------------------------------------------------------------------------------------------------


def void_echoes(desk: Desk, person: UUID | None, draft: Draft) -> None:
    """Voiding an event voids its echoes, in a role that may record the echo's kind: a ``void`` of any other counts for nothing.

    The echoes of a ``void`` are the voids of its event's echoes: striking it restores them, too.
    """
    struck = str(draft.fields.get("event"))
    for echo in Event.objects.filter(echo_of=struck, school=desk.school).order_by("record", "position"):
        target = Record.objects.select_for_update().get(id=echo.record_id)
        target.school = desk.school
        void = Draft(
            kind="void",
            at=desk.now,
            by_person=person,
            by_role=_role_for(desk, _struck_first(echo)),
            fields={"event": str(echo.id)},
            sealed=draft.sealed,
            echo_of=draft.id,
        )
        log = append.log_of(desk.school, target)
        cipher = keys.record_cipher(target.id)
        actions.write(desk, target, [void], cipher, log)
        if follow := naming.after_void(desk, target, log):
            actions.write(desk, target, follow, cipher, log)


def _struck_first(event: Event) -> Event:
    """Of a ``void``, the event that is struck in the end."""
    while event.kind == "void":
        event = Event.objects.get(id=event.fields["event"], school=event.school_id)
    return event


def _role_for(desk: Desk, echo: Event) -> str:
    """The doer's own role where it may record the echo's kind, else the software's, else the first that may."""
    kind = desk.pack.events.get(echo.kind)
    if kind is None or not kind.recorded_by:
        return echo.by_role
    allowed = [member for role in kind.recorded_by for member in (role, *desk.pack.members(role))]
    return next((role for role in (echo.by_role, "system") if role in allowed), allowed[0])
