"""``upstander pack replay``: what would have been different with another policy."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from upstander.cli.packs import load, moment, read_log
from upstander.cli.problems import Cannot
from upstander.people import clock
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy import labels, loader
from upstander.policy.calendar import Calendar
from upstander.policy.model import Pack
from upstander.policy.problems import PackErrors
from upstander.policy.replay import Change, Past, Replayed, in_words, replay, to_json
from upstander.policy.verdict import DutyInstance
from upstander.policy.verdict_json import minute
from upstander.records import past
from upstander.school import drafts
from upstander.ui import languages


def run(options: argparse.Namespace) -> int:
    """Print what a pack would have changed for a school or for the records of a log file; 1 if anything differs."""
    after = load(options.path)
    school = people.schools().filter(slug=options.against).first() if not Path(options.against).exists() else None
    found = _school(options, after, school) if school is not None else _file(options, after)
    if options.json:
        json.dump(to_json(found), sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        _show(found, after)
    return 1 if found.differences else 0


def _school(options: argparse.Namespace, after: Pack, school: School) -> Replayed:
    now = moment(options.now, after) if options.now else clock.now(school)
    try:
        before, whole = drafts.before_and_after(school, after, now.date())
    except PackErrors as errors:
        raise Cannot(errors.in_words(languages.current().tag)) from errors
    if options.instead_of:
        before, whole = load(options.instead_of), after
    calendar = loader.load_calendar(options.calendar) if options.calendar else people.calendar_of(school)
    return replay(before, whole, past.logs(school), calendar, now)


def _file(options: argparse.Namespace, after: Pack) -> Replayed:
    if not Path(options.against).is_file():
        said = _("“{name}” is neither a school's slug (see: upstander school list) nor a log file.")
        raise Cannot(said.format(name=options.against))
    before = load(options.instead_of or _same_name(options.path, after))
    logs = read_log(options.against, before, after)
    records = [Past(record, kind, events) for (record, kind), events in logs.items()]
    moments = [event.at for each in records for event in each.log]
    if not moments:
        raise Cannot(_("There is no event in this log."))
    now = moment(options.now, after) if options.now else max(moments)
    calendar: Calendar | None = loader.load_calendar(options.calendar) if options.calendar else None
    return replay(before, after, records, calendar, now)


def _same_name(path: str, after: Pack) -> str:
    """The pack to compare with: the one that comes with Upstander under this id."""
    if after.id in loader.names() and path != after.id:
        return after.id
    raise Cannot(_("Say with --instead-of which pack it is compared with."))


def _show(found: Replayed, pack: Pack) -> None:
    lang = languages.current().tag if get_language() else pack.language
    for line in in_words(found, lang):
        print(line)
    if found.rules:
        print()
        print(f"{_('step'):40} {_('before'):>16} {_('with this change'):>16}")
    for rule, (old, new) in found.rules.items():
        counted = _("{opened}, {late} late")
        sides = [counted.format(opened=each.opened, late=each.late) for each in (old, new)]
        print(f"{rule:40} {sides[0]:>16} {sides[1]:>16}")
    for each in found.differences:
        print()
        print(f"{each.kind} {each.record}")
        for change in each.changes:
            print(f"    {_label(pack, change)}: {_side(change.before)} → {_side(change.after)}")
        for said, breaches in ((_("would have been stopped:"), each.stopped), (_("no longer stopped:"), each.freed)):
            _breaches(said, [breach.rule for breach in breaches])


def _breaches(said: str, rules: Sequence[str]) -> None:
    for rule in rules:
        print(f"    {said} {rule}")


def _label(pack: Pack, change: Change) -> str:
    label = labels.label(pack, f"duties.{change.rule}.label", languages.current().tag)
    key = ", ".join(value for _name, value in change.key)
    return f"{label} ({key})" if key else label


def _side(duty: DutyInstance | None) -> str:
    return f"{duty.state.value} {minute(duty.due) or ''}".strip() if duty is not None else "–"
