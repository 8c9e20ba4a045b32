"""Which column of a file is what: ``record``, ``event``, ``at`` … ``about.NAME``, ``fields.NAME``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from upstander.policy.log import Event, FieldValue
from upstander.policy.model import FieldType, Pack
from upstander.policy.verdict_json import BadEvent

PLAIN = ("record", "kind", "id", "event", "at", "recorded", "by.person", "by.role", "instead of")
SEPARATOR = ";"
"""Between several persons or codes in one cell."""


class BadMap(ValueError):
    """A mapping of columns that cannot be meant; the text says which."""


class Unreadable(ValueError):
    """A file that is none of its form at all; the text says why."""


FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Moments outside these years are slips of the pen."""


def check(event: Event, pack: Pack) -> None:
    """Raises BadEvent for a kind that the pack does not know, or a moment of another age."""
    if event.kind not in pack.events:
        raise BadEvent(f"no such kind of event: {event.kind}")
    for name, moment in (("at", event.at), ("recorded", event.recorded)):
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise BadEvent(f"{name}: {moment.isoformat(timespec='minutes')}")


def name_columns(columns: Iterable[str], mapping: Mapping[str, str], pack: Pack, told: Told) -> dict[str, int]:
    """What each column of a table is, with its place; what no rule knows is told. Raises Unreadable where two are the same."""
    found: dict[str, int] = {}
    for place, column in enumerate(columns):
        name = name_of(column, mapping, pack)
        if name is None:
            told.unused[column] = None
        elif name in found:
            raise Unreadable(f"two columns are: {name}")
        else:
            found[name] = place
    return found


@dataclass
class Broken:
    """A line that is no event: its number in the file, from 1, and what is wrong."""

    line: int
    why: str


@dataclass
class Told:
    """What reading found out: events read, lines that are none, columns that no rule knows."""

    events: int = 0
    broken: list[Broken] = field(default_factory=list)
    broken_count: int = 0
    unused: dict[str, None] = field(default_factory=dict)

    def broke(self, line: int, why: str) -> None:
        self.broken_count += 1
        if len(self.broken) < MOST_TOLD:
            self.broken.append(Broken(line, why))


MOST_TOLD = 20
"""So many broken lines are told one by one; the others are counted."""


def read_map(pairs: Iterable[str], pack: Pack) -> dict[str, str]:
    """``column=name`` pairs; raises BadMap naming the one that is wrong."""
    found = {}
    for pair in pairs:
        column, sign, name = pair.rpartition("=")
        if not sign or not column:
            raise BadMap(pair)
        if name not in PLAIN and not name.startswith(("about.", "fields.")):
            raise BadMap(pair)
        found[column] = name
    return found


def name_of(column: str, mapping: Mapping[str, str], pack: Pack) -> str | None:
    """What a column is: as mapped, as it is called, or as a name that some kind of event declares; None: nothing."""
    if column in mapping:
        return mapping[column]
    if column in PLAIN or column.startswith(("about.", "fields.")):
        return column
    if column in {"person", "role"} and not declared(pack, column):
        return f"by.{column}"
    return declared(pack, column)


def declared(pack: Pack, name: str) -> str | None:
    for kind in pack.events.values():
        if name in kind.about:
            return f"about.{name}"
        if name in kind.fields:
            return f"fields.{name}"
    return None


def usual_kind(pack: Pack) -> str:
    """The kind of record of a log that does not say: a case, or the pack's first kind."""
    own = [record.id for record in pack.records.values() if not record.built_in]
    return "case" if "case" in own or not own else own[0]


def type_of(pack: Pack, name: str) -> FieldType | None:
    """The type of a field, as the first kind of event that has it declares it."""
    kinds = (kind.fields[name] for kind in pack.events.values() if name in kind.fields)
    found = next(kinds, None)
    return found.type if found is not None else None


def value_of(text: str, type_: FieldType | None) -> FieldValue | None:
    """A cell as the value of a field of this type; None for an empty one. Raises ValueError for no number where one is due."""
    if text == "":
        return None
    if type_ in (FieldType.NUMBER, FieldType.SCALE):
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise ValueError(f"no number: {text}") from None
        if not number.is_finite():
            raise ValueError(f"no number: {text}")
        return number
    if type_ is FieldType.YES_NO:
        return {"true": "yes", "false": "no"}.get(text.lower(), text)
    if type_ is FieldType.SOME_OF:
        return tuple(part.strip() for part in text.split(SEPARATOR) if part.strip())
    return text


def persons_of(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(SEPARATOR) if part.strip())
