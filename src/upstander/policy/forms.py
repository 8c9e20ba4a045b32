"""What may stand in the fields of an event: from what was typed to typed values, and what is wrong with them (§9).

Pure: the facts that hold and the moment come in as arguments. Nothing that was typed is ever thrown away silently.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from upstander.policy.log import FieldValue
from upstander.policy.model import FILLED_BY_THE_APP, EventKind, Field, FieldType, Pack, Value
from upstander.policy.words import N_, translated

LONGEST = {FieldType.TEXT: 500, FieldType.LONG_TEXT: 20_000}
MOST_CHOICES = 100
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_TEXTS = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.SIGNATURE})

MESSAGES = {
    "required": N_("Fill this in."),
    "required-choice": N_("Choose one."),
    "required-name": N_("Say who it is about."),
    "too-long": N_("This is too long: %(length)s characters, and %(most)s fit."),
    "not-a-number": N_("Write a number."),
    "decimals": N_("Write at most three digits after the point."),
    "too-small": N_("The number must be at least %(least)s."),
    "too-large": N_("The number must be at most %(most)s."),
    "not-a-date": N_("Write a date, with day, month and year."),
    "year": N_("Look at the year again."),
    "future": N_("This lies in the future. Write when it happened."),
    "not-a-time": N_("Write a time such as 08:30."),
    "not-yes-or-no": N_("Choose yes or no."),
    "no-choice": N_("Choose one of the answers in the list."),
    "unknown": N_("This form has no such field."),
    "characters": N_("There is a character here that cannot be stored."),
}
"""{code: message in British English, the msgid of this room's catalogue}."""


@dataclasses.dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with a field. ``message`` is a msgid, ``params`` fill its placeholders. A name has the field ``about.NAME``."""

    field: str
    code: str
    message: str
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def text(self, lang: str) -> str:
        """The message in a language, filled in."""
        return translated(self.message, lang) % self.params


def problem(name: str, code: str, **params: object) -> FieldProblem:
    """A problem with one of the known messages."""
    return FieldProblem(name, code, MESSAGES[code], {key: str(value) for key, value in params.items()})


def check(
    pack: Pack,
    kind: str,
    fields: Mapping[str, FieldValue],
    *,
    facts: Collection[str] = (),
    about: Mapping[str, Sequence[str]] | None = None,
) -> list[FieldProblem]:
    """What is wrong with the typed values of an event, in the order of the form; empty when all is well.

    ``facts``: ids of the facts that hold now, for ``required while``. With ``about``, the names that a limit asks of this kind of
    event must be filled. Raises ``KeyError`` for a kind that the pack does not have.
    """
    event = pack.events[kind]
    found = [problem(name, "unknown") for name in fields if name not in event.fields]
    for name, each in event.fields.items():
        value = fields.get(name)
        if _empty(value):
            if is_required(each, facts):
                found.append(problem(name, "required-choice" if _chosen(each) else "required"))
        elif value is not None:
            found.extend(_wrong(pack, each, value))
    if about is not None:
        found.extend(
            problem(f"about.{name}", "required-name") for name in needed_names(pack, kind) if not about.get(name)
        )
    return found


def is_required(asked: Field, facts: Collection[str] = ()) -> bool:
    """Whether a field must be filled while these facts hold."""
    return asked.required or (asked.required_while is not None and asked.required_while in facts)


def needed_names(pack: Pack, kind: str) -> tuple[str, ...]:
    """The names of ``about`` without which a limit could not be judged (§6)."""
    declared = pack.events[kind].about
    asked = [
        key.name
        for limit in pack.limits.values()
        if any(each.kind == kind for each in limit.act.alternatives)
        for key in limit.for_each
        if not key.of_case
    ]
    return tuple(dict.fromkeys(name for name in asked if name in declared))


def check_moment(at: datetime, now: datetime) -> list[FieldProblem]:
    """What is wrong with the moment of an event: nothing happens in the future. Both are civil minutes of the school."""
    if at.year < _FIRST_YEAR:
        return [problem("at", "year")]
    return [problem("at", "future")] if at > now else []


def _empty(value: FieldValue | None) -> bool:
    return value is None or value == () or (isinstance(value, str) and not value.strip())


def _chosen(asked: Field) -> bool:
    return asked.type in (FieldType.ONE_OF, FieldType.SOME_OF, FieldType.YES_NO, FieldType.PLACE, FieldType.SCALE)


def _wrong(pack: Pack, asked: Field, value: FieldValue) -> list[FieldProblem]:
    if asked.type in _TEXTS:
        return _wrong_text(asked, value)
    if asked.type in (FieldType.NUMBER, FieldType.SCALE):
        return _wrong_number(asked, value)
    if asked.type in (FieldType.ONE_OF, FieldType.SOME_OF, FieldType.PLACE):
        return _wrong_choice(pack, asked, value)
    if asked.type is FieldType.YES_NO:
        return [] if value in ("yes", "no") else [problem(asked.id, "not-yes-or-no")]
    if asked.type is FieldType.DATE:
        return _wrong_date(asked, value)
    if asked.type is FieldType.TIME:
        return [] if isinstance(value, str) and read_time(value) == value else [problem(asked.id, "not-a-time")]
    return []


def _wrong_text(asked: Field, value: FieldValue) -> list[FieldProblem]:
    text = str(value)
    most = LONGEST.get(asked.type)
    found = []
    if most is not None and len(text) > most:
        found.append(problem(asked.id, "too-long", length=len(text), most=most))
    if any(each == "\0" or 0xD800 <= ord(each) < 0xE000 for each in text):
        found.append(problem(asked.id, "characters"))
    return found


def _wrong_number(asked: Field, value: FieldValue) -> list[FieldProblem]:
    if not isinstance(value, Decimal) or not value.is_finite():
        return [problem(asked.id, "not-a-number")]
    if value != round(value, 3):
        return [problem(asked.id, "decimals")]
    if asked.least is not None and value < asked.least:
        return [problem(asked.id, "too-small", least=asked.least)]
    if asked.most is not None and value > asked.most:
        return [problem(asked.id, "too-large", most=asked.most)]
    return []


def _wrong_choice(pack: Pack, asked: Field, value: FieldValue) -> list[FieldProblem]:
    chosen: tuple[Value, ...] = value if isinstance(value, tuple) else (value,)
    if asked.type is not FieldType.SOME_OF and len(chosen) != 1:
        return [problem(asked.id, "no-choice")]
    if len(chosen) > MOST_CHOICES or len(set(chosen)) != len(chosen):
        return [problem(asked.id, "no-choice")]
    if asked.options in FILLED_BY_THE_APP:
        return []
    codes = pack.options.get(asked.options, {})
    return [] if all(each in codes for each in chosen) else [problem(asked.id, "no-choice")]


def _wrong_date(asked: Field, value: FieldValue) -> list[FieldProblem]:
    day = read_date(value) if isinstance(value, str) else None
    if day is None or day.isoformat() != value:
        return [problem(asked.id, "not-a-date")]
    return [] if _FIRST_YEAR <= day.year <= _LAST_YEAR else [problem(asked.id, "year")]


# --- from what was typed ------------------------------------------------------------------------------------------

Typed = str | Sequence[str]


def parse(
    pack: Pack, kind: str, raw: Mapping[str, Typed], *, facts: Collection[str] = ()
) -> tuple[dict[str, FieldValue], list[FieldProblem]]:
    """Typed values of what stood in a form, and everything that is wrong with them.

    Empty fields are left out. A value that cannot be read is left out too, with its problem; the caller keeps what was typed.
    """
    event = pack.events[kind]
    values: dict[str, FieldValue] = {}
    unread: list[FieldProblem] = []
    for name, typed in raw.items():
        asked = event.fields.get(name)
        if asked is None:
            unread.append(problem(name, "unknown"))
            continue
        value = read(asked, typed)
        if isinstance(value, FieldProblem):
            unread.append(value)
        elif value is not None:
            values[name] = value
    bad = {each.field for each in unread}
    found = unread + [each for each in check(pack, kind, values, facts=facts) if each.field not in bad]
    return values, sorted(found, key=lambda each: _place(event, each.field))


def _place(event: EventKind, name: str) -> int:
    names = list(event.fields)
    return names.index(name) if name in names else len(names)


def read(asked: Field, typed: Typed) -> FieldValue | FieldProblem | None:
    """One value of one field; None for nothing."""
    if asked.type is FieldType.SOME_OF or asked.many:
        several = (typed,) if isinstance(typed, str) else tuple(typed)
        chosen = tuple(dict.fromkeys(each.strip() for each in several if each.strip()))
        return chosen or None
    one = typed if isinstance(typed, str) else (typed[0] if typed else "")
    if asked.type in _TEXTS:
        text = one.replace("\r\n", "\n").replace("\r", "\n").strip()
        return text or None
    return _read_plain(asked, unicodedata.normalize("NFKC", one).strip())


def _read_plain(asked: Field, text: str) -> FieldValue | FieldProblem | None:
    if not text:
        return None
    if asked.type in (FieldType.NUMBER, FieldType.SCALE):
        number = read_number(text)
        return number if number is not None else problem(asked.id, "not-a-number")
    if asked.type is FieldType.DATE:
        day = read_date(text)
        return day.isoformat() if day is not None else problem(asked.id, "not-a-date")
    if asked.type is FieldType.TIME:
        return read_time(text) or problem(asked.id, "not-a-time")
    if asked.type is FieldType.YES_NO:
        return {"true": "yes", "false": "no", "on": "yes"}.get(text.lower(), text.lower())
    return text


def read_number(text: str) -> Decimal | None:
    """A number with a point or a comma before its decimals; None of anything else."""
    if not re.fullmatch(r"[-+]?[0-9]{1,15}([.,][0-9]{1,9})?", text):
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def read_date(text: str) -> date | None:
    """``2026-05-11``, ``2026/5/11`` or ``2026.5.11``; None of anything else."""
    parts = re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", text)
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3])) if parts is not None else None
    except ValueError:
        return None


def read_time(text: str) -> str | None:
    """``08:30`` of ``8:30``, ``08:30`` or ``8.30``; None of anything else."""
    parts = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?", text)
    try:
        return time(int(parts[1]), int(parts[2])).strftime("%H:%M") if parts is not None else None
    except ValueError:
        return None
