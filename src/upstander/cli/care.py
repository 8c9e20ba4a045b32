"""Commands that look after the record: verify, rebuild, doctor."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils.translation import gettext as _

from upstander.cli import bundles
from upstander.cli.problems import Cannot
from upstander.people import queries as people


def verify(options: argparse.Namespace) -> int:
    """Check every chain, or one sealed bundle; 1 and the first bad place of each if something was changed."""
    if options.school and (file := Path(options.school)).is_file():
        return bundles.verify(file)
    from upstander.records import verify as verification

    schools = list(people.schools())
    if options.school:
        schools = [school for school in schools if school.slug == options.school]
        if not schools:
            raise Cannot(
                _("There is no school “{slug}” here (see: upstander school list).").format(slug=options.school)
            )
    found = 0
    for school in schools:
        report = verification.verify_school(school)
        found += len(report.problems)
        for problem in report.problems:
            print(f"{school.slug}: {problem}")
        print(
            _("{school}: {records} records, {events} events, {bad} problems").format(
                school=school.slug, records=report.records, events=report.events, bad=len(report.problems)
            )
        )
    return 1 if found else 0


def rebuild(options: argparse.Namespace) -> int:
    """Make the indexes again, with progress."""
    from upstander.records import rebuild as rebuilding

    for school in people.schools():
        done = rebuilding.rebuild_school(school, progress=lambda n, of: print(f"\r{n}/{of}", end="", flush=True))
        print("\r" + _("{school}: {records} records rebuilt").format(school=school.slug, records=done))
    return 0


def doctor(options: argparse.Namespace) -> int:
    """Print each check with its mend; 1 if something is wrong."""
    from upstander.notify import doctor as checks

    wrong = 0
    for check in checks.all_checks():
        wrong += not check.fine
        print(f"{'✓' if check.fine else '✗'} {check.title}" + ("" if check.fine else f"\n    {check.mend}"))
    return 1 if wrong else 0
