"""The same log under the three strategies gives the same verdicts (§13.9)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import example, given, settings

from upstander.policy import compiled, reference
from upstander.policy.conformance.columns import Encoder, encode
from upstander.policy.conformance.evaluate import evaluate
from upstander.policy.conformance.pictures import pictures
from upstander.policy.conformance.tests.logs import random_log
from upstander.policy.model import (
    Alternative,
    During,
    Overdue,
    Pattern,
    Quiet,
    Series,
    Span,
)
from upstander.policy.tests import shipped
from upstander.policy.tests.drawn import Drawn, draw, seeds
from upstander.policy.tests.laws.looking import look
from upstander.policy.tests.test_odd_logs import _odd as odd_event
from upstander.policy.verdict import Picture


def columnar(drawn: Drawn, log=None) -> Picture:
    """The picture of one drawn record by columns."""
    columns = encode([("c", "case", drawn.log if log is None else log)])
    [picture] = pictures(evaluate(columns, drawn.series, drawn.calendar, drawn.now))
    return picture


def core(picture: Picture) -> Picture:
    """Duties, breaches, facts, closable and missing; when it next changes is asked of single records only."""
    return replace(picture, next_change=None, intervals=(), closed=False, watched=False)


def plain(drawn: Drawn) -> Drawn:
    """The same without the constructs that columns hand over, so that they do nearly all themselves."""
    return replace(drawn, series=Series(tuple(map(_plain_pack, drawn.series.versions))))


def _plain_pack(pack):
    facts = {name: replace(fact, form=_plain_form(fact.form)) for name, fact in pack.facts.items()}
    duties = {name: replace(duty, paused_while=None) for name, duty in pack.duties.items()}
    return replace(pack, facts=facts, duties=duties)


def _plain_form(form):
    if isinstance(form, Overdue | During):
        return Quiet(Pattern((Alternative("seen"),)), Pattern((Alternative("told"),)), Span(days=1))
    return form


@given(seeds)
@example(21191)  # links of two chains that arise in one minute
def test_columns_do_most_rules_themselves_and_agree(seed):
    """9. The same log under the three strategies gives the same verdicts: with little handed over."""
    drawn = plain(draw(seed, versions=1))

    assert core(columnar(drawn)) == core(look(reference, drawn))


@given(seeds)
def test_the_same_log_under_the_three_strategies_gives_the_same_verdicts(seed):
    """9. The same log under the three strategies gives the same verdicts, under one version or two."""
    drawn = draw(seed)
    expected = core(look(reference, drawn))

    assert core(look(compiled, drawn)) == expected
    assert core(columnar(drawn)) == expected


@given(seeds)
def test_an_odd_log_is_judged_as_the_compiled_strategy_judges_it(seed):
    drawn = draw(seed, versions=1)
    later = replace(drawn, now=datetime(2026, 6, 1))
    log = [*drawn.log, *(odd_event(drawn.random, number) for number in range(4))]
    log = [event for event in log if event.at.year > 1000]

    assert core(columnar(later, log)) == core(look(compiled, later, log=log))


def test_a_log_without_events_that_count_has_empty_pictures():
    drawn = draw(1, versions=1)
    early = replace(drawn, now=datetime(2020, 1, 1))

    assert core(columnar(early)) == core(look(compiled, early))
    assert list(pictures(evaluate(encode([]), drawn.series.versions[0], None, drawn.now))) == []


@given(seeds)
def test_many_records_in_small_chunks_on_threads_are_each_what_they_are_alone(seed):
    drawn = plain(draw(seed, versions=1))
    pack = drawn.series.versions[0]
    others = [draw(seed + number, versions=1).log for number in range(1, 7)]
    logs = {f"r{number}": log for number, log in enumerate([drawn.log, *others])}
    scattered = [(name, position, event) for name, log in logs.items() for position, event in enumerate(log)]
    scattered.sort(key=lambda entry: (entry[1], entry[0]))  # records lie across each other in the file
    encoder = Encoder()
    for name, _, event in scattered:
        encoder.add(name, "case", event)

    verdicts = evaluate(encoder.finish(), pack, drawn.calendar, drawn.now, threads=2, chunk=3)

    for picture in pictures(verdicts):
        alone = replace(drawn, log=logs[picture.record])
        assert core(picture) == replace(core(look(compiled, alone)), record=picture.record)


@pytest.mark.parametrize("name", ["jp-junior-high", "gb-secondary", "starter"])
@settings(max_examples=settings().max_examples // 5)  # forty events against some hundred rules, four records each
@given(seeds)
def test_the_packs_of_the_app_agree(name, seed):
    pack, random = shipped.pack(name), Random(seed)
    logs = [(f"r{number}", "case", random_log(pack, random)) for number in range(4)]
    now = random.choice(logs)[2][-1].at + timedelta(minutes=random.choice((0, 1, 60, 1440 * 20)))

    for picture, (record, kind, log) in zip(pictures(evaluate(encode(logs), pack, None, now)), logs, strict=True):
        expected = compiled.picture(Series((pack,)), log, None, now, kind=kind, record=record)
        assert core(picture) == core(expected)


def survey(first: int, last: int, *, only_plain: bool = False, versions: int | None = 1) -> Counter[str]:
    """How much of drawn packs columns do themselves, and how often they differ from the compiled strategy; for reports."""
    counts: Counter[str] = Counter()
    for seed in range(first, last):
        drawn = plain(draw(seed, versions=versions)) if only_plain else draw(seed, versions=versions)
        columns = encode([("c", "case", drawn.log)])
        verdicts = evaluate(columns, drawn.series, drawn.calendar, drawn.now)
        [mine], theirs = pictures(verdicts), look(compiled, drawn)
        own = sum(len(block.instances) for part in verdicts.chunks for block in part.duties)
        counts += Counter(
            examples=1,
            instances=len(theirs.duties),
            instances_by_columns=own,
            breaches=len(theirs.breaches),
            breaches_by_columns=sum(len(block.acts.row) for part in verdicts.chunks for block in part.limits),
            facts=len(theirs.facts),
            differ=int(core(mine) != core(theirs)),
        )
        counts.update(f"handed: {reason}" for reason in verdicts.reasons.values())
        counts["whole"] += len(verdicts.whole)
    return counts
