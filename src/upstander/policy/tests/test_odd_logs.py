"""A log, however odd, has a picture: what no pattern matches does not count, and nothing raises."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given

from upstander.policy import compiled, reference
from upstander.policy.log import Doer, Event
from upstander.policy.tests.drawn import draw, seeds
from upstander.policy.tests.laws.looking import look

ODD_VALUES = (
    "",
    "soon",
    "2026-02-30",
    "9999-12-31",
    "0001-01-01",
    "∞",
    Decimal(-1),
    Decimal("1E+20"),
    (),
    ("a", "a"),
    "يمين",
)
ODD_KINDS = ("nothing", "void", "waive", "extend", "seen", "close", "reopen", "person-named", "")
ODD_MOMENTS = (datetime(1, 1, 1, 0, 1), datetime(9998, 12, 31, 23, 59), datetime(2026, 2, 1))


def _odd(random: Random, number: int) -> Event:
    names = ("n", "how", "day", "end", "event", "rule", "person", "to", "target")
    fields = {name: random.choice(ODD_VALUES) for name in names if random.random() < 0.5}
    about = {
        name: random.choice(((), ("s1", "s1"), ("",))) for name in ("target", "pupil", "x") if random.random() < 0.5
    }
    at = random.choice(ODD_MOMENTS) + timedelta(minutes=random.randint(0, 2))
    doer = Doer(random.choice((None, "")), random.choice((None, "", "head")))
    return Event(f"odd{number}", random.choice(ODD_KINDS), at, random.choice((at, ODD_MOMENTS[2])), doer, about, fields)


@given(seeds)
def test_an_odd_log_has_a_picture_and_both_strategies_agree(seed):
    """Bad input never raises: it does not count."""
    drawn = draw(seed)
    later = datetime(2026, 6, 1)
    log = [*drawn.log, *(_odd(drawn.random, number) for number in range(4))]
    log = [event for event in log if event.at.year > 2000]

    assert look(compiled, drawn, log=log, now=later) == look(reference, drawn, log=log, now=later)


@given(seeds)
def test_events_at_the_ends_of_time_do_not_raise(seed):
    drawn = draw(seed)
    log = [*drawn.log, *(_odd(drawn.random, number) for number in range(4))]

    picture = look(compiled, drawn, log=[event for event in log if event.at.year > 1000], now=datetime(2026, 6, 1))
    assert picture.record == "c"


def test_an_empty_log_has_an_empty_picture():
    drawn = draw(1)
    for strategy in (compiled, reference):
        picture = look(strategy, drawn, log=[])
        assert (picture.duties, picture.breaches, picture.facts) == ((), (), ())
