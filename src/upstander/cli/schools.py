"""Commands for schools: new, list, and bringing in people from a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils.translation import gettext as _

from upstander.cli.problems import Cannot
from upstander.people import queries as people
from upstander.people.packs import packs_of
from upstander.policy import loader


def new(options: argparse.Namespace) -> int:
    """Make a school, and print the link with which its head signs in the first time."""
    from upstander.school import actions

    for pack in options.pack:
        if pack not in loader.names():
            packs = ", ".join(loader.names())
            raise Cannot(_("There is no pack “{pack}”. There are: {packs}").format(pack=pack, packs=packs))
    first, *beside = options.pack
    try:
        made = actions.new_school(options.name, pack=first, beside=beside, slug=options.slug, head_mail=options.head)
    except actions.CannotMake as problem:
        raise Cannot(str(problem)) from problem
    print(_("The school “{name}” is at {address}").format(name=made.name, address=made.address))
    if made.invitation:
        print(_("Give its head this link, once: {link}").format(link=made.invitation))
    return 0


def listing(options: argparse.Namespace) -> int:
    """Print the schools."""
    for school in people.schools():
        print(f"{school.slug:24} {', '.join(packs_of(school)):20} {school.name}")
    return 0


def import_csv(options: argparse.Namespace) -> int:
    """Bring in people from a CSV file; 1 if lines were skipped."""
    from upstander.school import roster

    school = people.schools().filter(slug=options.school).first()
    if school is None:
        raise Cannot(_("There is no school “{slug}” here (see: upstander school list).").format(slug=options.school))
    try:
        content = Path(options.file).read_bytes()
    except OSError as problem:
        raise Cannot(str(problem)) from problem
    report = roster.import_csv(school, content, dry_run=options.dry_run)
    for line in report.lines:
        print(line)
    print(
        _("{added} added, {changed} changed, {unchanged} as they were, {skipped} skipped").format(
            added=report.added, changed=report.changed, unchanged=report.unchanged, skipped=report.skipped
        )
    )
    if options.dry_run:
        print(_("Nothing was changed: this was a dry run."))
    return 1 if report.skipped else 0
