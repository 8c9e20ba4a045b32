"""What is wrong with a pack, said so that its author can put it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from upstander.policy.model import Mark
from upstander.policy.words import N_, SOURCE, in_language, translated, worded

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

    def said(self, lang: str) -> Problem:
        """The same in a language of the screens."""
        return replace(self, message=in_language(self.message, lang), hint=in_language(self.hint, lang))

    def __str__(self) -> str:
        return self.in_words(SOURCE)

    def in_words(self, lang: str) -> str:
        """Where, which code, what, and how to mend it, in lines for a terminal."""
        told = self.said(lang)
        line = f"{self.file}:{self.line}:{self.column}: {self.code} {told.message}"
        hint = translated(N_("hint: {hint}"), lang).format(hint=told.hint)
        return f"{line}\n    {hint}" if self.hint else line


def problem(mark: Mark, code: str, message: str, hint: str = "") -> Problem:
    """A problem at a place."""
    return Problem(mark.file, mark.line, mark.column, code, message, hint)


class PackErrors(Exception):
    """A pack could not be loaded. ``problems`` holds everything that is wrong with it, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(each) for each in self.problems))

    def in_words(self, lang: str) -> str:
        """All of them in a language of the screens, a line or two each."""
        return "\n".join(each.in_words(lang) for each in self.problems)


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
        return worded("did you mean '{word}'?", word=close[0])
    if 0 < len(choices) <= 12:
        return worded("known here: {words}", words=", ".join(choices))
    return ""
