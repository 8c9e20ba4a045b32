"""What is wrong with a pack, said so that its author can put it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from upstander.policy.model import Mark

CODES = "docs/language/codes.md"
"""The page that explains every code with an example."""


def address(code: str) -> str:
    """Where a code is explained."""
    return f"{CODES}#{code.lower()}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with a pack. Line and column count from 1 (0: the whole file or folder).

    ``code`` is stable: ``E0``–``E17`` stop the load, ``W1``–``W16`` do not. Each has a page in ``docs/language/codes.md``.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""

    @property
    def stops(self) -> bool:
        """Whether a pack with this problem cannot be loaded."""
        return self.code.startswith("E")

    def __str__(self) -> str:
        said = f"{self.file}:{self.line}:{self.column}: {self.code} {self.message}"
        return f"{said}\n    hint: {self.hint}" if self.hint else said


def problem(mark: Mark, code: str, message: str, hint: str = "") -> Problem:
    """A problem at a place."""
    return Problem(mark.file, mark.line, mark.column, code, message, hint)


class PackErrors(Exception):
    """A pack could not be loaded. ``problems`` holds everything that is wrong with it, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(each) for each in self.problems))


MOST_COMPARED = 150


def _near(word: str, choices: list[str]) -> list[str]:
    """Few enough words to compare letter by letter: of many only those of about the same length and beginning."""
    if len(choices) <= MOST_COMPARED:
        return choices
    alike = [each for each in choices if abs(len(each) - len(word)) <= 2]
    close = [each for each in alike if each[:2] == word[:2]] or [each for each in alike if each[-3:] == word[-3:]]
    return close[:MOST_COMPARED]


def suggestion(word: str, known: Iterable[str]) -> str:
    """ "did you mean 'x'?" for the nearest known word; all known words where there are few; else nothing."""
    choices = sorted(set(known))
    close = get_close_matches(word[:60], _near(word, choices), n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    if 0 < len(choices) <= 12:
        return "known here: " + ", ".join(choices)
    return ""
