"""How one instance of a duty stands at a moment: what settled it, when it is due, why it does not apply (§4.2-4.9, States)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from upstander.policy.arithmetic import MINUTE, read_moment
from upstander.policy.log import Event
from upstander.policy.model import AgainAfter, Duty, Pack, Pattern, Strength
from upstander.policy.reference import deadlines, facts, match
from upstander.policy.reference.deadlines import ASSUMED, NO_CALENDAR, NO_DATE, Due, Reckoning
from upstander.policy.reference.windows import Stretch
from upstander.policy.reference.world import World, may_act
from upstander.policy.verdict import Key, Settled, State

RECORDED_LATE, LATE, EXTENDED = "recorded late", "late", "extended"
FLAGS = (RECORDED_LATE, LATE, ASSUMED, NO_CALENDAR, NO_DATE, EXTENDED)
UNTIL, OFFER_ENDED = "until", "offer ended"


@dataclass(frozen=True, eq=False, slots=True)
class Arising:
    """One instance as it arose. ``window``: of ``repeat``; ``place``: of ``in`` or ``on``; ``link``: a later link of a chain."""

    rule: Duty
    pack: Pack
    key: Key
    at: datetime
    because: tuple[str, ...]
    triggers: tuple[Event, ...]
    window: Stretch | None = None
    place: Stretch | None = None
    link: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """``ended``: when the state became final; ``passed``: the minute after a due moment that passed open."""

    state: State
    due: datetime | None
    due_from: datetime | None = None
    settled: Settled | None = None
    why: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    ended: datetime | None = None
    passed: datetime | None = None
    by_close: bool = False


class End(NamedTuple):
    """What could end an instance; of one minute the lower rank goes first: settle, waive, until."""

    at: datetime
    rank: int
    state: State
    event: Event
    recorded: datetime


def judge(world: World, arising: Arising, moment: datetime) -> Judgement:
    """The state at a moment, from events at or before it."""
    marker = ("judge", arising, moment)
    if marker not in world.memo:
        world.memo[marker] = _judge(world, arising, moment)
    answer: Judgement = world.memo[marker]
    return answer


def _judge(world: World, arising: Arising, moment: datetime) -> Judgement:
    reasons = blocked(world, arising)
    if reasons:
        known = due_at(world, arising, arising.at)
        return Judgement(State.NOT_APPLICABLE, known.at, why=reasons, flags=_sorted(known.flags), ended=arising.at)
    end = _first_end(world, arising, moment)
    last = arising.window.end if arising.window is not None else None
    seen = min(part for part in (moment, end.at if end else None, last) if part is not None)
    known = due_at(world, arising, seen)
    after_due = known.at is not None and (end.at if end else moment) > known.at
    if after_due and known.at is not None:
        known = due_at(world, arising, known.at)  # a pause after the due moment touches nothing
    if after_due and known.at is not None and arising.rule.strength is Strength.MAY:
        flags = _sorted(known.flags)
        return Judgement(State.NOT_APPLICABLE, known.at, why=(OFFER_ENDED,), flags=flags, ended=known.at + MINUTE)
    passed = known.at + MINUTE if after_due and known.at is not None else None
    if end is not None:
        return _ended(arising, end, known, passed)
    closed = _closed_window(world, arising, moment, known)
    return closed if closed is not None else _open(world, arising, moment, known, passed)


def blocked(world: World, arising: Arising) -> tuple[str, ...]:
    """The facts that are not as ``if`` and ``unless`` ask at the moment of arising."""
    rule, pack, key, at = arising.rule, arising.pack, arising.key, arising.at
    lacking = [fact for fact in rule.if_ if not facts.asked(world, pack, fact, key, at)]
    return (*lacking, *(fact for fact in rule.unless if facts.asked(world, pack, fact, key, at)))


def _sorted(flags: frozenset[str]) -> tuple[str, ...]:
    return tuple(flag for flag in FLAGS if flag in flags)


# --- ends --------------------------------------------------------------------------------------------------------------


def _first_end(world: World, arising: Arising, moment: datetime) -> End | None:
    ends = [settling(world, arising, moment), waiving(world, arising, moment), falling(world, arising, moment)]
    return min((end for end in ends if end is not None), key=lambda end: (end.at, end.rank), default=None)


def _ended(arising: Arising, end: End, known: Due, passed: datetime | None) -> Judgement:
    late = passed is not None
    flags, state, settled = set(known.flags), end.state, Settled(end.event.id, end.at)
    if state is State.MET:
        state = State.MET_LATE if late else State.MET
        if not late and known.at is not None and end.recorded > known.at:
            flags.add(RECORDED_LATE)
    if state is State.WAIVED and late:
        flags.add(LATE)
    if state is State.NOT_APPLICABLE:
        by_close = end.event.kind == "close"
        return Judgement(
            state, known.at, why=(UNTIL,), flags=_sorted(frozenset(flags)), ended=end.at, by_close=by_close
        )
    return Judgement(state, known.at, settled=settled, flags=_sorted(frozenset(flags)), ended=end.at, passed=passed)


def _counts(arising: Arising, moment: datetime) -> bool:
    """Whether an event of this moment may settle or waive the instance, as far as its own minutes go."""
    later_only = arising.link or (arising.window is not None and arising.window.after_start)
    if moment < arising.at or (later_only and moment == arising.at):
        return False
    return arising.window is None or arising.window.end is None or moment <= arising.window.end


def candidates(world: World, arising: Arising, pattern: Pattern, moment: datetime) -> list[Event]:
    """The events up to a moment that count towards settling: not the triggers, not before the window opens."""
    opens = opening(world, arising, moment)
    if arising.rule.early_counts:
        opens = Due(arising.at)
    triggers, carrying = {event.id for event in arising.triggers}, tuple(name for name, _ in arising.key)
    return [
        event
        for event in match.matching(world, arising.pack, pattern, arising.key, moment, carrying)
        if event.id not in triggers and _counts(arising, event.at) and opens.at is not None and event.at >= opens.at
    ]


def settling(world: World, arising: Arising, moment: datetime) -> End | None:
    """By the first event that matches ``must``; ``times: n`` by the n-th minute; of *all of* by the last of them."""
    parts = [_settling(world, arising, pattern, moment) for pattern in arising.rule.must]
    done = [part for part in parts if part is not None]
    if len(done) < len(parts) or not done:
        return None
    last = max(part.at for part in done)
    event = min((part.event for part in done if part.at == last), key=world.events.index)
    return End(last, 0, State.MET, event, max(part.recorded for part in done))


def _settling(world: World, arising: Arising, pattern: Pattern, moment: datetime) -> End | None:
    minutes: dict[datetime, list[Event]] = {}
    for event in candidates(world, arising, pattern, moment):
        minutes.setdefault(event.at, []).append(event)
    counted = sorted(minutes)[: arising.rule.times]
    if len(counted) < arising.rule.times:
        return None
    recorded = max(min(event.recorded for event in minutes[minute]) for minute in counted)
    return End(counted[-1], 0, State.MET, minutes[counted[-1]][0], recorded)


def waiving(world: World, arising: Arising, moment: datetime) -> End | None:
    """By the first ``waive`` by a role that may, at or after the arising."""
    for event in decisions(world, "waive", arising, arising.rule.waived_by, moment):
        if _counts(arising, event.at):
            return End(event.at, 1, State.WAIVED, event, event.recorded)
    return None


def decisions(world: World, kind: str, arising: Arising, roles: Sequence[str], moment: datetime) -> list[Event]:
    """The ``waive`` or ``extend`` events for this rule and key by one of these roles; without roles nobody can."""
    return [
        event
        for event in world.events
        if event.kind == kind
        and arising.at <= event.at <= moment
        and event.fields.get("rule") == arising.rule.id
        and roles
        and may_act(arising.pack, event.by.role, roles)
        and concerns(event, arising.key)
    ]


def concerns(event: Event, key: Key) -> bool:
    """With ``person`` it concerns the keys that contain the person, without it all."""
    persons = [*event.about.get("person", ()), *match.texts(event.fields.get("person", ()))]
    return not persons or any(value in persons for _, value in key)


def falling(world: World, arising: Arising, moment: datetime) -> End | None:
    """By an ``until`` at or after the arising and at or before the due moment; after it nothing is laundered."""
    if arising.rule.until is None:
        return None
    events = match.matching(world, arising.pack, arising.rule.until, arising.key, moment)
    later = [event for event in events if event.at >= arising.at]
    if not later:
        return None
    at = later[0].at
    known = due_at(world, arising, at)
    if known.at is not None and at > known.at:
        return None
    of_minute = [event for event in later if event.at == at]
    event = next((event for event in of_minute if event.kind == "close"), of_minute[0])
    return End(at, 2, State.NOT_APPLICABLE, event, event.recorded)


# --- due ---------------------------------------------------------------------------------------------------------------


def due_at(world: World, arising: Arising, moment: datetime) -> Due:
    """The due moment in force at a moment: reckoned, moved by pauses, extended; of a window never after its end."""
    marker = ("due", arising, moment)
    if marker not in world.memo:
        world.memo[marker] = _due_at(world, arising, moment)
    answer: Due = world.memo[marker]
    return answer


def _due_at(world: World, arising: Arising, moment: datetime) -> Due:
    known = _base(world, arising, moment)
    granted: datetime | None = None
    for event in decisions(world, "extend", arising, arising.rule.extended_by, moment):
        then, to = _base(world, arising, event.at).at, read_moment(event.fields.get("to"))
        in_force = max((part for part in (then, granted) if part is not None), default=None)
        if then is None or in_force is None or event.at > in_force or to is None:
            continue
        granted = max(to, granted or to)
    if granted is not None and known.at is not None and granted > known.at:
        known = Due(granted, known.flags | {EXTENDED})
    window = arising.window
    if window is not None and window.end is not None and known.at is not None:
        known = Due(min(known.at, window.end), known.flags)
    return Due(known.at, known.flags | opening(world, arising, moment).flags)


def _base(world: World, arising: Arising, moment: datetime) -> Due:
    """As the rule says, moved by the pauses up to the moment."""
    rule, window, place = arising.rule, arising.window, arising.place
    pauses = pauses_of(world, arising, moment)
    again = rule.recurrence if isinstance(rule.recurrence, AgainAfter) else None
    days = world.days(arising.pack)
    if again is not None and (arising.link or rule.by is None):
        return deadlines.moved(days, arising.at, again.distance, pauses)
    if window is not None and window.end is None:
        return Due(None, window.flags)
    found = []
    if rule.by is not None:
        found.append(deadlines.due(rule.by, reckoning(world, arising, moment, pauses)))
    if place is not None:
        found.append(Due(place.end, place.flags))
    if window is not None and (rule.by is None or found[0].at is not None):
        found.append(Due(window.end, window.flags))
    return deadlines.earliest(found) if found else Due(None)


def reckoning(world: World, arising: Arising, moment: datetime, pauses: deadlines.Spells = ()) -> Reckoning:
    in_window = arising.window is not None
    return Reckoning(world, arising.pack, arising.key, arising.at, arising.triggers, moment, pauses, in_window)


def pauses_of(world: World, arising: Arising, moment: datetime) -> list[tuple[datetime, datetime]]:
    """The minutes after the arising, up to the moment, in which ``paused while`` holds."""
    fact = arising.rule.paused_while
    return facts.spells(world, arising.pack, fact, arising.key, arising.at + MINUTE, moment) if fact is not None else []


def opening(world: World, arising: Arising, moment: datetime) -> Due:
    """From when the instance can be settled (``not before`` and windows of ``in``, ``on``); None: not known yet."""
    found = [Due(arising.at)]
    if arising.rule.not_before is not None:
        found.append(deadlines.due(arising.rule.not_before, reckoning(world, arising, moment)))
    if arising.place is not None:
        found.append(Due(arising.place.start, arising.place.flags))
    flags = frozenset().union(*(part.flags for part in found))
    if any(part.at is None for part in found):
        return Due(None, flags)
    return Due(max(part.at for part in found if part.at is not None), flags)


# --- open, or closed by time -------------------------------------------------------------------------------------------


def _closed_window(world: World, arising: Arising, moment: datetime, known: Due) -> Judgement | None:
    """What the end of a window makes of an instance that nothing ended: *lapsed*, or *not applicable* if all of it was a pause."""
    window, place = arising.window, arising.place
    if window is not None and window.end is not None and moment > window.end:
        end, start = window.end, window.start + MINUTE
    elif place is not None and place.end is not None and moment > place.end:
        end, start = place.end, max(arising.at + MINUTE, place.start)
    else:
        return None
    if start <= end and (start, end) in pauses_within(world, arising, start, end):
        why = (arising.rule.paused_while or "",)
        early = known.at + MINUTE if known.at is not None and known.at < end else None
        flags = _sorted(known.flags)
        return Judgement(State.NOT_APPLICABLE, known.at, why=why, flags=flags, ended=end + MINUTE, passed=early)
    if window is None:
        return None
    passed = known.at + MINUTE if known.at is not None else end + MINUTE
    flags = _sorted(known.flags)
    return Judgement(
        State.LAPSED, known.at, why=missing_parts(world, arising, end), flags=flags, ended=end + MINUTE, passed=passed
    )


def pauses_within(world: World, arising: Arising, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    fact = arising.rule.paused_while
    return facts.spells(world, arising.pack, fact, arising.key, start, end) if fact is not None else []


def _open(world: World, arising: Arising, moment: datetime, known: Due, passed: datetime | None) -> Judgement:
    flags, why = _sorted(known.flags), missing_parts(world, arising, moment)
    opens = opening(world, arising, moment)
    remind = arising.rule.remind
    due_from = None
    if known.at is not None and remind is not None:
        due_from = deadlines.back(world.days(arising.pack), known.at, remind).at
    paused = _is_paused(world, arising, moment, known)
    if opens.at is None or moment < opens.at:
        if paused:
            return Judgement(State.UPCOMING, None, why=why)
        return Judgement(State.UPCOMING, known.at, due_from, why=why, flags=flags)
    if passed is not None:
        return Judgement(State.OVERDUE, known.at, due_from, why=why, flags=flags, passed=passed)
    if paused:
        return Judgement(State.PAUSED, None, why=why)
    state = State.DUE if due_from is not None and moment >= due_from else State.PENDING
    return Judgement(state, known.at, due_from, why=why, flags=flags)


def _is_paused(world: World, arising: Arising, moment: datetime, known: Due) -> bool:
    fact = arising.rule.paused_while
    if fact is None or moment <= arising.at or (known.at is not None and moment >= known.at):
        return False
    return facts.asked(world, arising.pack, fact, arising.key, moment)


def missing_parts(world: World, arising: Arising, moment: datetime) -> tuple[str, ...]:
    """Of ``all of``, the kinds that are still missing."""
    if len(arising.rule.must) < 2:
        return ()
    return tuple(
        pattern.alternatives[0].kind
        for pattern in arising.rule.must
        if _settling(world, arising, pattern, moment) is None
    )
