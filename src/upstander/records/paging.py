"""One page of a register, sorted by the database: what presses, the moment a step is due, the day of opening, the number.

``registers.find`` gives the same order in memory. Whatever looks into words or answers (a search, a coded column, a name) takes
that way, for no database can look into what is encrypted.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from upstander.policy.verdict import State
from upstander.records import queries, registers
from upstander.records.models import DutyRow, Record
from upstander.records.registers import Found, Register, Wanted

IN_ORDER = ("", "due", "opened", "number")
_RANK = [
    When(state=state.value, then=Value(rank))
    for state, rank in (
        (State.OVERDUE, 0),
        (State.DUE, 1),
        (State.PENDING, 2),
        (State.PAUSED, 3),
        (State.UPCOMING, 4),
    )
]
NOTHING_OPEN, CLOSED = 18, 19


def find(search: Register, wanted: Wanted, first: int, last: int) -> tuple[Found, int]:
    """(the records ``first`` to ``last`` of those that fit, how many fit). ``first`` past the end gives the last page."""
    if wanted.mine or wanted.q.strip() or wanted.coded or wanted.sort not in IN_ORDER:
        found = registers.find(search, wanted)
        number = len(found.records)
        start = _start(first, last, number)
        found.records = found.records[start : start + last - first]
        return found, number
    seen = queries.visible(search.viewer, search.kind).select_related(None)
    total = seen.count()
    late = seen.filter(Exists(_open_duties().filter(state=State.OVERDUE.value).exclude(strength="may")), closed=False)
    rows = _shown(seen, wanted.show, search.now)
    number = total if wanted.show == "all" else rows.count()
    start = _start(first, last, number)
    records = list(_ordered(rows, wanted)[start : start + last - first])
    for record in records:
        record.school = search.school
    duties = registers.pressing(search.school, search.kind, [record.id for record in records])
    return Found(records, total, late.count(), None, duties), number


def _start(first: int, last: int, number: int) -> int:
    size = last - first
    return first if first < number else max(0, (number - 1) // size * size)


def _open_duties() -> QuerySet[DutyRow]:
    return DutyRow.objects.filter(record=OuterRef("pk"), open=True)


def _by_pressure() -> QuerySet[Any]:
    """The open duties of a record, the one that presses most first: what must be done before what may."""
    rank = Case(*_RANK, default=Value(5), output_field=IntegerField())
    offer = Case(When(strength="may", then=Value(4)), default=Value(0), output_field=IntegerField())
    return _open_duties().annotate(rank=rank + offer).order_by("rank", F("due").asc(nulls_last=True), "rule")


def _shown(seen: QuerySet[Record], show: str, now: datetime) -> QuerySet[Record]:
    """Those that the filter asks for; late or due by the step that presses most, as each row says it."""
    if show == "all":
        return seen
    if show == "closed":
        return seen.filter(closed=True)
    going = seen.filter(closed=False)
    if show == "open":
        return going
    top = _by_pressure()
    going = going.annotate(
        top_state=Subquery(top.values("state")[:1]),
        top_strength=Subquery(top.values("strength")[:1]),
        top_due=Subquery(top.values("due")[:1]),
    ).exclude(top_strength="may")
    late = Q(top_state=State.OVERDUE.value)
    if show == "late":
        return going.filter(late)
    end = now.replace(hour=23, minute=59)
    return going.exclude(late).filter(Q(top_state=State.DUE.value) | Q(top_due__lte=end))


def _ordered(rows: QuerySet[Record], wanted: Wanted) -> QuerySet[Record]:
    down = wanted.down
    if wanted.sort == "number":
        return rows.order_by("-number" if down else "number")
    if wanted.sort == "opened":
        return rows.order_by("opened_at", "number") if down else rows.order_by("-opened_at", "-number")
    top = _by_pressure()
    rows = rows.annotate(press_due=Subquery(top.values("due")[:1]))
    due = F("press_due")
    if wanted.sort == "due":
        ordered = due.desc(nulls_last=True) if down else due.asc(nulls_last=True)
        return rows.order_by(ordered, "-number" if down else "number")
    place = Coalesce(Subquery(top.values("rank")[:1]), Value(NOTHING_OPEN))
    rows = rows.annotate(place=Case(When(closed=True, then=Value(CLOSED)), default=place))
    when = Case(When(closed=True, then=None), default=due)
    if down:
        return rows.order_by("-place", when.desc(nulls_first=True), "-number")
    return rows.order_by("place", when.asc(nulls_last=True), "number")
