"""How many instances stand at their moments: what settled them, when they are due, why they do not apply (§4)."""

from __future__ import annotations

import numpy as np

from upstander.policy.conformance.columns import EMPTY
from upstander.policy.conformance.days import FAR, Ints, Mask
from upstander.policy.conformance.due import LATE, RECORDED_LATE, Due, Dues
from upstander.policy.conformance.facts import Facts
from upstander.policy.conformance.instances import Instances
from upstander.policy.conformance.keys import Found, Keys
from upstander.policy.conformance.ragged import constant, is_constant, least, spread
from upstander.policy.conformance.states import (
    BLOCKED,
    CODE,
    MISSING,
    NO_REASON,
    OFFER_ENDED,
    OPEN,
    STATE_OF,
    WHY_OF,
    End,
    Judged,
    Part,
    coded,
    merged,
)
from upstander.policy.model import Duty, Pattern, Strength
from upstander.policy.verdict import State


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
        known, none = self.dues.at(not_applicable, not_applicable.at), len(wrong)
        fallen = Judged(
            constant(np.int8(CODE[State.NOT_APPLICABLE]), none),
            known.at,
            known.flags,
            constant(-1, none),
            constant(FAR, none),
            constant(BLOCKED, none),
            bits.take(wrong),
            not_applicable.at,
            constant(FAR, none),
        )
        return merged(wrong, fallen, right, self._judge(several.take(right), moment.take(right)))

    def _judge(self, several: Instances, moment: Ints) -> Judged:
        rule, none = several.rule, constant(FAR, len(several))
        fixed = None if _looks_on(rule) else self.dues.at(several, moment)
        end = self._first_end(several, moment, fixed.at if fixed is not None else None)
        stands = np.minimum(end.at, moment)
        known = fixed
        if known is None:
            known = self.dues.at(several, np.minimum(stands, several.closes))
            known = self._due_when_passed(several, known, stands)
        late = stands > known.at
        over = none if is_constant(several.closes) else moment > several.closes
        code = coded(late, over, end)
        found = Judged(
            STATE_OF.take(code),
            known.at,
            known.flags,
            end.row,
            end.at,
            constant(NO_REASON, len(several)),
            constant(0, len(several)),
            end.at,
            none,
        )
        if end.fell is not None:
            found.why = WHY_OF.take(code)
            found.settled_at = np.where(end.fell, FAR, end.at)
        self._flag(found, end, late)
        if not is_constant(several.closes):
            lapsed = found.state == CODE[State.LAPSED]
            found.ended = np.where(lapsed, several.closes + 1, end.at)
        if rule.strength is Strength.MAY:
            self._offer_ended(found, end, late)
        self._look_closer(several, moment, found)
        return found

    def _flag(self, found: Judged, end: End, late: Mask) -> None:
        """Waived after it was due; settled in time and written down after."""
        if end.waived is not None:
            found.flags = found.flags | np.multiply(end.waived & late, LATE, dtype=np.int64)
        if not is_constant(end.recorded):
            later = (found.state == CODE[State.MET]) & (found.due < FAR) & (end.recorded > found.due)
            found.flags = found.flags | np.multiply(later, RECORDED_LATE, dtype=np.int64)

    def _due_when_passed(self, several: Instances, known: Due, stands: Ints) -> Due:
        """A due moment that looks at events is looked at again as of itself where it has passed."""
        late = np.flatnonzero(stands > known.at)
        if not len(late):
            return known
        again, at, flags = self.dues.at(several.take(late), known.at[late]), known.at.copy(), known.flags.copy()
        at[late], flags[late] = again.at, again.flags
        return Due(at, flags)

    def _offer_ended(self, found: Judged, end: End, late: Mask) -> None:
        """A *may* past its due moment: not applicable, whatever came later."""
        if end.fell is not None:
            late = late & ~end.fell
        if not bool(late.any()):
            return
        found.state = np.where(late, CODE[State.NOT_APPLICABLE], found.state)
        found.why = np.where(late, OFFER_ENDED, found.why)
        found.row, found.settled_at = np.where(late, -1, found.row), np.where(late, FAR, found.settled_at)
        found.ended = np.where(late, found.due + 1, found.ended)
        found.flags = np.where(late, found.flags & ~(RECORDED_LATE | LATE), found.flags)

    # --- ends ----------------------------------------------------------------------------------------------------------

    def _first_end(self, several: Instances, moment: Ints, due: Ints | None) -> End:
        """What ends each first: when, what sort, which event, when that was written down; of one minute settling goes first."""
        settled = self.settling(several, moment)
        at, row, waived, fell = settled.at, settled.row, None, None
        if several.rule.waived_by:
            waived_at, waived_row = self._waiving(several, moment)
            waived = waived_at < at
            at, row = np.where(waived, waived_at, at), np.where(waived, waived_row, row)
        if several.rule.until is not None:
            falls = self._falling(several, moment, due)
            fell = falls < at
            at, row = np.minimum(at, falls), np.where(fell, -1, row)
            waived = waived & ~fell if waived is not None else None
        return End(at, row, settled.recorded, waived, fell)

    def settling(self, several: Instances, moment: Ints) -> Part:
        """By the first event that matches ``must``; of *all of* by the last of them."""
        parts = [self.part(several, pattern, moment) for pattern in several.rule.must]
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return Part(constant(FAR, len(several)), constant(-1, len(several)), constant(0, len(several)))
        last = np.maximum.reduce([part.at for part in parts])
        row = np.minimum.reduce([np.where(part.at == last, part.row, FAR) for part in parts])
        recorded = np.maximum.reduce([part.recorded for part in parts])
        return Part(last, np.where(last < FAR, row, -1), recorded)

    def part(self, several: Instances, pattern: Pattern, moment: Ints) -> Part:
        """One part of ``must``: by the n-th minute that counts."""
        found = self.keys.found(pattern, several.names, several.names)
        start = several.at if is_constant(several.later) and not several.later.any() else several.at + several.later
        if not several.rule.early_counts and (several.rule.not_before is not None or several.rule.window is not None):
            start = np.maximum(start, self.dues.opening(several, moment)[0])
        place = self._past_triggers(several, found, found.from_(several.key, start))
        last = moment if is_constant(several.closes) else np.minimum(moment, several.closes)
        if several.rule.times > 1:
            return self._nth_minute(several, found, place, last)
        place = np.multiply(place + 1, found.moment(place) <= last) - 1
        return Part(found.moment(place), found.row_at(place), self._soonest_recorded(several, found, place))

    def _past_triggers(self, several: Instances, found: Found, place: Ints) -> Ints:
        """Past events that raised the instance: they never settle it."""
        if not len(found.row) or not several.causes.common(found.row):
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
            answer: Ints = constant(0, len(place))  # nothing can have been recorded late
            return answer
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
        rows = self.decisions("waive", several.rule, several.rule.waived_by)
        if not len(rows):
            return constant(FAR, len(several)), constant(-1, len(several))
        at, row = np.full(len(several), FAR), np.full(len(several), -1)
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

    def _falling(self, several: Instances, moment: Ints, due: Ints | None) -> Ints:
        """By an ``until`` at or after the arising and at or before the due moment then in force (``due``, where it never moves)."""
        assert several.rule.until is not None  # noqa: S101
        found = self.keys.found(several.rule.until, several.names)
        place = found.from_(several.key, several.at)
        at = found.moment(place)
        if due is not None:
            return found.moment(np.multiply(place + 1, at <= np.minimum(moment, due)) - 1)
        at = np.where(at <= moment, at, FAR)
        fell = np.flatnonzero(at < FAR)
        if len(fell):
            due = self.dues.at(several.take(fell), at[fell]).at
            at[fell[at[fell] > due]] = FAR
        return at

    # --- open, or closed by time ---------------------------------------------------------------------------------------

    def _look_closer(self, several: Instances, moment: Ints, found: Judged) -> None:
        """What the open ones lack, from when to remind of them, and which are not yet to be settled."""
        rule = several.rule
        closer = rule.remind is not None or rule.not_before is not None or rule.window is not None
        if not closer and len(rule.must) < 2:
            return
        lapsed, left = (found.state == CODE[State.LAPSED]), OPEN.take(found.state)
        self._missing(several, found, np.flatnonzero(lapsed), several.closes)
        left = np.flatnonzero(left)
        self._missing(several, found, left, moment)
        if not closer:
            return
        state, due, here = found.state.take(left), found.due.take(left), moment.take(left)
        if rule.remind is not None:
            known = due < FAR
            due_from = np.where(known, self.dues.back(np.where(known, due, 0), rule.remind).at, FAR)
            found.due_from = np.full(len(several), FAR)
            found.due_from[left] = due_from
            state[(here >= due_from) & (state == CODE[State.PENDING])] = CODE[State.DUE]
        if rule.not_before is not None or rule.window is not None:
            opens, _ = self.dues.opening(several.take(left), here)
            state[here < opens] = CODE[State.UPCOMING]
        found.state[left] = state

    def _missing(self, several: Instances, found: Judged, which: Ints, moment: Ints) -> None:
        """Of ``all of``, which parts are missing at these moments."""
        if len(several.rule.must) < 2 or not len(which):
            return
        here, bits = several.take(which), np.zeros(len(which), dtype=np.int64)
        for place, pattern in enumerate(several.rule.must):
            bits |= (self.part(here, pattern, moment.take(which)).at >= FAR).astype(np.int64) << place
        found.why, found.why_bits = found.why.copy(), found.why_bits.copy()
        found.why[which], found.why_bits[which] = np.where(bits > 0, MISSING, NO_REASON), bits


def _looks_on(rule: Duty) -> bool:
    """Whether a due moment depends on events after the arising."""
    from upstander.policy.compiled.rules import _of_deadline

    return any(_of_deadline(rule.by)) or any(_of_deadline(rule.not_before))
