"""Date fields as moments and numbers as thousandths, each value of the dictionary read once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import numpy as np

from upstander.policy.arithmetic import read_moment
from upstander.policy.conformance.columns import Codes
from upstander.policy.conformance.days import FAR, Ints, minute_of
from upstander.policy.log import FieldValue
from upstander.policy.reference.match import as_number

_UNREAD = -(1 << 60)


class Unable(Exception):
    """The columnar strategy cannot do this construct; the text names it. The rule is handed to the compiled one."""


class Read:
    """What values of a dictionary stand for; ``none`` is what a missing one does."""

    def __init__(self, values: list[FieldValue], read: Callable[[FieldValue], int], none: int) -> None:
        self._values, self._read = values, read
        self._known = np.full(len(values) + 1, _UNREAD, dtype=np.int64)
        self._known[-1] = none

    def of(self, codes: Ints | Codes) -> Ints:
        found: Ints = self._known[codes]
        unread = np.flatnonzero(found == _UNREAD)
        if len(unread):
            for code in np.unique(codes[unread]).tolist():
                self._known[code] = self._read(self._values[code])
            found = self._known[codes]
        return found


def minute_of_date(value: FieldValue) -> int:
    """The moment of a date field: a date is 23:59 of its day, FAR is no date."""
    moment = read_moment(value)
    return minute_of(moment) if moment is not None else FAR


SCALE = 1000
"""Numbers are decimals of at most three places."""
LARGEST = Decimal(10**12)


def scaled(number: Decimal) -> int:
    """A number in thousandths. Raises Unable where it has more places."""
    thousand = number * SCALE
    if thousand != thousand.to_integral_value() or abs(thousand) > LARGEST:
        raise Unable("a number of more than three places")
    return int(thousand)


def thousandths(value: FieldValue) -> int:
    """What a field adds to a sum: of what is no number, nothing."""
    number = as_number(value)
    return scaled(number) if number is not None else 0
