"""A viewer's scope as a database query: the twin of ``access.decide.Scope.covers``; a property test holds them equal."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from upstander.access.decide import PARTIES, TELLER, Reach, Scope
from upstander.records.models import FactRow, Named, Record


def within(scope: Scope, now: datetime) -> QuerySet[Record]:
    """The records in the scope at a civil minute. Those that are not fresh are left out where facts decide."""
    rows = Record.objects.filter(school_id=scope.school_id)
    if scope.everything:
        return rows
    if scope.only is not None:
        return rows.filter(id=scope.only)
    wanted = Q(pk__in=[])
    reaches = _open(scope)
    for kind in dict.fromkeys(reach.kind for reach in reaches):
        reached = Q(pk__in=[])
        for reach in reaches:
            if reach.kind == kind:
                reached |= _reach(scope, reach, now)
        own = _named(scope.parties.get(kind, PARTIES), scope.shut_out)
        wanted |= Q(kind=kind) & reached & ~Q(own) & ~Q(_linked(scope.all_parties, scope.shut_out))
    return rows.filter(wanted)


def _open(scope: Scope) -> list[Reach]:
    """The reaches without those of a deputy for somebody who is named in nothing at all: most days these are all of them."""
    holders = {person for reach in scope.reaches for holder in reach.instead_of for person in holder}
    if not holders:
        return list(scope.reaches)
    rows = Named.objects.filter(
        school_id=scope.school_id, role__in=sorted(scope.all_parties), person__in=sorted(holders)
    )
    barred = set(rows.values_list("person", flat=True).distinct())
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


def _reach(scope: Scope, reach: Reach, now: datetime) -> Q:
    wanted = Q(pk__isnull=False)  # an empty Q would vanish from the union instead of reaching everything
    if reach.named:
        wanted &= Q(_named(frozenset({reach.role}), frozenset({scope.me})))
    elif reach.pupils is not None:
        people = Named.objects.filter(record=OuterRef("pk"), person__in=sorted(reach.pupils)).exclude(role=TELLER)
        wanted &= Q(Exists(people))
    for holder in reach.instead_of:
        wanted &= Q(_named(scope.parties.get(reach.kind, PARTIES), holder)) | Q(_linked(scope.all_parties, holder))
    for fact in reach.line.if_:
        wanted &= Q(_holds(fact, now))
    for fact in reach.line.unless:
        wanted &= ~Q(_holds(fact, now))
    sealed = scope.sealed.get(reach.kind)
    if sealed and sealed not in reach.line.if_:
        wanted &= ~Q(_holds(sealed, now))
    if sealed or reach.line.if_ or reach.line.unless:
        wanted &= Q(next_change=None) | Q(next_change__gt=now)
    return wanted
