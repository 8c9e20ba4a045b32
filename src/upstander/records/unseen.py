"""Images that nobody may see: while the policy suspects one in a matter, no file is taken and none is shown there."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from upstander.access.viewer import Viewer
from upstander.people import memo
from upstander.policy.model import Pack
from upstander.records import clock
from upstander.records.echoes import linked_ids
from upstander.records.errors import Problem
from upstander.records.models import FactRow, Record


def suspected(record: Record, pack: Pack) -> bool:
    """Whether one is suspected in this record, or in one that it belongs to: what was told of it may hold the file."""
    facts = {kind.id: kind.rooms.no_view.suspected for kind in pack.records.values() if kind.rooms.no_view}
    if not facts:
        return False
    return bool(memo.once(("unseen", record.id), lambda: _holds(record, facts)))


def _holds(record: Record, facts: dict[str, str]) -> bool:
    now = clock.now(record.school)
    wanted = Q()
    for kind, fact in facts.items():
        wanted |= Q(record__kind=kind, fact=fact)
    here = FactRow.objects.filter(wanted, record__in=[record.id, *linked_ids(record)], first__lte=now)
    return here.filter(Q(last=None) | Q(last__gte=now)).exists()


def refused(viewer: Viewer, record: Record, fields: Iterable[str]) -> list[Problem]:
    """What is wrong with files that staff put into these fields. What a child or a family tells is never refused."""
    if viewer.kind != "staff" or not suspected(record, viewer.pack):
        return []
    message = _("No file is taken here: a picture that nobody may see is suspected. Describe it in words.")
    return [Problem(field, "unseen", message) for field in fields]
