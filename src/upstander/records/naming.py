"""Who an event names: checks of ``about``, people from outside the school, and what a record takes about those it names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from django.utils.translation import gettext as _

from upstander.people import queries as people
from upstander.people import units
from upstander.people.packs import kept
from upstander.policy import log as policy_log
from upstander.policy.model import EventKind, Pack
from upstander.records import engine
from upstander.records.append import Draft
from upstander.records.errors import Problem
from upstander.records.index import Desk
from upstander.records.models import Record

OUTSIDE = "out-"
NAMED, VOID, SYSTEM = "person-named", "void", "system"
LONGEST_ID = 60


@dataclass(frozen=True, slots=True)
class Outside:
    """Somebody who is not in the school's register: words for who it is, and how they belong to the matter. Both are sealed."""

    words: str
    relation: str = ""


@dataclass
class Names:
    """``about`` as the log keeps it, with the sealed words for people from outside."""

    about: dict[str, list[str]] = field(default_factory=dict)
    sealed: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def check(
    desk: Desk,
    kind: EventKind,
    about: Mapping[str, Sequence[object]],
    outside: Mapping[str, Sequence[Outside]],
    known: Iterable[str],
    *,
    complete: bool,
) -> Names:
    """Check whom an event names. ``known``: ids named already; ``complete``: somebody must be named if rules ask."""
    names = Names()
    allowed = {member for name in kind.about for member in (name, *desk.pack.members(name))}
    for role in (*about, *outside):
        if role not in allowed:
            names.problems.append(Problem(f"about:{role}", "not-a-field", _("This form does not ask for them.")))
    for role in allowed:
        ids = list(dict.fromkeys(str(each) for each in about.get(role, ())))
        if ids:
            names.about[role] = ids
        for one in outside.get(role, ()):
            ident = OUTSIDE + uuid4().hex[:12]
            names.about.setdefault(role, []).append(ident)
            words = {"words": one.words[:300], "relation": one.relation[:300]}
            names.sealed[f"outside:{ident}"] = json.dumps(words, ensure_ascii=False).encode()
    _check_known(desk, names, set(known))
    if complete:
        _check_complete(desk.pack, kind, names)
    return names


def _check_known(desk: Desk, names: Names, known: set[str]) -> None:
    new = {path.removeprefix("outside:") for path in names.sealed}
    asked = {each for ids in names.about.values() for each in ids} - known - new
    here = people.people_among(desk.school, asked) if asked else set()
    for role, ids in names.about.items():
        for each in ids:
            if each in known or each in new or each in here:
                continue
            if role in units.ROLES and units.words(desk.school, [each]):
                continue
            if role in desk.pack.roles or not _is_thing(each):
                names.problems.append(
                    Problem(f"about:{role}", "unknown-person", _("This person is not in the school."))
                )


def _is_thing(ident: str) -> bool:
    """A device, a place, a unit: named by a short code, not by words."""
    return re.fullmatch(r"[\w.:-]{1,60}", ident) is not None


def _check_complete(pack: Pack, kind: EventKind, names: Names) -> None:
    wanted = kept(pack, f"asked names {kind.id}", lambda: asked_names(pack, kind))
    if wanted and not any(names.about.get(name) for name in wanted):
        first = next(name for name in kind.about if name in wanted or set(pack.members(name)) & wanted)
        names.problems.append(Problem(f"about:{first}", "required", _("Name at least one person.")))


def asked_names(pack: Pack, kind: EventKind) -> frozenset[str]:
    """The names of this kind of which a rule that it can settle or break is *for each*: one of them must be filled."""
    asked: set[str] = set()
    patterns = [(rule.for_each, rule.must) for rule in pack.duties.values()]
    patterns += [(limit.for_each, (limit.act,)) for limit in pack.limits.values()]
    for names, wanted in patterns:
        if any(alternative.kind == kind.id for pattern in wanted for alternative in pattern.alternatives):
            asked |= {
                member for name in names for member in (name.name, *pack.members(name.name), *pack.groups_of(name.name))
            }
    return frozenset(asked & {member for name in kind.about for member in (name, *pack.members(name))})


def taken(
    desk: Desk, record: Record, about: Mapping[str, Sequence[str]], at: datetime, log: Sequence[policy_log.Event]
) -> list[Draft]:
    """``person-named`` for everybody whom this event names for the first time, with what the pack takes about them."""
    kind = desk.pack.records.get(record.kind)
    if kind is None or not kind.takes or NAMED not in desk.pack.events:
        return []
    known = {person for event in standing(desk, log) for ids in event.about.values() for person in ids}
    drafts: list[Draft] = []
    for group, attributes in kind.takes.items():
        roles = [role for role in desk.pack.members(group) if role in about]
        new = list(dict.fromkeys(person for role in roles for person in about[role] if person not in known))
        classes = people.classes_of(desk.school, new, at.date()) if new else {}
        for person in new:
            found = classes.get(person)
            values = {"grade": _grade(found.grade), "class": found.code} if found else {}
            fields = {name: values[name] for name in attributes if values.get(name) not in (None, "")}
            if fields:
                named = {role: [person] for role in roles if person in about[role]}
                drafts.append(Draft(NAMED, at, by_role=SYSTEM, about=named, fields=fields))
    return drafts


def standing(desk: Desk, log: Sequence[policy_log.Event]) -> list[policy_log.Event]:
    """The events that no ``void`` strikes, without the voids."""
    if not any(event.kind == VOID for event in log):
        return list(log)
    struck = engine.struck(desk.series, log, desk.now)
    return [event for event in log if event.kind != VOID and event.id not in struck]


def after_void(desk: Desk, record: Record, log: Sequence[policy_log.Event]) -> list[Draft]:
    """What a ``void`` asks for: nobody stays named by ``person-named`` alone, and whoever is named again is taken again."""
    events = standing(desk, log)
    naming = [event for event in events if event.kind != NAMED]
    named = {person for event in naming for ids in event.about.values() for person in ids}
    orphans = [
        event
        for event in events
        if event.kind == NAMED and not named & {person for ids in event.about.values() for person in ids}
    ]
    drafts = [Draft(VOID, desk.now, by_role=SYSTEM, fields={"event": event.id}) for event in orphans]
    kept = [event for event in events if event.kind == NAMED]
    for event in naming:
        drafts += taken(desk, record, event.about, event.at, kept)
        kept.append(event)
    return drafts


def _grade(text: str) -> int | None:
    digits = re.search(r"\d+", text)
    return int(digits.group()) if digits else None
