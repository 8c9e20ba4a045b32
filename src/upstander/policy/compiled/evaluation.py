"""An evaluation that is kept: extended by an event, moved on in time, asked by the guard; whole again where that is not enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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

    __slots__ = ("_asked", "_case", "_picture", "record", "series")

    def __init__(self, case: Case, record: str, series: Series) -> None:
        self._case, self.record, self.series = case, record, series
        self._asked: Case | None = None
        self._picture: Picture | None = None

    @property
    def picture(self) -> Picture:
        """What ``picture`` answers for the log at ``now``; worked out when first asked for."""
        if self._picture is None:
            self._picture = whole(self._case, self.record)
        return self._picture

    @property
    def log(self) -> Sequence[Event]:
        """The log as it was given, in the order of writing."""
        return self._case.everything

    @property
    def now(self) -> datetime:
        return self._case.now

    def of(self, series: Series, calendar: Calendar | None, kind: str) -> bool:
        """Whether it was evaluated for this kind of record, under these very versions and this calendar."""
        case = self._case
        return (
            case.kind == kind
            and len(self.series.versions) == len(series.versions)
            and all(one is other for one, other in zip(self.series.versions, series.versions, strict=True))
            and (case.calendar is calendar or case.calendar == calendar)
        )

    def picture_at(self, now: datetime) -> Picture | None:
        """The picture at a moment at or after ``now`` up to which time changes nothing; None from the next change on."""
        picture = self.picture
        if now < self.now or not self._case.settled:
            return None
        if picture.next_change is not None and picture.next_change <= now:
            return None
        return replace(picture, now=now) if now != self.now else picture

    def extended(self, event: Event, now: datetime) -> Evaluation:
        """The evaluation at ``now`` with one event more, written last: the same as that of the whole log."""
        case, asked = self._case, self._asked
        if asked is not None and asked.everything[-1] == event and asked.now <= now and asked.settled:
            following = asked if asked.now == now else follow(asked, None, now)
            return Evaluation(following, self.record, self.series)
        if may_follow(case, event, now):
            return Evaluation(follow(case, event, now), self.record, self.series)
        return self._anew([*case.everything, event], now)

    def moved(self, now: datetime) -> Evaluation:
        """The same log at another moment."""
        case = self._case
        if now == case.now:
            return self
        if may_follow(case, None, now):
            return Evaluation(follow(case, None, now), self.record, self.series)
        return self._anew(case.everything, now)

    def _anew(self, log: Sequence[Event], now: datetime) -> Evaluation:
        case = self._case
        case = make(self.series, log, case.calendar, now, case.kind, None)
        return Evaluation(case, self.record, self.series)

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
    return Evaluation(make(series, log, calendar, now, kind, None), record, series)


__all__ = ["Evaluation", "evaluate"]
