"""Several versions of a pack over one log (§10): what arose before a new version stays judged by the old one.

A rule that is the same in all versions is judged in columns, once; one that differs is handed to the compiled strategy, and so is
whatever asks for it. Facts now and closing now are the newest version's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np

from upstander.policy.conformance.closing import hinders
from upstander.policy.conformance.columns import Columns
from upstander.policy.conformance.days import DAY, Ints, day_of
from upstander.policy.conformance.handing import Rule, needs
from upstander.policy.conformance.plan import CLOSURE
from upstander.policy.model import Closure, Pack, Series
from upstander.policy.verdict import DutyInstance

DIFFERS = "a rule that differs between versions"
READ_DIFFERENTLY = "versions that read events differently"


def series_of(pack: Pack | Series, now: datetime) -> Series:
    """The versions that have come into force by now; the earliest governs what came before it."""
    if isinstance(pack, Pack):
        return Series((pack,))
    first, *later = pack.versions
    return Series((first, *(version for version in later if version.in_force_from <= now.date())))


def same_world(series: Series, columns: Columns) -> bool:
    """Whether all versions read the events of a log alike: who is whose group, what its kinds declare, what a day is."""
    kinds = {str(columns.values[code]) for code in np.unique(columns.kind).tolist() if code >= 0}
    worlds = [_world(pack, kinds) for pack in series.versions]
    return all(world == worlds[0] for world in worlds)


def _world(pack: Pack, kinds: Collection[str]) -> Any:
    groups = {name: role.any_of for name, role in pack.roles.items() if role.any_of}
    read = {}
    for name in kinds & pack.events.keys() if isinstance(kinds, set) else ():
        kind = pack.events[name]
        fields = {field: (held.type, held.options) for field, held in kind.fields.items()}
        read[name] = (kind.about, fields, kind.recorded_by)
    return groups, read, pack.hints, pack.timezone


def changed(series: Series) -> dict[Rule, str]:
    """Every rule that is not the same in all versions, or asks for one that is not, with the reason."""
    if len(series.versions) == 1:
        return {}
    rules: dict[Rule, None] = {}
    for pack in series.versions:
        rules |= dict.fromkeys(("fact", name) for name in pack.facts)
        rules |= dict.fromkeys(("duty", name) for name in pack.duties)
        rules |= dict.fromkeys(("limit", name) for name in (*pack.limits, *(CLOSURE + kind for kind in pack.closure)))
    return {rule: DIFFERS for rule in rules if not _same(series, rule, set())}


def _same(series: Series, rule: Rule, seen: set[Rule]) -> bool:
    if rule in seen:
        return True
    seen.add(rule)
    forms = [_form(pack, rule) for pack in series.versions]
    if any(form != forms[0] for form in forms):
        return False
    return all(_same(series, other, seen) for other in needs(series.versions[0], rule))


def _form(pack: Pack, rule: Rule) -> Any:
    """A rule as far as verdicts depend on it or show it."""
    sort, name = rule
    if sort == "fact" and name in ("closed", "watched"):
        return {kind: closure.watch_for for kind, closure in pack.closure.items()}
    if sort == "fact" and name in pack.facts:
        return replace(pack.facts[name], label="", clause=())
    if sort == "duty" and name in pack.duties:
        return replace(pack.duties[name], label="")
    if sort == "limit" and name in pack.limits:
        return replace(pack.limits[name], label="")
    return pack.closure.get(name.removeprefix(CLOSURE))


def listed(series: Series, closure: Closure) -> Collection[str]:
    """The duties that may not be open when a record is closed."""
    if closure.settled != "all":
        return closure.settled
    return dict.fromkeys(name for pack in series.versions for name in pack.duties)


def stands_in_the_way(series: Series, duty: DutyInstance) -> bool:
    """Whether an instance that was handed over hinders closing, by the rule under which it arose."""
    rule = series.at(duty.arose.date()).duties.get(duty.rule)
    rules = (rule, *(pack.duties.get(duty.rule) for pack in series.versions))
    return next((hinders(known, duty.state) for known in rules if known is not None), False)


def version_at(series: Series, minutes: Ints) -> Any:
    """The version in force at each moment: one text, or an array of texts."""
    names = [pack.version for pack in series.versions]
    if len(names) == 1:
        return names[0]
    begins = np.array([day_of(pack.in_force_from) * DAY for pack in series.versions[1:]])
    return np.array(names, dtype=np.dtypes.StringDType())[np.searchsorted(begins, minutes, side="right")]


def every_duty(series: Series) -> Iterable[Any]:
    """The duties of all versions, the newest of each id."""
    found = {duty.id: duty for pack in series.versions for duty in pack.duties.values()}
    return found.values()
