"""What a process keeps of its last evaluations: used where the log has only grown or time passed, and never anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from upstander.policy import compiled, guard, loader
from upstander.policy.calendar import Calendar
from upstander.policy.log import Doer, Event
from upstander.policy.model import Series
from upstander.policy.verdict import Picture
from upstander.records import engine

START = datetime(2026, 5, 11, 10, 20)
SERIES = Series((loader.load("starter"),))


def event(number: int, kind: str = "concern-received", hours: int = 0) -> Event:
    at = START + timedelta(hours=hours)
    return Event(f"e{number}", kind, at, at, Doer("t1", "principal"), {"target": ("s1",)})


def kinds() -> list[str]:
    pack = SERIES.versions[0]
    return [name for name, kind in pack.events.items() if not kind.built_in]


def whole(log: list[Event], now: datetime, calendar: Calendar | None = None) -> Picture:
    return compiled.picture(SERIES, log, calendar, now, kind="case", record="r1")


def asked(log: list[Event], now: datetime, calendar: Calendar | None = None) -> Picture:
    return engine.picture(SERIES, log, calendar, now, kind="case", record="r1")


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    engine._kept.clear()
    yield
    engine._kept.clear()


@pytest.fixture
def evaluations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long the logs were that had to be evaluated whole."""
    lengths: list[int] = []

    def counted(series: Series, log: list[Event], *rest: object, **more: object) -> compiled.Evaluation:
        lengths.append(len(log))
        return compiled.evaluate(series, log, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "evaluate", counted)
    return lengths


def test_a_log_that_grows_is_evaluated_whole_once(evaluations: list[int]) -> None:
    log: list[Event] = []
    for number, kind in enumerate(kinds()):
        log.append(event(number, kind, number))
        now = log[-1].at + timedelta(minutes=30)
        assert asked(log, now) == whole(log, now)

    assert evaluations == [1]


def test_looking_again_evaluates_nothing_until_the_next_change(evaluations: list[int]) -> None:
    log = [event(number, kind) for number, kind in enumerate(kinds())]
    coming = asked(log, START).next_change
    assert coming is not None
    for moment in (START + timedelta(minutes=1), coming - timedelta(minutes=1), coming):
        assert asked(log, moment) == whole(log, moment)

    assert evaluations == [len(log)]


def test_the_guard_asks_what_is_kept_and_its_answer_is_the_same(evaluations: list[int]) -> None:
    log = [event(0, kinds()[0])]
    asked(log, START)
    for number, kind in enumerate(kinds(), start=1):
        draft = event(number, kind, 1)
        found = engine.would_break(SERIES, log, None, draft, kind="case", record="r1")
        assert found == guard.would_break(SERIES, log, None, draft, kind="case", record="r1")

    assert asked(log, START + timedelta(hours=2)) == whole(log, START + timedelta(hours=2))
    assert evaluations == [1]


def test_what_was_rolled_back_leaves_no_trace() -> None:
    first, lost, other = event(0, kinds()[0]), event(1, kinds()[1], 1), event(2, kinds()[2], 1)
    asked([first], START)
    asked([first, lost], lost.at)

    assert asked([first, other], other.at) == whole([first, other], other.at)


def test_an_event_that_differs_under_the_same_id_is_noticed() -> None:
    log = [event(0, kinds()[0]), event(1, kinds()[1], 1)]
    asked(log, log[-1].at)
    other = [log[0], replace(log[1], about={"target": ("s2",)})]

    assert asked(other, log[-1].at) == whole(other, log[-1].at)


def test_another_calendar_and_an_earlier_moment_begin_anew(evaluations: list[int]) -> None:
    log = [event(0, kinds()[0]), event(1, kinds()[1], 48)]
    calendar = Calendar(closed=frozenset({START.date()}))
    for given, moment in ((None, log[1].at), (calendar, log[1].at), (calendar, START)):
        assert asked(log, moment, given) == whole(log, moment, given)

    assert evaluations == [2, 2, 2]


def test_only_the_last_records_are_kept() -> None:
    for number in range(engine._KEPT + 5):
        engine.picture(SERIES, [event(0, kinds()[0])], None, START, kind="case", record=f"r{number}")

    assert len(engine._kept) == engine._KEPT
    assert "r0" not in engine._kept
