"""How long one case takes: whole, and from one event to the next, beside the goals of the language's section on speed.

    .venv/bin/python benchmarks/engine.py [--pack jp-junior-high] [--events 200] [--rounds 200] [--json FILE]

Prints microseconds of processor time, p50 and p99, of

- the whole evaluation (facts, duties, breaches, closure, next change, fact intervals) of small cases, about 16 events against the
  twelve rules of ``peers/district.py``, each case once: their logs are cold, the pack is ready;
- the whole evaluation of one long case against a whole pack, and of its first 20 events;
- one more event on the long case: the guard's question, then the picture with it, made from the evaluation before; every event
  of the second half once, each as the next of those before it;
- the same picture asked again before its next change.

Verdicts are compared with the reference's before anything is timed. The long log is drawn from the pack's own kinds of event, each
with its own fields, over about five months. Garbage is looked for as seldom as in a process that serves.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src"), str(Path(__file__).resolve().parent)]

from upstander.policy import compiled, guard, loader, reference  # noqa: E402
from upstander.policy.log import Doer, Event, FieldValue  # noqa: E402
from upstander.policy.model import Field, FieldType, Pack, Series  # noqa: E402
from upstander.policy.reference.world import VOID  # noqa: E402

OUTSIDE = {VOID, "waive", "extend", "close", "reopen", "person-named"}
START = datetime(2026, 4, 10, 9, 0)


@dataclass(frozen=True)
class Row:
    """Microseconds. ``prototype`` and ``goal``: p50 / p99 as the language's reference and its issues give them."""

    name: str
    p50: float
    p99: float
    prototype: str
    goal: str
    reference_p50: float | None = None


def drawn_log(pack: Pack, count: int, seed: int = 1) -> list[Event]:
    """A log of so many events, each of a kind that a rule of the pack or its forms know."""
    random = Random(seed)
    kinds = [kind for kind in pack.events if kind not in OUTSIDE]
    first = "concern-received" if "concern-received" in pack.events else kinds[0]
    log, at = [_event(pack, random, 0, first, START)], START
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


def timed(work: Callable[[], object]) -> float:
    """Microseconds of processor time of one call."""
    start = time.process_time_ns()
    work()
    return (time.process_time_ns() - start) / 1000


def spread(taken: list[float]) -> tuple[float, float]:
    taken = sorted(taken)
    return taken[len(taken) // 2], taken[min(len(taken) - 1, int(len(taken) * 0.99))]


def small_cases(count: int) -> Row:
    """Cases of about 16 events against twelve rules."""
    from peers import district

    from upstander.policy.conformance.prepare import log_of

    pack = district.pack()
    series, drawn = Series((pack,)), log_of(district.log(count), pack)
    logs = [drawn.events(record) for record in range(drawn.records)]
    now = max(event.at for log in logs for event in log) + timedelta(hours=1)

    def look(strategy: object, log: Sequence[Event]) -> object:
        return strategy.picture(series, log, None, now, kind="case", record="c")  # type: ignore[attr-defined]

    for log in logs[:100]:
        assert look(compiled, log) == look(reference, log), "the strategies differ"
    compiled_p50, compiled_p99 = spread([timed(lambda log=log: look(compiled, log)) for log in logs])  # type: ignore[misc]
    plain, _ = spread([timed(lambda log=log: look(reference, log)) for log in logs[:100]])  # type: ignore[misc]
    events = sum(map(len, logs)) / len(logs)
    return Row(f"whole case, {events:.0f} events × 12 rules", compiled_p50, compiled_p99, "30 / 91", "30 / 90", plain)


def long_case(pack: Pack, events: int, rounds: int) -> list[Row]:
    """One long case of a whole pack."""
    series, log = Series((pack,)), drawn_log(pack, events + 1)
    *before, _ = log
    now = before[-1].at + timedelta(hours=3)

    def look(strategy: object, events: Sequence[Event], moment: datetime) -> object:
        return strategy.picture(series, events, None, moment, kind="case", record="c")  # type: ignore[attr-defined]

    assert look(compiled, before, now) == look(reference, before, now), "the strategies differ"
    peers = max(3, rounds // 60)
    plain, _ = spread([timed(lambda: look(reference, before, now)) for _ in range(peers)])
    whole = [timed(lambda: look(compiled, before, now)) for _ in range(rounds)]
    first = [timed(lambda: look(compiled, log[:20], log[19].at)) for _ in range(rounds)]
    asked = [
        timed(lambda: guard.would_break(series, log[:-1], None, log[-1], kind="case", record="c"))
        for _ in range(rounds)
    ]
    more, alone, again = one_more(series, log)
    return [
        Row(f"evaluation of {events} events, {pack.id}", *spread(whole), "552 (187 events, 12 rules)", "2000", plain),
        Row("  its first 20 events", *spread(first), "", ""),
        Row("  one more event: guard and picture", *spread(more), "49 (16 events, no guard)", "200", plain),
        Row("  the guard alone, from the evaluation before", *spread(alone), "", ""),
        Row("  the guard alone, from the whole log", *spread(asked), "", ""),
        Row("  the picture again before its next change", *spread(again), "2.6", "5"),
    ]


def one_more(series: Series, log: Sequence[Event]) -> tuple[list[float], list[float], list[float]]:
    """Each event of the second half once: guard and picture, the guard alone, and the same picture asked again."""
    half = len(log) // 2
    kept = compiled.evaluate(series, log[:half], None, log[half - 1].at, kind="case", record="c")
    _ = kept.picture
    more, alone, again = [], [], []
    for count in range(half, len(log)):
        event, following = log[count], []

        def step(event: Event = event, kept: compiled.Evaluation = kept, following: list[object] = following) -> None:
            kept.would_break(event)
            after = kept.extended(event, event.at)
            following += [after, after.picture]

        alone.append(timed(lambda event=event, kept=kept: kept.would_break(event)))  # type: ignore[misc]
        more.append(timed(step))
        kept = following[0]  # type: ignore[assignment]
        again.append(timed(lambda kept=kept: kept.picture_at(kept.now)))  # type: ignore[misc]
        if count % 20 == 0:
            found = compiled.picture(series, log[: count + 1], None, event.at, kind="case", record="c")
            assert kept.picture == found, "what is kept differs"
    return more, alone, again


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", action="append", help="default: jp-junior-high and gb-secondary")
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    asked = parser.parse_args(arguments)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    rows = [small_cases(asked.rounds * 5)]
    for name in asked.pack or ["jp-junior-high", "gb-secondary"]:
        pack = loader.load(name)
        print(f"{pack.id}: {len(pack.facts)} facts, {len(pack.duties)} duties, {len(pack.limits)} limits")
        rows += long_case(pack, asked.events, asked.rounds)
    print(f"\n{'microseconds':45} {'p50':>8} {'p99':>8}   {'prototype':28} {'goal':10} {'reference p50':>14}")
    for row in rows:
        peer = f"{row.reference_p50:14.0f}" if row.reference_p50 is not None else ""
        print(f"{row.name:45} {row.p50:8.1f} {row.p99:8.1f}   {row.prototype:28} {row.goal:10} {peer}")
    if asked.json:
        about = {"python": platform.python_version(), "machine": platform.machine(), "arguments": list(arguments)}
        asked.json.write_text(
            json.dumps({**about, "rows": [asdict(row) for row in rows]}, indent=1, ensure_ascii=False) + "\n"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
