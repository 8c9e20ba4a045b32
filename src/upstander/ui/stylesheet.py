"""Make ``door.css`` from ``look.css``: the same look without what only staff pages use, and without comments.

A page of the public door, all its files, must stay under 50 KB for an old phone on a slow line. Run
``python -m upstander.ui.stylesheet`` after every change of ``look.css``; a test fails where the two differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "static" / "ui"

STAFF_ONLY: Final = frozenset(
    {
        *("house", "house-top", "house-name", "nav", "more", "page", "page-head", "crumb", "two", "col", "side"),
        *("people", "person", "chips", "chip", "facts", "guard", "guard-head", "guard-body", "late-note", "was"),
        *("register", "filters", "wide", "cast", "hidden-cell", "scroll", "count", "wide-only", "narrow-only", "deed"),
        *("chart", "charts", "key", "k1", "k2", "k2h", "k3", "sheet-head", "link-none", "pages"),
    }
)


@dataclass
class Rule:
    """A rule or an at-rule: what stands before the brace, then declarations or more rules."""

    head: str
    body: str = ""
    rules: list[Rule] = field(default_factory=list)


def parse(css: str) -> list[Rule]:
    """Cut a stylesheet without comments into rules; a statement without braces is a rule without body."""
    rules: list[Rule] = []
    start = position = 0
    while position < len(css):
        if css[position] == ";":
            rules.append(Rule(css[start : position + 1].strip()))
            start = position = position + 1
        elif css[position] == "{":
            end = _closing(css, position)
            head, inside = css[start:position].strip(), css[position + 1 : end]
            nested = "{" in inside
            rules.append(Rule(head, "" if nested else inside.strip(), parse(inside) if nested else []))
            start = position = end + 1
        else:
            position += 1
    return rules


def _closing(css: str, opening: int) -> int:
    """Return where the block that opens here closes."""
    depth = 0
    for position in range(opening, len(css)):
        depth += {"{": 1, "}": -1}.get(css[position], 0)
        if depth == 0:
            return position
    raise ValueError("a brace is not closed")


def without_comments(css: str) -> str:
    """Return the stylesheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", css, flags=re.S)


def door(look: str) -> str:
    """Return the stylesheet of the public door, made from the whole look."""
    return "\n".join(filter(None, (_written(rule) for rule in parse(without_comments(look))))) + "\n"


def _written(rule: Rule) -> str:
    """Return a rule in its shortest form, empty where nothing of it is left."""
    if rule.rules:
        inside = "".join(filter(None, (_written(each) for each in rule.rules)))
        return f"{_tight(rule.head)}{{{inside}}}" if inside else ""
    if not rule.body:
        return rule.head if rule.head.endswith(";") else ""
    head = rule.head if rule.head.startswith(("@", ":root")) else ",".join(_kept(rule.head))
    return f"{_tight(head)}{{{_tight(rule.body).rstrip(';')}}}" if head else ""


def _kept(head: str) -> list[str]:
    """Return the selectors of a rule that a door page can match."""
    selectors = re.split(r",(?![^(]*\))", head)
    return [each.strip() for each in selectors if not STAFF_ONLY & _classes(each)]


def _classes(selector: str) -> set[str]:
    """Return the classes that an element or its parents must have; those inside ``:is()`` and ``:not()`` need not."""
    return set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"\([^()]*\)", "", selector)))


def _tight(text: str) -> str:
    """Take out white space that means nothing."""
    text = re.sub(r"\s+", " ", text.strip())
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    return re.sub(r"(?<=[\w-]):\s*;", ": ;", re.sub(r"(?<=[\w-]):\s+", ":", text))  # an empty value keeps its space


def main() -> None:
    """Write ``door.css``."""
    (FOLDER / "door.css").write_text(door((FOLDER / "look.css").read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
