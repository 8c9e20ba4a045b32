"""One event more, or only time: what a new case may keep of the one before, and what it must work out anew.

An event at or after all others touches a duty if one of its patterns matches it, if a fact that raises or pauses it may turn, if
it decides on it, or names somebody it waits for; time touches a duty from its next turn on. All else stays as it was.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime

from upstander.policy.compiled.case import Case
from upstander.policy.compiled.duties import rule_ids
from upstander.policy.compiled.fact_parts import kept
from upstander.policy.compiled.limits import breaches_by
from upstander.policy.compiled.part import Part
from upstander.policy.compiled.rules import ready
from upstander.policy.compiled.view import View
from upstander.policy.log import Event
from upstander.policy.reference import match
from upstander.policy.reference.world import PERSON_NAMED, VOID

UNUSUAL = frozenset({VOID, PERSON_NAMED, "reopen"})


def may_follow(case: Case, event: Event | None, now: datetime) -> bool:
    """Whether the case at ``now``, with this event, can be made from the one before. Otherwise all of it is evaluated anew."""
    if len(case.spans) != 1 or not case.settled or now < case.now or not case.events:
        return False
    if ready(case.spans[0][0]).may_turn_in_circles:
        return False
    if event is None:
        return True
    if event.kind in UNUSUAL or not case.events[-1].at <= event.at <= now:
        return False
    return not case.odd or all(_unmoved(case, odd, event) for odd in case.odd)


def _unmoved(case: Case, odd: Event, event: Event) -> bool:
    """Whether a void, or somebody named late, stays where it is when the event is added."""
    if odd.kind == VOID:
        return str(odd.fields.get("event")) != event.id
    late = {person for ids in odd.about.values() for person in ids}
    if not any(late & set(ids) for ids in event.about.values()):
        return True
    naming = (other for other in case.events if other.kind != PERSON_NAMED)
    return any(late & set(ids) for other in naming for ids in other.about.values())


def follow(case: Case, event: Event | None, now: datetime) -> Case:
    """The case at ``now`` with one event more. Ask ``may_follow`` before."""
    before = next(iter(case.views.values()))
    new = Case.__new__(Case)
    new.__dict__.update(case.__dict__)
    for name in ("moments", "place"):
        new.__dict__.pop(name, None)
    new.now, new.memo, new.standings, new.parts = now, {}, {}, {}
    touched, added = set[int](), False
    if event is None:
        view = View(before.pack, before.rules, before.days, case.events, case.of_kind)
        for name in ("choices", "patterns", "found_", "grouped_", "naming_"):
            setattr(view, name, getattr(before, name))
        view.keys_ = {names: keys for names, keys in before.keys_.items() if not any("*" in name for name in names)}
    else:
        new.everything, new.events = [*case.everything, event], (*case.events, event)
        new.of_kind = {**case.of_kind, event.kind: [*case.of_kind.get(event.kind, ()), event]}
        view, touched, added = before.followed(event, new.events, new.of_kind)
        if event.kind in ("waive", "extend"):
            new.keep_decisions()
    new.views = {id(view.pack): view}
    changed = view.take_steps(before, touched, added)
    if event is None or event.kind in case.of_kind:
        new.memo["rules",] = rule_ids(case)
    _keep_duties(case, new, view, Change(event, touched, added, changed, case.now, now))
    _keep_breaches(case, new, event)
    if not added:
        new.memo["facts kept",] = kept(case, view.pack, changed, now)
    return new


class Change:
    """What is new. ``touched``: numbers of patterns; ``added``: a key that was not there; ``changed``: ids of facts that may turn
    otherwise than was known."""

    __slots__ = ("added", "changed", "event", "now", "then", "touched")

    def __init__(
        self, event: Event | None, touched: set[int], added: bool, changed: set[str], then: datetime, now: datetime
    ) -> None:
        self.event, self.touched, self.added, self.changed = event, touched, added, changed
        self.then, self.now = then, now


def _keep_duties(case: Case, new: Case, view: View, change: Change) -> None:
    """Keep what is known of each duty that nothing touches."""
    touched = _touched(case, view, change)
    now, recurring = change.now, view.rules.recurring
    for rule_id, part in case.parts.items():
        if part is not None and part.soonest is not None and part.soonest <= now:
            touched.add(rule_id)
    touched.update(rule_id for rule_id in case.standings if rule_id not in case.parts)
    for rule_id in recurring:
        known = case.standings.get(rule_id)
        windows = known.windows if known is not None else None
        if windows is None or any(moment <= now for several in windows for moment in several):
            touched.add(rule_id)
    later = view.rules.readers.of_duty
    waiting = [rule_id for rule_id in touched if rule_id in later] if later else []
    while waiting:
        following = [name for name in later[waiting.pop()] if name not in touched]
        touched.update(following)
        waiting += [name for name in following if name in later]
    new.standings = {name: standing for name, standing in case.standings.items() if name not in touched}
    new.parts = {name: part for name, part in case.parts.items() if name not in touched}


def _touched(case: Case, view: View, change: Change) -> set[str]:
    """The duties that the event, or a fact that turns otherwise or meanwhile, may change."""
    readers, event = view.rules.readers, change.event
    touched = {name for number in change.touched for name in readers.of_pattern[number]}
    touched.update(readers.of_breaches)
    for fact in change.changed:
        touched.update(readers.of_fact.get(fact, ()))
    touched.update(name for name, fact in readers.becoming if name not in touched and _rises(case, view, fact, change))
    if event is None:
        return touched
    if change.added:
        touched.update(readers.of_newcomers)
    if event.kind in ("waive", "extend"):
        touched.add(str(event.fields.get("rule")))
    for role, names in readers.named_as.items():
        if match.named(view.pack, event, role):
            touched.update(names)
    if event.at <= change.then:  # something that arose since may have been guarded otherwise
        for name, guards in readers.guarded:
            if not guards.isdisjoint(change.changed) and _arose_since(case, name, event.at):
                touched.add(name)
    return touched


def _arose_since(case: Case, rule_id: str, moment: datetime) -> bool:
    part: Part | None = case.parts.get(rule_id)
    return part is not None and any(row.arose >= moment for row in part.rows)


def _rises(case: Case, view: View, fact_id: str, change: Change) -> bool:
    """Whether a fact turns, for any key, between the two moments."""
    if fact_id in ("closed", "watched"):
        return True
    before = case.views[id(view.pack)]
    known = before.tables.get(fact_id, before.steps.get(fact_id))
    if known is None:
        return True
    return any(bisect_right(steps, change.then) != bisect_right(steps, change.now) for steps in known.values())


def _keep_breaches(case: Case, new: Case, event: Event | None) -> None:
    """What earlier acts broke stays broken; the event is judged, and what happened in its minute is judged again."""
    known = case.memo.get(("breaches",))
    if known is None:
        return
    if event is None:
        new.memo["breaches",] = known
        return
    latest = case.memo.get(("latest recorded",))
    if latest:
        new.memo["latest recorded",] = [*latest, max(latest[-1], event.recorded)]
    start = bisect_left(new.moments, event.at)
    found = [breach for breach in known if breach.at < event.at]
    for act in new.events[start:]:
        found += breaches_by(new, act)
    new.memo["breaches",] = found
