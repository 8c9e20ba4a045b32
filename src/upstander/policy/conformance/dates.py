"""Date fields as moments, each text read once."""

from __future__ import annotations

import numpy as np

from upstander.policy.arithmetic import read_moment
from upstander.policy.conformance.days import FAR, Ints, minute_of
from upstander.policy.log import FieldValue

_UNREAD = -(1 << 60)


class FieldDates:
    """The moments that values of a dictionary stand for: a date is 23:59 of its day, FAR is no date."""

    def __init__(self, values: list[FieldValue]) -> None:
        self._values = values
        self._known = np.full(len(values) + 1, _UNREAD, dtype=np.int64)
        self._known[-1] = FAR

    def of(self, codes: Ints) -> Ints:
        for code in np.unique(codes[self._known[codes] == _UNREAD]).tolist():
            moment = read_moment(self._values[code])
            self._known[code] = minute_of(moment) if moment is not None else FAR
        found: Ints = self._known[codes]
        return found
