"""Whether facts hold for many keys at many moments at once, and when they turned true (§3)."""

from __future__ import annotations

import numpy as np

from upstander.policy.conformance.chunk import Chunk
from upstander.policy.conformance.counts import count_holds, count_turns, unable_count
from upstander.policy.conformance.dates import Unable
from upstander.policy.conformance.days import BEFORE, DAY, FAR, Ints, Mask
from upstander.policy.conformance.keys import BITS, LAST_MINUTE, Found, Keys, pack
from upstander.policy.conformance.ragged import any_of, constant, distinct, firsts, spread
from upstander.policy.model import (
    Combination,
    Combine,
    Count,
    Distance,
    During,
    Fact,
    Overdue,
    Quiet,
    Season,
    Span,
    TrueFrom,
)
from upstander.policy.reference import match
from upstander.policy.reference.facts import CLOSE, CLOSED, REOPEN

LONGEST_MONTHS, LONGEST_DAYS = 480, 300
"""Durations beyond forty years, or 300 school days, are left to the compiled strategy: the tables end."""


def unable_distance(distance: Distance | None) -> str | None:
    """What of a distance the tables do not hold."""
    if isinstance(distance, Span):
        long = distance.months + distance.days // 28 + distance.minutes // 40320 > LONGEST_MONTHS
        return "a duration beyond forty years" if long else None
    if distance is not None and distance.n > LONGEST_DAYS:
        return "more than 300 school days"
    return None


class Facts:
    """What a chunk's facts are asked for."""

    def __init__(self, chunk: Chunk, keys: Keys, watch_for: Distance | None) -> None:
        self.chunk, self.keys, self.days = chunk, keys, chunk.days
        self._watched = Fact("watched", TrueFrom(CLOSE, REOPEN, watch_for)) if watch_for is not None else None
        self._to_date: dict[tuple[int, str], Ints] = {}
        self._now: dict[str, Mask] = {}

    def fact(self, fact_id: str) -> Fact | None:
        """A fact of the pack, or one of the two that every pack has."""
        if fact_id == "closed":
            return CLOSED
        return self._watched if fact_id == "watched" else self.chunk.pack.facts.get(fact_id)

    # --- asking --------------------------------------------------------------------------------------------------------

    def asked(self, fact_id: str, names: tuple[str, ...], key: Ints, moment: Ints) -> Mask:
        """Whether a fact holds for rules with these keys: for the names they share; a name that the rule lacks, for one value."""
        fact = self.fact(fact_id)
        if fact is None or not len(key):
            return np.zeros(len(key), dtype=bool)
        space, wanted = self.keys.space(names), tuple(name.name for name in fact.for_each)
        if wanted == names:
            return self.holds(fact, key, moment)
        group = space.group[key]
        given = match.shared(self.chunk.pack, wanted, tuple((name, name) for name in names))
        if len(given) == len(wanted):
            codes = tuple(space.parts[names.index(given[name])][key] for name in wanted)
            return self.holds(fact, self.keys.find(wanted, group, codes), moment)
        owner = np.arange(len(key))
        columns: dict[str, Ints] = {}
        for name in wanted:
            if name not in given:
                everybody = self.keys.space((name,))
                at = group[owner]
                back, place = spread(everybody.bounds[at], np.diff(everybody.bounds)[at])
                owner = owner[back]
                columns = {other: codes[back] for other, codes in columns.items()}
                columns[name] = everybody.parts[0][place]
        codes = tuple(
            space.parts[names.index(given[name])][key[owner]] if name in given else columns[name] for name in wanted
        )
        held = self.holds(fact, self.keys.find(wanted, group[owner], codes), moment[owner])
        return any_of(owner, held, len(key))

    def holds(self, fact: Fact, key: Ints, moment: Ints) -> Mask:
        """Whether a fact holds for exactly these keys; before the first event that carries the key it does not."""
        held = moment >= self.keys.born(fact.for_each)[key]
        which = np.flatnonzero(held)
        if len(which) == len(held):
            return self._form(fact, key, moment)
        if len(which):
            held[which] = self._form(fact, key.take(which), moment.take(which))
        return held

    def holds_now(self, fact: Fact) -> Mask:
        """For every key of the fact whether it holds at ``now``."""
        found = self._now.get(fact.id)
        if found is not None:
            return found
        names = tuple(name.name for name in fact.for_each)
        parts = [self.fact(part) for part in fact.form.facts] if isinstance(fact.form, Combination) else [None]
        alike = [part for part in parts if part is not None and tuple(name.name for name in part.for_each) == names]
        if isinstance(fact.form, Combination) and len(alike) == len(parts):
            held = _combined(fact.form, [self.holds_now(part) for part in alike], self.keys.space(names).size)
            found = held & (self.keys.born(fact.for_each)[:-1] <= self.chunk.now)
        else:
            key = np.arange(self.keys.space(names).size)
            found = self.holds(fact, key, constant(self.chunk.now, len(key)))
        self._now[fact.id] = found
        return found

    def _form(self, fact: Fact, key: Ints, moment: Ints) -> Mask:
        form, names, own = fact.form, tuple(name.name for name in fact.for_each), match.own_names(fact.for_each)
        if isinstance(form, TrueFrom):
            return self._true_from(form, names, own, key, moment)
        if isinstance(form, Quiet):
            return self._quiet(form, names, own, key, moment)
        if isinstance(form, Count):
            return count_holds(self.keys, form, self.keys.found(form.count, names, own), key, moment)
        if isinstance(form, Combination):
            return _combined(form, [self.asked(part, names, key, moment) for part in form.facts], len(key))
        if isinstance(form, During):
            return self._during(form.season, moment)
        raise Unable("overdue as a fact")

    def _true_from(self, form: TrueFrom, names: tuple[str, ...], own: tuple[str, ...], key: Ints, moment: Ints) -> Mask:
        starts = self.keys.found(form.start, names, own)
        place = starts.up_to(key, moment)
        held = place >= 0
        if form.until is None and form.lasts is None and form.to_date_field is None:
            return held
        start = np.where(held, starts.moment(place), 0)
        if form.until is not None:
            ends = self.keys.found(form.until, names)
            held &= ends.moment(ends.from_(key, start)) >= moment
        if form.lasts is not None:
            held &= moment <= self.days.after(start, form.lasts)
        if form.to_date_field is not None:
            held &= moment <= self._dates(starts, form.to_date_field)[place]
        return held

    def _dates(self, starts: Found, name: str) -> Ints:
        """For each place the least date that the events of its minute hold; at −1 none."""
        marker = (id(starts), name)
        if marker not in self._to_date:
            dates = self.chunk.moments(name, starts.row)
            minute = np.cumsum(firsts(starts.packed)) - 1
            of_minute = np.full(int(minute[-1]) + 1 if len(minute) else 0, FAR)
            np.minimum.at(of_minute, minute, dates)
            self._to_date[marker] = np.append(of_minute[minute], FAR)
        return self._to_date[marker]

    def _quiet(self, form: Quiet, names: tuple[str, ...], own: tuple[str, ...], key: Ints, moment: Ints) -> Mask:
        since, acts = self.keys.found(form.since, names, own), self.keys.found(form.quiet, names)
        began, acted = since.up_to(key, moment), acts.up_to(key, moment)
        held = began >= 0
        latest = np.maximum(since.moment(began) * held, acts.moment(acted) * (acted >= 0))
        return held & (moment >= self.days.after(latest, form.lasts, quiet=True))

    def _during(self, season: Season, moment: Ints) -> Mask:
        days, place = self.days, moment // DAY + BEFORE
        in_term = days.term[place] < len(days.terms)
        match season:
            case Season.SCHOOL_HOURS:
                return days.school_hours(moment)
            case Season.SCHOOL_DAY:
                return days.school[place]
            case Season.TERM:
                return in_term
            case Season.HOLIDAYS:
                return ~days.assumed[place] & ~in_term

    # --- turning -------------------------------------------------------------------------------------------------------

    def rises(self, fact_id: str) -> tuple[Ints, Ints]:
        """Each key and moment up to ``now`` at which a fact turned from false to true, by (key, moment)."""
        fact = self.fact(fact_id)
        if fact is None:
            return _NONE, _NONE
        key, moment = self._may_rise(fact)
        kept = np.flatnonzero((moment >= 0) & (moment <= self.chunk.now))
        packed = distinct(pack(key.take(kept), moment.take(kept)))
        key, moment = packed >> BITS, packed & LAST_MINUTE
        rose = np.flatnonzero(self.holds(fact, key, moment))
        key, moment = key.take(rose), moment.take(rose)
        rose = np.flatnonzero(~self.holds(fact, key, moment - 1))
        return key.take(rose), moment.take(rose)

    def _may_rise(self, fact: Fact) -> tuple[Ints, Ints]:
        """Keys and moments at which a fact may turn true: of several that must all hold, or one of them, where one of them does."""
        form = fact.form
        if not isinstance(form, Combination) or form.how is Combine.NONE:
            return self.turns(fact)
        names, born = tuple(name.name for name in fact.for_each), self.keys.born(fact.for_each)
        parts = [(np.arange(len(born) - 1), born[:-1])]
        for part in form.facts:
            other = self.fact(part)
            if other is not None:
                parts.append(self._for_keys(other, names, *self.rises(part)))
        return np.concatenate([key for key, _ in parts]), np.concatenate([moment for _, moment in parts])

    def turns(self, fact: Fact) -> tuple[Ints, Ints]:
        """Keys and moments at which a fact may turn; more than needed is harmless."""
        names, own, form = tuple(name.name for name in fact.for_each), match.own_names(fact.for_each), fact.form
        born = self.keys.born(fact.for_each)
        parts = [(np.arange(len(born) - 1), born[:-1])]
        if isinstance(form, TrueFrom):
            parts += self._turns_true_from(form, names, own)
        elif isinstance(form, Quiet):
            for pattern, carrying in ((form.since, own), (form.quiet, ())):
                found = self.keys.found(pattern, names, carrying)
                full = self.days.after(found.at, form.lasts, quiet=True)
                parts += [(found.key, found.at), (found.key, full)]
        elif isinstance(form, Count):
            parts += count_turns(self.keys, form, self.keys.found(form.count, names, own))
        elif isinstance(form, Combination):
            for part in form.facts:
                parts += self._turns_of_part(part, names)
        else:
            raise Unable("a fact of the calendar or of another duty that becomes true")
        return np.concatenate([key for key, _ in parts]), np.concatenate([moment for _, moment in parts])

    def _turns_true_from(self, form: TrueFrom, names: tuple[str, ...], own: tuple[str, ...]) -> list[tuple[Ints, Ints]]:
        starts = self.keys.found(form.start, names, own)
        parts = [(starts.key, starts.at)]
        if form.lasts is not None:
            parts.append((starts.key, self.days.after(starts.at, form.lasts) + 1))
        if form.to_date_field is not None:
            parts.append((starts.key, self._dates(starts, form.to_date_field)[:-1] + 1))
        if form.until is not None:
            ends = self.keys.found(form.until, names)
            parts.append((ends.key, ends.at + 1))
        return parts

    def _turns_of_part(self, fact_id: str, names: tuple[str, ...]) -> list[tuple[Ints, Ints]]:
        fact = self.fact(fact_id)
        if fact is None:
            return []
        return [self._for_keys(fact, names, *self.turns(fact))]

    def _for_keys(self, fact: Fact, names: tuple[str, ...], key: Ints, moment: Ints) -> tuple[Ints, Ints]:
        """Moments of a fact for the keys of other names: for everybody of the record."""
        wanted = tuple(name.name for name in fact.for_each)
        if wanted == names:
            return key, moment
        group, space = self.keys.space(wanted).group[key], self.keys.space(names)
        owner, place = spread(space.bounds[group], np.diff(space.bounds)[group])
        return place, moment[owner]

    # --- what cannot be done -------------------------------------------------------------------------------------------

    def unable(self, fact_id: str, *, turning: bool = False) -> str | None:
        """What of a fact the columnar strategy cannot do; None where it can all of it."""
        return unable_fact(self, fact_id, turning, ())


def _combined(form: Combination, held: list[Mask], size: int) -> Mask:
    """All, any or none of several, for each key."""
    if form.how is Combine.ALL:
        return np.logical_and.reduce(held) if held else np.ones(size, dtype=bool)
    found: Mask = np.logical_or.reduce(held) if held else np.zeros(size, dtype=bool)
    return found if form.how is Combine.ANY else ~found


_NONE = np.zeros(0, dtype=np.int64)


def unable_fact(facts: Facts, fact_id: str, turning: bool, above: tuple[str, ...]) -> str | None:
    fact = facts.fact(fact_id)
    if fact is None:
        return None
    form = fact.form
    if fact_id in above:
        return "a fact that asks for itself"
    if len(fact.for_each) > 2:
        return "a key of more than two names"
    if isinstance(form, Overdue):
        return "overdue as a fact"
    if isinstance(form, During):
        return "a fact of the calendar that becomes true" if turning else None
    if isinstance(form, Combination):
        found = (unable_fact(facts, part, turning, (*above, fact_id)) for part in form.facts)
        return next((reason for reason in found if reason is not None), None)
    if isinstance(form, Count):
        return unable_count(form)
    return unable_distance(form.lasts)
