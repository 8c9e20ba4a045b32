"""What one duty adds to the picture at ``now``: its instances as they are listed, what hinders closing, when time changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from upstander.policy.arithmetic import MINUTE
from upstander.policy.compiled import facts
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.due import Instance, Judged, due_at, opening, reckoning
from upstander.policy.compiled.duties import ended_by, instances, rule_ids
from upstander.policy.compiled.judging import judge
from upstander.policy.compiled.part import Part, bearers_of, row_of
from upstander.policy.compiled.steps import next_turn
from upstander.policy.compiled.straight import Straight
from upstander.policy.compiled.triggers import triggers
from upstander.policy.compiled.windows import windows
from upstander.policy.model import Duty, Pack, RepeatEach, RepeatEvery, Strength
from upstander.policy.reference import deadlines, match
from upstander.policy.verdict import Key, Missing, State

_UPCOMING, _PENDING, _OVERDUE, _MAY = State.UPCOMING, State.PENDING, State.OVERDUE, Strength.MAY


def parts(case: Case) -> list[tuple[str, Part]]:
    """The parts of all duties that have instances, by id."""
    found: list[tuple[str, Part]] | None = case.memo.get(("parts",))
    if found is None:
        make = _of_one_version(case) if len(case.spans) == 1 and not case.reopenings else _one_by_one
        known, found = case.parts, []
        for rule_id in rule_ids(case):
            if rule_id in known:
                part = known[rule_id]
            else:
                part = known[rule_id] = make(case, rule_id)
            if part is not None:
                found.append((rule_id, part))
        case.memo["parts",] = found
    return found


def _one_by_one(case: Case, rule_id: str) -> Part | None:
    there = instances(case, rule_id)
    return _made(case, there) if there else None


def _of_one_version(case: Case) -> Callable[[Case, str], Part | None]:
    view = case.views[id(case.spans[0][0])]
    straight, plans = Straight(case, view), view.rules.plans

    def make(case: Case, rule_id: str) -> Part | None:
        plan = plans[rule_id]
        return straight.part(plan) if straight.fits(plan) else _one_by_one(case, rule_id)

    return make


def _made(case: Case, there: list[Instance]) -> Part:
    part, now = Part(), case.now
    sure: datetime | None = None
    occurrence, key, rows = -1, None, part.rows
    hindering: dict[Key, None] = {}
    for instance in there:
        judged = instance.judged
        if judged is None:
            judged = judge(case, instance, now)
        occurrence = occurrence + 1 if instance.key == key else 0
        key = instance.key
        who = instance.plan.who
        if who is None:
            who = bearers_of(case, instance, judged.ended if judged.ended is not None else now)
        version = instance.pack.version
        rows.append(row_of(instance.rule, version, key, instance.at, instance.because, judged, occurrence, who))
        if judged.ended is not None:
            continue
        plan = instance.plan
        if judged.state is not _UPCOMING and _hinders(instance, judged):
            hindering[key] = None
        if plan.rule.paused_while is None:
            turn = _turn(case, instance, judged)
            if turn is not None and (sure is None or turn < sure):
                sure = turn
        if not plan.opens_at_once or plan.rule.paused_while is not None:
            part.perhaps += [moment for moment in _turns_perhaps(case, instance) if moment > now]
    part.sure = sure
    part.soonest = min([*part.perhaps, sure] if sure is not None else part.perhaps, default=None)
    part.hinders = [Missing(key, None, there[0].rule.id) for key in hindering]
    return part


def hinders(case: Case, instance: Instance, moment: datetime) -> bool:
    """Whether an instance is open at a moment and stands in the way of closing."""
    if instance.rule.strength is _MAY:
        return False
    judged = judge(case, instance, moment)
    return judged.state.open and judged.state is not _UPCOMING and _hinders(instance, judged)


def _hinders(instance: Instance, judged: Judged) -> bool:
    """Of an open instance, not upcoming."""
    if instance.rule.strength is _MAY:
        return False
    return judged.state is _OVERDUE or not match.mentions(instance.rule.until, "close")


# --- when time changes it ----------------------------------------------------------------------------------------------


def _turn(case: Case, instance: Instance, judged: Judged) -> datetime | None:
    """When an open instance that knows no pause first changes its state by time alone."""
    found: list[datetime | None] = []
    if judged.state is _UPCOMING:
        found.append(opening(case, instance, case.now).at)
    else:
        if judged.state is _PENDING and judged.due_from is not None:
            due = judged.due
            if due is None or judged.due_from <= due:
                found.append(judged.due_from)
        if judged.due is not None and judged.passed is None:
            found.append(judged.due + MINUTE)
    if instance.window is not None and instance.window.end is not None:
        found.append(instance.window.end + MINUTE)
    return min([moment for moment in found if moment is not None and moment > case.now], default=None)


def _turns_perhaps(case: Case, instance: Instance) -> Iterator[datetime]:
    """Moments that may change an open instance that knows pauses, or opens later than it arises."""
    judged, rule = judge(case, instance, case.now), instance.rule
    pauses = rule.paused_while is not None
    if rule.paused_while is not None:
        yield instance.at + MINUTE
        yield from next_turn(facts.asked(case, instance.pack, rule.paused_while, instance.key), case.now)
        for stretch in (instance.window, instance.place):
            if stretch is not None and stretch.end is not None:
                yield stretch.end + MINUTE
        for part in deadlines.parts(rule.by):  # of a list one may move with the pause and another not
            moment = deadlines.due(part, reckoning(case, instance, case.now)).at
            yield from (moment, moment + MINUTE) if moment is not None and judged.due is None else ()
    if pauses or judged.state is _UPCOMING:
        due = due_at(case, instance, case.now).at
        if due is not None:
            yield due + MINUTE
            if judged.due is None:
                yield due
            if rule.remind is not None:
                due_from = deadlines.back(case.days(instance.pack), due, rule.remind).at
                yield from (due_from,) if due_from is not None else ()
        opens = opening(case, instance, case.now).at
        yield from (opens,) if opens is not None else ()


def windows_to_come(case: Case, rule_id: str) -> tuple[list[datetime], list[datetime]]:
    """The start of the first window after ``now`` of each series, under each version: sure to come, and perhaps.

    It is sure to come where the rule has one series for each key; of several, or after a reopening, one looks.
    """
    standing = case.standing(rule_id)
    if standing.windows is None:
        standing.windows = _windows_to_come(case, rule_id)
    return standing.windows


def _windows_to_come(case: Case, rule_id: str) -> tuple[list[datetime], list[datetime]]:
    found: list[datetime] = []
    single = len(case.spans) == 1 and not case.reopenings
    for pack, start, end in case.spans:
        rule = pack.duties.get(rule_id)
        if rule is None or end <= case.now or not isinstance(rule.recurrence, RepeatEach | RepeatEvery):
            continue
        for key, several in triggers(case, rule_id).items():
            firsts = (
                [several[0][0]] if single and not rule.each_trigger else [at for at, _ in several] + case.reopenings
            )
            for first in firsts:
                finished = ended_by(case, rule_id, key, first)
                if finished is None or finished[0] > case.now:
                    found += _next_window(case, pack, rule, first, max(start, case.now + MINUTE), end)
    return (found, []) if single else ([], found)


def _next_window(
    case: Case, pack: Pack, rule: Duty, first: datetime, from_: datetime, to: datetime
) -> Iterator[datetime]:
    for window in windows(rule, case.days(pack), first, from_):
        if window.start >= to:
            return
        if window.start >= from_:
            yield window.start
            return
