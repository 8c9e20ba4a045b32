"""Where accounts contradict each other and somebody numbered it: both versions, as the final report prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from upstander.cases import parts
from upstander.cases.looking import Looking


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """``label``: its number and what it is about; ``state``: settled, or standing, in the reader's words.

    ``sides``: [(id of the person, name, what was said)].
    """

    label: str
    state: str
    sides: Sequence[tuple[str, str, str]] = ()


def of(looking: Looking) -> list[Contradiction]:
    """The numbered differences of the record, in their order; none where the policy knows none or nobody found one."""
    kind = looking.pack.records[looking.record.kind]
    room = kind.rooms.hearings
    if room is None or room.difference is None:
        return []
    found = [
        each for each in parts.tale(looking) if each.kind == room.difference and not each.voided and not each.hidden
    ]
    found.sort(key=lambda each: (each.at, each.recorded))
    return [
        Contradiction(
            label=f"{number}. {each.done}",
            state="",
            sides=[("", field.label, looking.words.joined(field.values)) for field in each.fields if field.values],
        )
        for number, each in enumerate(found, start=1)
    ]
