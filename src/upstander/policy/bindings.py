"""What of a pack makes which clause live: everything that names a clause, whatever it is.

The pack is walked as it is, so that whatever a pack can hold can be bound: an entry of any file that carries ``clause`` is found
here, a field of a form as well as a rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from upstander.policy.model import NOWHERE, Deadline, Mark, Pack, Pattern

SORTS = {
    "facts": "rule",
    "duties": "rule",
    "closure": "rule",
    "params": "rule",
    "vague": "rule",
    "limits": "guard",
    "records": "form",
    "events": "form",
    "options": "form",
    "questions": "form",
    "guidance": "guidance",
    "roles": "contact",
    "contacts": "contact",
    "talk_to": "contact",
    "letters": "letter",
    "surveys": "survey",
    "agreements": "agreement",
    "plan": "plan",
}
"""{section of a pack: kind of binding}; whatever else a pack may hold binds as ``text``."""

_NOT_BINDING = frozenset({"clauses", "laws", "flaws", "words", "builtin_words", "hints"})
_INNER = {"access": "guard", "keep": "rule", "tells": "rule", "echoes": "rule"}
"""Parts of a record or a form that bind otherwise than their owner: who may see is a guard, how long it is kept a rule."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One thing that serves a clause. ``ref``: its path in the pack, such as ``events.parents-told.fields.how``."""

    clause: str
    kind: str
    ref: str
    mark: Mark = NOWHERE


def bindings(pack: Pack) -> Iterator[Bound]:
    """Everything in the pack that names a clause, in the order of the pack's sections."""
    for section in fields(pack):
        if section.name in _NOT_BINDING:
            continue
        sort = SORTS.get(section.name, "text")
        shown = {"talk_to": "talk-to", "vague": "params.words"}.get(section.name, section.name)
        yield from _walk(getattr(pack, section.name), shown, sort, NOWHERE)


def _walk(value: object, path: str, sort: str, mark: Mark) -> Iterator[Bound]:
    match value:
        case Mapping():
            for name, each in value.items():
                yield from _walk(each, f"{path}.{name}", sort, mark)
        case tuple():
            for number, each in enumerate(value, 1):
                yield from _walk(each, f"{path}.{_name(each, number)}", sort, mark)
        case Pattern() | str() | None:
            return
        case _ if is_dataclass(value) and not isinstance(value, type) and not isinstance(value, Deadline):
            yield from _entry(value, path, sort, mark)


def _entry(value: object, path: str, sort: str, mark: Mark) -> Iterator[Bound]:
    own = getattr(value, "mark", NOWHERE)
    here = own if isinstance(own, Mark) and own.line else mark
    for clause in getattr(value, "clause", ()):
        yield Bound(clause, sort, path, here)
    for part in fields(value):  # type: ignore[arg-type]
        if part.name not in ("clause", "mark"):
            yield from _walk(getattr(value, part.name), f"{path}.{part.name}", _INNER.get(part.name, sort), here)


def _name(value: object, number: int) -> str:
    """An entry of a list by its id, its role, or its place."""
    return str(getattr(value, "id", "") or getattr(value, "role", "") or number)
