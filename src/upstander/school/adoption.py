"""What only the school can say about its policy, each beside its clause, and whether somebody has said it.

Nothing here is decided by the software: the pack's own answer stands as a proposal until somebody of the school makes it theirs.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from upstander.people import clock
from upstander.people import queries as people
from upstander.people.models import Person, School
from upstander.policy import labels
from upstander.policy.calendar import Timetable
from upstander.policy.model import Duty, LawNote, Pack, Said
from upstander.school import flaws as flaw_words
from upstander.school import office
from upstander.school.models import PolicyDecision
from upstander.school.published import Answer, Published
from upstander.ui import dates
from upstander.ui.words import colon

FOLLOWS, KEEPS = "follows-law", "keeps-clause"
LEAVES_OUT, KEEPS_VOID = "leaves-out", "keeps-void"
AS_READ, OTHERWISE = "as-read", "otherwise"


@dataclass(frozen=True, slots=True)
class Quote:
    """A clause beside what is asked."""

    id: str
    at: str
    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Done:
    """Who decided it, when (civil minute), and with what reason; ``who`` is empty where the person is gone."""

    who: str
    when: datetime
    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to say. ``written``: the answer that stands, as the language writes it; ``said``: the same in words."""

    id: str
    title: str
    lang: str = ""
    written: str = ""
    said: str = ""
    clauses: Sequence[Quote] = ()
    note: str = ""
    done: Done | None = None
    closed: bool = False
    """Settled without a decision: a post that somebody holds, a calendar that is there."""

    @property
    def open(self) -> bool:
        return self.done is None and not self.closed


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the walk: what is asked on it and how much of it is done."""

    slug: str
    title: str
    lede: str
    items: Sequence[Item]

    @property
    def left(self) -> int:
        return sum(item.open for item in self.items)


def fingerprint(*parts: object) -> str:
    """Of what a decision is about: when the text changes, the decision is to be made anew."""
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()


@dataclass
class Adoption:
    """A pack (with the answers of a draft, or as it is in force) in front of somebody of the school who reads ``lang``."""

    school: School
    pack: Pack
    lang: str
    on: date

    def steps(self) -> list[Step]:
        """The whole walk, in order; steps with nothing to say are left out."""
        said = _words_of_steps()
        asked: dict[str, Callable[[], list[Item]]] = {
            "words": self.words,
            "numbers": self.numbers,
            "posts": self.posts,
            "calendar": self.calendar,
            "document": self.flaws,
            "law": lambda: self.laws("asks more"),
            "void": lambda: self.laws("makes void"),
        }
        found = [Step(slug, *said[slug], items()) for slug, items in asked.items()]
        return [step for step in found if step.items]

    def ready(self) -> bool:
        """Whether nothing is open."""
        return not any(step.left for step in self.steps())

    # --- what is asked -------------------------------------------------------------------------------------------

    def words(self) -> list[Item]:
        """The vague words that the document does not answer itself."""
        asked = [word for word in self.pack.vague.values() if word.says != "clause"]
        return [
            self._answered("word", word.word, self._shown.word(word), word.answer, word.clause, (word.title,))
            for word in asked
        ]

    def numbers(self) -> list[Item]:
        """The params that are the school's own."""
        asked = [param for param in self.pack.params.values() if param.says != "clause"]
        return [
            self._answered(
                "param",
                param.id,
                self._shown.param(param),
                str(param.value),
                param.clause,
                (param.title, param.least, param.most),
                self._bounds(param.least, param.most),
            )
            for param in asked
        ]

    def _answered(
        self,
        sort: str,
        name: str,
        answer: Answer,
        written: str,
        clauses: tuple[str, ...],
        about: tuple[object, ...],
        note: str = "",
    ) -> Item:
        """What the school answers; ``about``: what, once changed, makes its decision lapse."""
        return Item(
            id=f"{sort}:{name}",
            title=answer.asked,
            lang=answer.lang,
            written=written,
            said=answer.answer,
            clauses=self._quotes((*clauses, *self._used(name))),
            note=note,
            done=self._done(f"{sort}:{name}", fingerprint(name, *about), written),
        )

    def posts(self) -> list[Item]:
        """Every post that somebody of the school can hold, and who does."""
        directory = people.directory(self.school, self.on, self.pack)
        empty: dict[str, list[str]] = defaultdict(list)
        for gap in office.gaps(self.school, self.pack, self.on, self.lang):
            empty[gap.title].append(gap.where)
        found = []
        for role, title in office.posts_of_pack(self.pack, self.lang):
            names = people.names(self.school, directory.holders(role)) if title not in empty else {}
            where = [each for each in empty.get(title, ()) if each]
            found.append(
                Item(
                    id=f"role:{role}",
                    title=title,
                    lang=self._shown.lang_of(f"roles.{role}.title"),
                    said=", ".join(names.values()),
                    note=", ".join(where),
                    clauses=self._quotes(self.pack.roles[role].clause),
                    closed=title not in empty,
                )
            )
        return found

    def calendar(self) -> list[Item]:
        """The calendar, if there is one for the year that runs."""
        calendar = people.calendar_of(self.school)
        covered = calendar is not None and Timetable(calendar, self.pack.hints).has_data(self.on)
        return [Item(id="calendar", title=gettext("Terms and free days of this school year"), closed=covered)]

    def flaws(self) -> list[Item]:
        """The document's own flaws, each with how the pack reads it."""
        found = []
        for flaw in self.pack.flaws:
            name = f"flaw:{fingerprint(flaw.flaw, flaw.at)[:12]}"
            found.append(
                Item(
                    id=name,
                    title=f"{flaw.at}{colon()}{flaw_words.word(flaw.flaw)}",
                    said=flaw.read_as,
                    lang=self.pack.language,
                    clauses=self._quotes(each.id for each in self.pack.clauses.values() if each.at == flaw.at),
                    done=self._done(name, fingerprint(flaw.flaw, flaw.at, flaw.read_as)),
                )
            )
        return found

    def laws(self, effect: str) -> list[Item]:
        """The notes of law of one effect."""
        return [self._law(note) for note in self.pack.laws if note.effect == effect]

    def _law(self, note: LawNote) -> Item:
        return Item(
            id=f"law:{note.id}",
            title=note.source,
            said=note.text,
            lang=self.pack.language,
            clauses=self._quotes(note.clauses),
            note=dates.long_day(note.checked, self.lang) if note.checked else "",
            done=self._done(f"law:{note.id}", fingerprint(note.id, note.text, note.effect)),
        )

    def about(self, item: str) -> str:
        """The fingerprint of what an item is about now. Raises KeyError for an item that the pack does not have."""
        sort, _, name = item.partition(":")
        if sort == "word":
            return fingerprint(name, self.pack.vague[name].title)
        if sort == "param":
            param = self.pack.params[name]
            return fingerprint(param.id, param.title, param.least, param.most)
        if sort == "law":
            note = {each.id: each for each in self.pack.laws}[name]
            return fingerprint(note.id, note.text, note.effect)
        flaw = {f"flaw:{fingerprint(each.flaw, each.at)[:12]}": each for each in self.pack.flaws}[item]
        return fingerprint(flaw.flaw, flaw.at, flaw.read_as)

    # --- parts ---------------------------------------------------------------------------------------------------

    @cached_property
    def _shown(self) -> Published:
        return Published(self.pack, self.lang)

    @cached_property
    def _decisions(self) -> Mapping[str, list[PolicyDecision]]:
        found: dict[str, list[PolicyDecision]] = defaultdict(list)
        for row in PolicyDecision.objects.filter(school=self.school, pack=self.pack.id).order_by("-made_at"):
            found[row.item].append(row)
        return found

    @cached_property
    def _names(self) -> Mapping[str, str]:
        ids = {row.by_person for rows in self._decisions.values() for row in rows if row.by_person}
        return people.names(self.school, list(ids))

    def _done(self, item: str, about: str, answer: str | None = None) -> Done | None:
        """The newest decision about this very text; of a word or number, also about this very answer."""
        for row in self._decisions.get(item, ()):
            if row.about == about and answer in (None, row.answer):
                who = self._names.get(str(row.by_person), "")
                return Done(who, clock.civil(self.school, row.made_at), row.answer, row.reason)
        return None

    def _used(self, name: str) -> Iterable[str]:
        """The clauses of the duties whose deadline or rhythm this word or param is."""
        for duty in self.pack.duties.values():
            if names_it(duty, name):
                yield from duty.clause

    def _quotes(self, ids: Iterable[str]) -> tuple[Quote, ...]:
        return tuple(self.quote(each) for each in dict.fromkeys(ids) if each in self.pack.clauses)

    def quote(self, clause: str) -> Quote:
        path = f"clauses.{clause}.text"
        found = self.pack.clauses[clause]
        return Quote(clause, found.at, labels.label(self.pack, path, self.lang), self._shown.lang_of(path))

    def _bounds(self, least: object, most: object) -> str:
        said = {
            name: self._shown.value(bound) for name, bound in (("least", least), ("most", most)) if bound is not None
        }
        if len(said) == 2:
            return gettext("from %(least)s to %(most)s") % said
        if "least" in said:
            return gettext("at least %(least)s") % said
        return gettext("at most %(most)s") % said if said else ""


def _words_of_steps() -> dict[str, tuple[str, str]]:
    """{step: (its title, what it asks)}."""
    return {
        "words": (
            gettext("What words mean here"),
            gettext("The document says “promptly” or “regularly”. How soon, or how often, is that in your school?"),
        ),
        "numbers": (gettext("Times and numbers"), gettext("The document leaves these to the school.")),
        "posts": (
            gettext("Who holds which post"),
            gettext("What the policy asks for reaches people through their posts."),
        ),
        "calendar": (gettext("The school’s calendar"), gettext("Deadlines are counted in its school days.")),
        "document": (
            gettext("How you read the document"),
            gettext("In these places the document contradicts itself, or points to something that is not there."),
        ),
        "law": (
            gettext("Where the law asks for more"),
            gettext("Here the document falls short of the law. What does your school do?"),
        ),
        "void": (gettext("Clauses that the law makes void"), gettext("These bind nobody, whoever signs them.")),
    }


def names_it(duty: Duty, name: str) -> bool:
    """Whether a duty's deadline or rhythm is this word or param."""
    return duty.recurrence_said == name or any(
        isinstance(each, Said) and each.said == name for each in (duty.by, duty.not_before)
    )


def decide(adoption: Adoption, item: str, answer: str, reason: str, by: Person | None) -> None:
    """Write down what somebody decided. Raises KeyError for an item that the pack does not have."""
    PolicyDecision.objects.create(
        school=adoption.school,
        pack=adoption.pack.id,
        item=item,
        about=adoption.about(item),
        answer=answer,
        reason=reason,
        by_person=by.id if by else None,
        made_at=clock.utcnow(adoption.school),
    )


def decision(school: School, pack: Pack, item: str) -> str | None:
    """What the school last decided about an item as it stands in the pack now, as its code; for other rooms."""
    adoption = Adoption(school, pack, pack.language, clock.now(school).date())
    try:
        about = adoption.about(item)
    except KeyError:
        return None
    row = (
        PolicyDecision.objects.filter(school=school, pack=pack.id, item=item, about=about).order_by("-made_at").first()
    )
    return row.answer if row is not None else None


def history(school: School, pack: str, item: str) -> list[tuple[UUID | None, datetime, str, str]]:
    """(who, when as civil minute, answer, reason) of everything ever decided about an item, newest first."""
    rows: Any = PolicyDecision.objects.filter(school=school, pack=pack, item=item).order_by("-made_at")
    return [(row.by_person, clock.civil(school, row.made_at), row.answer, row.reason) for row in rows]
