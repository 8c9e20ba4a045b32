"""Why a duty is there, when it is due and how that was reckoned, what became of it, and what would settle it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from upstander.policy.arithmetic import read_moment, start_of
from upstander.policy.calendar import Timetable
from upstander.policy.compiled.case import Case
from upstander.policy.compiled.due import Instance, Judged, due_at, opening, pauses
from upstander.policy.compiled.judging import judge, part_settled
from upstander.policy.explain import phrases
from upstander.policy.explain.telling import Pen
from upstander.policy.model import (
    AgainAfter,
    BecomesTrue,
    Deadline,
    Distance,
    Earliest,
    In,
    Said,
    SchoolDays,
    SimpleDeadline,
    WhenBreach,
    WhenOverdue,
    WorkingDays,
)
from upstander.policy.reference.judging import concerns
from upstander.policy.reference.world import may_act
from upstander.policy.sentences import deadline_words, distance_words
from upstander.policy.verdict import State


def tell(pen: Pen, case: Case, instance: Instance) -> None:
    """All of it, in the order in which one asks."""
    judged = judge(case, instance, case.now)
    _started(pen, case, instance)
    if judged.state is State.NOT_APPLICABLE and judged.why != ("until",) and judged.why != ("offer ended",):
        _blocked(pen, case, instance, judged)
        return
    _due(pen, case, instance, judged)
    _state(pen, case, instance, judged)
    if judged.state.open:
        _ahead(pen, case, instance)


def _started(pen: Pen, case: Case, instance: Instance) -> None:
    at, say, when = instance.at, phrases.STARTED, instance.rule.when
    named: dict[str, Any] = {"moments": (at,), "moment": pen.moment(at)}
    if instance.link:
        pen.tell("started.link", say["link"], **named)
        return
    if instance.events and instance.at != max(event.at for event in instance.events) and at in case.reopenings:
        pen.tell("started.reopened", say["reopened"], **named)
        return
    for event in instance.events:
        moment = event.at
        pen.tell(
            "started.event",
            say["event"],
            events=(event.id,),
            moments=(moment,),
            event=pen.event(event.id),
            moment=pen.moment(moment),
        )
    if isinstance(when, BecomesTrue):
        pen.tell("started.fact", say["fact"], facts=(when.fact,), fact=pen.writer.fact(when.fact), **named)
    elif isinstance(when, WhenOverdue):
        pen.tell("started.overdue", say["overdue"], duty=pen.writer.duty(when.duty), **named)
    elif isinstance(when, WhenBreach):
        pen.tell("started.breach", say["breach"], limit=pen.writer.limit(when.limit), **named)
    if instance.window is not None and not any(event.at == at for event in instance.events):
        pen.tell("started.window", say["window"], **named)


# --- the due moment ------------------------------------------------------------------------------------------------------


def _due(pen: Pen, case: Case, instance: Instance, judged: Judged) -> None:
    say, rule = phrases.DUE, instance.rule
    seen = judged.ended if judged.ended is not None else case.now
    known = due_at(case, instance, seen)
    by = rule.by
    again = rule.recurrence if isinstance(rule.recurrence, AgainAfter) else None
    if again is not None and (instance.link or by is None):
        by = In(again.distance)
        pen.tell("due.rule", say["rule"], deadline=distance_words(again.distance, pen.lang))
    elif by is not None:
        pen.tell("due.rule", say["rule"], deadline=deadline_words(pen.pack, by, pen.lang))
    stretch = instance.window or instance.place
    if stretch is not None and stretch.end is not None:
        first, last = stretch.start, stretch.end
        pen.tell("due.window", say["window"], moments=(first, last), first=pen.moment(first), last=pen.moment(last))
    opens = opening(case, instance, seen).at
    if opens is not None and opens > instance.at and instance.place is None:
        pen.tell("due.opens", say["opens"], moments=(opens,), moment=pen.moment(opens))
    _pauses(pen, case, instance, seen)
    _skipped(pen, case, instance, by, known.at, seen)
    _extended(pen, case, instance, seen)
    if known.at is not None:
        pen.tell("due.at", say["at"], moments=(known.at,), moment=pen.moment(known.at))
    elif not known.flags and by is not None:
        pen.tell("due.none", say["none" if _judged(by) else "not-yet"])
    for flag in judged.flags:
        if flag in phrases.FLAGS:
            pen.tell(f"flag.{flag.replace(' ', '-')}", phrases.FLAGS[flag])


def _judged(by: Deadline) -> bool:
    while isinstance(by, Said):
        by = by.means
    return by is SimpleDeadline.JUDGED


def _pauses(pen: Pen, case: Case, instance: Instance, seen: datetime) -> None:
    fact = instance.rule.paused_while
    if fact is None:
        return
    for first, last in pauses(case, instance, seen):
        pen.tell(
            "due.paused",
            phrases.DUE["paused"],
            facts=(fact,),
            moments=(first, last),
            first=pen.moment(first),
            last=pen.moment(last),
            fact=pen.writer.fact(fact),
        )


def _counted(by: Deadline | None) -> Distance | None:
    """The school or working days that a deadline counts, if it does."""
    if isinstance(by, Said):
        return _counted(by.means)
    if isinstance(by, Earliest):
        return next((found for part in by.of if (found := _counted(part)) is not None), None)
    return by.distance if isinstance(by, In) and isinstance(by.distance, SchoolDays | WorkingDays) else None


def _skipped(
    pen: Pen, case: Case, instance: Instance, by: Deadline | None, due: datetime | None, seen: datetime
) -> None:
    """From which day the count goes, and each day that was passed over, with the reason."""
    distance = _counted(by)
    if distance is None or due is None:
        return
    pen.tell("due.first-day", phrases.DUE["first-day"], moments=(instance.at,), day=pen.day(instance.at))
    days, waiting = case.days(instance.pack), pauses(case, instance, seen)
    told: list[str] = []
    moments: list[datetime] = []
    day = instance.at.date() + timedelta(days=1)
    while day <= due.date() and len(told) < 60:
        reason = why_not(days, start_of(day), working=isinstance(distance, WorkingDays))
        if reason is None and any(first.date() <= day <= last.date() for first, last in waiting):
            reason = "paused"
        if reason is not None:
            moments.append(start_of(day))
            told.append(pen.writer.say(phrases.WHY_SKIPPED[reason], day=pen.day(start_of(day))))
        day += timedelta(days=1)
    if told:
        words = pen.writer.both(told)
        pen.tell("due.skipped", phrases.DUE["skipped"], moments=tuple(moments), days=words)


def why_not(days: Timetable, moment: datetime, *, working: bool) -> str | None:
    """Why a day is no school (or working) day; None where it is one."""
    day, calendar = moment.date(), days.calendar
    if days.is_working_day(day) if working else days.is_school_day(day):
        return None
    weekend = calendar.weekend if calendar is not None and days.has_data(day) else days.hints.weekend
    if day.weekday() in weekend:
        return "weekend"
    if calendar is not None and day in calendar.public_holidays:
        return "holiday"
    if calendar is not None and day in calendar.closed:
        return "closed"
    return "between-terms"


def _extended(pen: Pen, case: Case, instance: Instance, seen: datetime) -> None:
    if "extended" not in due_at(case, instance, seen).flags:
        return
    for event in case.decisions.get(("extend", instance.rule.id), ()):
        to = read_moment(event.fields.get("to"))
        allowed = may_act(instance.pack, event.by.role, instance.rule.extended_by) and concerns(event, instance.key)
        if allowed and to is not None and instance.at <= event.at <= seen:
            pen.tell(
                "due.extended",
                phrases.DUE["extended"],
                events=(event.id,),
                moments=(event.at, to),
                moment=pen.moment(event.at),
                to=pen.moment(to),
            )


# --- what became of it -----------------------------------------------------------------------------------------------


def _blocked(pen: Pen, case: Case, instance: Instance, judged: Judged) -> None:
    for fact in judged.why:
        sort = "if" if fact in instance.rule.if_ else "unless" if fact in instance.rule.unless else "paused"
        pen.tell(
            f"blocked.{sort}",
            phrases.BLOCKED[sort],
            facts=(fact,),
            moments=(instance.at,),
            fact=pen.writer.fact(fact),
            moment=pen.moment(instance.at),
        )


def _state(pen: Pen, case: Case, instance: Instance, judged: Judged) -> None:
    state, say = judged.state.value, phrases.STATE
    if judged.settled is not None:
        event, at = judged.settled.event, judged.settled.at
        named: dict[str, Any] = {"event": pen.event(event), "moment": pen.moment(at)}
        pen.tell(f"state.{state}", say[state], events=(event,), moments=(at,), **named)
    elif judged.why == ("until",) and judged.ended is not None and instance.rule.until is not None:
        ends = case.found(instance.pack, instance.rule.until, instance.key)[1]
        found = next(event for event in ends if event.at == judged.ended)
        named = {"event": pen.event(found.id), "moment": pen.moment(found.at)}
        pen.tell("state.until", say["until"], events=(found.id,), moments=(found.at,), **named)
    elif judged.why == ("offer ended",):
        pen.tell("state.offer-ended", say["offer ended"])
    elif judged.state is State.PAUSED and instance.rule.paused_while is not None:
        fact = instance.rule.paused_while
        pen.tell("state.paused", say["paused"], facts=(fact,), fact=pen.writer.fact(fact))
    elif state in say:
        pen.tell(f"state.{state}", say[state])


def _ahead(pen: Pen, case: Case, instance: Instance) -> None:
    rule, say, writer = instance.rule, phrases.AHEAD, pen.writer
    pen.tell("settle", say["settle"], event=writer.patterns(rule.must))
    missing = [part for part in rule.must if part_settled(case, instance, part, case.now) is None]
    if 0 < len(missing) < len(rule.must):
        pen.tell("settle.missing", say["missing"], event=writer.patterns(missing))
    if rule.waived_by:
        pen.tell("waive", say["waive"], roles=rule.waived_by, posts=writer.posts(rule.waived_by))
    else:
        pen.tell("waive.nobody", say["nobody"])
    if rule.extended_by:
        pen.tell("extend", say["extend"], roles=rule.extended_by, posts=writer.posts(rule.extended_by))
