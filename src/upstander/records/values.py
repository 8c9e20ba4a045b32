"""From what somebody filled in to what the log keeps, and from the log to what the engine reads.

Plain values are text, JSON numbers, lists of codes; sealed values are bytes that ``records.append`` encrypts. What may stand in a
field says ``policy.forms``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from upstander.policy import forms as policy_forms
from upstander.policy import log as policy_log
from upstander.policy.model import SEALED_TYPES, EventKind, FieldType, Pack
from upstander.records.errors import Problem
from upstander.records.fields import minute_text
from upstander.ui import languages

Filled = Mapping[str, Any]
EXTEND = "extend"


@dataclass
class Kept:
    """The fields of an event, sorted into plain and sealed, with what was wrong."""

    plain: dict[str, Any] = field(default_factory=dict)
    sealed: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def keep(pack: Pack, kind: EventKind, fields: Filled, facts: Collection[str] = ()) -> Kept:
    """Sort and check what was filled in. ``facts``: those that hold (for ``required while``). A file field holds file ids."""
    raw = {name: _typed(value) for name, value in fields.items() if value is not None}
    # A deadline may be moved to a minute: the engine reads it, the field of the form is a day.
    to = fields.get("to") if kind.id == EXTEND else None
    if isinstance(to, datetime):
        raw["to"] = to.date().isoformat()
    values, found = policy_forms.parse(pack, kind.id, raw, facts=facts)
    if isinstance(to, datetime) and "to" in values:
        values["to"] = minute_text(to)
    kept = Kept(problems=[problem_of(each) for each in found])
    for name, value in values.items():
        asked = kind.fields[name].type
        if asked is FieldType.FILE:
            kept.sealed[name] = json.dumps(
                [value] if isinstance(value, str) else [str(each) for each in _many(value)]
            ).encode()
        elif asked in SEALED_TYPES:
            kept.sealed[name] = str(value).encode()
        else:
            kept.plain[name] = _plain(value)
    return kept


def problem_of(found: policy_forms.FieldProblem) -> Problem:
    """A problem that ``policy.forms`` found, in the language of the page."""
    return Problem(found.field.replace("about.", "about:"), found.code, found.text(languages.current().tag))


def _typed(value: Any) -> str | Sequence[str]:
    """A Python value as it would have been typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return minute_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, (list, tuple, set, frozenset)):
        return [str(each) for each in value]
    return str(value)


def _many(value: policy_log.FieldValue) -> Sequence[Any]:
    return value if isinstance(value, tuple) else (value,)


def _plain(value: policy_log.FieldValue) -> Any:
    if isinstance(value, tuple):
        return [str(each) for each in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def for_engine(fields: Mapping[str, Any]) -> dict[str, policy_log.FieldValue]:
    """Plain fields of the log as the engine reads them: numbers exact, lists as tuples."""
    return {name: _engine_value(value) for name, value in fields.items()}


def _engine_value(value: Any) -> policy_log.FieldValue:
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(str(value))
    return str(value)
