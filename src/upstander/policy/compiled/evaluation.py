"""An evaluation that is kept: extended by an event, moved on in time, asked by the guard; whole again where that is not enough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from upstander.policy.calendar import Calendar
from upstander.policy.compiled.case import Case, make
from upstander.policy.compiled.follow import follow, may_follow
from upstander.policy.compiled.limits import breaches_by
from upstander.policy.compiled.picture import whole
from upstander.policy.log import Event
from upstander.policy.model import Series
from upstander.policy.verdict import Breach, Picture


class Evaluation:
    """One record at a moment: its picture, and what the next can be made from. Used by one thread at a time."""

    __slots__ = ("_asked", "_case", "picture")

    def __init__(self, case: Case, record: str) -> None:
        self._case = case
        self._asked: Case | None = None
        self.picture: Picture = whole(case, record)

    @property
    def log(self) -> Sequence[Event]:
        """The log as it was given, in the order of writing."""
        return self._case.everything

    @property
    def now(self) -> datetime:
        return self._case.now

    def of(self, series: Series, calendar: Calendar | None) -> bool:
        """Whether it was evaluated under these versions and this calendar."""
        case = self._case
        return (case.series is series or case.series.versions == series.versions) and (
            case.calendar is calendar or case.calendar == calendar
        )

    def extended(self, event: Event, now: datetime) -> Evaluation:
        """The evaluation at ``now`` with one event more, written last: the same as that of the whole log."""
        case, asked = self._case, self._asked
        if asked is not None and asked.everything[-1] == event and asked.now <= now and asked.settled:
            following = asked if asked.now == now else follow(asked, None, now)
            return Evaluation(following, self.picture.record)
        if may_follow(case, event, now):
            return Evaluation(follow(case, event, now), self.picture.record)
        return self._anew([*case.everything, event], now)

    def moved(self, now: datetime) -> Evaluation:
        """The same log at another moment."""
        case = self._case
        if now == case.now:
            return self
        if may_follow(case, None, now):
            return Evaluation(follow(case, None, now), self.picture.record)
        return self._anew(case.everything, now)

    def _anew(self, log: Sequence[Event], now: datetime) -> Evaluation:
        case = self._case
        return Evaluation(make(case.series, log, case.calendar, now, case.kind, None), self.picture.record)

    def would_break(self, event: Event) -> list[Breach] | None:
        """What the guard answers (``guard.would_break``); None where the whole log has to be asked."""
        moment = max(event.at, event.recorded)
        if not may_follow(self._case, event, moment):
            return None
        self._asked = follow(self._case, event, moment)
        return sorted(breaches_by(self._asked, event), key=lambda breach: (breach.rule, breach.key))


def evaluate(
    series: Series, log: Sequence[Event], calendar: Calendar | None, now: datetime, *, kind: str, record: str
) -> Evaluation:
    """What ``picture`` answers, kept so that the next event or moment need not start from nothing."""
    return Evaluation(make(series, log, calendar, now, kind, None), record)


__all__ = ["Evaluation", "evaluate"]
