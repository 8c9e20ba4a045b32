"""Which records name somebody, by what was recorded or in free text, as far as whoever gathers may see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from upstander.access import decide
from upstander.access.viewer import Viewer
from upstander.cases.words import Words
from upstander.people import queries as people
from upstander.people import written
from upstander.people.models import Person, School
from upstander.policy.model import Pack
from upstander.records import queries, reading
from upstander.records.models import Record


@dataclass(frozen=True)
class Found:
    """A record that names somebody. ``roles``: in which they are named there; none: only in free text.

    ``told_by_others``: what somebody else told at the door, which is theirs to keep.
    """

    record: Record
    roles: tuple[str, ...]
    told_by_others: bool


def subject_viewer(person: Person, school: School, maker: Viewer) -> Viewer:
    """The person as a reader, whether still at the school or not: what the policy keeps from them is kept from them here."""
    kind = {Person.Kind.STAFF: "staff", Person.Kind.PUPIL: "pupil"}.get(Person.Kind(person.kind), "guardian")
    roles = people.directory(school, maker.on, maker.pack).posts_of(person.id) if kind == "staff" else ()
    return Viewer(school.id, kind, maker.on, maker.pack, person.id, roles=roles)  # type: ignore[arg-type]


def gather(maker: Viewer, school: School, person: Person) -> list[Found]:
    """Every record that names the person and that the maker sees, the oldest first."""
    ident = str(person.id)
    mine = set(queries.records_naming(school, ident).values_list("id", flat=True))
    pattern = written.pattern(_whole(person))
    found = []
    for record in queries.visible(maker).order_by("opened_at", "id"):
        if record.id in mine:
            roles = tuple(role for role, ids in queries.named_ids(record).items() if ident in ids)
            found.append(Found(record, roles, _told_by_others(record, roles)))
        elif _mentions(record, pattern):
            found.append(Found(record, (), _told_by_others(record, ())))
    return found


def _whole(person: Person) -> set[str]:
    wholes = {each.strip() for each in (person.name, person.reading) if each.strip()}
    return wholes | {each.replace(" ", "") for each in wholes}


def _mentions(record: Record, pattern: re.Pattern[str]) -> bool:
    texts = reading.open_all(record).texts.values()
    return any(pattern.search(text.decode(errors="replace")) for held in texts for text in held.values())


def _told_by_others(record: Record, roles: tuple[str, ...]) -> bool:
    return record.kind == decide.CONCERN and decide.TELLER not in roles


def name_of(words: Words, found: Found) -> str:
    """The kind, the number, and as what the person is named there."""
    kind = words.label(f"records.{found.record.kind}.label")
    number = f"{kind} {found.record.number}"
    return f"{number}: {words.joined([words.role(role) for role in found.roles])}" if found.roles else number


def wish_kind(pack: Pack, record: Record) -> str:
    """The kind of event that holds what a child wishes; empty where the policy knows none."""
    kind = pack.records.get(record.kind)
    return kind.wish[0] if kind is not None and kind.wish is not None else ""


def uuids(chosen: list[str]) -> set[UUID]:
    """The ids among what a form sent."""
    found = set()
    for each in chosen:
        try:
            found.add(UUID(each))
        except ValueError:
            continue
    return found
