"""Laws of what is kept: an evaluation extended event by event, and moved on in time, equals evaluating the whole log (§13.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import example, given

from upstander.policy import compiled, guard, reference
from upstander.policy.arithmetic import start_of
from upstander.policy.compiled import follow
from upstander.policy.tests.drawn import START, Drawn, draw, seeds
from upstander.policy.tests.laws.looking import look


def _in_time(drawn: Drawn) -> list:
    """The log in order of happening, but now and then one that is written down later."""
    log = sorted(drawn.log, key=lambda event: event.at)
    if drawn.random.random() < 0.3:
        log.append(log.pop(drawn.random.randrange(len(log))))
    return log


def _steps(drawn: Drawn):
    """The evaluation after the first event, then after each other, some minutes or days later: (evaluation, log, now)."""
    log = _in_time(drawn)
    now = log[0].at
    kept = compiled.evaluate(drawn.series, log[:1], drawn.calendar, now, kind="case", record="c")
    for count in range(1, len(log)):
        event = log[count]
        waits = drawn.random.choice((0, 0, 0, 1, 60, 60 * 24, 60 * 24 * 9))
        now = max(now, event.at) + timedelta(minutes=waits)
        yield kept, log[:count], event, now
        if drawn.random.random() < 0.5:
            kept.would_break(event)
        kept = kept.extended(event, now)
        if drawn.random.random() < 0.25:
            now += timedelta(minutes=drawn.random.choice((1, 60, 60 * 24 * 40)))
            kept = kept.moved(now)
    yield kept, log, None, now


def _same(kept, drawn, log, now) -> None:
    whole = look(compiled, drawn, log=log, now=now)
    assert kept.picture == whole
    assert kept.picture.intervals == whole.intervals


@given(seeds)
@example(628 * 7 + 1)  # the first person of a role that a fact asks of the whole case
@example(6272 * 7 + 1)
def test_extending_event_by_event_equals_evaluating_the_whole_log(seed):
    """2. Evaluating event by event equals evaluating the whole log, with `next change` and the stretches of facts."""
    drawn = draw(seed, events=12)
    for kept, log, _, _ in _steps(drawn):
        _same(kept, drawn, log, kept.now)


@given(seeds)
def test_extending_equals_the_reference(seed):
    """9. What is kept from event to event gives the same verdicts as the reference."""
    drawn = draw(seed, events=8)
    *_, (kept, log, _, now) = _steps(drawn)
    plain = look(reference, drawn, log=log, now=now)

    assert kept.picture == plain
    assert kept.picture.intervals == plain.intervals


@given(seeds)
def test_the_guard_asked_of_what_is_kept_equals_the_guard_asked_of_the_log(seed):
    """The guard answers the same, whether it is asked of the whole log or of what is kept."""
    drawn = draw(seed, events=12)
    for kept, log, event, _ in _steps(drawn):
        if event is not None:
            found = kept.would_break(event)
            asked = guard.would_break(drawn.series, log, drawn.calendar, event, kind="case", record="c")
            assert found is None or found == asked


@given(seeds)
def test_a_guard_that_was_asked_in_vain_changes_nothing(seed):
    """Asking what an event would break, and not recording it, leaves everything as it was."""
    drawn = draw(seed, versions=1, events=12)
    for kept, log, event, now in _steps(drawn):
        if event is not None and event.at <= now:
            kept.would_break(event)
            _same(kept.moved(now), drawn, log, now)


@given(seeds)
def test_until_the_next_change_the_picture_is_the_same(seed):
    """11. Nothing changes before `next change`: until then what is kept answers for every moment."""
    drawn = draw(seed)
    log = [event for event in drawn.log if event.at <= drawn.now]
    kept = compiled.evaluate(drawn.series, log, drawn.calendar, drawn.now, kind="case", record="c")
    for minutes in (0, 1, 60 * 24, 60 * 24 * 60):
        moment = drawn.now + timedelta(minutes=minutes)
        found = kept.picture_at(moment)
        if found is not None:
            whole = look(compiled, drawn, log=log, now=moment)
            assert (found, found.intervals) == (whole, whole.intervals)


@given(seeds)
def test_what_began_under_the_latest_version_knows_no_other(seed):
    """10. A record whose events are all under the latest version is judged by it alone, and followed like any other."""
    drawn = draw(seed, versions=2, events=12)
    start = start_of(drawn.series.versions[1].in_force_from)
    late = timedelta(days=(start - START).days + 1)
    log = [
        replace(event, at=event.at + late, recorded=event.recorded + late)
        for event in sorted(drawn.log, key=lambda event: event.at)
    ]
    now = max(drawn.now + late, log[-1].at)

    kept = compiled.evaluate(drawn.series, log[:1], drawn.calendar, log[0].at, kind="case", record="c")
    for event in log[1:]:
        kept = kept.extended(event, event.at)
    kept, plain = kept.moved(now), look(reference, drawn, log=log, now=now)

    assert (kept.picture, kept.picture.intervals) == (plain, plain.intervals)
    whole = look(compiled, drawn, log=log, now=now)
    assert (whole, whole.intervals) == (plain, plain.intervals)


def test_most_events_need_no_whole_evaluation():
    """Of the logs that these laws are tried on, a good part goes the short way."""
    short = whole = 0
    for seed in range(60):
        for kept, _, event, now in _steps(draw(seed, versions=1, voids=False, events=12)):
            if event is not None:
                follows = follow.may_follow(kept._case, event, now)
                short, whole = short + follows, whole + (not follows)

    assert short > whole
