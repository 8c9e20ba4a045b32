"""A stopped step in words: which limit, what it asks for, what would lift it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from upstander.cases.shapes import StoppedLimit
from upstander.cases.words import Words
from upstander.policy import sentences
from upstander.policy.verdict import Breach, Key
from upstander.ui.parts import Deed

CLOSURE = "closure."


@dataclass(frozen=True)
class Stopper:
    """Puts breaches into words. ``deed``: the form of a kind of event for a key, None where the viewer may not record it."""

    words: Words
    names: Mapping[str, str]
    deed: Callable[[str, Key], Deed | None]

    def page(self, breaches: Iterable[Breach], *, warns: bool, back: str) -> dict[str, Any]:
        """What the guard shows. A limit that several keys break is said once."""
        limits: dict[str, StoppedLimit] = {}
        for breach in breaches:
            limits.setdefault(breach.rule, self.limit(breach))
        title = _("Are you sure?") if warns else _("The policy stops this step")
        return {"title": title, "limits": list(limits.values()), "warns": warns, "back": back}

    def limit(self, breach: Breach) -> StoppedLimit:
        """One limit: its name, its sentence, what would lift it."""
        pack = self.words.pack
        if breach.rule.startswith(CLOSURE):
            rule = pack.closure[breach.rule.removeprefix(CLOSURE)]
            label, lang = _("It cannot be closed yet"), ""
            sentence = sentences.sentence(pack, replace(rule, clause=()), self.words.lang)
        else:
            limit = pack.limits[breach.rule]
            label, lang = self.words.limit(breach.rule), self.words.lang_of(f"limits.{breach.rule}.label")
            sentence = sentences.sentence(pack, replace(limit, clause=()), self.words.lang)
        lifts = [lift for item in breach.missing if (lift := self._lift(breach, item))[0]]
        return StoppedLimit(
            label=label, lang=lang, sentence=sentence, lifts=lifts, clauses=self.words.clauses(breach.clause[:2])
        )

    def _lift(self, breach: Breach, item: str) -> tuple[str, Deed | None]:
        sort, _colon, what = item.partition(":")
        pack = self.words.pack
        match sort:
            case "never":
                return self._unless(breach), None
            case "after":
                return _("First: %(deed)s.") % {"deed": self.words.done(what)}, self.deed(what, breach.key)
            case "by":
                return _("Only these may do it: %(roles)s.") % {"roles": self._only_by(breach, what)}, None
            case "not-by":
                who = self.words.role(what) if what in pack.roles else self.words.done(what)
                return _("Somebody else must do it: not %(who)s.") % {"who": who}, None
        if item in pack.facts:
            return _("Needed first: %(fact)s.") % {"fact": self.words.fact(item)}, None
        if item in pack.duties:
            return _("Still open: %(duty)s.") % {"duty": self.words.duty(item)}, None
        return "", None

    def _unless(self, breach: Breach) -> str:
        limit = self.words.pack.limits.get(breach.rule)
        if limit is None or not limit.unless:
            return ""
        facts = self.words.either([self.words.fact(each) for each in limit.unless])
        return _("It may be done only if: %(facts)s.") % {"facts": facts}

    def _only_by(self, breach: Breach, role: str) -> str:
        limit = self.words.pack.limits.get(breach.rule)
        closure = self.words.pack.closure.get(breach.rule.removeprefix(CLOSURE))
        roles = limit.only_by if limit else closure.decided_by if closure else (role,)
        return self.words.either([self.words.role(each) for each in roles])
