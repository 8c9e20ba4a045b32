"""What a guardian hears of a record: their own child's part as far as the policy tells it. A record itself is never theirs.

A kind of event is told to a family where its ``tells`` names the role ``guardian``; ``if`` and ``unless`` are asked of the child,
again whenever somebody looks, so that what a child no longer wants told at home is gone from the page. What is shown of it is
what its ``reads`` names.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from upstander.access.decide import CONCERN, TELLER, Subject, party_roles
from upstander.access.viewer import Viewer
from upstander.policy.model import EventKind, RecordKind

GUARDIAN = "guardian"


def wards_in(viewer: Viewer, subject: Subject) -> frozenset[str]:
    """The viewer's children of whose part in this record they may hear at all. Empty of whatever is sealed, not fresh or a
    concern, and where the viewer is a party to the matter, or to one that it is linked with.
    """
    kind = subject.pack.records.get(subject.kind)
    if viewer.kind != GUARDIAN or viewer.school_id != subject.school_id or kind is None or subject.kind == CONCERN:
        return frozenset()
    if kind.sealed_while and (not subject.fresh or kind.sealed_while in subject.facts):
        return frozenset()
    others = [
        ids
        for named in (subject.named, subject.linked)
        for role, ids in named.items()
        if role not in (TELLER, GUARDIAN)
    ]
    if any(str(viewer.person_id) in ids for ids in others):
        return frozenset()
    parties = party_roles(subject.pack, kind)
    return viewer.guards & {one for role in parties for one in subject.named.get(role, ())}


def hears(
    viewer: Viewer,
    subject: Subject,
    event: EventKind,
    about: Mapping[str, Collection[str]],
    child: str,
    holding: Collection[str],
) -> bool:
    """Whether the viewer hears of an event as a guardian of this child. ``about``: whom it names; ``holding``: the facts that hold
    now for the child, and those that hold for everybody.
    """
    if child not in wards_in(viewer, subject) or not _names(viewer, subject, about, child):
        return False
    if GUARDIAN in event.secret_from:
        return False
    held = frozenset(holding)
    return any(
        GUARDIAN in each.roles and held.issuperset(each.if_) and held.isdisjoint(each.unless) for each in event.tells
    )


def _names(viewer: Viewer, subject: Subject, about: Mapping[str, Collection[str]], child: str) -> bool:
    """Whether an event is about the child: it names them, or names no pupil in a record that is about no other family's child."""
    parties = party_roles(subject.pack, subject.pack.records[subject.kind])
    named = {one for role, ids in about.items() if role in parties for one in ids}
    if named:
        return child in named
    everybody = {one for role in parties for one in subject.named.get(role, ())}
    return everybody <= viewer.guards


def shown(event: EventKind) -> list[str]:
    """The fields of a kind that a family reads: those of ``reads`` that are never kept from guardians, in their order."""
    return [
        name
        for name in event.reads
        if name in event.fields
        and GUARDIAN not in event.fields[name].secret_from
        and event.fields[name].secret_while is None
    ]


def follows(kind: RecordKind) -> bool:
    """Whether the policy lets guardians follow a record of this kind about their child, step by step: its access list says so."""
    return any(line.role == GUARDIAN and line.see for line in kind.access)
