"""Where accounts contradict each other and somebody numbered it: both versions, as the final report prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from upstander.cases.hearings import accounts
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
    return [
        Contradiction(label=each.label, state=each.state, sides=each.sides) for each in accounts.differences(looking)
    ]
