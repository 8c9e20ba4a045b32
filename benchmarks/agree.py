"""Whether the strategies say the same, over as many instances as one likes: columns against compiled, record by record.

    nice -n 15 python benchmarks/agree.py [--instances 10000000] [--packs NAME …] [--first-seed 1]

Turn by turn: the district of ``peers/district.py`` (realistic cases, from a new seed each time) and logs drawn from the kinds of
event of each pack that comes along (doubles, minutes apart and months apart, voids, closings, things written down late). Of
each record duties, breaches, facts, what closing lacks and whether it may be closed are compared; every hundredth record goes
to the reference as well. It ends with 1 at the first difference, and names pack, seed and record.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from peers import district

from upstander.policy import compiled, loader, reference
from upstander.policy.conformance.columns import Columns, encode
from upstander.policy.conformance.evaluate import judged
from upstander.policy.conformance.pictures import pictures
from upstander.policy.conformance.tests.logs import random_log
from upstander.policy.model import Pack, Series
from upstander.policy.verdict import Picture

PACKS = ("starter", "jp-junior-high", "gb-secondary", "nl-school", "cn-home-school", "gb-primary-online")
COMPARED = ("duties", "breaches", "facts", "closable", "missing")


class Differ(Exception):
    """Two strategies say something else of one record."""


def compare(pack: Pack, columns: Columns, now: datetime, counts: Counter[str], where: str) -> None:
    """The verdicts of every record under columns and compiled; some under the reference."""
    series = Series((pack,))
    for verdicts in judged(columns, pack, None, now):
        numbers = iter(sorted([int(n) for part in verdicts.chunks for n in part.records] + list(verdicts.whole)))
        for mine, number in zip(pictures(verdicts), numbers, strict=True):
            name, kind = verdicts.log.name(number)
            events = verdicts.log.events(number)
            theirs = compiled.picture(series, events, None, now, kind=kind, record=name)
            _same(mine, theirs, f"{where}, record {name}: columns and compiled")
            counts["instances"] += len(mine.duties)
            counts["breaches"] += len(mine.breaches)
            counts["facts"] += len(mine.facts)
            counts["records"] += 1
            if counts["records"] % 100 == 0:
                law = reference.picture(series, events, None, now, kind=kind, record=name)
                _same(theirs, law, f"{where}, record {name}: compiled and reference")
                counts["instances by the reference"] += len(law.duties)
        by_columns = sum(len(block.instances) for part in verdicts.chunks for block in part.duties)
        counts["instances by columns alone"] += by_columns


def _same(one: Picture, other: Picture, where: str) -> None:
    for name in COMPARED:
        if getattr(one, name) != getattr(other, name):
            raise Differ(f"{where} differ in {name}")


def drawn(pack: Pack, seed: int, records: int = 300) -> tuple[Columns, datetime]:
    random = Random(seed)
    kinds = [kind.id for kind in pack.records.values() if not kind.built_in] or ["case"]
    logs = [(f"r{number}", random.choice(kinds), random_log(pack, random)) for number in range(records)]
    now = random.choice(logs)[2][-1].at + timedelta(minutes=random.choice((0, 1, 60, 1440 * 20)))
    return encode(logs), now


def rounds(packs: Sequence[str], seed: int) -> Iterator[tuple[str, Pack, Columns, datetime]]:
    loaded = {name: loader.load(name) for name in packs}
    while True:
        yield f"district, seed {seed}", district.pack(), district.log(2000, seed), datetime(2026, 1, 15, 12)
        for name, pack in loaded.items():
            yield f"{name}, seed {seed}", pack, *drawn(pack, seed)
        seed += 1


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instances", type=int, default=10_000_000)
    parser.add_argument("--packs", nargs="*", default=PACKS)
    parser.add_argument("--first-seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    counts: Counter[str] = Counter()
    told = time.monotonic()
    for where, pack, columns, now in rounds(asked.packs, asked.first_seed):
        try:
            compare(pack, columns, now, counts, where)
        except Differ as differ:
            print(differ)
            return 1
        if time.monotonic() - told > 30 or counts["instances"] >= asked.instances:
            told = time.monotonic()
            print(
                "; ".join(f"{number:,} {what}" for what, number in counts.items()),
                f"0 differences ({where})",
                flush=True,
            )
        if counts["instances"] >= asked.instances:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
