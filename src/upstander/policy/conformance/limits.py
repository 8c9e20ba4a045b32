"""Which acts of a chunk broke a limit, and what was missing (§6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upstander.policy.conformance.days import Ints, Mask
from upstander.policy.conformance.facts import Facts
from upstander.policy.conformance.keys import Keys
from upstander.policy.conformance.ragged import distinct, spread
from upstander.policy.model import Limit
from upstander.policy.reference import match


@dataclass(frozen=True, eq=False)
class Acts:
    """Acts judged by one limit, one for each key, by event and key."""

    key: Ints
    row: Ints


def texts_of(limit: Limit, missing: Ints) -> dict[int, tuple[str, ...]]:
    """What each number of ``missing`` stands for."""
    names = _lacks(limit)
    return {
        bits: tuple(name for place, name in enumerate(names) if bits >> place & 1)
        for bits in np.unique(missing).tolist()
    }


def _lacks(limit: Limit) -> tuple[str, ...]:
    """What an act may lack, in the order of §11: the bits of ``missing``."""
    names = ["never"] if limit.never else []
    names += limit.only_while
    names += [f"after:{pattern.alternatives[0].kind}" for pattern in limit.only_after]
    names += [f"by:{limit.only_by[0]}"] if limit.only_by else []
    return (*names, *(f"not-by:{name}" for name in limit.not_by))


class Limits:
    """The limits of a chunk, each worked out once."""

    def __init__(self, keys: Keys, facts: Facts) -> None:
        self.keys, self.facts, self.chunk = keys, facts, keys.chunk
        self._known: dict[str, tuple[Acts, Ints]] = {}
        self._latest: Ints | None = None

    def of(self, limit_id: str) -> tuple[Acts, Ints]:
        """The acts under a limit, and for each what it lacks as bits (``texts_of`` reads them)."""
        if limit_id not in self._known:
            limit = self.chunk.pack.limits[limit_id]
            acts = self._acts(limit)
            self._known[limit_id] = (acts, self._missing(limit, acts))
        return self._known[limit_id]

    def _acts(self, limit: Limit) -> Acts:
        rows = self.chunk.matched(limit.act)
        names, own = tuple(name.name for name in limit.for_each), match.own_names(limit.for_each)
        owner, key = self.keys.carried_keys(rows, own)
        if own != names:
            owner, key = self._of_case(limit, names, own, rows, owner, key)
        order = np.lexsort((key, rows[owner]))
        return Acts(key[order], rows[owner][order])

    def _of_case(
        self, limit: Limit, names: tuple[str, ...], own: tuple[str, ...], rows: Ints, owner: Ints, key: Ints
    ) -> tuple[Ints, Ints]:
        """``R of the case``: everybody named in R at or before the act."""
        space = self.keys.space(own)
        columns = {name: space.parts[place][key] for place, name in enumerate(own)}
        for key_name in limit.for_each:
            if not key_name.of_case:
                continue
            everybody, born = self.keys.space((key_name.name,)), self.keys.first_row(key_name.name)
            here = self.chunk.group[rows[owner]]
            back, place = spread(everybody.bounds[here], np.diff(everybody.bounds)[here])
            kept = born[place] <= self.chunk.at[rows[owner[back]]]
            back, place = back[kept], place[kept]
            columns = {name: codes[back] for name, codes in columns.items()}
            columns[key_name.name], owner = everybody.parts[0][place], owner[back]
        group = self.chunk.group[rows[owner]]
        return owner, self.keys.find(names, group, tuple(columns[name] for name in names))

    def _missing(self, limit: Limit, acts: Acts) -> Ints:
        names, at = tuple(name.name for name in limit.for_each), self.chunk.at[acts.row]
        applies = np.ones(len(acts.row), dtype=bool)
        for fact in limit.while_:
            applies &= self.facts.asked(fact, names, acts.key, at)
        for fact in limit.unless:
            applies &= ~self.facts.asked(fact, names, acts.key, at)
        lacking: list[Mask] = [np.ones(len(at), dtype=bool)] if limit.never else []
        lacking += [~self.facts.asked(fact, names, acts.key, at) for fact in limit.only_while]
        for pattern in limit.only_after:
            found = self.keys.found(pattern, names)
            place = found.up_to(acts.key, at)
            first = found.from_(acts.key, np.zeros(len(at), dtype=np.int64))
            alone = (place >= 0) & (first == place) & (found.row_at(place) == acts.row)
            lacking.append((place < 0) | alone)
        if limit.only_by:
            lacking.append(~self.may(acts.row, limit.only_by))
        lacking += [self._involved(acts, names, name) for name in limit.not_by]
        bits = np.zeros(len(at), dtype=np.int64)
        for bit, lacks_it in enumerate(lacking):
            bits |= (lacks_it & applies).astype(np.int64) << bit
        return bits

    def may(self, rows: Ints, roles: tuple[str, ...]) -> Mask:
        """Whether the doer's role is among these; nobody's is not."""
        chunk = self.chunk
        codes = [chunk.shared.code(member) for role in roles for member in (role, *chunk.pack.members(role))]
        found: Mask = np.isin(chunk.role[rows], [code for code in codes if code >= 0])
        return found

    def _involved(self, acts: Acts, names: tuple[str, ...], name: str) -> Mask:
        """Whether the doer has been named in this role, or has done an event of this kind, at or before the act."""
        chunk, bounds = self.chunk, self.chunk.bounds
        here = np.flatnonzero(chunk.person[acts.row] >= 0)
        group = chunk.group[acts.row[here]]
        owner, row = spread(bounds[group], np.diff(bounds)[group])
        act = acts.row[here[owner]]
        before = chunk.at[row] <= chunk.at[act]
        owner, row, act = owner[before], row[before], act[before]
        person, hit = chunk.person[act], np.zeros(len(row), dtype=bool)
        if name in chunk.pack.roles:
            several = chunk.named(name)
            packed = several.rows * chunk.shared.size + several.codes
            hit |= np.isin(row * chunk.shared.size + person, packed)
        same_kind = np.isin(row, chunk.of_kind(name))
        hit |= same_kind & (chunk.person[row] == person) & (row != act)
        kept = np.flatnonzero(hit)
        agrees = self._agrees(names, acts.key[here[owner[kept]]], row[kept])
        found = np.zeros(len(acts.row), dtype=bool)
        found[here[owner[kept[agrees]]]] = True
        return found

    def _agrees(self, names: tuple[str, ...], key: Ints, rows: Ints) -> Mask:
        """Whether each event agrees with the key beside it."""
        agrees = np.ones(len(rows), dtype=bool)
        different, place = np.unique(rows, return_inverse=True)
        for part, name in enumerate(names):
            several, single = self.keys.agreeing(different, name, must_carry=False), self.keys.space((name,))
            packed = several.rows * (single.size + 1) + several.codes
            space = self.keys.space(names)
            own = self.keys.find((name,), space.group[key], (space.parts[part][key],))
            agrees &= np.isin(place * (single.size + 1) + own, packed)
        return agrees

    # --- what had been written down then -------------------------------------------------------------------------------

    def written_later(self, rows: Ints) -> Mask:
        """Whether something that happened at or before an act was written down after it."""
        chunk = self.chunk
        if chunk.at_once:
            return np.zeros(len(rows), dtype=bool)
        if self._latest is None:
            offset = int(chunk.recorded.max(initial=0)) - int(chunk.recorded.min(initial=0)) + 1
            running = np.maximum.accumulate(chunk.recorded + chunk.group * offset) - chunk.group * offset
            last = np.searchsorted(chunk.group * (1 << 26) + chunk.at, chunk.group * (1 << 26) + chunk.at, side="right")
            self._latest = running[last - 1] if chunk.size else running
        found: Mask = self._latest[rows] > chunk.recorded[rows]
        return found

    def unsure(self, limit_id: str) -> Ints:
        """The records in which an act that broke nothing may have broken the limit by what had been written down then."""
        acts, missing = self.of(limit_id)
        kept = np.flatnonzero(missing == 0)
        rows = acts.row[kept]
        return distinct(self.chunk.group[rows[self.written_later(rows)]])
