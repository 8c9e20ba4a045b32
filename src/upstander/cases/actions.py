"""The deeds of this room that touch two records at once; everything else is ``records.actions.record``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from upstander.access.viewer import Viewer
from upstander.people.models import School
from upstander.policy.model import SEALED_TYPES, FieldType, Pack
from upstander.records import actions, queries, reading
from upstander.records.carrying import NOTHING, Carried, files_along
from upstander.records.models import Event, Record
from upstander.records.naming import Outside

TOLD, ADDED, TRIAGED, RECEIVED = "told", "told-more", "triaged", "concern-received"
FILES = "files"
NEW_CASE, JOINS_CASE, ANSWERED_ONLY = "new-case", "joins-case", "answered-only"
ALWAYS_PASSED = ("safe-now", "not-told", "way")
"""What protects a child goes along without being ticked; who told it never does."""


@dataclass(frozen=True, kw_only=True)
class Triage:
    """What somebody decided about a concern. ``case``: the one it joins."""

    decision: str
    reason: str
    pass_on: Sequence[str] = ()
    about: Mapping[str, Sequence[str]] = field(default_factory=dict)
    outside: Mapping[str, Sequence[Outside]] = field(default_factory=dict)
    case: Record | None = None
    submit_key: str = ""


@transaction.atomic
def triage(viewer: Viewer, school: School, pack: Pack, concern: Record, decided: Triage) -> Record | None:
    """Record what a concern is: a new case, part of one, or answered. Returns the case, None where there is none.

    The case hears of it at the moment at which the school was told, with what was ticked and never with the source.
    Sending it twice changes nothing. Raises NotFound, Denied, FormProblems, Stopped.
    """
    event = actions.record(
        viewer,
        concern,
        TRIAGED,
        about=decided.about,
        outside=decided.outside,
        fields={"decision": decided.decision, "reason": decided.reason, "pass-on": list(decided.pass_on)},
        submit_key=decided.submit_key,
    )
    if decided.decision == ANSWERED_ONLY:
        return None
    if event.was_there:  # type: ignore[attr-defined]
        return decided.case or next(iter(queries.linked(viewer, concern)), None)
    case = decided.case
    if case is None:
        case = actions.open_record(viewer, school, case_kind(pack))
    actions.link(viewer, concern, case)
    told = told_in(concern)
    actions.record(
        viewer,
        case,
        RECEIVED,
        at=told.at if told else None,
        about={role: ids for role, ids in decided.about.items() if role in pack.events[RECEIVED].about},
        outside={role: who for role, who in decided.outside.items() if role in pack.events[RECEIVED].about},
        fields=_passed(pack, concern, told, decided.pass_on),
        carry=_files(pack, concern, decided.pass_on),
    )
    return case


def case_kind(pack: Pack) -> str:
    """The kind of record that a concern opens in this policy."""
    return next((kind.id for kind in pack.records.values() if RECEIVED in kind.opened_by), "case")


def told_in(concern: Record) -> Event | None:
    """The first thing that was told."""
    return concern.events.filter(kind=TOLD).order_by("position").first()


def _passed(pack: Pack, concern: Record, told: Event | None, pass_on: Sequence[str]) -> dict[str, Any]:
    """The fields that both kinds have and that may go along."""
    if told is None:
        return {}
    there = pack.events[RECEIVED].fields
    found: dict[str, Any] = {}
    for name in dict.fromkeys((*ALWAYS_PASSED, *pass_on)):
        spec = there.get(name)
        if spec is None:
            continue
        if spec.type is FieldType.FILE:
            continue
        sealed = spec.type in SEALED_TYPES
        value = "\n\n".join(_words(concern, name)) if sealed else told.fields.get(name)
        if value:
            found[name] = value
    if told.fields.get("openness") == "named" and "source-kind" in there and told.fields.get("source-kind"):
        found["source-kind"] = told.fields["source-kind"]
    return found


def _words(concern: Record, field: str) -> list[str]:
    """What was told in a field up to now, the first word and those that came before anybody had decided."""
    return [text for event in _telling(concern) if (text := queries.opened(concern, event, field))]


def _telling(concern: Record) -> list[Event]:
    return [event for event in queries.standing_log(concern) if event.kind in (TOLD, ADDED)]


def _files(pack: Pack, concern: Record, pass_on: Sequence[str]) -> Carried:
    """The pictures and files that may go along."""
    if FILES not in pass_on or FILES not in pack.events[RECEIVED].fields:
        return NOTHING
    events = _telling(concern)
    opened = reading.open_all(concern)
    return files_along(events, FILES, [str(file.id) for event in events for file in opened.files(event, FILES)])
