"""How instances stand, as columns, and the tables from which a state is read (§4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from upstander.policy.conformance.days import FAR, Ints, Mask
from upstander.policy.conformance.due import LATE
from upstander.policy.conformance.ragged import picked
from upstander.policy.verdict import State

Small = npt.NDArray[Any]
"""A column of whole numbers, as narrow as they allow."""
STATES = tuple(State)
CODE = {state: code for code, state in enumerate(STATES)}
OPEN = np.array([state.open for state in STATES])
NO_REASON, BLOCKED, UNTIL, OFFER_ENDED, MISSING = range(5)
"""Why: nothing to say, guards (``why_bits``: which of ``if`` and ``unless``), until, an offer ended, parts missing (bits)."""


@dataclass(eq=False)
class Judged:
    """Columns beside the instances. ``row``: the settling event or −1; FAR: none; ``ended``: the moment from which it is final."""

    state: Small
    due: Ints
    flags: Ints
    row: Ints
    settled_at: Ints
    why: Small
    why_bits: Ints
    ended: Ints
    due_from: Ints

    def passed(self) -> Ints:
        """The minute after which each was late, or its window over: what ``overdue`` asks for; FAR where it never was."""
        late = _PASSED.take(self.state) | ((self.state == CODE[State.WAIVED]) & (self.flags & LATE > 0))
        moment = np.where(self.due < FAR, self.due + 1, self.ended)
        return np.where(late, moment, FAR)

    def take(self, places: Ints) -> Judged:
        """Those at these places."""
        return Judged(**{name: picked(column, places) for name, column in vars(self).items()})


@dataclass(frozen=True, eq=False)
class Part:
    """When a pattern of ``must`` was done, by which event, and when that was written down."""

    at: Ints
    row: Ints
    recorded: Ints


@dataclass(frozen=True, eq=False)
class End:
    """What ended each first: the moment (FAR: nothing), the event (−1: none), when that was written down; whether it was waived,
    whether it fell away (None: no such rule)."""

    at: Ints
    row: Ints
    recorded: Ints
    waived: Mask | None
    fell: Mask | None


def merged(here: Ints, one: Judged, there: Ints, other: Judged) -> Judged:
    """Two parts as one, each at its places."""
    columns = {}
    for name, column in vars(one).items():
        beside = getattr(other, name)
        columns[name] = np.empty(len(here) + len(there), dtype=np.result_type(column, beside))
        columns[name][here], columns[name][there] = column, beside
    return Judged(**columns)


def coded(late: Mask, over: Mask, end: End) -> Small:
    """How each ended, as one small number: the place in the tables below."""
    code = late.astype(np.int8)
    code |= (over if over.dtype == bool else np.zeros(1, dtype=bool)).astype(np.int8) << 1
    code |= (end.at >= FAR).astype(np.int8) << 2
    for place, sort in enumerate((end.waived, end.fell), 3):
        if sort is not None:
            code |= sort.astype(np.int8) << place
    return code


def _state(code: int) -> State:
    late, over, open_, waived, fell = (bool(code >> place & 1) for place in range(5))
    if fell:
        return State.NOT_APPLICABLE
    if waived:
        return State.WAIVED
    if not open_:
        return State.MET_LATE if late else State.MET
    if over:
        return State.LAPSED
    return State.OVERDUE if late else State.PENDING


STATE_OF = np.array([CODE[_state(code)] for code in range(32)], dtype=np.int8)
WHY_OF = np.array([UNTIL if code >> 4 else NO_REASON for code in range(32)], dtype=np.int8)
_PASSED = np.array([state in (State.MET_LATE, State.OVERDUE, State.LAPSED) for state in STATES])
