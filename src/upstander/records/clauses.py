"""Clauses of the policy as screens show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from upstander.policy import labels
from upstander.policy.model import Pack


@dataclass(frozen=True)
class ClauseWords:
    """A clause as it is shown: the document's own number and our words."""

    id: str
    at: str
    text: str


def clause_words(pack: Pack, clauses: Iterable[str], lang: str) -> tuple[ClauseWords, ...]:
    """Clauses as they are shown."""
    return tuple(
        ClauseWords(each, pack.clauses[each].at, labels.label(pack, f"clauses.{each}.text", lang))
        for each in clauses
        if each in pack.clauses
    )
