"""Which strategy of the policy engine the application runs: the compiled one, which means the same as the reference."""

from __future__ import annotations

import contextlib
import logging
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime

from upstander.policy import compiled, guard, reference
from upstander.policy.calendar import Calendar
from upstander.policy.compiled import Evaluation, evaluate
from upstander.policy.log import Event
from upstander.policy.model import Series
from upstander.policy.reference.world import struck_ids
from upstander.policy.verdict import Breach, Picture

log_of_failures = logging.getLogger("upstander.records")


_KEPT = 32
_kept: OrderedDict[str, Evaluation] = OrderedDict()
"""What this process evaluated last, by record. An evaluation is taken out while a thread uses it."""


def picture(
    series: Series, log: Sequence[Event], calendar: Calendar | None, now: datetime, *, kind: str, record: str
) -> Picture:
    """The whole answer for one record at a civil minute.

    What this process found before is used where the log has only grown or time passed. Should the fast strategy fail on a
    log, the reference answers: a report is never refused because of the engine.
    """
    try:
        kept = _taken(series, log, calendar, kind, record)
        found, evaluation = _found(kept, log, now)
        if evaluation is None:
            # A copy: the caller's list grows by what it records next, and what is kept must not grow with it.
            evaluation = evaluate(series, list(log), calendar, now, kind=kind, record=record)
            found = evaluation.picture
        _keep(record, evaluation)
        return found if found is not None else evaluation.picture
    except Exception as problem:
        log_of_failures.exception("the compiled policy failed on record %s: %s", record, type(problem).__name__)
        return reference.picture(series, log, calendar, now, kind=kind, record=record)


def picture_once(
    series: Series, log: Sequence[Event], calendar: Calendar | None, now: datetime, *, kind: str, record: str
) -> Picture:
    """The same for one of many records in a row: nothing is looked for among what was found before, and nothing is kept."""
    try:
        return compiled.picture(series, log, calendar, now, kind=kind, record=record)
    except Exception as problem:
        log_of_failures.exception("the compiled policy failed on record %s: %s", record, type(problem).__name__)
        return reference.picture(series, log, calendar, now, kind=kind, record=record)


def _found(kept: Evaluation | None, log: Sequence[Event], now: datetime) -> tuple[Picture | None, Evaluation | None]:
    """The picture from what is kept, and what to keep; nothing where the whole log has to be evaluated."""
    if kept is None or now < kept.now:
        return None, None
    more = log[len(kept.log) :]
    if not more and (there := kept.picture_at(now)) is not None:
        return there, kept
    for event in more:
        kept = kept.extended(event, now)
    kept = kept.moved(now)
    return kept.picture, kept


def _taken(
    series: Series, log: Sequence[Event], calendar: Calendar | None, kind: str, record: str
) -> Evaluation | None:
    """The last evaluation of a record, if this log only adds to the one it was made from."""
    kept = _kept.pop(record, None)
    if kept is None or not kept.of(series, calendar, kind):
        return None
    length = len(kept.log)
    if not 0 < length <= len(log) <= length + 8 or kept.log[-1] != log[length - 1]:
        return None
    same = all(one.id == other.id for one, other in zip(kept.log, log, strict=False))  # events never change
    return kept if same else None


def _keep(record: str, evaluation: Evaluation) -> None:
    _kept[record] = evaluation
    while len(_kept) > _KEPT:
        with contextlib.suppress(KeyError):  # another thread was faster
            _kept.popitem(last=False)


def would_break(
    series: Series, log: Sequence[Event], calendar: Calendar | None, event: Event, *, kind: str, record: str
) -> list[Breach]:
    """The limits that recording this event would break."""
    kept = _taken(series, log, calendar, kind, record)
    if kept is not None:
        found = kept.would_break(event) if len(kept.log) == len(log) else None
        _keep(record, kept)
        if found is not None:
            return found
    return guard.would_break(series, log, calendar, event, kind=kind, record=record)


def struck(series: Series, log: Sequence[Event], now: datetime) -> frozenset[str]:
    """The ids of the events that voids strike."""
    return struck_ids(series, log, now)
