"""From records to answers: everything goes through the same queries as the pages, so it shows the same and hides the same."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from upstander.access.viewer import Viewer
from upstander.api import schemas
from upstander.cases import addresses
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy import labels
from upstander.policy.model import FieldType
from upstander.policy.verdict import Picture
from upstander.records import queries, registers, standing
from upstander.records.columns import Column
from upstander.records.fields import minute_text
from upstander.records.models import Event, Named, Record
from upstander.records.registers import Found, Register
from upstander.records.steps import Step
from upstander.records.timeline import ShownField, TimelineEntry

BY = "by:"


@dataclass(frozen=True)
class Asked:
    """One call: who asks at which school, when (civil minute), in which language."""

    school: School
    viewer: Viewer
    now: datetime
    lang: str

    def label(self, path: str) -> str:
        """A text of the policy."""
        return labels.label(self.viewer.pack, path, self.lang)

    def url(self, name: str, *more: object) -> str:
        """An address of this interface, whole."""
        return settings.INSTALLATION.site_url + reverse(f"api-v1:{name}", args=[self.school.slug, *more])


def minute(moment: datetime | None) -> str | None:
    return minute_text(moment) if moment is not None else None


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def plain(value: Any) -> Any:
    """A value of the log as JSON holds it."""
    if isinstance(value, list):
        return [str(each) for each in value]
    return value


# --- registers -----------------------------------------------------------------------------------------------------


def column(asked: Asked, each: Column) -> schemas.Column:
    """A column with what its answers may be."""
    if each.spec.type is FieldType.YES_NO:
        codes = [("yes", "yes"), ("no", "no")]
    else:
        options = asked.viewer.pack.options.get(each.spec.options, {}) if each.coded else {}
        codes = [(code, asked.label(f"options.{each.spec.options}.{code}.label")) for code in options]
    return schemas.Column(
        id=each.id,
        label=each.label,
        type=each.spec.type.value,
        codes=[schemas.Code(code=code, label=label) for code, label in codes],
    )


def lines(asked: Asked, search: Register, found: Found, records: Sequence[Record]) -> list[schemas.Line]:
    """Records as they stand in a register."""
    rows = registers.rows(search, found, records)
    return [
        schemas.Line(
            id=str(row.record.id),
            number=row.record.number,
            kind=search.kind,
            opened=minute_text(row.record.opened_at),
            closed=row.record.closed,
            changed=_utc(row.record.changed_at),
            subjects={
                role: [schemas.Person(id=ident, name=name) for ident, name in who] for role, who in row.subjects.items()
            },
            values={
                name: schemas.Value(value=plain(row.values.get(name, "".join(words))), words=list(words))
                for name, words in row.words.items()
            },
            next=_next(asked, row),
            url=asked.url("record", row.record.id),
        )
        for row in rows
    ]


def _next(asked: Asked, row: registers.Row) -> schemas.Due | None:
    duty = row.duty
    if duty is None or row.record.closed:
        return None
    label = asked.label(f"duties.{duty.rule}.label")
    return schemas.Due(rule=duty.rule, label=label, state=duty.state, due=minute(duty.due))


def cursor_of(opened: str, record: UUID) -> str:
    """Where a stretch ends, to go on from."""
    return base64.urlsafe_b64encode(json.dumps([opened, record.hex]).encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[str, str]:
    """(opened, id in hex). Raises ValueError for what no answer ever gave."""
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        opened, ident = found
        return minute_text(datetime.fromisoformat(opened)), UUID(hex=ident).hex
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise ValueError(text) from None


# --- one record ----------------------------------------------------------------------------------------------------


def etag(asked: Asked, record: Record) -> str:
    """What changes whenever the answer does, made without opening anything that is sealed."""
    rows = list(Named.objects.filter(record=record).order_by("role", "person").values_list("role", "person"))
    doers = Event.objects.filter(record=record).exclude(by_person=None).values_list("by_person", flat=True).distinct()
    names = people.names(asked.school, {*(person for _role, person in rows), *map(str, doers)})
    linked = [(str(each.id), each.number) for each in queries.linked(asked.viewer, record)]
    said = [
        str(record.id), record.head, record.length, record.closed, _utc(record.changed_at), minute(record.next_change),
        asked.viewer.pack.digest, sorted((held.role, str(held.unit)) for held in asked.viewer.roles),
        str(asked.viewer.person_id), asked.lang, rows, sorted(names.items()), linked,
    ]  # fmt: skip
    return f'"{hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:40]}"'


def whole(asked: Asked, record: Record) -> schemas.Record:
    """Everything of a record that the caller may read."""
    picture = queries.picture_of(record, asked.now)
    entries = queries.timeline(asked.viewer, record, asked.lang)
    raw = {event.id: event for event in Event.objects.filter(record=record)}
    names = queries.names_in(record, asked.lang)
    duties = [
        *queries.next_steps(asked.viewer, record, asked.now, asked.lang),
        *queries.done_steps(asked.viewer, record, asked.now, asked.lang),
    ]
    page = addresses.home(asked.school, record, asked.viewer.pack)
    return schemas.Record(
        id=str(record.id),
        number=record.number,
        kind=record.kind,
        label=asked.label(f"records.{record.kind}.label"),
        opened=minute_text(record.opened_at),
        changed=_utc(record.changed_at),
        people=_people(asked, record),
        events=[_event(each, raw[each.id], names, picture) for each in entries],
        duties=[_duty(each) for each in duties],
        facts=_facts(asked, picture),
        closure=_closure(asked, picture),
        links=[
            schemas.Link(id=str(each.id), kind=each.kind, number=each.number, url=asked.url("record", each.id))
            for each in queries.linked(asked.viewer, record)
        ],
        url=asked.url("record", record.id),
        page=settings.INSTALLATION.site_url + page,
    )


def _people(asked: Asked, record: Record) -> dict[str, list[schemas.Person]]:
    found: dict[str, list[schemas.Person]] = {}
    for person in queries.people_in(asked.viewer, record, asked.lang):
        if person.role != "teller" or record.kind == addresses.CONCERN:
            found.setdefault(person.role, []).append(schemas.Person(id=person.id, name=person.name))
    return found


def _event(entry: TimelineEntry, event: Event, names: Mapping[str, str], picture: Picture) -> schemas.Event:
    broken = dict.fromkeys(each.rule for each in picture.breaches if each.event == str(entry.id))
    return schemas.Event(
        id=str(entry.id),
        kind=entry.kind,
        label=entry.done,
        at=minute_text(entry.at),
        recorded=minute_text(entry.recorded),
        by=schemas.Doer(id=str(entry.by_person) if entry.by_person else None, name=entry.by_name, role=entry.by_role),
        about={
            role: [schemas.Person(id=each, name=names.get(each, each)) for each in event.about.get(role, ())]
            for role, _title, _names in entry.people
        },
        fields={shown.id: _answer(shown, event) for shown in entry.fields},
        hidden=entry.hidden,
        voided=entry.voided,
        void_reason=entry.void_reason,
        instead_of=str(entry.instead_of) if entry.instead_of else None,
        echo=entry.echo,
        happened_anyway=entry.anyway,
        breaches=list(broken),
    )


def _answer(shown: ShownField, event: Event) -> schemas.Answer:
    return schemas.Answer(
        label=shown.label,
        type=shown.type,
        value=plain(event.fields[shown.id]) if shown.id in event.fields else (shown.value or None),
        words=list(shown.values),
        files=[schemas.File(id=str(file.id), name=file.name, type=file.type, size=file.size) for file in shown.files],
    )


def _duty(step: Step) -> schemas.Duty:
    settled = schemas.Settled(event=step.settled_event, at=minute(step.settled_at)) if step.settled_event else None
    return schemas.Duty(
        rule=step.rule,
        label=step.label,
        occurrence=step.occurrence,
        state=step.state,
        strength=step.strength,
        arose=minute_text(step.arose),
        due=minute(step.due),
        settled=settled,
        key={role: schemas.Person(id=ident, name=name) for role, _title, ident, name in step.key},
        who=[bearer.title for bearer in step.bearers],
        clauses=[schemas.Clause(id=each.id, at=each.at, text=each.text) for each in step.clauses],
        because=list(step.because),
        missing=list(step.missing),
        flags=list(step.flags),
    )


def _facts(asked: Asked, picture: Picture) -> list[schemas.FactNow]:
    return [
        schemas.FactNow(
            fact=each.fact,
            label=asked.label(f"facts.{each.fact}.label"),
            keys=[dict(key) for key in each.keys],
            since=minute(each.since),
        )
        for each in standing.holding(asked.viewer, picture)
    ]


def _closure(asked: Asked, picture: Picture) -> schemas.Closure:
    missing = [
        schemas.Missing(by=each.fact.removeprefix(BY))
        if each.fact and each.fact.startswith(BY)
        else schemas.Missing(fact=each.fact, rule=each.rule)
        for each in picture.missing
        if each.fact is None or not standing.gives_away(asked.viewer, each.fact)
    ]
    return schemas.Closure(closed=picture.closed, watched=picture.watched, closable=picture.closable, missing=missing)
