"""Keys as whole numbers, and the one lookup that carries everything: the next or last event of a pattern for a key (§2).

A ``Space`` numbers all keys of some names in the records of a chunk. ``Found`` holds the events of a pattern by key and moment,
packed into one number, so that *next at or after* and *last at or before* are one ``searchsorted``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from upstander.policy.conformance.chunk import Chunk, once_each
from upstander.policy.conformance.columns import Sparse
from upstander.policy.conformance.dates import Unable
from upstander.policy.conformance.days import FAR, Ints, Mask
from upstander.policy.conformance.ragged import Steps, bounds_of, by_owner, distinct, spread
from upstander.policy.model import ForEach, Pattern
from upstander.policy.reference import match

BITS = 26
"""Room for a minute in a packed number: until the year 2097."""
LAST_MINUTE = (1 << BITS) - 1
MOST_KEYS = 20_000_000


@dataclass(frozen=True, eq=False)
class Space:
    """The keys of some names: ``group`` is each key's record, ``parts`` the code of each name; sorted by record.

    ``bounds``: where each record's keys begin. A key of two names stands for every pair of persons of a record.
    """

    names: tuple[str, ...]
    group: Ints
    parts: tuple[Ints, ...]
    bounds: Ints

    @property
    def size(self) -> int:
        return len(self.group)


class Found:
    """Events by key and moment. ``packed``: key and minute; ``row``: the event; by (key, moment, position)."""

    def __init__(self, packed: Ints, row: Ints) -> None:
        self.packed, self._rows = packed, np.append(row, -1)

    @property
    def row(self) -> Ints:
        return self._rows[:-1]

    @property
    def key(self) -> Ints:
        return self.packed >> BITS

    @property
    def at(self) -> Ints:
        return self._moments[:-1]

    @cached_property
    def _moments(self) -> Ints:
        return np.append(self.packed & LAST_MINUTE, FAR)  # -1 reads the last

    @cached_property
    def _steps(self) -> Steps:
        steps = Steps(self.packed, bounds_of(self.key, int(self.packed[-1] >> BITS) + 1 if len(self.packed) else 0))
        self.packed = steps.values[: len(self.packed)]  # not held twice
        return steps

    def from_(self, key: Ints, moment: Ints) -> Ints:
        """The place of the first event of a key at or after a moment; −1 where there is none."""
        place = self.first_from(key, moment)
        return np.multiply(place + 1, place < self._steps.ends(key)) - 1

    def first_from(self, key: Ints, moment: Ints) -> Ints:
        """The same; where there is none, the place of what comes after the key."""
        return self._steps.least(key, (key << BITS) + np.minimum(moment, LAST_MINUTE))

    def up_to(self, key: Ints, moment: Ints) -> Ints:
        """The place of the last event of a key at or before a moment; −1 where there is none."""
        place = self.count_to(key, moment)
        return np.multiply(place, place > self._steps.starts(key)) - 1

    def count_to(self, key: Ints, moment: Ints) -> Ints:
        """How many events of all keys before, and of this key at or before the moment, there are."""
        return self._steps.least(key, (key << BITS) + np.minimum(moment, LAST_MINUTE) + 1)

    def moment(self, place: Ints) -> Ints:
        """The moment at a place, FAR at −1."""
        return self._moments[place]

    def row_at(self, place: Ints) -> Ints:
        """The event at a place, −1 at −1."""
        return self._rows[place]


@dataclass(frozen=True, eq=False)
class Carrier:
    """The keys of one name that rows carry, by row; ``bounds``: where those of each row begin."""

    rows: Ints
    key: Ints
    bounds: Ints


def pack(key: Ints, moment: Ints) -> Ints:
    return (key << BITS) | np.clip(moment, 0, LAST_MINUTE)


class Keys:
    """The spaces of a chunk, what its patterns find in them, and when each key is first carried."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self._spaces: dict[tuple[str, ...], Space] = {}
        self._found: dict[tuple[int, tuple[str, ...], tuple[str, ...]], Found] = {}
        self._born: dict[tuple[tuple[str, bool], ...], Ints] = {}
        self._carriers: dict[str, Carrier] = {}
        self._steps: dict[tuple[str, ...], Steps] = {}

    def forget(self) -> None:
        """Lets go of what was worked out only to judge; verdicts need the spaces alone."""
        for worked_out in (self._found, self._born, self._carriers, self._steps):
            worked_out.clear()
        self.chunk.forget()

    # --- spaces --------------------------------------------------------------------------------------------------------

    def space(self, names: tuple[str, ...]) -> Space:
        found = self._spaces.get(names)
        if found is None:
            made = {0: self._none, 1: self._single, 2: self._pairs}.get(len(names))
            if made is None:
                raise Unable("a key of more than two names")
            found = self._spaces[names] = made(names)
        return found

    def _none(self, names: tuple[str, ...]) -> Space:
        everything = np.arange(self.chunk.records)
        return Space(names, everything, (), np.arange(self.chunk.records + 1))

    def _single(self, names: tuple[str, ...]) -> Space:
        """Everybody carried under the name, under a role of the group or a group of the role: more than asked is harmless."""
        chunk, pack_ = self.chunk, self.chunk.pack
        others = dict.fromkeys((names[0], *pack_.members(names[0]), *pack_.groups_of(names[0])))
        parts = [chunk.named(other) for other in others]
        by_record = [Sparse(chunk.group[part.rows], part.codes) for part in parts]
        packed = distinct(np.concatenate([part.rows * chunk.shared.size + part.codes for part in by_record]))
        group, code = packed // chunk.shared.size, packed % chunk.shared.size
        return Space(names, group, (code,), bounds_of(group, chunk.records))

    def _pairs(self, names: tuple[str, ...]) -> Space:
        one, two = self.space(names[:1]), self.space(names[1:])
        counts = np.diff(two.bounds)[one.group]
        if int(counts.sum()) > MOST_KEYS:
            raise Unable("more than twenty million pairs in one chunk")
        owner, place = spread(two.bounds[one.group], counts)
        group = one.group[owner]
        return Space(names, group, (one.parts[0][owner], two.parts[0][place]), bounds_of(group, self.chunk.records))

    def find(self, names: tuple[str, ...], group: Ints, codes: tuple[Ints, ...]) -> Ints:
        """The numbers of keys from their codes; −1 for what nobody carries."""
        space = self.space(names)
        if not names:
            return group
        if len(names) == 1:
            return self._find_single(space, group, codes[0])
        one, two = self.space(names[:1]), self.space(names[1:])
        first, second = self._find_single(one, group, codes[0]), self._find_single(two, group, codes[1])
        return self._pair(names, group, first, second)

    def _find_single(self, space: Space, group: Ints, code: Ints) -> Ints:
        if not space.size:
            return np.full(len(group), -1)
        values, steps = self.chunk.shared.size, self._steps_of(space)
        wanted = group * values + code
        place = steps.least(group, wanted)
        same = (steps.values.take(place, mode="clip") == wanted) & (code >= 0)
        answer: Ints = np.multiply(place + 1, same) - 1
        return answer

    def _steps_of(self, space: Space) -> Steps:
        found = self._steps.get(space.names)
        if found is None:
            packed = space.group * self.chunk.shared.size + space.parts[0]
            found = self._steps[space.names] = Steps(packed, space.bounds)
        return found

    # --- what rows reach -----------------------------------------------------------------------------------------------

    def carried_keys(self, rows: Ints, names: tuple[str, ...]) -> tuple[Ints, Ints]:
        """For each of these rows and each key it carries: the place among the rows, and the key."""
        return self._product(rows, names, [_of_rows(self._carrier(name), rows) for name in names])

    def _carrier(self, name: str) -> Carrier:
        """What each row carries under a name, as keys of this one name."""
        found = self._carriers.get(name)
        if found is None:
            found = self._carriers[name] = self._numbered(name, self.chunk.carried(name))
        return found

    def _numbered(self, name: str, several: Sparse) -> Carrier:
        key = self._find_single(self.space((name,)), self.chunk.group[several.rows], several.codes)
        bounds = bounds_of(several.rows, self.chunk.size)
        return Carrier(several.rows, key, bounds)

    def _product(self, rows: Ints, names: tuple[str, ...], lists: list[Sparse]) -> tuple[Ints, Ints]:
        """The keys of all names from those of each."""
        if not names:
            return np.arange(len(rows)), self.chunk.group[rows]
        if len(names) == 1:
            return lists[0].rows, lists[0].codes
        bounds = bounds_of(lists[1].rows, len(rows))
        left, place = spread(bounds[lists[0].rows], (bounds[1:] - bounds[:-1])[lists[0].rows])
        owner = lists[0].rows[left]
        group = self.chunk.group[rows[owner]]
        return owner, self._pair(names, group, lists[0].codes[left], lists[1].codes[place])

    def _pair(self, names: tuple[str, ...], group: Ints, first: Ints, second: Ints) -> Ints:
        """The key of two names from the keys of each."""
        space, one, two = self.space(names), self.space(names[:1]), self.space(names[1:])
        width = (two.bounds[1:] - two.bounds[:-1])[group]
        place = space.bounds[group] + (first - one.bounds[group]) * width + (second - two.bounds[group])
        return np.where((first >= 0) & (second >= 0), place, -1)

    def found(self, pattern: Pattern, names: tuple[str, ...], carrying: tuple[str, ...] = ()) -> Found:
        """The events that match a pattern, for every key with which they agree.

        ``carrying``: names that may not be empty where the kind declares them.
        """
        marker = (id(pattern), names, carrying)
        answer = self._found.get(marker)
        if answer is None:
            rows = self.chunk.matched(pattern)
            lists = [self.agreeing(rows, name, must_carry=name in carrying) for name in names]
            owner, key = self._product(rows, names, lists)
            row = rows[owner]
            answer = self._found[marker] = self.sorted_found(key, row)
        return answer

    def sorted_found(self, key: Ints, row: Ints) -> Found:
        """Events with their keys, in order; what has no key falls away, what is there twice counts once.

        The rows of a chunk are in order of time within a record, so those of a key are too.
        """
        if len(key) and int(key.min()) < 0:
            kept = np.flatnonzero(key >= 0)
            key, row = key.take(kept), row.take(kept)
        key, row = by_owner(key, row)
        return Found((key << BITS) | self.chunk.at.take(row), row)

    def agreeing(self, rows: Ints, name: str, *, must_carry: bool) -> Sparse:
        """The keys of one name with which each row agrees: those it carries; everybody's, where it leaves the name open."""
        chunk = self.chunk
        kinds = chunk.kind[rows]
        declares = chunk.declaring(name)
        own = _of_rows(self._carrier(name), rows)
        parts, reached = [own], np.zeros(len(rows), dtype=bool)
        reached[own.rows] = True
        open_ = ~declares[kinds]
        for group, grouped in self._groups(name, declares):
            here = grouped[kinds] & open_
            open_ &= ~here
            if group in chunk.about and bool(here.any()):
                several = _of_rows(self._numbered(name, chunk.about[group]), rows)
                kept = here[several.rows]
                parts.append(Sparse(several.rows[kept], several.codes[kept]))
                reached[several.rows[kept]] = True
        free = np.flatnonzero(open_ if must_carry else ~reached)
        if len(free):
            space = self.space((name,))
            owner, place = spread(space.bounds[chunk.group[rows[free]]], np.diff(space.bounds)[chunk.group[rows[free]]])
            parts.append(Sparse(free[owner], place))
        parts = [part for part in parts if len(part.rows)]
        return parts[0] if len(parts) == 1 else once_each(parts, self.space((name,)).size)

    def _groups(self, name: str, declares: Mask) -> list[tuple[str, Mask]]:
        """Groups of which a name is a member, with the kinds that carry them under the group's own name."""
        pack_, found = self.chunk.pack, []
        for group in pack_.groups_of(name):
            kinds = np.zeros_like(declares)
            for kind, declared in pack_.events.items():
                code = self.chunk.shared.code(kind)
                if code >= 0:
                    kinds[code] = group in declared.about
            found.append((group, kinds))
        return found

    # --- first carried -------------------------------------------------------------------------------------------------

    def born(self, for_each: ForEach) -> Ints:
        """For each key of these names the first moment at which its names had been carried; FAR for what never was, and at the
        end for nobody (−1).

        Own names must have been carried together; those ``of the case`` each on its own.
        """
        marker = tuple((name.name, name.of_case) for name in for_each)
        found = self._born.get(marker)
        if found is None:
            found = self._born[marker] = np.append(self._work_out_born(for_each), FAR)
        return found

    def _work_out_born(self, for_each: ForEach) -> Ints:
        names, own = tuple(name.name for name in for_each), match.own_names(for_each)
        if own == names:
            return self._together(names)
        space = self.space(names)
        born = self.chunk.at[self.chunk.bounds[space.group]]
        parts = [own, *((name.name,) for name in for_each if name.of_case)]
        for part in parts:
            codes = tuple(space.parts[names.index(name)] for name in part)
            place = self.find(part, space.group, codes)
            born = np.maximum(born, np.where(place >= 0, self._together(part)[place], FAR)) if part else born
        return born

    def _together(self, names: tuple[str, ...]) -> Ints:
        space = self.space(names)
        if not names:
            return self.chunk.at[self.chunk.bounds[:-1]]
        first = np.full(space.size + 1, FAR, dtype=np.int64)  # the last is for nobody
        if len(names) == 1:
            carrier = self._carrier(names[0])
            rows, key = carrier.rows, carrier.key
        else:
            rows, key = self.carried_keys(np.arange(self.chunk.size), names)
        first[key[::-1]] = self.chunk.at.take(rows[::-1])  # rows are in order of time, and the earliest is written last
        return first[:-1]

    def first_row(self, name: str) -> Ints:
        """For each key of one name the first moment at which it was carried."""
        return self._together((name,))


def _of_rows(several: Carrier, rows: Ints) -> Sparse:
    """What these rows carry, each row by its place among them."""
    first = several.bounds.take(rows)
    owner, place = spread(first, several.bounds.take(rows + 1) - first)
    return Sparse(owner, several.key.take(place))
