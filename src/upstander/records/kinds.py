"""The kinds of record of a policy as a viewer meets them: which they see, which they may open, how many there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from upstander.access import decide
from upstander.access.decide import Subject
from upstander.access.viewer import Viewer
from upstander.people.packs import kept
from upstander.policy.belonging import OF_THE_CALENDAR
from upstander.policy.model import Pack
from upstander.policy.verdict import State
from upstander.records import columns, queries
from upstander.records.models import DutyRow, Record

RECEIVED, CASE = "concern-received", "case"
SOFTWARE = frozenset({"system", "teller"})


def is_case(pack: Pack, kind: str) -> bool:
    """Whether a kind of record is one that a concern opens: it has pages of its own."""
    found = pack.records.get(kind)
    return kind == CASE or (found is not None and RECEIVED in found.opened_by)


def pupil_roles(pack: Pack) -> frozenset[str]:
    """The roles of pupils: of which a record takes grade or class from the register, and what such a record is about."""
    return kept(pack, "roles of pupils", lambda: _pupil_roles(pack))


def _pupil_roles(pack: Pack) -> frozenset[str]:
    named = set(decide.PARTIES)
    for kind in pack.records.values():
        named |= {*kind.takes, *(kind.subjects if kind.takes else ())}
    return frozenset(named | {member for name in named for member in pack.members(name)})


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records of a kind a viewer sees: open ones; of them with something due today, with something late; closed ones."""

    open: int = 0
    due: int = 0
    late: int = 0
    closed: int = 0

    @property
    def all(self) -> int:
        return self.open + self.closed


def seen(viewer: Viewer) -> list[str]:
    """The kinds of record of which the viewer may see or open one, in the pack's order."""
    if "kinds seen" not in viewer.memo:
        viewer.memo["kinds seen"] = _seen(viewer)
    found: list[str] = viewer.memo["kinds seen"]
    return found


def _seen(viewer: Viewer) -> list[str]:
    reaches = decide.visible_to(viewer).reaches
    posts = {reach.kind for reach in reaches if not reach.named}
    # Whoever sees only records that name them has a list once one does.
    perhaps = {reach.kind for reach in reaches} - posts
    named: set[str] = set()
    if perhaps:
        rows = queries.visible(viewer).filter(kind__in=perhaps).select_related(None).order_by()
        named = set(rows.values_list("kind", flat=True).distinct())
    return [kind for kind in viewer.pack.records if kind in posts or kind in named or may_open(viewer, kind)]


def may_open(viewer: Viewer, kind: str) -> tuple[str, ...]:
    """The kinds of event with which the viewer may open a new record of this kind."""
    if viewer.kind != "staff" or kind == decide.CONCERN:
        return ()
    subject = Subject(viewer.school_id, kind, viewer.pack, new=True)
    found = columns.openers(viewer.pack, kind)
    return tuple(
        event
        for event in found
        if event in viewer.pack.events
        and event not in OF_THE_CALENDAR
        and not SOFTWARE.intersection(viewer.pack.events[event].recorded_by)
        and event != RECEIVED
        and decide.may(viewer, f"record:{event}", subject)
    )


def counts(viewer: Viewer, now: datetime) -> dict[str, Counts]:
    """{kind: how many} of everything that the viewer sees, with three queries."""
    rows = queries.visible(viewer).select_related(None).order_by()
    number: dict[tuple[str, str], int] = defaultdict(int)
    for kind, closed, n in rows.values_list("kind", "closed").annotate(n=Count("pk")):
        number[kind, "closed" if closed else "open"] = n
    going = rows.filter(closed=False)
    for name, wanted in (("late", Q(state=State.OVERDUE.value)), ("due", due_today(now))):
        for kind, n in with_duty(going, wanted).values_list("kind").annotate(n=Count("pk")):
            number[kind, name] = n
    found = {kind for kind, _name in number}
    return {
        kind: Counts(*(number[kind, name] for name in ("open", "due", "late", "closed")))
        for kind in viewer.pack.records
        if kind in found
    }


def due_today(now: datetime) -> Q:
    """Of duties: those that are due today and not late."""
    end = now.replace(hour=23, minute=59)
    return ~Q(state=State.OVERDUE.value) & (Q(state=State.DUE.value) | Q(due__lte=end))


def with_duty(rows: QuerySet[Record], wanted: Q) -> QuerySet[Record]:
    """Those records in which such a duty is open; what only may be done does not count."""
    duties = DutyRow.objects.filter(wanted, record=OuterRef("pk"), open=True).exclude(strength="may")
    return rows.filter(Exists(duties))
