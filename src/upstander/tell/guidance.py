"""The pack's guidance cards for whoever tells."""

from __future__ import annotations

from dataclasses import dataclass

from upstander.people.packs import kept
from upstander.policy import labels
from upstander.policy.model import Pack


@dataclass(frozen=True, slots=True)
class Card:
    """A card in the reader's language: body in the small Markdown, what to say and what never."""

    title: str
    body: str
    say: tuple[str, ...]
    never: tuple[str, ...]
    lang: str


def cards(pack: Pack, place: str, lang: str) -> tuple[Card, ...]:
    """The cards that the pack shows at a place (``tell``, ``receipt``)."""
    return kept(pack, f"tell/cards/{place}/{lang}", lambda: _cards(pack, place, lang))


def _cards(pack: Pack, place: str, lang: str) -> tuple[Card, ...]:
    found = [each for each in pack.guidance.values() if place in each.on and set(each.for_) != {"staff"}]
    return tuple(_card(pack, each.id, lang) for each in found)


def _card(pack: Pack, name: str, lang: str) -> Card:
    card, path = pack.guidance[name], f"guidance.{name}"
    return Card(
        title=labels.label(pack, f"{path}.title", lang),
        body=labels.label(pack, f"{path}.body", lang) if card.body else "",
        say=tuple(labels.label(pack, f"{path}.say.{n}", lang) for n in range(1, len(card.say) + 1)),
        never=tuple(labels.label(pack, f"{path}.never.{n}", lang) for n in range(1, len(card.never) + 1)),
        lang=lang if f"{path}.title" in pack.words.get(lang, {}) else pack.language,
    )
