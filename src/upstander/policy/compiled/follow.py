"""One event more, or only time: what a new case may keep of the one before, and what it must work out anew.

An event at or after all others touches a duty if one of its patterns matches it, if a fact that raises or pauses it may turn, if
it decides on it, or names somebody it waits for; time touches a duty from its next turn on. All else stays as it was.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime

from upstander.policy.compiled.case import Case
from upstander.policy.compiled.due import Instance
from upstander.policy.compiled.limits import breaches_by
from upstander.policy.compiled.parts import Part, part_of
from upstander.policy.compiled.rules import Plan
from upstander.policy.compiled.view import View
from upstander.policy.log import Event
from upstander.policy.model import BecomesTrue, WhenBreach, WhenOverdue
from upstander.policy.reference.world import PERSON_NAMED, VOID

UNUSUAL = frozenset({VOID, PERSON_NAMED, "reopen"})


def may_follow(case: Case, event: Event | None, now: datetime) -> bool:
    """Whether the case at ``now``, with this event, can be made from the one before. Otherwise all of it is evaluated anew."""
    if len(case.spans) != 1 or not case.settled or now < case.now or not case.events:
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
    new.now, new.memo = now, {}
    if event is None:
        touched, added, view = (
            set[int](),
            False,
            View(before.pack, before.rules, before.days, case.events, case.of_kind),
        )
        for name in ("choices", "patterns", "found_", "grouped_"):
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
    _keep_duties(case, new, view, Change(event, touched, added, changed, case.now, now))
    _keep_breaches(case, new, event)
    if not added:
        for plan in view.rules.facts_by_id:
            marker = ("fact", plan.fact.id)
            part = case.memo.get(marker)
            if part is not None and plan.fact.id not in changed and (part.turn is None or part.turn > now):
                new.memo[marker] = part
    return new


def later(case: Case, moment: datetime) -> Case:
    """The same case at a later moment, with nothing added."""
    if len(case.spans) == 1 and case.events:
        return follow(case, None, moment)
    return Case(case.series, case.everything, case.calendar, moment, case.kind, case.events)


class Change:
    """What is new. ``touched``: numbers of patterns; ``added``: a key that was not there; ``changed``: ids of facts that may turn
    otherwise than was known."""

    __slots__ = ("added", "changed", "event", "now", "then", "touched")

    def __init__(
        self, event: Event | None, touched: set[int], added: bool, changed: set[str], then: datetime, now: datetime
    ) -> None:
        self.event, self.touched, self.added, self.changed, self.then, self.now = (
            event,
            touched,
            added,
            changed,
            then,
            now,
        )


def _keep_duties(case: Case, new: Case, view: View, change: Change) -> None:
    """Keep the instances, and what was found of them, of each duty that nothing touches."""
    kept: dict[str, bool] = {}

    def keeps(rule_id: str) -> bool:
        known = kept.get(rule_id)
        if known is None:
            kept[rule_id] = False
            plan = view.rules.plans.get(rule_id)
            known = kept[rule_id] = plan is not None and _untouched(case, view, plan, change)
            when = plan.rule.when if plan is not None else None
            if known and isinstance(when, WhenOverdue):
                known = kept[rule_id] = keeps(when.duty)
        return known

    old, memo = case.memo, new.memo
    for rule_id in view.rules.duty_ids:
        if ("part", rule_id) in old and keeps(rule_id):
            for name in ("part", "instances", "triggers", "windows"):
                marker = (name, rule_id)
                if marker in old:
                    memo[marker] = old[marker]


def _untouched(case: Case, view: View, plan: Plan, change: Change) -> bool:
    rule, event = plan.rule, change.event
    when, paused = rule.when, rule.paused_while
    if isinstance(when, WhenBreach) or (paused is not None and paused in change.changed):
        return False
    if isinstance(when, BecomesTrue) and (when.fact in change.changed or _rises(case, view, when.fact, change)):
        return False
    if event is not None:
        if not plan.reads.isdisjoint(change.touched) or (change.added and plan.late_named):
            return False
        if event.kind in ("waive", "extend") and event.fields.get("rule") == rule.id:
            return False
        if change.added and (isinstance(when, BecomesTrue) or plan.guarded or paused is not None):
            return False
        if any(view.values(event, role) or event.about.get(role) for role in plan.named_as):
            return False
    if plan.guarded and event is not None and not change.changed.isdisjoint((*rule.if_, *rule.unless)):
        there: list[Instance] = case.memo.get(("instances", rule.id), [])
        if any(instance.at >= event.at for instance in there):
            return False
    return not _turns(case, rule.id, change.now)


def _turns(case: Case, rule_id: str, now: datetime) -> bool:
    """Whether time alone may have changed the duty by now."""
    part: Part | None = part_of(case, rule_id)
    if part is not None:
        if part.sure is not None and part.sure <= now:
            return True
        if part.perhaps and min(part.perhaps) <= now:
            return True
    windows: tuple[list[datetime], list[datetime]] = case.memo.get(("windows", rule_id), ([], []))
    return any(moment <= now for several in windows for moment in several)


def _rises(case: Case, view: View, fact_id: str, change: Change) -> bool:
    """Whether a fact turns, for any key, between the two moments."""
    if fact_id in ("closed", "watched"):
        return True
    before = case.views[id(view.pack)]
    for steps in before.steps.get(fact_id, {}).values():
        if bisect_right(steps, change.then) != bisect_right(steps, change.now):
            return True
    return fact_id not in before.steps


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
