"""What time it is in a school. A demo school's clock may be ahead of the server's; nobody else reads the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone

from upstander.people import memo
from upstander.people.models import DemoClock, School


def utcnow(school: School | None = None) -> datetime:
    """The server's moment (aware, UTC); ahead by the demo's offset for a school of the demo."""
    moment = timezone.now()
    if school is not None and school.demo:
        moment += ahead(school)
    return moment


def now(school: School) -> datetime:
    """The civil minute in the school's zone: naive, seconds cut off."""
    return civil(school, utcnow(school))


def civil(school: School, moment: datetime) -> datetime:
    """An aware moment as the school's civil minute."""
    return moment.astimezone(zone(school.timezone)).replace(tzinfo=None, second=0, microsecond=0)


def aware(school: School, minute: datetime) -> datetime:
    """A civil minute of the school as an aware moment in UTC (of an hour that comes twice, the first)."""
    return minute.replace(tzinfo=zone(school.timezone)).astimezone(UTC)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def ahead(school: School) -> timedelta:
    """How far the clock of a demo school is ahead."""
    row = memo.once(("ahead", school.pk), lambda: DemoClock.objects.filter(school=school).first())
    return timedelta(seconds=row.ahead if row else 0)


def move_to(school: School, minute: datetime) -> None:
    """Set a demo school's clock so that it is this civil minute there; it runs on from there.

    Raises ValueError for a school outside the demo, and for a moment before the school's present (time never goes back).
    """
    if minute < now(school):
        raise ValueError("the clock does not go back")
    start_at(school, minute)


def start_at(school: School, minute: datetime) -> None:
    """Set a demo school's clock to any minute: before its story begins. Raises ValueError for a school outside the demo."""
    if not school.demo:
        raise ValueError("only a demo's clock can be moved")
    offset = int((aware(school, minute) - timezone.now()).total_seconds())
    DemoClock.objects.update_or_create(school=school, defaults={"ahead": offset})
