"""Where a record's pages stand: cases and concerns have addresses of their own, every other kind those of the registers."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from upstander.people.models import School
from upstander.people.packs import pack_of
from upstander.policy.model import Pack
from upstander.records import kinds
from upstander.records.models import Record

CONCERN = "concern"
CASES, REGISTERS = "cases", "registers"


def space(pack: Pack, kind: str) -> str:
    """The namespace of the pages of this kind of record."""
    return CASES if kind == CONCERN or kinds.is_case(pack, kind) else REGISTERS


def of(school: School, record: Record, name: str, *more: object, pack: Pack | None = None, **query: str) -> str:
    """One of a record's pages; ``query`` without its empty values."""
    where = space(pack or pack_of(school), record.kind)
    path = reverse(f"{where}:{name}", args=[school.slug, record.id, *more])
    asked = {key: value for key, value in query.items() if value}
    return f"{path}?{urlencode(asked)}" if asked else path


def form(school: School, record: Record, kind: str, *, pack: Pack | None = None) -> str:
    """The form of a kind of event: in the room that the pack made for it, else the plain one."""
    policy = pack or pack_of(school)
    of_kind = policy.records.get(record.kind)
    room = of_kind.rooms.hearings if of_kind is not None else None
    if room is not None and kind in (room.heard, room.planned) and space(policy, record.kind) == CASES:
        return of(school, record, "hear" if kind == room.heard else "plan_hearing", pack=policy)
    return of(school, record, "do", kind, pack=policy)


def home(school: School, record: Record, pack: Pack | None = None) -> str:
    """The record's own page."""
    return of(school, record, "concern" if record.kind == CONCERN else "case", pack=pack)


def register(school: School, pack: Pack, kind: str) -> str:
    """The list in which records of this kind stand."""
    if kinds.is_case(pack, kind):
        return reverse("cases:register", args=[school.slug])
    return reverse("registers:register", args=[school.slug, kind])
