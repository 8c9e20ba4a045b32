"""Which guidance cards are shown: before a kind of event, on a page, or while a fact holds. Pages and scenarios ask the same."""

from __future__ import annotations

from collections.abc import Collection

from upstander.policy.model import Guidance, Pack


def shown(
    pack: Pack,
    *,
    before: str | None = None,
    on: str | None = None,
    held: Collection[str] = (),
    reader: str | None = None,
) -> list[Guidance]:
    """The cards of a moment, in the pack's order: ``before`` a kind of event, else ``on`` a page, else while a ``held`` fact does.

    ``reader``: staff, child, guardian or teller; without one, whoever it is for.
    """
    return [card for card in pack.guidance.values() if _meant(card, reader) and _now(card, before, on, held)]


def _meant(card: Guidance, reader: str | None) -> bool:
    return reader is None or reader in card.for_


def _now(card: Guidance, before: str | None, on: str | None, held: Collection[str]) -> bool:
    if before is not None:
        return before in card.before
    return on in card.on if on is not None else card.show_while in held
