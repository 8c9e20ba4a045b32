"""How long one case takes: 200 events against the whole Japanese pack, under both strategies.

    .venv/bin/python benchmarks/engine.py [--pack jp-junior-high] [--events 200] [--rounds 200]

Prints, in milliseconds of processor time, p50 and p99 of the whole evaluation (facts, duties, breaches, closure, next change, fact
intervals), of one more event (the guard's question and the whole picture again, nothing kept from before), and of the same with
the reference. Verdicts are compared before anything is timed. The log is drawn from the pack's own kinds of event, each with its
own fields, over about five months.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from upstander.policy import compiled, guard, loader, reference
from upstander.policy.log import Doer, Event, FieldValue
from upstander.policy.model import Field, FieldType, Pack, Series
from upstander.policy.reference.world import VOID

OUTSIDE = {VOID, "waive", "extend", "close", "reopen", "person-named"}
START = datetime(2026, 4, 10, 9, 0)


def drawn_log(pack: Pack, count: int, seed: int = 1) -> list[Event]:
    """A log of so many events, each of a kind that a rule of the pack or its forms know."""
    random = Random(seed)
    kinds = [kind for kind in pack.events if kind not in OUTSIDE]
    log, at = [_event(pack, random, 0, "concern-received", START)], START
    for number in range(1, count):
        at += timedelta(minutes=random.randint(10, 2 * 150 * 1440 // count))
        log.append(_event(pack, random, number, random.choice(kinds), at))
    return log


def _event(pack: Pack, random: Random, number: int, kind: str, at: datetime) -> Event:
    known = pack.events[kind]
    about = {name: (random.choice(("s1", "s2") if name == "target" else ("a1", "a2")),) for name in known.about}
    fields = {name: _value(pack, random, field, at) for name, field in known.fields.items()}
    role = random.choice(known.recorded_by or ("principal",))
    filled = {name: value for name, value in fields.items() if value is not None}
    return Event(f"e{number}", kind, at, at, Doer("t1", role), about, filled)


def _value(pack: Pack, random: Random, field: Field, at: datetime) -> FieldValue | None:
    options = list(pack.options.get(field.options, {}))
    match field.type:
        case FieldType.YES_NO:
            return random.choice(("yes", "no"))
        case FieldType.ONE_OF if options:
            return random.choice(options)
        case FieldType.SOME_OF | FieldType.PLACE if options:
            return tuple(random.sample(options, 1))
        case FieldType.NUMBER | FieldType.SCALE:
            return Decimal(random.randint(0, 5))
        case FieldType.DATE:
            return (at + timedelta(days=random.randint(0, 30))).date().isoformat()
    return None


def measure(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """p50 and p99 of the processor time of so many rounds, in milliseconds."""
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        taken.append((time.process_time() - start) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[min(len(taken) - 1, int(len(taken) * 0.99))]


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", default="jp-junior-high")
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=200)
    asked = parser.parse_args(arguments)
    pack = loader.load(asked.pack)
    series, log = Series((pack,)), drawn_log(pack, asked.events + 1)
    *before, last = log
    now = before[-1].at + timedelta(hours=3)

    def whole(strategy: object, events: Sequence[Event], moment: datetime) -> object:
        return strategy.picture(series, events, None, moment, kind="case", record="c")  # type: ignore[attr-defined]

    def one_more() -> object:
        guard.would_break(series, before, None, last, kind="case", record="c")
        return whole(compiled, log, last.at)

    found = whole(compiled, before, now)
    assert found == whole(reference, before, now), "the strategies differ"
    gc.collect()
    gc.freeze()
    print(
        f"{pack.id}: {len(pack.facts)} facts, {len(pack.duties)} duties, {len(pack.limits)} limits; {asked.events} events"
    )
    print(f"{len(found.duties)} duties and {len(found.breaches)} breaches come out")  # type: ignore[attr-defined]
    for name, work, rounds in (
        ("compiled, whole case", lambda: whole(compiled, before, now), asked.rounds),
        (
            "compiled, the guard alone",
            lambda: guard.would_break(series, before, None, last, kind="case", record="c"),
            asked.rounds,
        ),
        ("compiled, one more event", one_more, asked.rounds),
        ("compiled, first 20 events", lambda: whole(compiled, log[:20], log[19].at), asked.rounds),
        ("reference, whole case", lambda: whole(reference, before, now), max(3, asked.rounds // 40)),
    ):
        p50, p99 = measure(work, rounds)
        print(f"{name:28} p50 {p50:8.2f} ms   p99 {p99:8.2f} ms")


if __name__ == "__main__":
    main(sys.argv[1:])
