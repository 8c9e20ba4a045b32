"""The school's policy as a page: its clauses in the document's order, beside each the rules that make it live."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.translation import gettext, pgettext

from upstander.policy import labels, sentences
from upstander.policy.durations import parse_distance
from upstander.policy.model import (
    Clause,
    Closure,
    Deadline,
    Duty,
    Fact,
    Limit,
    Pack,
    Param,
    RepeatEach,
    RepeatEvery,
    SimpleDeadline,
    Word,
)
from upstander.policy.sentences import phrases, times
from upstander.policy.words import translated
from upstander.school.serving import Serves, serving, traced
from upstander.ui import dates

Rule = Duty | Limit | Fact | Closure


@dataclass(frozen=True, slots=True)
class LiveRule:
    """A rule as a sentence. ``what`` says in a word what kind of rule it is; ``label`` its short name.

    ``section`` and ``name``: where it stands in the pack.
    """

    what: str
    icon: str
    label: str
    sentence: str
    label_lang: str = ""
    section: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ServesShown:
    """Something besides rules that serves a clause, in the reader's language as far as the pack has it."""

    icon: str
    what: str
    label: str
    lang: str


@dataclass(frozen=True, slots=True)
class PublishedClause:
    """A clause in the pack's own language, with what keeps it alive."""

    id: str
    at: str
    text: str
    lang: str
    strength: str
    rules: Sequence[LiveRule] = ()
    serves: Sequence[ServesShown] = ()
    not_automated: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Clauses that stand together in the document."""

    anchor: str
    title: str
    clauses: Sequence[PublishedClause]


@dataclass(frozen=True, slots=True)
class Answer:
    """A word of the document, or one of the school's numbers, and the answer."""

    asked: str
    answer: str
    fixed: str
    lang: str = ""


@dataclass(frozen=True)
class Published:
    """A pack read for one reader, in ``lang``."""

    pack: Pack
    lang: str

    def chapters(self) -> list[Chapter]:
        """Every clause, in the order of the document, cut where its numbering begins a new chapter."""
        live, others = self._live(), serving(self.pack, self.lang)
        found = []
        for number, (head, clauses) in enumerate(groupby(self.pack.clauses.values(), key=_chapter_of), 1):
            members = [self._clause(clause, live, others) for clause in clauses]
            found.append(Chapter(anchor=f"chapter-{number}", title=head, clauses=members))
        return found

    def words(self) -> list[Answer]:
        """The vague words of the document and what they mean in this school."""
        return [self.word(word) for word in self.pack.vague.values()]

    def numbers(self) -> list[Answer]:
        """The school's own numbers."""
        return [self.param(param) for param in self.pack.params.values()]

    def count(self) -> tuple[int, int]:
        """How many clauses there are, and how many have something of the software behind them."""
        found = traced(self.pack).values()
        return len(found), sum(each.served and not each.only_text for each in found)

    # --- parts ---------------------------------------------------------------------------------------------------

    def _clause(
        self, clause: Clause, live: dict[str, list[LiveRule]], others: Mapping[str, list[Serves]]
    ) -> PublishedClause:
        path = f"clauses.{clause.id}.text"
        return PublishedClause(
            id=clause.id,
            at=clause.at,
            text=self._label(path),
            lang=self.lang_of(path),
            strength=_strength(clause.strength.value),
            rules=live.get(clause.id, ()),
            serves=[
                ServesShown(each.icon, each.what, each.label, self.lang_of(each.path) if each.path else "")
                for each in others.get(clause.id, ())
            ],
            not_automated=self._label(f"clauses.{clause.id}.not_automated") if clause.not_automated else "",
        )

    def _live(self) -> dict[str, list[LiveRule]]:
        found: dict[str, list[LiveRule]] = defaultdict(list)
        for what, icon, section, rule in self._rules():
            path = "" if isinstance(rule, Closure) else f"{section}.{rule.id}.label"
            line = LiveRule(
                what=what,
                icon=icon,
                label=self._label(path) if path else "",
                sentence=sentences.sentence(self.pack, replace(rule, clause=()), self.lang),
                label_lang=self.lang_of(path) if path else "",
                section=section,
                name=rule.kind if isinstance(rule, Closure) else rule.id,
            )
            for clause in rule.clause:
                found[clause].append(line)
        return found

    def _rules(self) -> Iterator[tuple[str, str, str, Rule]]:
        for duty in self.pack.duties.values():
            yield pgettext("rule", "Step"), "flag", "duties", duty
        for limit in self.pack.limits.values():
            yield pgettext("rule", "Limit"), "seal", "limits", limit
        for closure in self.pack.closure.values():
            yield pgettext("rule", "Closing"), "lock", "closure", closure
        for fact in self.pack.facts.values():
            yield pgettext("rule", "Looked at"), "eye", "facts", fact

    def word(self, word: Word) -> Answer:
        """A vague word of the document with its answer."""
        path = f"params.words.{word.word}.title"
        asked = self._label(path) if word.title else word.word
        return Answer(asked, self._answer(word.means), _fixed(word.says), self.lang_of(path))

    def param(self, param: Param) -> Answer:
        """One of the school's numbers with its value."""
        path = f"params.{param.id}.title"
        return Answer(self._label(path), self.value(param.value), _fixed(param.says), self.lang_of(path))

    def _answer(self, means: Deadline | RepeatEvery | RepeatEach) -> str:
        """A word's meaning: a deadline, or a rhythm."""
        if isinstance(means, RepeatEvery):
            return times.every(means.span, self.lang)
        if isinstance(means, RepeatEach):
            return translated(phrases.PERIODS[means.period.value], self.lang)
        return sentences.deadline_words(self.pack, means, self.lang)

    def value(self, value: object) -> str:
        """A number of the school as people say it: several answers of which the earliest counts, a distance, a plain number."""
        if isinstance(value, list | tuple):
            return self._several([self.value(each) for each in value])
        text = str(value)
        try:
            return sentences.distance_words(parse_distance(text), self.lang)
        except ValueError:
            pass
        simple = next((each for each in SimpleDeadline if each.value == text), None)
        if simple is not None:
            return sentences.deadline_words(self.pack, simple, self.lang)
        role = self.pack.roles.get(text)
        return self._label(f"roles.{text}.title") if role is not None else text

    def _several(self, parts: list[str]) -> str:
        return gettext("whichever comes first: %(parts)s") % {
            "parts": ("、" if self.lang in ("ja", "zh-Hans") else ", ").join(parts)
        }

    def _label(self, path: str) -> str:
        return labels.label(self.pack, path, self.lang)

    def lang_of(self, path: str) -> str:
        """The language in which a label answers."""
        own = self.pack.language == self.lang or path in self.pack.words.get(self.lang, {})
        return self.lang if own or path in self.pack.builtin_words else self.pack.language

    def in_force(self) -> str:
        """From which day this version holds, in words."""
        return dates.long_day(self.pack.in_force_from, self.lang)

    def review(self) -> str:
        """When the school looks at its policy again, in words; empty where it does not say."""
        return dates.long_day(self.pack.review_date, self.lang) if self.pack.review_date else ""


_CHAPTER = re.compile(r"\d+|[^\W\d_]+")
_HEADING = re.compile(r"[^\W\d_][^\d,]*(?=, *\d)")


def _chapter_of(clause: Clause) -> str:
    """The first part of the document's own numbering: its heading where that is words, its first figures, or its first word."""
    place = unicodedata.normalize("NFKC", clause.at.translate(_NO_CIRCLES))
    found = _HEADING.match(place) or _CHAPTER.search(place)
    return found[0] if found else clause.at


_NO_CIRCLES = dict.fromkeys(range(9312, 9332), " ")


def _strength(strength: str) -> str:
    if strength == "should":
        return gettext("should")
    return gettext("may") if strength == "may" else ""


def _fixed(says: str) -> str:
    return gettext("fixed by the document") if says == "clause" else gettext("decided by the school")
