"""The command for somebody's own data on request: complete, because it is asked by whoever runs the machine."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from upstander.cli.backups import school_of
from upstander.cli.bundles import language
from upstander.cli.problems import Cannot
from upstander.people import queries as people


def own_data(options: argparse.Namespace) -> int:
    """Write everything on record that names a person, everybody else covered, as a ZIP with a PDF and a JSON file."""
    from upstander.access import viewer as viewers
    from upstander.cases.owndata import gathering, making
    from upstander.cases.owndata.paper import CHOSEN, OwnData
    from upstander.records import clock
    from upstander.ui import languages
    from upstander.vault import age

    school, person = _person(options.person, options.school)
    now = clock.now(school)
    maker = viewers.system(school, now.date())
    found = gathering.gather(maker, school, person)
    chosen = {each.record.id for each in found} if options.everything else making.usual(found)
    lang = options.lang or language()
    reason = options.reason
    if len(chosen) < len(found) and not reason:
        raise Cannot(
            _(
                "{n} reports that somebody else made at the door would be left out. Say with --reason why, or --everything."
            ).format(n=len(found) - len(chosen))
        )
    own = OwnData(maker, school, person, found, chosen, now, lang, reason, options.asked_by)
    with translation.override(languages.get(lang).code):
        made = making.make(own)
    try:
        with age.new_file(Path(options.file)) as out:
            out.write(made)
    except FileExistsError as problem:
        raise Cannot(_("“{file}” is there already; nothing was written over.").format(file=options.file)) from problem
    print(
        _("Written to {file}: {n} records. Read every line before you hand it out.").format(
            file=options.file, n=len(chosen)
        )
    )
    for code, number in sorted(own.withheld.items()):
        if number and code != CHOSEN:
            print(_("Withheld: {number} ({why})").format(number=number, why=code))
    return 0


def _person(text: str, slug: str | None) -> tuple[Any, Any]:
    """(school, person) by the person's id, their number at the school, or their whole name. Raises Cannot."""
    schools = [school_of(slug)] if slug else list(people.schools())
    wanted = text.strip().casefold()
    found = [
        (school, person)
        for school in schools
        for person in people.everybody(school)
        if wanted in (str(person.id), person.number.casefold(), person.name.casefold())
    ]
    if len(found) != 1:
        raise Cannot(
            _("Nobody here has this id, number or whole name.")
            if not found
            else _("Several people fit: {ids}").format(ids=", ".join(str(person.id) for _school, person in found))
        )
    return found[0]
