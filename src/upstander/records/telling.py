"""``tells``: whom the pack tells of an event without a duty (§8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from upstander.policy.model import EventKind
from upstander.policy.verdict import Picture
from upstander.records import notices
from upstander.records.models import Event, Record

if TYPE_CHECKING:
    from upstander.records.index import Desk


def tell(
    desk: Desk, record: Record, kind: EventKind, event: Event, picture: Picture, names: Mapping[str, set[str]]
) -> None:
    """Put lines into the outbox for the roles that hear of this event, as ``if`` and ``unless`` allow; never for its doer.

    ``names``: {role: who is named so in the record, this event included}; ``picture``: of the record with the event.
    """
    if not kind.tells or not desk.notify:
        return
    holding = {held.fact for held in picture.facts}
    told: list[UUID] = []
    for each in kind.tells:
        if holding.issuperset(each.if_) and holding.isdisjoint(each.unless):
            for role in each.roles:
                told += notices.holders(desk, record, role, [], dict(names))
    people = [one for one in dict.fromkeys(told) if one != event.by_person]
    desk.lines += notices.told(desk, record, event.id, people)
