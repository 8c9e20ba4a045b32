"""The deeds of the demo: make its schools, throw them away, move their clocks, say welcome."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from upstander.demo import builder, script
from upstander.notify import actions as notify
from upstander.people import clock
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy import arithmetic, durations

PASSWORD = "only in the demo"  # noqa: S105 - printed on the tour: the demo has no secrets
_STEPS = {"hour": "PT1H", "morning": "P1D", "week": "P1W", "month": "P1M", "three-months": "P3M"}


def make(*, say: Callable[[str], None]) -> None:
    """Make every demo school that is not there yet."""
    waiting = [slug for slug in script.slugs() if not people.slug_taken(slug)]
    if not waiting:
        return
    say(_("Making the demo schools …"))
    for slug in waiting:
        builder.make(slug, PASSWORD, say)
        notify.deliver()


def throw_away() -> None:
    """Delete the demo's whole database, so that the next step makes it anew. Only for SQLite, only in a demo installation."""
    if not settings.INSTALLATION.demo or connection.vendor != "sqlite":
        raise ValueError("only the demo's own SQLite file is ever thrown away")
    name = settings.DATABASES["default"]["NAME"]
    connection.close()
    for suffix in ("", "-wal", "-shm"):
        path = name.with_name(name.name + suffix)
        path.unlink(missing_ok=True)


def steps() -> list[tuple[str, str]]:
    """(name, words) of the ready-made steps of the clock."""
    return [
        ("hour", _("An hour on")),
        ("morning", _("Tomorrow morning")),
        ("week", _("A week on")),
        ("month", _("A month on")),
        ("three-months", _("Three months on")),
    ]


def after_step(school: School, step: str) -> datetime:
    """The civil minute after a step; ``morning`` is tomorrow when school opens. Raises ValueError for an unknown step."""
    if step not in _STEPS:
        raise ValueError(step)
    now = clock.now(school)
    if step == "morning":
        return datetime.combine(now.date() + timedelta(days=1), script.FIRST_LOOK)
    span = durations.parse_span(_STEPS[step])
    return arithmetic.add(now, span)


def move_school(school: School, to: datetime) -> None:
    """Move a school's clock forward and let the time do its work at once. Raises ValueError for a moment in its past."""
    clock.move_to(school, to)
    notify.tick()
    notify.deliver()


def move_clock(text: str) -> None:
    """Move every demo school to a date (09:20) or moment, as the command line writes it. Raises ValueError."""
    to = datetime.fromisoformat(text).replace(tzinfo=None, second=0, microsecond=0)
    if len(text) <= len("2026-01-01"):
        to = datetime.combine(to.date(), script.FIRST_LOOK)
    for school in people.schools():
        if school.demo:
            move_school(school, to)


def print_welcome(address: str) -> None:
    """Say what to open and as whom to sign in."""
    print()
    print(_("Upstander's demo: {address}/tour").format(address=address))
    for school in people.schools():
        if school.demo:
            print(f"\n  {school.name}")
            print("    " + _("tell something: {address}").format(address=f"{address}/{school.slug}/tell"))
            stop = script.tour_of(school, school.language)
            for part in stop.parts if stop else ():
                if part.person.account:
                    print(f"    {part.post}: {part.person.account.email}")
    print("\n  " + _("Password of everybody: {password}").format(password=PASSWORD))
    print("  " + _("The six digits stand on the tour page; one press there signs you in without typing."))
    print("  " + _("Stop with Ctrl-C.") + "\n", flush=True)
