"""The texts of letters, surveys, agreements, questions and the plan by their paths, for translation.

``surveys.may.questions.safe.text``, ``surveys.may.questions.safe.options.never.label``, ``agreements.pick-up.points.p1.text``,
``agreements.pick-up.asks.by.label``, ``letters.invitation.body``, ``questions.hearing.questions.where.help``, ``plan.week.title``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from upstander.policy.model import Field, Pack, SurveyQuestion

SECTIONS = ("letters", "surveys", "agreements", "questions", "plan")
_OWN = {
    "letters": ("title", "body"),
    "surveys": ("title", "intro", "thanks"),
    "agreements": ("title", "intro"),
    "questions": ("title", "intro"),
    "plan": ("title", "note"),
}
_PARTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "letters": {"asks": ("label", "help")},
    "surveys": {"sections": ("title", "intro"), "questions": ("text",)},
    "agreements": {
        "parties": ("title",),
        "points": ("text",),
        "asks": ("label", "help"),
        "choices": ("label", "help"),
    },
    "questions": {"questions": ("text", "help")},
    "plan": {},
}
"""{section: {part: what of each of its entries is text}}."""


def everything(pack: Pack) -> Iterator[tuple[str, str]]:
    """(path, text) of all of them, empty ones included."""
    for section in SECTIONS:
        for name, each in _entries(pack, section).items():
            path = f"{section}.{name}"
            yield from ((f"{path}.{attribute}", getattr(each, attribute)) for attribute in _OWN[section])
            for part, attributes in _PARTS[section].items():
                for inner_name, entry in getattr(each, part).items():
                    yield from _of_entry(f"{path}.{part}.{inner_name}", entry, attributes)


def _of_entry(path: str, entry: Any, attributes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield from ((f"{path}.{attribute}", getattr(entry, attribute)) for attribute in attributes)
    if isinstance(entry, SurveyQuestion):
        yield f"{path}.help", entry.answer.help
        if entry.own_choices:
            for code, option in entry.choices.items():
                yield f"{path}.options.{code}.label", option.label
                yield f"{path}.options.{code}.help", option.help


def inner(pack: Pack, section: str, rest: str) -> str:
    """The text at a path below an entry; empty where there is none."""
    name, part, inner_name, *more = rest.split(".")
    owner = _entries(pack, section).get(name)
    parts: Mapping[str, Any] = getattr(owner, part, {}) if part in _PARTS[section] else {}
    entry = parts.get(inner_name)
    match entry, more:
        case SurveyQuestion(), ["options", code, attribute]:
            return str(getattr(entry.choices.get(code), attribute, ""))
        case SurveyQuestion(), ["help"]:
            return entry.answer.help
        case ((Field() | _), [attribute]) if entry is not None:
            return str(getattr(entry, attribute, ""))
        case _:
            return ""


def _entries(pack: Pack, section: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = getattr(pack, section)
    return found
