"""What facts closing still lacks in the records of a chunk (§7)."""

from __future__ import annotations

import numpy as np

from upstander.policy.conformance.days import Ints
from upstander.policy.conformance.facts import Facts
from upstander.policy.conformance.keys import Keys
from upstander.policy.model import Closure


class Closing:
    """Asks the needs of a closing rule."""

    def __init__(self, keys: Keys, facts: Facts) -> None:
        self.keys, self.facts, self.chunk = keys, facts, keys.chunk

    def lacking(self, closure: Closure) -> list[tuple[str, Ints]]:
        """For each needed fact the keys for which it does not hold now; a record without a key lacks it as −1 − record."""
        names = tuple(name.name for name in closure.for_each)
        born = self.keys.born(closure.for_each)
        key = np.flatnonzero(born <= self.chunk.now)
        now = np.full(len(key), self.chunk.now)
        nobody = np.ones(self.chunk.records, dtype=bool)
        nobody[self.keys.space(names).group[key]] = False
        without = -1 - np.flatnonzero(nobody) if names else np.zeros(0, dtype=np.int64)
        return [
            (fact, np.concatenate([key[~self.facts.asked(fact, names, key, now)], without])) for fact in closure.needs
        ]
