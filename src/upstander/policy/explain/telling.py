"""What an explanation is made of, and the pen that writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from upstander.policy import labels
from upstander.policy.explain.dates import day_words, moment_words
from upstander.policy.log import Event
from upstander.policy.model import Pack
from upstander.policy.sentences.writer import Writer


@dataclass(frozen=True, slots=True)
class Part:
    """One statement. ``code`` says of what sort (``due.skipped``); the other entries are what it names."""

    code: str
    words: str
    events: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    moments: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The rule with its clauses (id: our words for it, in the language), and the statements in the order of reading."""

    rule: str
    sentence: str
    clauses: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    joint: str = " "

    @property
    def words(self) -> str:
        return self.joint.join(part.words for part in self.parts)

    def of(self, code: str) -> tuple[Part, ...]:
        """The statements of one sort; ``due`` gives all whose code begins so."""
        return tuple(part for part in self.parts if part.code == code or part.code.startswith(f"{code}."))


class Pen:
    """Collects statements about one pack in one language."""

    def __init__(self, pack: Pack, lang: str, events: Mapping[str, Event]) -> None:
        self.pack, self.lang, self.events = pack, lang, events
        self.writer = Writer(pack, lang)
        self.parts: list[Part] = []

    def tell(
        self,
        code: str,
        pattern: str,
        *,
        events: tuple[str, ...] = (),
        facts: tuple[str, ...] = (),
        roles: tuple[str, ...] = (),
        moments: tuple[datetime, ...] = (),
        **words: object,
    ) -> None:
        text = self.writer.tidy(self.writer.say(pattern, **words))
        self.parts.append(Part(code, text, events, facts, roles, moments))

    def moment(self, moment: datetime) -> str:
        return moment_words(moment, self.lang)

    def day(self, moment: datetime) -> str:
        return day_words(moment.date(), self.lang)

    def event(self, id_: str) -> str:
        """What was done, as the timeline says it."""
        event = self.events.get(id_)
        if event is None or event.kind not in self.pack.events:
            return id_
        done = labels.label(self.pack, f"events.{event.kind}.done", self.lang)
        return done or labels.label(self.pack, f"events.{event.kind}.label", self.lang)

    def explanation(self, rule: str, sentence: str, clauses: tuple[str, ...]) -> Explanation:
        texts = {
            clause: labels.label(self.pack, f"clauses.{clause}.text", self.lang) if clause in self.pack.clauses else ""
            for clause in clauses
        }
        return Explanation(rule, sentence, texts, tuple(self.parts), "" if self.lang in ("ja", "zh-Hans") else " ")
