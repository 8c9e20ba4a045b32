"""The ladder of measures: each step, who may decide on it, what is asked first, and what was decided in like cases.

Fairness needs comparison and not names: of like cases only numbers are shown, and none while they are so few that one of them
could be guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upstander.access import decide
from upstander.cases.looking import Looking
from upstander.policy.model import Includes, Is, Limit, OneOf
from upstander.policy.model.rooms import PlansRoom
from upstander.records import alike
from upstander.ui.parts import Clause, Deed

LEAST = 3
"""Of fewer like cases nothing is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A step of the ladder. ``who``: the posts that may decide on it; ``first``: what the policy asks for; ``here``: how often
    it was decided in this matter; ``like``: in how many like cases, in words; ``deed``: for the viewer who may."""

    label: str
    help: str
    lang: str
    who: str
    first: Sequence[str]
    here: int
    like: str
    deed: Deed | None
    clauses: Sequence[Clause]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """``first``: what the policy asks before any of the steps. ``compared``: what is said over the comparison; empty where
    nothing is compared."""

    title: str
    lang: str
    first: Sequence[str]
    rungs: Sequence[Rung]
    compared: str


def of(looking: Looking, room: PlansRoom) -> Ladder | None:
    """The ladder of this kind of record; None where the policy has none."""
    if room.measure is None or room.rung is None:
        return None
    return _Making(looking, room.measure, room.rung, room).ladder()


@dataclass
class _Making:
    looking: Looking
    measure: str
    field: str
    room: PlansRoom

    def ladder(self) -> Ladder | None:
        """Every code of the list, in the pack's order."""
        looking = self.looking
        spec = looking.pack.events[self.measure].fields[self.field]
        if spec.options is None or looking.is_secret(self.measure, self.field):
            return None
        rungs = [self._rung(spec.options, code) for code in self._codes]
        return Ladder(
            title=looking.words.field(self.measure, self.field),
            lang=looking.words.lang_of(f"events.{self.measure}.fields.{self.field}.label"),
            first=[looking.words.limit(each.id) for each in self._of_all if not each.only_by],
            rungs=rungs,
            compared=self._compared(),
        )

    def _rung(self, options: str, code: str) -> Rung:
        looking = self.looking
        path = f"options.{options}.{code}"
        every = {each.id for each in self._of_all}
        limits = [each for each in looking.pack.limits.values() if each.id not in every and self._names(each, code)]
        own = looking.pack.options[options][code]
        roles = self._who([*self._of_all, *limits])
        return Rung(
            label=looking.words.option(options, code),
            help=looking.words.label(f"{path}.help") if own.help else "",
            lang=looking.words.lang_of(f"{path}.label"),
            who=looking.words.joined([looking.words.role(role) for role in roles]),
            first=[looking.words.limit(each.id) for each in limits if not each.only_by],
            here=sum(code in codes for codes in self._here),
            like=self._like(code),
            deed=self._deed(code, roles),
            clauses=looking.words.clauses([*own.clause, *(one for each in limits for one in each.clause)][:2]),
        )

    # --- who may ---------------------------------------------------------------------------------------------------

    @cached_property
    def _of_all(self) -> list[Limit]:
        """The limits on deciding, whatever the step: those that name none, and those that name every one."""
        return [
            limit
            for limit in self.looking.pack.limits.values()
            if any(each.kind == self.measure and not each.tests for each in limit.act.alternatives)
            or (self._codes and all(self._names(limit, code) for code in self._codes))
        ]

    @cached_property
    def _codes(self) -> list[str]:
        spec = self.looking.pack.events[self.measure].fields[self.field]
        return list(self.looking.pack.options.get(spec.options, {}))

    def _names(self, limit: Limit, code: str) -> bool:
        """Whether a limit is about this very step."""
        for each in limit.act.alternatives:
            mine = [test.condition for test in each.tests if test.field == self.field]
            if each.kind == self.measure and mine and all(_allows(condition, code) for condition in mine):
                return True
        return False

    def _who(self, limits: Sequence[Limit]) -> list[str]:
        """The posts that may decide on it: whoever may record it, as far as every limit lets them."""
        roles = list(self.looking.pack.events[self.measure].recorded_by)
        for limit in limits:
            if limit.only_by:
                allowed = {member for role in limit.only_by for member in self.looking.pack.members(role)}
                roles = [role for role in roles if role in allowed]
        return roles

    def _deed(self, code: str, roles: Sequence[str]) -> Deed | None:
        looking = self.looking
        if not looking.may(self.measure):
            return None
        doer = decide.doer_role(looking.viewer, looking.pack, self.measure, looking.subject, tuple(roles))
        if doer not in roles:
            return None
        url = looking.url("do", self.measure, **{self.field: code})
        return Deed(label=looking.words.deed(self.measure), url=url)

    # --- in like cases ---------------------------------------------------------------------------------------------

    @cached_property
    def _here(self) -> list[list[str]]:
        looking = self.looking
        found = alike.codes(looking.viewer, [looking.record.id], self.measure, self.field)
        return found.get(looking.record.id, [])

    @cached_property
    def _by_case(self) -> Mapping[object, frozenset[str]]:
        """{like case: the steps decided in it}; a case is like this one where they share a code that the pack names."""
        looking, kind, field = self.looking, self.room.alike_in, self.room.alike_by
        if kind is None or field is None:
            return {}
        mine = alike.codes(looking.viewer, [looking.record.id], kind, field).get(looking.record.id, [])
        ours = {code for codes in mine for code in codes}
        others = alike.seen(looking.viewer, looking.record.kind, looking.record.id) if ours else []
        theirs = alike.codes(looking.viewer, others, kind, field)
        like = [each for each, entries in theirs.items() if ours & {code for codes in entries for code in codes}]
        decided = alike.codes(looking.viewer, like, self.measure, self.field)
        return {each: frozenset(code for codes in decided.get(each, []) for code in codes) for each in like}

    def _compared(self) -> str:
        if self.room.alike_in is None:
            return ""
        if len(self._by_case) < LEAST:
            return _("There are fewer than %(n)d like cases that you may see; nothing is compared.") % {"n": LEAST}
        return ngettext(
            "Compared with %(n)d like case, without names.",
            "Compared with %(n)d like cases, without names.",
            len(self._by_case),
        ) % {"n": len(self._by_case)}

    def _like(self, code: str) -> str:
        if len(self._by_case) < LEAST:
            return ""
        counted = Counter(each for codes in self._by_case.values() for each in codes)
        return _("%(n)d of %(all)d like cases") % {"n": counted[code], "all": len(self._by_case)}


def _allows(condition: object, code: str) -> bool:
    match condition:
        case Is(value):
            return value == code
        case OneOf(values):
            return code in values
        case Includes(values):
            return code in values
    return True
