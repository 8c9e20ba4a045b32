"""The policy as people read it, with what makes each clause live beside it: rules, proofs, notes of law, flaws, words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from upstander.people.packs import kept
from upstander.policy import labels, loader, sentences
from upstander.policy.loader import Source
from upstander.policy.model import Closure, Duty, Fact, LawNote, Limit, Mark, Pack
from upstander.policy.problems import PackErrors
from upstander.policy.trace import Traced, proved_by, trace
from upstander.school import flaws as flaw_words
from upstander.school.adoption import Quote, names_it
from upstander.school.product_pages import PAGES
from upstander.school.published import Answer, Published, PublishedClause
from upstander.ui import dates, languages

Rule = Duty | Limit | Fact | Closure
FILTERS = ("all", "uncovered", "unproved", "law", "words", "flaws")


@dataclass(frozen=True, slots=True)
class Law:
    """A note of law beside a clause. ``void``: the law makes the clause void; else it asks for more."""

    text: str
    source: str
    checked: str
    void: bool


@dataclass(frozen=True, slots=True)
class FlawShown:
    """A flaw of the document and how the pack reads it."""

    at: str
    what: str
    read_as: str


@dataclass(frozen=True, slots=True)
class StudioClause:
    """A clause with everything that an author asks about it."""

    clause: PublishedClause
    traced: Traced
    laws: Sequence[Law] = ()
    flaws: Sequence[FlawShown] = ()
    words: Sequence[Answer] = ()

    @property
    def state(self) -> str:
        """``none``, ``text``, ``live`` or ``proved``: what the software does for it, and whether a scenario tries it."""
        if not self.traced.served:
            return "none"
        if self.traced.only_text:
            return "text"
        return "proved" if self.traced.tried else "live"

    def fits(self, show: str) -> bool:
        match show:
            case "uncovered":
                return self.state in ("none", "text")
            case "unproved":
                return not self.traced.tried
            case "law":
                return bool(self.laws)
            case "words":
                return bool(self.words)
            case "flaws":
                return bool(self.flaws)
            case _:
                return True

    def found_by(self, asked: str) -> bool:
        """Whether what somebody typed stands in the clause, its number, or a rule."""
        texts = [self.clause.id, self.clause.at, self.clause.text, *(each.label for each in self.clause.serves)]
        texts += [text for rule in self.clause.rules for text in (rule.label, rule.sentence)]
        return all(any(part in text.casefold() for text in texts) for part in asked.casefold().split())


@dataclass(frozen=True, slots=True)
class Proof:
    """A scenario: the name of its file and what it tells."""

    file: str
    name: str


@dataclass(frozen=True, slots=True)
class RuleShown:
    """One rule on its own page."""

    ref: str
    label: str
    lang: str
    sentences: Sequence[tuple[languages.Language, str]]
    clauses: Sequence[Quote]
    proofs: Sequence[Proof]
    place: str
    yaml: str


@dataclass
class Studio:
    """A pack and its files in front of somebody who reads ``lang``."""

    pack: Pack
    source: Source
    lang: str

    def clauses(self, show: str = "all", asked: str = "") -> list[StudioClause]:
        """The clauses in the document's order that fit a filter and hold what was typed."""
        return [each for each in self._all if each.fits(show) and each.found_by(asked)]

    def counts(self) -> dict[str, int]:
        """How many clauses each filter shows."""
        return {show: sum(each.fits(show) for each in self._all) for show in FILTERS}

    def rule(self, section: str, name: str) -> RuleShown | None:
        """One rule, None where the pack has no such one."""
        rules: Mapping[str, Mapping[str, Rule]] = {
            "duties": self.pack.duties,
            "limits": self.pack.limits,
            "facts": self.pack.facts,
            "closure": self.pack.closure,
        }
        found = rules.get(section, {}).get(name)
        if found is None:
            return None
        path = f"{section}.{name}.label"
        closing = isinstance(found, Closure)
        return RuleShown(
            ref=f"{section}.{name}",
            label=labels.label(self.pack, f"records.{name}.label" if closing else path, self.lang),
            lang=self._published.lang_of(path),
            sentences=[(each, sentences.sentence(self.pack, found, each.tag)) for each in languages.ALL],
            clauses=[self._quote(clause) for clause in found.clause],
            proofs=self._proofs(section, name, found.clause),
            place=f"{found.mark.file}:{found.mark.line}",
            yaml=text_of(self.source, found.mark),
        )

    # --- parts ---------------------------------------------------------------------------------------------------

    @cached_property
    def _published(self) -> Published:
        return Published(self.pack, self.lang)

    @cached_property
    def scenarios(self) -> list[tuple[str, Mapping[str, object]]]:
        """The scenarios of the pack and of what it extends; none where their files cannot be read."""

        def read() -> list[tuple[str, Mapping[str, object]]]:
            try:
                return [each for layer in _layers(self.source) for each in loader.scenarios_of(layer)]
            except PackErrors:
                return []

        return kept(self.pack, "scenarios", read)

    @cached_property
    def _traced(self) -> dict[str, Traced]:
        def made() -> dict[str, Traced]:
            return {each.clause: each for each in trace(self.pack, pages=PAGES, scenarios=self.scenarios)}

        return kept(self.pack, "traced", made)

    @cached_property
    def _all(self) -> list[StudioClause]:
        laws, words = self._laws(), self._words()
        flaws: dict[str, list[FlawShown]] = defaultdict(list)
        for flaw in self.pack.flaws:
            flaws[flaw.at].append(FlawShown(flaw.at, flaw_words.word(flaw.flaw), flaw.read_as))
        return [
            StudioClause(clause, self._traced[clause.id], laws[clause.id], flaws.get(clause.at, ()), words[clause.id])
            for chapter in self._published.chapters()
            for clause in chapter.clauses
        ]

    def flaws_elsewhere(self) -> list[FlawShown]:
        """Flaws of the document that stand at no clause."""
        at = {clause.at for clause in self.pack.clauses.values()}
        return [
            FlawShown(each.at, flaw_words.word(each.flaw), each.read_as)
            for each in self.pack.flaws
            if each.at not in at
        ]

    def _laws(self) -> dict[str, list[Law]]:
        found: dict[str, list[Law]] = defaultdict(list)
        for note in self.pack.laws:
            for clause in note.clauses:
                found[clause].append(self._law(note))
        return found

    def _law(self, note: LawNote) -> Law:
        checked = dates.long_day(note.checked, self.lang) if note.checked else ""
        return Law(note.text, note.source, checked, note.effect == "makes void")

    def _words(self) -> dict[str, list[Answer]]:
        found: dict[str, list[Answer]] = defaultdict(list)
        for word in self.pack.vague.values():
            answer = self._published.word(word)
            used = (clause for duty in self.pack.duties.values() if names_it(duty, word.word) for clause in duty.clause)
            for clause in dict.fromkeys((*word.clause, *used)):
                found[clause].append(answer)
        return found

    def _quote(self, clause: str) -> Quote:
        path = f"clauses.{clause}.text"
        at = self.pack.clauses[clause].at
        return Quote(clause, at, labels.label(self.pack, path, self.lang), self._published.lang_of(path))

    def _proofs(self, section: str, name: str, clauses: Iterable[str]) -> list[Proof]:
        """The scenarios that expect something of this rule, else those that prove one of its clauses."""
        direct, other = [], []
        for file, scenario in self.scenarios:
            proof = Proof(file, str(scenario.get("name", file)))
            if _expects(scenario, f"closure.{name}" if section == "closure" else name):
                direct.append(proof)
            elif proved_by(self.pack, scenario) & set(clauses):
                other.append(proof)
        return direct or other


def _expects(scenario: Mapping[str, object], name: str) -> bool:
    def speaks(value: object) -> bool:
        match value:
            case Mapping():
                named = name in (value.get("rule"), value.get("fact"), value.get("limit"))
                return named or any(speaks(each) for each in value.values())
            case list() | tuple():
                return any(each == name or speaks(each) for each in value)
            case _:
                return False

    return speaks(scenario.get("expect"))


def text_of(source: Source, mark: Mark) -> str:
    """The lines of an entry in the author's files; empty where they are not kept."""
    lines = next((text.splitlines() for name, text in _texts(source) if name == mark.file), [])
    if not 0 < mark.line <= len(lines):
        return ""
    first = lines[mark.line - 1]
    depth = len(first) - len(first.lstrip())
    taken = [first]
    for line in lines[mark.line :]:
        if line.strip() and len(line) - len(line.lstrip()) <= depth:
            break
        taken.append(line)
    while not taken[-1].strip():
        taken.pop()
    return "\n".join(line[depth:] for line in taken)


def _texts(source: Source) -> Iterable[tuple[str, str]]:
    for layer in _layers(source):
        for path, content in layer.files.items():
            name = path if layer.single else f"{layer.name}/{path}"
            yield name, content if isinstance(content, str) else content.decode("utf-8-sig", "replace")


def _layers(source: Source) -> Iterable[Source]:
    layer: Source | None = source
    while layer is not None:
        yield layer
        layer = layer.base
