"""The deeds on records: permit, load, ask the policy, append, bring the indexes up to date, return. Each is one transaction.

What a policy asks for has no action of its own: every kind of event goes through ``record``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from upstander.access import decide
from upstander.access.decide import NotFound, Subject
from upstander.access.viewer import Viewer
from upstander.people import queries as people
from upstander.people.models import School
from upstander.people.packs import kept
from upstander.policy import forms as policy_forms
from upstander.policy import log as policy_log
from upstander.policy.model import Echo, EventKind, FieldType, Pack
from upstander.records import (
    append,
    clock,
    engine,
    files,
    index,
    naming,
    notices,
    subjects,
    submits,
    telling,
    unseen,
    values,
)
from upstander.records.carrying import NOTHING, Carried, carried
from upstander.records.errors import CannotJudge, FormProblems, Problem, Stopped
from upstander.records.index import Desk
from upstander.records.models import Event, Link, Record
from upstander.records.naming import Outside
from upstander.records.numbers import new_number
from upstander.vault import keys
from upstander.vault.keys import RecordCipher

__all__ = [
    "CannotJudge",
    "FormProblems",
    "Outside",
    "Problem",
    "Stopped",
    "correct",
    "link",
    "open_record",
    "record",
    "void",
]

VOID = "void"
ANYWAY = "anyway"


@transaction.atomic
def open_record(
    viewer: Viewer, school: School, kind: str, *, at: datetime | None = None, submit_key: str = ""
) -> Record:
    """A new, empty record. With a submit key that was used before, the record it made then (``was_there`` is True).

    ``at``: civil minute, default now. Raises NotFound for another school or an unknown kind; that its first event may be
    recorded, ``record`` checks.
    """
    desk = Desk(school, clock.now(school), clock.utcnow(school))
    if viewer.school_id != school.id or kind not in desk.pack.records:
        raise NotFound
    submit_key = submits.own_key(viewer.person_id, None, submit_key)
    if submit_key and (before := submits.record_of(school, submit_key)) is not None:
        before.was_there = True  # type: ignore[attr-defined]
        return before
    new = Record(
        school=school,
        kind=kind,
        number=new_number(),
        opened_at=at or desk.now,
        pack_version=f"{desk.pack.id}@{desk.pack.version}",
        changed_at=desk.moment,
    )
    new.save(force_insert=True)
    # The transaction that made a record is the only one that knows it: no lock, no second reading, its key in hand.
    new.opened_here = keys.make_record_key(new.id, school.id)  # type: ignore[attr-defined]
    new.was_there = False  # type: ignore[attr-defined]
    if submit_key:
        submits.remember(school, submit_key, new)
    return new


@dataclass
class _Deed:
    """One call of ``record``: what came in and what has been found out so far."""

    viewer: Viewer
    desk: Desk
    record: Record
    kind: EventKind
    at: datetime
    log: list[policy_log.Event]
    subject: Subject
    role: str
    cipher: RecordCipher
    problems: list[Problem] = field(default_factory=list)

    @property
    def pack(self) -> Pack:
        return self.desk.pack


@transaction.atomic
def record(
    viewer: Viewer,
    record: Record,
    kind: str,
    *,
    at: datetime | None = None,
    about: Mapping[str, Sequence[object]] | None = None,
    fields: Mapping[str, Any] | None = None,
    files: Mapping[str, Sequence[UploadedFile]] | Sequence[UploadedFile] = (),
    outside: Mapping[str, Sequence[Outside]] | None = None,
    instead_of: UUID | None = None,
    happened_anyway: str = "",
    sure: bool = False,
    submit_key: str = "",
    carry: Carried = NOTHING,
) -> Event:
    """Record an event. ``at``: naive civil minute of the school (default now); the other arguments: see the module's guide.

    Raises NotFound, Denied, FormProblems (nothing fits unless all does), CannotJudge, or Stopped by a limit, unless
    ``happened_anyway`` gives the reason why what has already happened is recorded, or ``sure`` answers a limit that only warns.
    """
    submit_key = submits.own_key(viewer.person_id, record.id, submit_key)
    if before := _sent_before(record, submit_key):
        return before
    length = record.length
    deed = _deed(viewer, record, kind, at, fields or {})
    # Somebody wrote while this one waited for the lock: perhaps the same form, sent twice at the same moment.
    if record.length != length and (before := _sent_before(record, submit_key)):
        return before
    draft = _draft(deed, about or {}, {**carry.fields, **(fields or {})}, files, outside or {}, carry.files)
    draft.instead_of = instead_of
    if happened_anyway:
        draft.sealed = {**draft.sealed, ANYWAY: happened_anyway[:2000].encode()}
    _ask_limits(deed, draft, bool(happened_anyway), sure)
    drafts = [draft, *naming.taken(deed.desk, record, draft.about, draft.at, deed.log)]
    events = write(deed.desk, record, drafts, deed.cipher, deed.log)
    _after(deed, events[0], draft)
    notices.flush(deed.desk)
    if submit_key:
        submits.remember(deed.desk.school, submit_key, record, events[0].id)
    events[0].was_there = False  # type: ignore[attr-defined]
    return events[0]


def _sent_before(record: Record, submit_key: str) -> Event | None:
    before = submits.event_of(record.school_id, submit_key) if submit_key else None
    if before is not None:
        before.was_there = True  # type: ignore[attr-defined]
    return before


def write(
    desk: Desk, record: Record, drafts: Sequence[append.Draft], cipher: RecordCipher, log: list[policy_log.Event]
) -> list[Event]:
    """Append drafts to a locked record whose log is ``log``, and bring its indexes up to date."""
    first = not log
    events = append.append(record, drafts, cipher, desk.moment)
    record.changed_at = desk.moment
    log.extend(append.for_engine_event(desk.school, event) for event in events)
    record.picture = index.store(desk, record, log, first=first)  # type: ignore[attr-defined]
    return events


def _deed(viewer: Viewer, record: Record, kind: str, at: datetime | None, fields: Mapping[str, Any]) -> _Deed:
    """Lock the record, read its log, decide whether the viewer may."""
    school = record.school
    desk = Desk(school, clock.now(school), clock.utcnow(school))
    fresh = getattr(record, "opened_here", None) if record.length == 0 else None
    if fresh is None:
        _lock(record)
    log = append.log_of(school, record) if record.length else []
    if record.length and not subjects.is_fresh(record, desk.now):
        index.store(desk, record, log)
    subject = subjects.subject_of(record, desk.pack, desk.now)
    struck = _struck_kind(log, fields) if kind == VOID else kind
    decide.permit(viewer, f"record:{struck}", subject)
    role = decide.doer_role(viewer, desk.pack, struck, subject, _asked_of(desk.pack, record.kind, kind, fields))
    moment = (at or desk.now).replace(second=0, microsecond=0)
    cipher = fresh or keys.record_cipher(record.id)
    deed = _Deed(viewer, desk, record, desk.pack.events[kind], moment, log, subject, role, cipher)
    deed.problems += [values.problem_of(each) for each in policy_forms.check_moment(moment, desk.now)]
    return deed


def _lock(record: Record) -> None:
    """Read the record's row again under a lock, so that nobody appends at the same place."""
    row = Record.objects.select_for_update().filter(id=record.id, school_id=record.school_id).first()
    if row is None:
        raise NotFound
    for column in ("length", "head", "next_change", "closed"):
        setattr(record, column, getattr(row, column))


def _asked_of(pack: Pack, record_kind: str, kind: str, fields: Mapping[str, Any]) -> list[str]:
    """The roles that the policy's rules ask of whoever does this: to close, to waive or extend a duty, to act within a limit."""
    rule = pack.duties.get(str(fields.get("rule", "")))
    if kind == "close" and record_kind in pack.closure:
        return list(pack.closure[record_kind].decided_by)
    if rule is not None and kind in ("waive", "extend"):
        return list(rule.waived_by if kind == "waive" else rule.extended_by)
    return [
        role
        for limit in pack.limits.values()
        if any(alternative.kind == kind for alternative in limit.act.alternatives)
        for role in limit.only_by
    ]


def _struck_kind(log: Sequence[policy_log.Event], fields: Mapping[str, Any]) -> str:
    """The kind of the entry that a ``void`` names, the one struck first where it names a ``void``."""
    by_id = {event.id: event for event in log}
    found = by_id.get(str(fields.get("event")))
    while found is not None and found.kind == VOID:
        found = by_id.get(str(found.fields.get("event")))
    if found is None:
        raise FormProblems([Problem("event", "unknown", "")])
    return found.kind


def _draft(
    deed: _Deed,
    about: Mapping[str, Sequence[object]],
    fields: Mapping[str, Any],
    uploads: Mapping[str, Sequence[UploadedFile]] | Sequence[UploadedFile],
    outside: Mapping[str, Sequence[Outside]],
    staying: Mapping[str, list[files.Prepared]],
) -> append.Draft:
    """The event as it will be written; all that is wrong with it at once. Raises FormProblems."""
    prepared: list[files.Prepared] = []
    filled = dict(fields)
    given = _by_field(deed.kind, uploads)
    for name in dict.fromkeys((*staying, *given)):
        clean, wrong = files.prepare_all(name, given.get(name, ()))
        clean = [*staying.get(name, ()), *clean]
        prepared += clean
        deed.problems += wrong
        filled[name] = [str(one.id) for one in clean]
    if prepared:
        deed.problems += unseen.refused(deed.viewer, deed.record, [*staying, *given])
    known = {person for ids in deed.subject.named.values() for person in ids}
    asks = deed.viewer.kind != "system" and deed.kind.id != VOID
    names = naming.check(deed.desk, deed.kind, about, outside, known, complete=asks)
    fields_kept = values.keep(deed.pack, deed.kind, filled, deed.subject.facts)
    problems = [*deed.problems, *names.problems, *fields_kept.problems]
    if problems:
        raise FormProblems(problems)
    described = {f"file:{one.id}": one.description() for one in prepared}
    return append.Draft(
        kind=deed.kind.id,
        at=deed.at,
        by_person=deed.viewer.person_id,
        by_role=deed.role,
        about=names.about,
        fields=fields_kept.plain,
        sealed={**fields_kept.sealed, **names.sealed, **described},
        files={one.id: one.content for one in prepared},
    )


def _by_field(
    kind: EventKind, uploads: Mapping[str, Sequence[UploadedFile]] | Sequence[UploadedFile]
) -> dict[str, Sequence[UploadedFile]]:
    if isinstance(uploads, Mapping):
        return {name: given for name, given in uploads.items() if given}
    first = next((name for name, spec in kind.fields.items() if spec.type is FieldType.FILE), "")
    return {first: uploads} if uploads else {}


def _ask_limits(deed: _Deed, draft: append.Draft, anyway: bool, sure: bool) -> None:
    """The guard. Raises Stopped, or CannotJudge where the policy gives no answer."""
    if anyway or draft.kind not in kept(deed.pack, "limited kinds", lambda: _limited_kinds(deed.pack)):
        return
    event = append.draft_for_engine(deed.desk.school, draft, deed.desk.moment)
    try:
        breaches = engine.would_break(
            deed.desk.series, deed.log, deed.desk.calendar, event, kind=deed.record.kind, record=str(deed.record.id)
        )
    except Exception as problem:
        engine.log_of_failures.exception(
            "no limit of record %s can be judged: %s", deed.record.id, type(problem).__name__
        )
        if deed.viewer.kind == "staff":
            raise CannotJudge from problem
        return  # what a child or a parent tells is never refused because of the engine
    if not breaches:
        return
    limits = [deed.pack.limits.get(breach.rule) for breach in breaches]
    warns = all(limit is not None and limit.warns for limit in limits)
    if not (warns and sure):
        raise Stopped(breaches, warns)


def _limited_kinds(pack: Pack) -> frozenset[str]:
    acts = {alternative.kind for limit in pack.limits.values() for alternative in limit.act.alternatives}
    return frozenset(acts | {"close"})


def _after(deed: _Deed, event: Event, draft: append.Draft) -> None:
    """What an event sets off beyond its own record: whom the pack tells, and echoes."""
    from upstander.records import echoes

    names = {role: set(ids) for role, ids in deed.subject.named.items()}
    for role, ids in event.about.items():
        names.setdefault(role, set()).update(ids)
    telling.tell(deed.desk, deed.record, deed.kind, event, deed.record.picture, names)  # type: ignore[attr-defined]
    if event.position == 1 and any(echo.back is not None for echo in _echoes_to(deed)):
        echoes.receive(deed.desk, deed.record)
    if deed.kind.echoes:
        echoes.send(deed.desk, deed.record, event, draft, deed.kind)
    if deed.kind.id == VOID:
        if follow := naming.after_void(deed.desk, deed.record, deed.log):
            write(deed.desk, deed.record, follow, deed.cipher, deed.log)
        echoes.void_echoes(deed.desk, deed.viewer.person_id, draft)


def _echoes_to(deed: _Deed) -> list[Echo]:
    """The echoes of whatever kind that speak in records like this one."""
    kind = deed.record.kind
    every = kept(deed.pack, "echoes", lambda: [echo for each in deed.pack.events.values() for echo in each.echoes])
    return [echo for echo in every if echo.to == kind]


# --- corrections and links -----------------------------------------------------------------------------------------


def void(viewer: Viewer, event: Event, reason: str) -> Event:
    """Strike an event (it stays readable). The viewer must be one who may record its kind."""
    return record(viewer, event.record, VOID, fields={"event": str(event.id), "reason": reason})


@transaction.atomic
def correct(
    viewer: Viewer,
    event: Event,
    kind: str | None = None,
    *,
    reason: str,
    keep_files: Collection[str] = (),
    **new: Any,
) -> Event:
    """Strike an event and record the right one in its place; ``new``: the arguments of ``record``. Returns the new event.

    What the pack keeps secret from the viewer stays as it was, and so do the files whose ids are in ``keep_files``.
    """
    target = event.record
    same = viewer.pack.events.get(event.kind) if kind in (None, event.kind) else None
    carry = carried(viewer, event, same, keep_files) if same else NOTHING
    void(viewer, event, reason)
    return record(viewer, target, kind or event.kind, instead_of=event.id, carry=carry, **new)


@transaction.atomic
def link(viewer: Viewer, a: Record, b: Record) -> Link:
    """Say that two records belong together; the viewer must see both. Doing it twice changes nothing. Raises NotFound."""
    if a.school_id != b.school_id or a.id == b.id:
        raise NotFound
    school = people.school_by_id(a.school_id)
    now = clock.now(school)
    for each in (a, b):
        if not getattr(each, "opened_here", None):
            decide.permit(viewer, "see", subjects.subject_of(each, viewer.pack, now))
    first, second = sorted((a, b), key=lambda each: each.id.hex)
    made, _ = Link.objects.get_or_create(
        a=first,
        b=second,
        defaults={"school_id": a.school_id, "by_person": viewer.person_id, "made_at": clock.utcnow(school)},
    )
    return made
