"""``upstander pack trace``: clause by clause, what makes it live and what proves it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from django.utils.translation import gettext as _

from upstander.cli.packs import load
from upstander.cli.problems import Cannot
from upstander.policy import loader
from upstander.policy.loader.catalogue import clause_ids
from upstander.policy.trace import Traced, to_json, trace
from upstander.school.product_pages import PAGES
from upstander.ui import languages


def run(options: argparse.Namespace) -> int:
    """Print each clause with its bindings and proofs; 1 if one has none, or a clause of the catalogue is not there."""
    pack = load(options.path)
    found = trace(pack, pages=PAGES, scenarios=loader.scenarios_of(options.path))
    absent = _absent(options.catalogue, found)
    if options.json:
        json.dump(to_json(pack, found), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        for each in found:
            if not options.missing or not (each.served and each.tried):
                _show(each)
        _sum_up(found, absent)
    return 0 if all(each.served for each in found) and not absent else 1


def _show(each: Traced) -> None:
    print(f"{each.clause}  {each.at}".rstrip())
    for one in each.bindings:
        where = _("there is no such page") if one.missing else one.where
        print(f"    {one.kind:9} {one.ref}  {where}")
    if not each.served:
        print("    " + _("nothing serves it"))
    for name in each.scenarios:
        print("    " + _("proved by: {scenario}").format(scenario=name))
    if not each.tried:
        print("    " + _("no scenario proves it"))


def _sum_up(found: Sequence[Traced], absent: Sequence[str]) -> None:
    served, tried = sum(each.served for each in found), sum(each.tried for each in found)
    print()
    print(
        _("{served} of {all} clauses are bound, {tried} are proved by a scenario, {text} are text only").format(
            served=served, all=len(found), tried=tried, text=sum(each.only_text for each in found)
        )
    )
    for said, names in (
        (_("Nothing serves:"), [each.clause for each in found if not each.served]),
        (_("No scenario proves:"), [each.clause for each in found if not each.tried]),
        (_("In the catalogue, not in the pack:"), list(absent)),
    ):
        if names:
            print(f"{said} {', '.join(names)}")


def _absent(catalogue: str | None, found: Sequence[Traced]) -> list[str]:
    """The clauses of a catalogue that the pack does not have."""
    if catalogue is None:
        return []
    try:
        wanted = clause_ids(catalogue)
    except loader.PackErrors as errors:
        raise Cannot(errors.in_words(languages.current().tag)) from errors
    known = {each.clause for each in found}
    return [name for name in wanted if name not in known]
