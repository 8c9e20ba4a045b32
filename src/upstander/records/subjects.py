"""A record as ``access`` decides about it: who is named, which facts hold, whether that is fresh."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from upstander.access.decide import Subject
from upstander.people import memo
from upstander.policy.model import Pack
from upstander.records.models import FactRow, Link, Named, Record


def is_fresh(record: Record, now: datetime) -> bool:
    """Whether nothing can have changed by time alone since the record was last looked at."""
    return record.next_change is None or record.next_change > now


def subject_of(record: Record, pack: Pack, now: datetime) -> Subject:
    """One record. Two short queries."""
    return subjects_of([record], pack, now)[record.id]


def subjects_of(records: Iterable[Record], pack: Pack, now: datetime) -> dict[UUID, Subject]:
    """{record's id: subject}, with two queries for all."""
    rows = list(records)
    known: dict[UUID, Subject] = memo.once(("subjects", id(pack), now), dict)
    known.update(_subjects([row for row in rows if row.id not in known], pack, now))
    return {row.id: known[row.id] for row in rows}


def _subjects(rows: list[Record], pack: Pack, now: datetime) -> dict[UUID, Subject]:
    ids = [row.id for row in rows if row.length]
    named: dict[UUID, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    facts: dict[UUID, set[str]] = defaultdict(set)
    linked: dict[UUID, dict[str, set[str]]] = {}
    if ids:
        for record_id, role, person in Named.objects.filter(record__in=ids).values_list("record_id", "role", "person"):
            named[record_id][role].add(person)
        linked = linked_parties(ids)
        holding = FactRow.objects.filter(Q(last=None) | Q(last__gte=now), record__in=ids, first__lte=now)
        for record_id, fact in holding.values_list("record_id", "fact"):
            facts[record_id].add(fact)
    return {
        row.id: Subject(
            row.school_id,
            row.kind,
            pack,
            row.id,
            {role: frozenset(people) for role, people in named[row.id].items()},
            {role: frozenset(people) for role, people in linked.get(row.id, {}).items()},
            frozenset(facts[row.id]),
            is_fresh(row, now),
            new=row.length == 0,
        )
        for row in rows
    }


def linked_parties(ids: Collection[UUID]) -> dict[UUID, dict[str, set[str]]]:
    """{record: {role: who is named so in a record that it is linked with}}; records without links have none."""
    others: dict[UUID, set[UUID]] = defaultdict(set)
    for a, b in Link.objects.filter(Q(a__in=ids) | Q(b__in=ids)).values_list("a_id", "b_id"):
        others[a].add(b)
        others[b].add(a)
    if not others:
        return {}
    found: dict[UUID, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    wanted = {other for each in ids for other in others[each]}
    for record_id, role, person in Named.objects.filter(record__in=wanted).values_list("record_id", "role", "person"):
        for each in others[record_id]:
            found[each][role].add(person)
    return found
