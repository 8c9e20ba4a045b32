"""Commands for how long records are kept: preview, apply, hold, release, certificates."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from upstander.cli.backups import school_of
from upstander.cli.bundles import record_of
from upstander.cli.problems import Cannot
from upstander.people import queries as people


def preview(options: argparse.Namespace) -> int:
    """What would be destroyed now and soon, and what stands against it; changes nothing."""
    from upstander.records.keeping import periods

    for school in _schools(options.school):
        found = periods.look(school, ahead=timedelta(days=options.days))
        print(f"{school.slug}:")
        for each in found:
            if each.state.value in _words():
                print(f"  {each.record.number}  {each.record.kind:24} {_why(each)}")
        for (kind, state), number in sorted(Counter((each.record.kind, each.state.value) for each in found).items()):
            print("  " + _("{number} of kind {kind}: {state}").format(number=number, kind=kind, state=_states()[state]))
    return 0


def _words() -> dict[str, str]:
    return {
        "due": _("period over since {day} ({period} from {start}): apply destroys it"),
        "soon": _("period ends on {day} ({period} from {start})"),
        "held": _("held; its period ends on {day} ({period} from {start})"),
        "duty": _("period over since {day}, but something is still to be done"),
    }


def _states() -> dict[str, str]:
    return {
        "due": _("destroyed by apply"),
        "soon": _("soon"),
        "later": _("kept"),
        "held": _("held"),
        "duty": _("something is still to be done"),
        "running": _("its period has not begun"),
        "no-period": _("the policy gives no period"),
    }


def _why(each: Any) -> str:
    words = _words()[each.state.value]
    return words.format(day=each.until.date(), period=each.period, start=each.since.date())


def apply(options: argparse.Namespace) -> int:
    """Destroy what is due; only if it is as many as the preview said."""
    from upstander.records.keeping import destroying, periods

    schools = _schools(options.school)
    due = sum(each.state is periods.State.DUE for school in schools for each in periods.look(school))
    if options.expect != due:
        raise Cannot(
            _(
                "{due} records are due to be destroyed, for ever. Look at upstander keep preview, then say --expect {due}."
            ).format(due=due)
        )
    made = [each for school in schools for each in destroying.apply(school, by=options.by)]
    if made:
        destroying.scrub()
    for each in made:
        print(each.said["number"], each.said["kind"])
    print(_("{number} records destroyed; their certificates stay.").format(number=len(made)))
    return 0


def hold(options: argparse.Namespace) -> int:
    """Keep a record beyond its period."""
    from upstander.records.keeping import holding

    try:
        holding.hold(record_of(options.record, options.school), options.reason)
    except ValueError as problem:
        raise Cannot(_("Say with --reason why it is held.")) from problem
    print(_("{number} is held.").format(number=options.record))
    return 0


def release(options: argparse.Namespace) -> int:
    """End the holds on a record; 1 where there was none."""
    from upstander.records.keeping import holding

    ended = holding.release(record_of(options.record, options.school))
    print(_("{ended} holds on {number} have ended.").format(ended=ended, number=options.record))
    return 0 if ended else 1


def certificates(options: argparse.Namespace) -> int:
    """Every certificate of destruction as one line of JSON, with the school's signature."""
    from upstander.records.keeping import certificates as kept

    for school in _schools(options.school):
        for said, signature in kept.all_of(school):
            print(json.dumps({**said, "signature": signature}, ensure_ascii=False))
    return 0


def _schools(slug: str | None) -> list[Any]:
    return [school_of(slug)] if slug else list(people.schools())
