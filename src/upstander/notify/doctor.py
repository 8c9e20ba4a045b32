"""``upstander doctor``: what is wrong with this installation and how to mend it, in the user's language."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from upstander.notify.models import Tick
from upstander.people import clock
from upstander.people import queries as people
from upstander.people.packs import pack_of
from upstander.records import row_security, scanning, triggers
from upstander.vault import root

LEAST_FREE_BYTES = 2 * 1024**3
CLOCK_STANDS_STILL = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; ``mend`` says what to do where it is not fine."""

    title: str
    fine: bool
    mend: str = ""


def all_checks() -> list[Check]:
    """Look at everything; a check that cannot be made is not fine, and says why."""
    found: list[Check] = []
    for check in (_keys, _tables, _triggers, _walls, _address, _mail, _clock, _disk, _scanner, _posts, _addresses):
        found += _guarded(check)
    return found


def _guarded(check: Callable[[], Iterator[Check]]) -> list[Check]:
    try:
        return list(check())
    except Exception as problem:  # noqa: BLE001 - the doctor reports whatever goes wrong
        return [Check(check.__name__.strip("_"), False, f"{type(problem).__name__}: {problem}")]


def _keys() -> Iterator[Check]:
    root.root_key()
    path = settings.DATA / (settings.INSTALLATION.root_key_file or "root.key")
    private = not path.exists() or os.name != "posix" or path.stat().st_mode & 0o077 == 0
    yield Check(_("Root key"), private, _("Others on this machine can read {file}: chmod 600 {file}").format(file=path))


def _tables() -> Iterator[Check]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield Check(_("Database tables"), not waiting, _("Some tables are of an older version: run upstander setup"))


def _triggers() -> Iterator[Check]:
    missing = triggers.missing()
    yield Check(
        _("Triggers that protect the record"),
        not missing,
        _("Missing: {names}. Run upstander setup.").format(names=", ".join(missing)),
    )


def _walls() -> Iterator[Check]:
    if connection.vendor == "postgresql":
        missing = row_security.missing()
        mend = _("Not behind it: {names}. Run upstander setup as the owner of the tables.")
        yield Check(_("Wall between the schools"), not missing, mend.format(names=", ".join(missing)))
        yield Check(
            _("User of the database"),
            not row_security.passes_by(),
            _("It passes by that wall: let Upstander sign in as a user who is no superuser and has no BYPASSRLS."),
        )


def _address() -> Iterator[Check]:
    url = settings.INSTALLATION.site_url
    here = "//localhost" in url or "//127.0.0.1" in url
    yield Check(
        _("Address of the site"),
        url.startswith("https://") or here,
        _("{url} is not encrypted on its way: put a proxy with https before it, set UPSTANDER_SITE_URL.").format(
            url=url
        ),
    )


def _mail() -> Iterator[Check]:
    sends = settings.INSTALLATION.mail == "smtp" or settings.INSTALLATION.demo
    yield Check(_("Mail"), sends, _("Mails only go to the console: set UPSTANDER_MAIL=smtp and UPSTANDER_MAIL_URL."))


def _clock() -> Iterator[Check]:
    row = Tick.objects.filter(job="clock").first()
    fine = row is not None and timezone.now() - row.last_run < CLOCK_STANDS_STILL
    yield Check(
        _("Clock"), fine, _("The clock stands still: reminders wait. Start it with upstander run or upstander clock.")
    )


def _disk() -> Iterator[Check]:
    free = shutil.disk_usage(settings.DATA).free
    yield Check(
        _("Disk"),
        free > LEAST_FREE_BYTES,
        _("Only {free} MB are free in {folder}.").format(free=free // 1024**2, folder=settings.DATA),
    )


def _scanner() -> Iterator[Check]:
    if scanning.wanted():
        mend = _("ClamAV does not answer at {place}: until it does, no file is taken. Start clamd.")
        yield Check(_("Virus scanner"), scanning.answers(), mend.format(place=settings.INSTALLATION.clamav))


def _posts() -> Iterator[Check]:
    for school in people.schools():
        empty = people.unfilled_roles(school, pack_of(school), clock.now(school).date())
        yield Check(
            _("Posts of {school}").format(school=school.slug),
            not empty,
            _("Held by nobody: {posts}").format(posts=", ".join(sorted({role for role, _unit in empty}))),
        )


def _addresses() -> Iterator[Check]:
    for school in people.schools():
        on = clock.now(school).date()
        holders = people.holders_of_posts(school, on)
        lost = [one for one in people.staff(school, on) if one.id in holders and not people.can_be_mailed(one)]
        # By their number, never by name: what the doctor says lands in mails and tickets.
        said = ", ".join(one.number or str(one.id) for one in lost)
        yield Check(
            _("Mail addresses of {school}").format(school=school.slug),
            not lost,
            _(
                "No mail reaches these people, who hold posts: {people}. They see what is theirs only after signing in."
            ).format(people=said),
        )
