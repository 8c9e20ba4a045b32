"""How many instances stand at their moments: what settled them, when they are due, why they do not apply (§4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upstander.policy.conformance.columns import EMPTY
from upstander.policy.conformance.days import FAR, Ints, Mask
from upstander.policy.conformance.due import LATE, RECORDED_LATE, Due, Dues
from upstander.policy.conformance.facts import Facts
from upstander.policy.conformance.instances import Instances
from upstander.policy.conformance.keys import Found, Keys
from upstander.policy.conformance.ragged import least, spread
from upstander.policy.model import Duty, Pattern, Strength
from upstander.policy.verdict import State

STATES = tuple(State)
CODE = {state: code for code, state in enumerate(STATES)}
OPEN = np.array([state.open for state in STATES])
NO_REASON, BLOCKED, UNTIL, OFFER_ENDED, MISSING = range(5)
"""Why: nothing to say, guards (``why_bits``: which of ``if`` and ``unless``), until, an offer ended, parts missing (bits)."""
_SETTLE, _WAIVE, _UNTIL, _NO_END = range(4)


@dataclass(eq=False)
class Judged:
    """Columns beside the instances. ``row``: the settling event or −1; FAR: none."""

    state: Ints
    due: Ints
    flags: Ints
    row: Ints
    settled_at: Ints
    why: Ints
    why_bits: Ints
    ended: Ints
    passed: Ints
    due_from: Ints


@dataclass(frozen=True, eq=False)
class Part:
    """When a pattern of ``must`` was done, by which event, and when that was written down."""

    at: Ints
    row: Ints
    recorded: Ints


class Judge:
    """Judges the instances of one chunk."""

    def __init__(self, keys: Keys, facts: Facts, dues: Dues) -> None:
        self.keys, self.facts, self.dues, self.chunk = keys, facts, dues, keys.chunk

    def blocked(self, several: Instances) -> Ints:
        """For each the guards that are not as asked at the arising, as bits in the order of ``if``, ``unless``."""
        rule, bits = several.rule, np.zeros(len(several), dtype=np.int64)
        for place, fact in enumerate((*rule.if_, *rule.unless)):
            held = self.facts.asked(fact, several.names, several.key, several.at)
            wrong = ~held if place < len(rule.if_) else held
            bits |= wrong.astype(np.int64) << place
        return bits

    def judge(self, several: Instances, moment: Ints) -> Judged:
        """The state of each at its moment, from events at or before it."""
        bits = self.blocked(several) if several.rule.if_ or several.rule.unless else None
        if bits is None or not bool(bits.any()):
            return self._judge(several, moment)
        wrong, right = np.flatnonzero(bits), np.flatnonzero(bits == 0)
        not_applicable = several.take(wrong)
        known = self.dues.at(not_applicable, not_applicable.at)
        fallen = _blank(len(wrong))
        fallen.state[:], fallen.due, fallen.flags = CODE[State.NOT_APPLICABLE], known.at, known.flags
        fallen.why[:], fallen.why_bits, fallen.ended = BLOCKED, bits[wrong], not_applicable.at.copy()
        return _merged(len(several), (wrong, fallen), (right, self._judge(several.take(right), moment[right])))

    def _judge(self, several: Instances, moment: Ints) -> Judged:
        rule = several.rule
        end_at, rank, row, recorded = self._first_end(several, moment)
        ended = end_at < FAR
        stands = np.where(ended, end_at, moment)
        known = self.dues.at(several, np.minimum(stands, several.closes))
        if _looks_on(rule):
            known = self._due_when_passed(several, known, stands)
        late = stands > known.at
        found = _blank(len(several))
        found.due, found.flags = known.at, known.flags.copy()
        found.passed = np.where(late, known.at + 1, FAR)
        found.ended = end_at
        met, waived, fell = ended & (rank == _SETTLE), ended & (rank == _WAIVE), ended & (rank == _UNTIL)
        found.state[met] = CODE[State.MET]
        found.state[met & late] = CODE[State.MET_LATE]
        found.flags |= np.where(met & ~late & (known.at < FAR) & (recorded > known.at), RECORDED_LATE, 0)
        found.state[waived] = CODE[State.WAIVED]
        found.flags |= np.where(waived & late, LATE, 0)
        found.state[fell], found.why[fell] = CODE[State.NOT_APPLICABLE], UNTIL
        found.passed[fell] = FAR
        by_event = met | waived
        found.row, found.settled_at = np.where(by_event, row, -1), np.where(by_event, end_at, FAR)
        left = ~ended
        if rule.strength is Strength.MAY:
            left &= ~late
            self._offer_ended(found, late)
        self._closed_or_open(several, moment, found, np.flatnonzero(left))
        return found

    def _due_when_passed(self, several: Instances, known: Due, stands: Ints) -> Due:
        """A due moment that looks at events is looked at again as of itself where it has passed."""
        late = np.flatnonzero(stands > known.at)
        if len(late):
            again = self.dues.at(several.take(late), known.at[late])
            known.at[late], known.flags[late] = again.at, again.flags
        return known

    def _offer_ended(self, found: Judged, late: Mask) -> None:
        found.state[late], found.why[late] = CODE[State.NOT_APPLICABLE], OFFER_ENDED
        found.row[late], found.settled_at[late] = -1, FAR
        found.ended[late] = found.due[late] + 1
        found.passed[late] = FAR
        found.flags[late] &= ~(RECORDED_LATE | LATE)

    # --- ends ----------------------------------------------------------------------------------------------------------

    def _first_end(self, several: Instances, moment: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """What ends each first: when, what sort, which event, when that was written down; of one minute settling goes first."""
        settled = self.settling(several, moment)
        at, row, recorded = settled.at, settled.row, settled.recorded
        rank = np.where(at < FAR, _SETTLE, _NO_END)
        if several.rule.waived_by:
            waived_at, waived_row = self._waiving(several, moment)
            first = waived_at < at
            at, row = np.where(first, waived_at, at), np.where(first, waived_row, row)
            rank = np.where(first, _WAIVE, rank)
        if several.rule.until is not None:
            fell = self._falling(several, moment)
            first = fell < at
            at, row = np.where(first, fell, at), np.where(first, -1, row)
            rank = np.where(first, _UNTIL, rank)
        return at, rank, row, recorded

    def settling(self, several: Instances, moment: Ints) -> Part:
        """By the first event that matches ``must``; of *all of* by the last of them."""
        parts = [self.part(several, pattern, moment) for pattern in several.rule.must]
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return Part(np.full(len(several), FAR), np.full(len(several), -1), np.zeros(len(several), dtype=np.int64))
        last = np.maximum.reduce([part.at for part in parts])
        row = np.minimum.reduce([np.where(part.at == last, part.row, FAR) for part in parts])
        recorded = np.maximum.reduce([part.recorded for part in parts])
        return Part(last, np.where(last < FAR, row, -1), recorded)

    def part(self, several: Instances, pattern: Pattern, moment: Ints) -> Part:
        """One part of ``must``: by the n-th minute that counts."""
        found = self.keys.found(pattern, several.names, several.names)
        start = several.at + several.later
        if not several.rule.early_counts and (several.rule.not_before is not None or several.rule.window is not None):
            start = np.maximum(start, self.dues.opening(several, moment)[0])
        place = self._past_triggers(several, found, found.from_(several.key, start))
        last = np.minimum(moment, several.closes)
        if several.rule.times > 1:
            return self._nth_minute(several, found, place, last)
        at = found.moment(place)
        done = at <= last
        place = np.where(done, place, -1)
        recorded = self._soonest_recorded(several, found, place)
        return Part(np.where(done, at, FAR), found.row_at(place), recorded)

    def _past_triggers(self, several: Instances, found: Found, place: Ints) -> Ints:
        """Past events that raised the instance: they never settle it."""
        if not len(found.row) or not bool(np.any(several.causes.row >= 0)):
            return place
        check = np.flatnonzero((place >= 0) & (found.moment(place) == several.at))
        while len(check):
            check = check[several.causes.raised(several.trigger[check], found.row[place[check]])]
            following = place[check] + 1
            same = following < len(found.row)
            same[same] = found.key[following[same]] == several.key[check[same]]
            place[check] = np.where(same, following, -1)
            check = check[same]
            check = check[found.at[place[check]] == several.at[check]]
        return place

    def _soonest_recorded(self, several: Instances, found: Found, place: Ints) -> Ints:
        """When the first of the events of one minute was written down; events that raised the instance aside."""
        if not len(found.row) or self.chunk.at_once:
            return np.zeros(len(place), dtype=np.int64)  # nothing can have been recorded late
        recorded = self.chunk.recorded[found.row[place]]
        here = np.flatnonzero((place >= 0) & (place + 1 < len(found.row)))
        following = place.copy()
        while len(here):
            following[here] += 1
            here = here[following[here] < len(found.row)]
            here = here[found.packed[following[here]] == found.packed[place[here]]]
            rows = found.row[following[here]]
            counts = ~several.causes.raised(several.trigger[here], rows)
            recorded[here[counts]] = np.minimum(recorded[here[counts]], self.chunk.recorded[rows[counts]])
        return recorded

    def _nth_minute(self, several: Instances, found: Found, place: Ints, last: Ints) -> Part:
        """``times: n``: each a different minute, of each the event written down first."""
        recorded = np.zeros(len(place), dtype=np.int64)
        for count in range(several.rule.times):
            there = (place >= 0) & (found.moment(place) <= last)
            place = np.where(there, place, -1)
            recorded = np.maximum(recorded, self._soonest_recorded(several, found, place))
            if count + 1 < several.rule.times:
                following = found.from_(several.key, np.where(there, found.moment(place) + 1, 0))
                place = np.where(there, following, -1)
        return Part(found.moment(place), found.row_at(place), recorded)

    # --- waived, fallen away -------------------------------------------------------------------------------------------

    def decisions(self, kind: str, rule: Duty, roles: tuple[str, ...]) -> Ints:
        """The rows of ``waive`` or ``extend`` for a rule by a role that may."""
        chunk, rows = self.chunk, self.chunk.of_kind(kind)
        if not roles or not len(rows):
            return rows[:0]
        allowed = {member for role in roles for member in (role, *chunk.pack.members(role))}
        codes = np.array([chunk.shared.code(role) for role in allowed])
        rows = rows[np.isin(chunk.field("rule")[rows], [chunk.shared.code(rule.id)])]
        return rows[np.isin(chunk.role[rows], codes[codes >= 0])]

    def _waiving(self, several: Instances, moment: Ints) -> tuple[Ints, Ints]:
        """By the first ``waive`` by a role that may, at or after the arising."""
        chunk = self.chunk
        at, row = np.full(len(several), FAR), np.full(len(several), -1)
        rows = self.decisions("waive", several.rule, several.rule.waived_by)
        if not len(rows):
            return at, row
        group = several.group
        first = np.searchsorted(group, chunk.group[rows])
        last = np.searchsorted(group, chunk.group[rows], side="right")
        owner, place = spread(first, last - first)
        waive = rows[owner]
        when = chunk.at[waive]
        counts = (when >= several.at[place] + several.later[place]) & (when <= moment[place])
        counts &= when <= several.closes[place]
        counts &= self._concerns(waive, several, place)
        first_row = least(place[counts], waive[counts], len(several), FAR)  # the first row of a record is the earliest
        waived = np.flatnonzero(first_row < FAR)
        at[waived], row[waived] = chunk.at[first_row[waived]], first_row[waived]
        return at, row

    def _concerns(self, rows: Ints, several: Instances, place: Ints) -> Mask:
        """With ``person`` a decision concerns the keys that contain the person, without it all."""
        chunk, size = self.chunk, self.chunk.shared.size
        persons = [chunk.about.get("person", EMPTY)]
        field = chunk.fields.get("person", EMPTY)
        if len(field.rows):
            persons += chunk.as_texts(field.rows, field.codes)
        packed = np.unique(np.concatenate([part.rows * size + part.codes for part in persons]))
        named = np.isin(rows, packed // size)
        concerned = ~named
        for part in several.space.parts:
            concerned |= np.isin(rows * size + part[several.key[place]], packed)
        return concerned

    def _falling(self, several: Instances, moment: Ints) -> Ints:
        """By an ``until`` at or after the arising and at or before the due moment then in force."""
        assert several.rule.until is not None  # noqa: S101
        found = self.keys.found(several.rule.until, several.names)
        at = found.moment(found.from_(several.key, several.at))
        at = np.where(at <= moment, at, FAR)
        fell = np.flatnonzero(at < FAR)
        if len(fell):
            due = self.dues.at(several.take(fell), at[fell]).at
            at[fell[at[fell] > due]] = FAR
        return at

    # --- open, or closed by time ---------------------------------------------------------------------------------------

    def _closed_or_open(self, several: Instances, moment: Ints, found: Judged, left: Ints) -> None:
        if not len(left):
            return
        closed = left[moment[left] > several.closes[left]]
        if len(closed):
            closes = several.closes[closed]
            found.state[closed] = CODE[State.LAPSED]
            found.ended[closed] = closes + 1
            found.passed[closed] = np.where(found.due[closed] < FAR, found.due[closed] + 1, closes + 1)
            self._missing(several, found, closed, closes)
            left = left[moment[left] <= several.closes[left]]
        self._missing(several, found, left, moment[left])
        state = np.full(len(left), CODE[State.PENDING])
        due, here = found.due[left], moment[left]
        if several.rule.remind is not None:
            known = due < FAR
            due_from = np.where(known, self.dues.back(np.where(known, due, 0), several.rule.remind).at, FAR)
            found.due_from[left] = due_from
            state[here >= due_from] = CODE[State.DUE]
        state[found.passed[left] < FAR] = CODE[State.OVERDUE]
        if several.rule.not_before is not None or several.rule.window is not None:
            opens, _ = self.dues.opening(several.take(left), here)
            upcoming = here < opens
            state[upcoming] = CODE[State.UPCOMING]
            found.passed[left[upcoming]] = FAR
        found.state[left] = state

    def _missing(self, several: Instances, found: Judged, which: Ints, moment: Ints) -> None:
        """Of ``all of``, which parts are missing."""
        if len(several.rule.must) < 2 or not len(which):
            return
        here, bits = several.take(which), np.zeros(len(which), dtype=np.int64)
        for place, pattern in enumerate(several.rule.must):
            bits |= (self.part(here, pattern, moment).at >= FAR).astype(np.int64) << place
        found.why[which], found.why_bits[which] = np.where(bits > 0, MISSING, NO_REASON), bits


def _looks_on(rule: Duty) -> bool:
    """Whether a due moment depends on events after the arising."""
    from upstander.policy.compiled.rules import _of_deadline

    return any(_of_deadline(rule.by)) or any(_of_deadline(rule.not_before))


def _blank(count: int) -> Judged:
    def zero() -> Ints:
        return np.zeros(count, dtype=np.int64)

    def far() -> Ints:
        return np.full(count, FAR)

    return Judged(zero(), far(), zero(), np.full(count, -1), far(), zero(), zero(), far(), far(), far())


def _merged(count: int, *parts: tuple[Ints, Judged]) -> Judged:
    found = _blank(count)
    for where, part in parts:
        for name, column in vars(found).items():
            column[where] = getattr(part, name)
    return found


def guards_allowed(rule: Duty) -> bool:
    """Whether the guards and parts of a duty fit into the bits of a number."""
    return len(rule.if_) + len(rule.unless) < 60 and len(rule.must) < 60
