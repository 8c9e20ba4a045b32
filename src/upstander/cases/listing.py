"""The register: every record that the viewer sees, what is late first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from upstander.access.viewer import Viewer
from upstander.cases import parts, steps
from upstander.cases.words import Words
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy.arithmetic import LAST_MOMENT
from upstander.policy.verdict import State
from upstander.records import kinds, queries, reading
from upstander.records.models import Record
from upstander.records.steps import DutyItem
from upstander.ui import dates
from upstander.ui import words as ui_words

_RANK = {State.OVERDUE: 0, State.DUE: 1, State.PENDING: 2, State.PAUSED: 3, State.UPCOMING: 4}


@dataclass(frozen=True)
class Row:
    """A record with the step that presses most. ``rank``: what is late comes first, what is closed last."""

    record: Record
    title: str
    item: DutyItem | None
    mine: bool
    rank: tuple[int, datetime, str]


@dataclass(frozen=True)
class Filter:
    """What the reader asked for: ``show`` open, late, closed or all; ``whose`` all or mine; ``q`` part of a name or number."""

    show: str = "open"
    whose: str = "all"
    q: str = ""


@dataclass(frozen=True)
class Listing:
    """The rows that fit, of ``total`` that the viewer sees; ``late`` of them are late."""

    rows: list[Row]
    total: int
    late: int


def listing(viewer: Viewer, school: School, now: datetime, lang: str, wanted: Filter) -> Listing:
    """The rows for a viewer, sorted by what is missing."""
    words = Words(viewer.pack, lang, school.slug)
    cases = [kind for kind in viewer.pack.records if kinds.is_case(viewer.pack, kind)]
    records = list(queries.visible(viewer).filter(kind__in=cases).prefetch_related("named"))
    items = _items(viewer, now, lang)
    names = _names(viewer, school, records)
    rows = [_row(words, record, names[record.id], items.get(record.id, [])) for record in records]
    late = sum(1 for row in rows if row.item is not None and row.item.step.late)
    fitting = [row for row in rows if _fits(row, wanted)]
    return Listing(sorted(fitting, key=lambda row: row.rank), len(rows), late)


def _items(viewer: Viewer, now: datetime, lang: str) -> dict[Any, list[DutyItem]]:
    found = queries.duties_for(viewer, now, lang)
    items: dict[Any, list[DutyItem]] = defaultdict(list)
    for item in (*found.mine, *found.team, *found.waiting):
        items[item.record.id].append(item)
    return items


def _names(viewer: Viewer, school: School, records: list[Record]) -> dict[Any, str]:
    """{record's id: whom it is about}, names of the school in one query, people from outside from their own record."""
    main: dict[Any, list[str]] = {}
    for record in records:
        kind = viewer.pack.records.get(record.kind)
        roles = {member for role in (kind.subjects[:1] if kind else ()) for member in viewer.pack.members(role)}
        main[record.id] = [row.person for row in record.named.all() if row.role in roles]
    everybody = people.names(school, {each for ids in main.values() for each in ids})
    classes = people.classes_of(school, everybody, viewer.on)
    titles = {}
    for record in records:
        ids = main[record.id]
        outside = [each for each in ids if each not in everybody]
        known = reading.names_of(record, ids, reading.open_all(record)) if outside else everybody
        said = [parts.with_class(known[each], classes[each].name if each in classes else "") for each in ids]
        titles[record.id] = said
    return {key: " · ".join(said) for key, said in titles.items()}


def _row(words: Words, record: Record, title: str, items: list[DutyItem]) -> Row:
    best = min(items, key=_pressing, default=None)
    kind = words.label(f"records.{record.kind}.label")
    rank = (9, LAST_MOMENT) if record.closed else (8, LAST_MOMENT) if best is None else _pressing(best)
    return Row(
        record=record,
        title=title or _("%(kind)s %(number)s") % {"kind": kind, "number": record.number},
        item=best,
        mine=any(item.step.mine for item in items),
        rank=(*rank, record.number),
    )


def _pressing(item: DutyItem) -> tuple[int, datetime]:
    offer = 4 if item.step.strength == "may" else 0
    return _RANK.get(State(item.step.state), 5) + offer, item.step.due or LAST_MOMENT


def _fits(row: Row, wanted: Filter) -> bool:
    if wanted.show == "open" and row.record.closed:
        return False
    if wanted.show == "closed" and not row.record.closed:
        return False
    if wanted.show == "late" and not (row.item is not None and row.item.step.late):
        return False
    if wanted.whose == "mine" and not row.mine:
        return False
    q = wanted.q.casefold().strip()
    return not q or q in row.title.casefold() or q in row.record.number.casefold()


def cells(words: Words, school: School, row: Row, now: datetime, heads: list[str]) -> dict[str, Any]:
    """A row as the register's component shows it."""
    item = row.item
    if row.record.closed:
        state: dict[str, str] = {"state": "met", "word": _("Closed")}
    elif item is None:
        state = {"state": "waived", "word": _("Nothing open")}
    else:
        late = dates.lateness(item.step.due, now, words.lang) if item.step.late and item.step.due else ""
        state = {
            "state": item.step.state,
            "word": late or ui_words.state_word(item.step.state, due=item.step.due, now=now),
        }
    who = words.joined([steps.bearer(words, bearer) for bearer in item.step.bearers]) if item else ""
    return {
        "head": row.title,
        "url": steps.record_url(school, row.record),
        "cells": [
            (heads[1], state),
            (heads[2], item.step.label if item else ""),
            (heads[3], who),
            (heads[4], dates.day(row.record.opened_at.date(), words.lang, today=now.date(), weekday=False)),
            (heads[5], row.record.number),
        ],
    }
