"""What is known in a record, who is in it, what the child wishes, which guidance belongs here, what the viewer may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from upstander.access import decide
from upstander.access.viewer import Viewer
from upstander.people import memo
from upstander.people import queries as people
from upstander.policy import belonging, cards, labels
from upstander.policy.belonging import OF_A_CONCERN
from upstander.policy.model import EventKind, Guidance, Pack
from upstander.records import append, clock, engine, finding, notices, reading, subjects, timeline
from upstander.records.append import for_engine_event
from upstander.records.index import Desk
from upstander.records.models import Event, FactRow, Named, Record
from upstander.records.timeline import ShownField, role_title

OF_A_DUTY = frozenset({"void", "waive", "extend", "person-named"})
"""Kinds that are reached from an entry or a duty, or that only the software writes."""


@dataclass(frozen=True)
class KnownFact:
    """A thing that the policy says must be known. ``shown`` None: a blank; ``may``: the viewer may fill it with ``event``."""

    id: str
    label: str
    event: str
    field: str
    shown: ShownField | None
    at: datetime | None
    may: bool


@dataclass(frozen=True)
class PersonIn:
    """Somebody in the matter."""

    id: str
    name: str
    role: str
    role_title: str
    class_name: str
    outside: bool
    party: bool


@dataclass(frozen=True)
class Card:
    """Guidance that belongs here now. ``body`` is Markdown."""

    id: str
    title: str
    body: str
    say: tuple[str, ...]
    never: tuple[str, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class DeedOffered:
    """A kind of event that the viewer may record here."""

    kind: str
    label: str
    group: str


def _standing(record: Record, now: datetime) -> list[Event]:
    events = append.events_of(record)
    desk = Desk(record.school, now, clock.utcnow(record.school))
    struck = engine.struck(desk.series, [for_engine_event(record.school, event) for event in events], now)
    return sorted(
        (event for event in events if str(event.id) not in struck), key=lambda event: (event.at, event.position)
    )


def known(viewer: Viewer, record: Record, lang: str) -> list[KnownFact]:
    """What must be known, in the pack's order: the latest value of each, or a blank."""
    kind = viewer.pack.records.get(record.kind)
    if kind is None or not kind.known:
        return []
    now = clock.now(record.school)
    events = _standing(record, now)
    sight = timeline.sight_of(viewer, record, lang, events)
    subject = subjects.subject_of(record, viewer.pack, now)
    found = []
    for asked in kind.known:
        label = labels.label(viewer.pack, f"records.{record.kind}.known.{asked.id}.label", lang)
        shown, at = _latest(sight, viewer, events, asked.event, asked.field)
        may = decide.may(viewer, f"record:{asked.event}", subject)
        found.append(KnownFact(asked.id, label, asked.event, asked.field, shown, at, may))
    return found


def _latest(
    sight: timeline._Sight, viewer: Viewer, events: list[Event], kind_id: str, field: str
) -> tuple[ShownField | None, datetime | None]:
    kind = viewer.pack.events.get(kind_id)
    if kind is None or field not in kind.fields or kind_id in reading.secret_kinds(viewer):
        return None, None
    if field in reading.secret_fields(viewer, kind):
        return None, None
    for event in reversed(events):
        if event.kind == kind_id and field not in reading.withheld(viewer, sight.record, event):
            shown = timeline.shown_field(sight, event, kind.fields[field])
            if shown.values or shown.files:
                return shown, event.at
    return None, None


def wish(viewer: Viewer, record: Record, lang: str) -> tuple[ShownField, datetime] | None:
    """What the child wants, and since when; None while nobody has asked."""
    kind = viewer.pack.records.get(record.kind)
    if kind is None or kind.wish is None:
        return None
    events = _standing(record, clock.now(record.school))
    sight = timeline.sight_of(viewer, record, lang, events)
    shown, at = _latest(sight, viewer, events, *kind.wish)
    return (shown, at) if shown is not None and at is not None else None


def people_in(viewer: Viewer, record: Record, lang: str) -> list[PersonIn]:
    """Everybody named, the parties first, in the order of the pack's roles."""
    pack = viewer.pack
    named = Named.objects.filter(record=record).order_by("role", "person").values_list("role", "person")
    rows = memo.once(("named", record.id), lambda: list(named))
    names = reading.names_of(record, {person for _, person in rows}, reading.open_all(record))
    now = clock.now(record.school)
    classes = people.classes_of(record.school, {person for _, person in rows}, now.date())
    kind = pack.records.get(record.kind)
    parties = decide.party_roles(pack, kind) if kind else decide.PARTIES
    decided = finding.found(record, pack, now)
    order = {role: place for place, role in enumerate(pack.roles)}
    found = [
        PersonIn(
            person,
            names[person],
            role,
            role_title(pack, role, lang, decided),
            classes[person].name if person in classes else "",
            person.startswith("out-"),
            role in parties,
        )
        for role, person in rows
    ]
    return sorted(found, key=lambda one: (not one.party, order.get(one.role, len(order)), one.name))


def who_may_see(record: Record, pack: Pack, now: datetime) -> list[tuple[str, list[str]]]:
    """(role, ids) of those of the school whom the pack lets see the record now, in its order; nobody who is barred from it.

    A post that nobody can act in is listed with nobody; a role in the matter only where somebody has it.
    """
    subject = subjects.subject_of(record, pack, now)
    desk = Desk(record.school, now, clock.utcnow(record.school), notify=False)
    named = {role: set(ids) for role, ids in subject.named.items()}
    found: dict[str, list[str]] = {}
    for line in pack.records[record.kind].access:
        if not line.see or not subject.facts.issuperset(line.if_) or not subject.facts.isdisjoint(line.unless):
            continue
        for role in pack.members(line.role):
            info = pack.roles.get(role)
            if info is not None and info.outside:
                continue
            ids = [str(each) for each in notices.holders(desk, record, role, [], named)]
            if ids or info is None or not info.of_the_matter:
                found[role] = ids
    return list(found.items())


def guidance(viewer: Viewer, record: Record | None, now: datetime, lang: str, before: str | None = None) -> list[Card]:
    """The cards for staff that belong before a kind of event, or (without one) while a fact of the record holds."""
    held: set[str] = set()
    if record is not None and before is None:
        rows = FactRow.objects.filter(record=record, last=None, first__lte=now)
        held = set(rows.values_list("fact", flat=True))
    found = cards.shown(viewer.pack, before=before, held=held, reader="staff")
    return [card_of(viewer.pack, card, lang) for card in found]


def card_of(pack: Pack, card: Guidance, lang: str) -> Card:
    """A card in the reader's language."""
    path = f"guidance.{card.id}"
    return Card(
        card.id,
        labels.label(pack, f"{path}.title", lang),
        labels.label(pack, f"{path}.body", lang) if card.body else "",
        tuple(labels.label(pack, f"{path}.say.{n}", lang) for n, _ in enumerate(card.say, start=1)),
        tuple(labels.label(pack, f"{path}.never.{n}", lang) for n, _ in enumerate(card.never, start=1)),
        card.clause,
    )


def deeds(viewer: Viewer, record: Record, lang: str) -> list[DeedOffered]:
    """The kinds of event that the viewer may record here, in the pack's order; those of a duty or an entry are left out."""
    subject = subjects.subject_of(record, viewer.pack, clock.now(record.school))
    return [
        DeedOffered(kind.id, labels.label(viewer.pack, f"events.{kind.id}.label", lang), kind.group)
        for kind in viewer.pack.events.values()
        if belongs(viewer.pack, kind, record.kind)
        and kind.id != ("close" if record.closed else "reopen")
        and decide.may(viewer, f"record:{kind.id}", subject)
    ]


def belongs(pack: Pack, kind: EventKind, record_kind: str) -> bool:
    """Whether a kind of event can be offered on a kind of record."""
    if kind.id in OF_A_DUTY or kind.id == "concern-received" or set(kind.recorded_by) == {"system"}:
        return False
    if record_kind == decide.CONCERN:
        return kind.id in OF_A_CONCERN or kind.id in ("note-added", "file-added", "person-added")
    return kind.id not in OF_A_CONCERN and belonging.belongs(pack, kind.id, record_kind)
