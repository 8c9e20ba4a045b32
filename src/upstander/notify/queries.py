"""What was sent, for the demo's page of mails."""

from __future__ import annotations

from collections.abc import Iterable

from upstander.notify.models import Mail
from upstander.people.models import School


def sent_in(schools: Iterable[School], *, most: int) -> list[Mail]:
    """The newest mails of these schools."""
    rows = Mail.objects.filter(school__in=list(schools)).select_related("person", "school")
    return list(rows.order_by("-sent_at")[:most])
