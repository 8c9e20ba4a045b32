"""What would have been different: past logs judged by the policy as it is and by the policy as it would be.

Each policy is asked as if it had always been in force, so that a change is seen on everything that ever happened. Logs are given;
the engine knows no records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from upstander.policy import compiled
from upstander.policy.calendar import Calendar
from upstander.policy.log import Event
from upstander.policy.model import Pack, Series
from upstander.policy.verdict import Breach, DutyInstance, Key, Picture, State
from upstander.policy.verdict_json import minute
from upstander.policy.words import N_, ngettext, translated


@dataclass(frozen=True, slots=True)
class Past:
    """One record that was: its id, its kind and its whole log."""

    record: str
    kind: str
    log: Sequence[Event]


class What(StrEnum):
    APPEARS = "appears"
    VANISHES = "vanishes"
    STATE = "state"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Change:
    """One instance of a duty that would have been otherwise; ``before`` or ``after`` is None where there was or is none."""

    what: What
    rule: str
    key: Key
    occurrence: int
    before: DutyInstance | None
    after: DutyInstance | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What would have been different in one record. ``stopped``: breaches of limits that are new, ``freed``: that are gone."""

    record: str
    kind: str
    changes: tuple[Change, ...]
    stopped: tuple[Breach, ...]
    freed: tuple[Breach, ...]
    late_before: bool
    late_after: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """Instances of one duty over all records, under one of the two policies."""

    opened: int = 0
    late: int = 0


@dataclass(frozen=True)
class Replayed:
    """The whole answer. ``rules``: {duty: (as it is, as it would be)}, only those that differ."""

    records: int
    late_before: int
    late_after: int
    differences: tuple[Difference, ...]
    rules: Mapping[str, tuple[Tally, Tally]] = field(default_factory=dict)

    def count(self, what: What) -> int:
        return sum(change.what is what for each in self.differences for change in each.changes)


def replay(before: Pack, after: Pack, past: Iterable[Past], calendar: Calendar | None, now: datetime) -> Replayed:
    """Judge every record by both policies at ``now`` (civil minute of the school) and say what differs."""
    series = Series((before,)), Series((after,))
    differences: list[Difference] = []
    tallies: tuple[dict[str, Counter[str]], dict[str, Counter[str]]] = {}, {}
    records = late_before = late_after = 0
    for each in past:
        was, would_be = (
            compiled.picture(one, _known(one, each.log), calendar, now, kind=each.kind, record=each.record)
            for one in series
        )
        found = _difference(was, would_be)
        records += 1
        late_before += found.late_before
        late_after += found.late_after
        if found.changes or found.stopped or found.freed:
            differences.append(found)
        for picture, tally in zip((was, would_be), tallies, strict=True):
            _tally(picture, tally)
    return Replayed(records, late_before, late_after, tuple(differences), _differing(*tallies))


def is_late(duty: DutyInstance) -> bool:
    """Whether a *must* of the school was not done in time. What is only waited for from outside is not the school's lateness."""
    return duty.state in (State.OVERDUE, State.MET_LATE, State.LAPSED) or "late" in duty.flags


def _known(series: Series, log: Sequence[Event]) -> Sequence[Event]:
    """Without events of kinds that this policy does not have."""
    events = series.versions[0].events
    return log if all(event.kind in events for event in log) else [event for event in log if event.kind in events]


def _difference(was: Picture, would_be: Picture) -> Difference:
    old, new = (_by_instance(picture) for picture in (was, would_be))
    changes = [
        change for name in sorted({*old, *new}) if (change := _change(name, old.get(name), new.get(name))) is not None
    ]
    broken_before, broken_after = (
        {(each.rule, each.key, each.event): each for each in picture.breaches} for picture in (was, would_be)
    )
    return Difference(
        was.record,
        was.kind,
        tuple(changes),
        tuple(each for name, each in broken_after.items() if name not in broken_before),
        tuple(each for name, each in broken_before.items() if name not in broken_after),
        _any_late(was),
        _any_late(would_be),
    )


def _by_instance(picture: Picture) -> dict[tuple[str, Key, int], DutyInstance]:
    return {(duty.rule, duty.key, duty.occurrence): duty for duty in picture.duties}


def _change(name: tuple[str, Key, int], old: DutyInstance | None, new: DutyInstance | None) -> Change | None:
    if old is None or new is None:
        return Change(What.APPEARS if old is None else What.VANISHES, *name, old, new)
    if old.state is not new.state or ("late" in old.flags) != ("late" in new.flags):
        return Change(What.STATE, *name, old, new)
    return Change(What.DUE, *name, old, new) if old.due != new.due else None


def _any_late(picture: Picture) -> bool:
    return any(is_late(duty) and duty.strength == "must" for duty in picture.duties)


def _tally(picture: Picture, tally: dict[str, Counter[str]]) -> None:
    for duty in picture.duties:
        if duty.state is not State.NOT_APPLICABLE:
            counted = tally.setdefault(duty.rule, Counter())
            counted["opened"] += 1
            counted["late"] += is_late(duty)


def _differing(before: Mapping[str, Counter[str]], after: Mapping[str, Counter[str]]) -> dict[str, tuple[Tally, Tally]]:
    found = {}
    for rule in sorted({*before, *after}):
        old, new = (
            Tally(each["opened"], each["late"]) if each else Tally() for each in (before.get(rule), after.get(rule))
        )
        if old != new:
            found[rule] = (old, new)
    return found


# --- in words and for machines ------------------------------------------------------------------------------------


def in_words(found: Replayed, lang: str) -> list[str]:
    """The whole in a few sentences, the one about lateness first."""
    if not found.records:
        return [translated(N_("There is nothing to compare with yet: nothing has been recorded."), lang)]
    late = ngettext(
        "With this change {late} of {all} case would have been late; as it is, {before}.",
        "With this change {late} of {all} cases would have been late; as it is, {before}.",
        found.records,
        lang,
    ).format(late=found.late_after, all=found.records, before=found.late_before)
    said = [late, *(_counted(what, n, lang) for what in What if (n := found.count(what)))]
    stopped = sum(len(each.stopped) for each in found.differences)
    freed = sum(len(each.freed) for each in found.differences)
    if stopped:
        said.append(
            ngettext(
                "{n} deed would have been stopped by a limit.",
                "{n} deeds would have been stopped by a limit.",
                stopped,
                lang,
            ).format(n=stopped)
        )
    if freed:
        said.append(
            ngettext(
                "{n} deed would no longer have been stopped.",
                "{n} deeds would no longer have been stopped.",
                freed,
                lang,
            ).format(n=freed)
        )
    if not found.differences:
        said.append(translated(N_("Nothing would have been different."), lang))
    return said


def _counted(what: What, n: int, lang: str) -> str:
    match what:
        case What.APPEARS:
            said = ngettext(
                "{n} step more would have been asked for.", "{n} steps more would have been asked for.", n, lang
            )
        case What.VANISHES:
            said = ngettext(
                "{n} step would not have been asked for.", "{n} steps would not have been asked for.", n, lang
            )
        case What.STATE:
            said = ngettext("{n} step would have ended otherwise.", "{n} steps would have ended otherwise.", n, lang)
        case What.DUE:
            said = ngettext(
                "{n} step would have had another deadline.", "{n} steps would have had another deadline.", n, lang
            )
    return said.format(n=n)


def to_json(found: Replayed) -> dict[str, Any]:
    """The same for machines, moments as local time without offset."""
    return {
        "records": found.records,
        "late": {"before": found.late_before, "after": found.late_after},
        "rules": {
            rule: {
                "before": {"opened": old.opened, "late": old.late},
                "after": {"opened": new.opened, "late": new.late},
            }
            for rule, (old, new) in found.rules.items()
        },
        "differences": [
            {
                "record": each.record,
                "kind": each.kind,
                "late": {"before": each.late_before, "after": each.late_after},
                "duties": [_change_json(change) for change in each.changes],
                "breaches": {
                    "new": [_breach_json(one) for one in each.stopped],
                    "gone": [_breach_json(one) for one in each.freed],
                },
            }
            for each in found.differences
        ],
    }


def _change_json(change: Change) -> dict[str, Any]:
    def side(duty: DutyInstance | None) -> dict[str, Any] | None:
        if duty is None:
            return None
        return {"arose": minute(duty.arose), "due": minute(duty.due), "state": duty.state.value}

    return {
        "what": change.what.value,
        "rule": change.rule,
        "key": dict(change.key),
        "occurrence": change.occurrence,
        "before": side(change.before),
        "after": side(change.after),
    }


def _breach_json(breach: Breach) -> dict[str, Any]:
    return {"rule": breach.rule, "event": breach.event, "key": dict(breach.key)}
