"""The whole pack, and its versions (§1, §10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from upstander.policy.model.kinds import Clause, EventKind, Option, RecordKind, RoleInfo
from upstander.policy.model.papers import CalendarHints, Contact, Flaw, Guidance, LawNote, Param, TalkTo, Word
from upstander.policy.model.rules import Closure, Duty, Fact, Limit
from upstander.policy.model.writings import Agreement, Letter, PlanEntry, Questions, Survey


@dataclass(frozen=True)
class Pack:
    """A school's policy as data.

    ``words``: {language: {dotted path: translated text}}; ``builtin_words``: {path: English text} of what every pack has and this
    one did not reword; ``digest``: SHA-256 of all of it, places in files excepted.
    """

    id: str
    title: str
    version: str
    in_force_from: date
    language: str
    timezone: str
    roles: Mapping[str, RoleInfo] = field(default_factory=dict)
    records: Mapping[str, RecordKind] = field(default_factory=dict)
    events: Mapping[str, EventKind] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Option]] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    duties: Mapping[str, Duty] = field(default_factory=dict)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    closure: Mapping[str, Closure] = field(default_factory=dict)
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    params: Mapping[str, Param] = field(default_factory=dict)
    vague: Mapping[str, Word] = field(default_factory=dict)
    guidance: Mapping[str, Guidance] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    talk_to: tuple[TalkTo, ...] = ()
    letters: Mapping[str, Letter] = field(default_factory=dict)
    surveys: Mapping[str, Survey] = field(default_factory=dict)
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    questions: Mapping[str, Questions] = field(default_factory=dict)
    plan: Mapping[str, PlanEntry] = field(default_factory=dict)
    laws: tuple[LawNote, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    hints: CalendarHints = field(default_factory=CalendarHints)
    shares: tuple[str, ...] = ()
    extends: str | None = None
    review_date: date | None = None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    builtin_words: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""

    def members(self, name: str) -> tuple[str, ...]:
        """The roles of a group; of a role that is no group, itself."""
        role = self.roles.get(name)
        return role.any_of if role is not None and role.any_of else (name,)

    def groups_of(self, name: str) -> tuple[str, ...]:
        """The groups of which this role is a member."""
        return tuple(group.id for group in self.roles.values() if name in group.any_of)


@dataclass(frozen=True, slots=True)
class Series:
    """The versions of a pack, by date in force, earliest first; the earliest also governs what came before it."""

    versions: tuple[Pack, ...]

    def at(self, day: date) -> Pack:
        """The version in force on this day."""
        return next((pack for pack in reversed(self.versions) if pack.in_force_from <= day), self.versions[0])
