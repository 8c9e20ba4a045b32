"""From what somebody filled in to what the log keeps, and from the log to what the engine reads.

Plain values are text, JSON numbers, lists of codes; sealed values are bytes that ``records.append`` encrypts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from upstander.policy import log as policy_log
from upstander.policy.model import SEALED_TYPES, EventKind, Field, FieldType, Pack
from upstander.records.errors import Problem
from upstander.records.fields import minute_text

LONGEST = {FieldType.TEXT: 300, FieldType.LONG_TEXT: 20_000, FieldType.SIGNATURE: 400_000}
LONGEST_PLAIN = 200
FREE_KINDS = frozenset({"void", "waive", "extend", "person-named"})
"""Built-in kinds whose fields name entries, rules and moments: the software writes them, whatever type the form shows."""

Filled = Mapping[str, Any]


@dataclass
class Kept:
    """The fields of an event, sorted into plain and sealed, with what was wrong."""

    plain: dict[str, Any] = field(default_factory=dict)
    sealed: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def keep(pack: Pack, kind: EventKind, fields: Filled, required_now: Iterable[str] = ()) -> Kept:
    """Sort and check what was filled in. ``required_now``: facts that hold (for ``required while``). Files are not among it."""
    kept = Kept()
    for name in fields:
        if name not in kind.fields:
            kept.problems.append(Problem(name, "not-a-field", _("This form has no such field.")))
    holding = frozenset(required_now)
    for name, spec in kind.fields.items():
        value = fields.get(name)
        if spec.type is FieldType.FILE:
            continue
        if value is None or value == "" or value == [] or value == ():
            if spec.required or (spec.required_while and spec.required_while in holding):
                kept.problems.append(Problem(name, "required", _("This is still blank.")))
            continue
        _keep_one(kept, pack, kind, spec, value)
    return kept


def _keep_one(kept: Kept, pack: Pack, kind: EventKind, spec: Field, value: Any) -> None:
    try:
        if spec.type in SEALED_TYPES:
            kept.sealed[spec.id] = _text(value, LONGEST[spec.type]).encode()
        elif kind.id in FREE_KINDS and spec.type is FieldType.DATE:
            kept.plain[spec.id] = minute_text(value) if isinstance(value, datetime) else _text(value, LONGEST_PLAIN)
        else:
            kept.plain[spec.id] = _PLAIN[spec.type](pack, spec, value)
    except _WrongValueError as wrong:
        kept.problems.append(Problem(spec.id, wrong.code, str(wrong)))


class _WrongValueError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _text(value: Any, longest: int) -> str:
    text = str(value).replace("\x00", "").replace("\r\n", "\n")
    if len(text) > longest:
        raise _WrongValueError("too-long", _("This is too long: at most %(most)d characters.") % {"most": longest})
    return text


def _number(pack: Pack, spec: Field, value: Any) -> int | float:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise _WrongValueError("invalid", _("Write a number.")) from None
    if not number.is_finite() or abs(number) > 10**9 or number != round(number, 3):
        raise _WrongValueError("invalid", _("Write a number with at most three decimals."))
    least, most = spec.least, spec.most
    if (least is not None and number < least) or (most is not None and number > most):
        raise _WrongValueError("invalid", _("This number is out of range."))
    return int(number) if number == number.to_integral_value() else float(number)


def _date(pack: Pack, spec: Field, value: Any) -> str:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).strftime("%Y-%m-%d")
    except ValueError:
        raise _WrongValueError("invalid", _("Give a day that exists.")) from None


def _time(pack: Pack, spec: Field, value: Any) -> str:
    try:
        return (value if isinstance(value, time) else time.fromisoformat(str(value))).strftime("%H:%M")
    except ValueError:
        raise _WrongValueError("invalid", _("Give a time like 15:30.")) from None


def _yes_no(pack: Pack, spec: Field, value: Any) -> str:
    said = {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    if said not in ("yes", "no"):
        raise _WrongValueError("unknown-option", _("Choose one of these."))
    return said


def _one(pack: Pack, spec: Field, value: Any) -> str:
    if str(value) not in pack.options.get(spec.options, {}):
        raise _WrongValueError("unknown-option", _("Choose one of these."))
    return str(value)


def _some(pack: Pack, spec: Field, value: Any) -> list[str]:
    codes = [value] if isinstance(value, str) else list(value)
    order = list(pack.options.get(spec.options, {}))
    if any(code not in order for code in codes):
        raise _WrongValueError("unknown-option", _("Choose from these."))
    return sorted(dict.fromkeys(codes), key=order.index)


def _person(pack: Pack, spec: Field, value: Any) -> Any:
    ids = [str(value)] if isinstance(value, str) or not isinstance(value, (list, tuple)) else [str(each) for each in value]
    return ids if spec.many else ids[0]


_PLAIN = {
    FieldType.NUMBER: _number,
    FieldType.SCALE: _number,
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.YES_NO: _yes_no,
    FieldType.ONE_OF: _one,
    FieldType.SOME_OF: _some,
    FieldType.PLACE: _one,
    FieldType.PERSON: _person,
}


def for_engine(fields: Mapping[str, Any]) -> dict[str, policy_log.FieldValue]:
    """Plain fields of the log as the engine reads them: numbers exact, lists as tuples."""
    return {name: _engine_value(value) for name, value in fields.items()}


def _engine_value(value: Any) -> policy_log.FieldValue:
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(str(value))
    return str(value)
