"""A viewer's scope as a database query: the twin of ``access.decide.Scope.covers``; a property test holds them equal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from upstander.access.decide import PARTIES, TELLER, Reach, Scope
from upstander.people import memo
from upstander.records.models import FactRow, Named, Record


def within(scope: Scope, now: datetime) -> QuerySet[Record]:
    """The records in the scope at a civil minute. Those that are not fresh are left out where facts decide."""
    # The scope is kept beside its query, so that no other one can come to have its id.
    return memo.once(("within", id(scope), now), lambda: (scope, _within(scope, now)))[1].all()


def _within(scope: Scope, now: datetime) -> QuerySet[Record]:
    rows = Record.objects.filter(school_id=scope.school_id)
    if scope.everything:
        return rows
    if scope.only is not None:
        return rows.filter(id=scope.only)
    wanted = Q(pk__in=[])
    for (parties, conditions), kinds in _alike(scope).items():
        reached = Q(pk__in=[])
        for condition in conditions:
            reached |= _reach(scope, condition, now)
        wanted |= Q(kind__in=kinds) & reached & ~Q(_named(parties, scope.shut_out))
    return rows.filter(wanted & ~Q(_linked(scope.all_parties, scope.shut_out)))


@dataclass(frozen=True)
class _Condition:
    """What a reach asks of a record of its kind; the same for many kinds."""

    role: str
    pupils: frozenset[str] | None
    if_: tuple[str, ...]
    unless: tuple[str, ...]
    sealed: str
    instead_of: tuple[frozenset[str], ...]
    parties: frozenset[str]


def _alike(scope: Scope) -> dict[tuple[frozenset[str], tuple[_Condition, ...]], list[str]]:
    """{(roles that bar, conditions of which one must hold): kinds}: kinds that are reached alike are asked for together."""
    by_kind: dict[str, dict[_Condition, None]] = {}
    for reach in _open(scope):
        parties = scope.parties.get(reach.kind, PARTIES)
        condition = _Condition(
            role=reach.role if reach.named else "",
            pupils=reach.pupils,
            if_=reach.line.if_,
            unless=reach.line.unless,
            sealed=scope.sealed.get(reach.kind, ""),
            instead_of=reach.instead_of,
            parties=parties if reach.instead_of else frozenset(),
        )
        by_kind.setdefault(reach.kind, {})[condition] = None
    found: dict[tuple[frozenset[str], tuple[_Condition, ...]], list[str]] = {}
    for kind, conditions in by_kind.items():
        everything = [each for each in conditions if each == _ALWAYS]
        key = (scope.parties.get(kind, PARTIES), tuple(everything or conditions))
        found.setdefault(key, []).append(kind)
    return found


_ALWAYS = _Condition("", None, (), (), "", (), frozenset())


def _open(scope: Scope) -> list[Reach]:
    """The reaches without those of a deputy for somebody who is named in nothing at all: most days these are all of them."""
    holders = {person for reach in scope.reaches for holder in reach.instead_of for person in holder}
    if not holders:
        return list(scope.reaches)
    rows = Named.objects.filter(
        school_id=scope.school_id, role__in=sorted(scope.all_parties), person__in=sorted(holders)
    )
    key = ("barred", scope.school_id, scope.all_parties, frozenset(holders))
    barred = memo.once(key, lambda: set(rows.order_by().values_list("person", flat=True).distinct()))
    return [reach for reach in scope.reaches if all(not barred.isdisjoint(holder) for holder in reach.instead_of)]


def _named(roles: frozenset[str], people: frozenset[str]) -> Exists:
    return Exists(Named.objects.filter(record=OuterRef("pk"), role__in=sorted(roles), person__in=sorted(people)))


def _linked(roles: frozenset[str], people: frozenset[str]) -> Exists:
    # With the school, the database finds the few rows of these people by its index instead of reading all, for every record.
    rows = Named.objects.filter(school=OuterRef("school"), role__in=sorted(roles), person__in=sorted(people))
    here = Q(record__links_a__b=OuterRef("pk")) | Q(record__links_b__a=OuterRef("pk"))
    return Exists(rows.filter(here))


def _holds(fact: str, now: datetime) -> Exists:
    rows = FactRow.objects.filter(record=OuterRef("pk"), fact=fact, first__lte=now)
    return Exists(rows.filter(Q(last=None) | Q(last__gte=now)))


def _reach(scope: Scope, asked: _Condition, now: datetime) -> Q:
    wanted = Q(pk__isnull=False)  # an empty Q would vanish from the union instead of reaching everything
    if asked.role:
        wanted &= Q(_named(frozenset({asked.role}), frozenset({scope.me})))
    elif asked.pupils is not None:
        people = Named.objects.filter(record=OuterRef("pk"), person__in=sorted(asked.pupils)).exclude(role=TELLER)
        wanted &= Q(Exists(people))
    for holder in asked.instead_of:
        wanted &= Q(_named(asked.parties, holder)) | Q(_linked(scope.all_parties, holder))
    for fact in asked.if_:
        wanted &= Q(_holds(fact, now))
    for fact in asked.unless:
        wanted &= ~Q(_holds(fact, now))
    if asked.sealed and asked.sealed not in asked.if_:
        wanted &= ~Q(_holds(asked.sealed, now))
    if asked.sealed or asked.if_ or asked.unless:
        wanted &= Q(next_change=None) | Q(next_change__gt=now)
    return wanted
