"""The criteria of closing as people read them: does it hold, since when, until when, what would bring it about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from upstander.cases.ending import Outlook
from upstander.cases.shapes import Bar, Criterion, Mark
from upstander.cases.words import Words, number
from upstander.policy.log import Event
from upstander.policy.model import Combine, Count, Quiet, Span, TrueFrom
from upstander.policy.verdict import Key
from upstander.ui import dates
from upstander.ui.parts import Deed

SCALE = 260
"""Width of a bar in the units of its picture."""


@dataclass(frozen=True)
class Teller:
    """Puts outlooks into words. ``deed``: the form of a kind of event for a key, None where the viewer may not record it.

    ``on_paper``: days are said in full, as "today" is another day when somebody reads it.
    """

    words: Words
    now: datetime
    names: Mapping[str, str]
    events: Mapping[str, Event]
    deed: Callable[[str, Key], Deed | None]
    name_keys: bool = False
    on_paper: bool = False

    def criterion(self, outlook: Outlook) -> Criterion:
        """One criterion with its parts."""
        path = f"facts.{outlook.fact}.label"
        return Criterion(
            label=self.words.fact(outlook.fact),
            lang=self.words.lang_of(path),
            holds=outlook.holds,
            note=self._note(outlook),
            who=self._who(outlook.key) if self.name_keys else "",
            bar=self._bar(outlook),
            evidence=self._evidence(outlook.rests_on),
            deeds=self._deeds(outlook),
            clauses=self.words.clauses(self.words.pack.facts[outlook.fact].clause),
            parts=tuple(self.criterion(part) for part in outlook.parts),
        )

    def _who(self, key: Key) -> str:
        return self.words.joined([self.names.get(value, _("Somebody")) for _name, value in key])

    def _note(self, outlook: Outlook) -> str:
        match self.words.pack.facts[outlook.fact].form:
            case Quiet():
                return self._quiet(outlook)
            case TrueFrom():
                return self._answer(outlook)
            case Count():
                return _("%(counted)s of %(needed)s") % {
                    "counted": number(outlook.counted),
                    "needed": number(outlook.needed),
                }
        if outlook.how is Combine.ANY:
            return _("One of these is enough.")
        if outlook.how is Combine.ALL:
            return _("Both or all of these are needed.")
        if outlook.how is Combine.NONE:
            return _("None of these may be so.")
        return ""

    def _quiet(self, outlook: Outlook) -> str:
        if outlook.started is None:
            return _("The clock has not started yet.")
        start, full = self._day(outlook.started), self._day(outlook.full)
        if outlook.holds:
            return _("Counted from %(start)s; full since %(full)s.") % {"start": start, "full": full}
        if outlook.broken_by:
            return _("Counted anew from %(start)s. The earliest day is %(full)s.") % {"start": start, "full": full}
        return _("Counted from %(start)s. The earliest day is %(full)s.") % {"start": start, "full": full}

    def _answer(self, outlook: Outlook) -> str:
        if outlook.started is None:
            return _("Nobody has said so yet.")
        start = self._day(outlook.started)
        if outlook.holds and outlook.full is not None:
            return _("So since %(start)s; the answer is valid until %(full)s.") % {
                "start": start,
                "full": self._day(outlook.full),
            }
        if outlook.holds:
            return _("So since %(start)s.") % {"start": start}
        if outlook.full is not None and outlook.full < self.now:
            return _("The last answer, of %(start)s, is no longer valid.") % {"start": start}
        return _("It was so on %(start)s, and something has happened since.") % {"start": start}

    def _day(self, moment: datetime | None) -> str:
        if moment is None:
            return _("a day not known yet")
        if self.on_paper:
            return dates.long_day(moment.date(), self.words.lang)
        return dates.day(moment.date(), self.words.lang, today=self.now.date())

    def _moment(self, moment: datetime) -> str:
        if self.on_paper:
            return f"{dates.long_day(moment.date(), self.words.lang)} {dates.clock(moment, self.words.lang)}"
        return dates.moment(moment, self.words.lang, self.now)

    def _evidence(self, ids: Iterable[str]) -> tuple[str, ...]:
        found = [self.events[each] for each in ids if each in self.events]
        return tuple(f"{self._moment(each.at)} {self.words.done(each.kind)}" for each in found)

    def _deeds(self, outlook: Outlook) -> tuple[Deed, ...]:
        kinds = dict.fromkeys(alternative.kind for alternative in outlook.asks)
        return tuple(deed for kind in kinds if (deed := self.deed(kind, outlook.key)) is not None)

    def _bar(self, outlook: Outlook) -> Bar | None:
        if not isinstance(self.words.pack.facts[outlook.fact].form, Quiet):
            return None
        lasts = outlook.lasts
        months = lasts.months if isinstance(lasts, Span) and 1 < lasts.months <= 12 and not lasts.days else 1
        cuts = tuple(round(SCALE * n / months) for n in range(1, months))
        if outlook.started is None or outlook.full is None:
            return Bar(width=0, cuts=cuts, marks=self._marks(months, lasts))
        whole = max((outlook.full - outlook.started).total_seconds(), 1.0)
        gone = (min(self.now, outlook.full) - outlook.started).total_seconds()
        before = round(SCALE * min(1.0, outlook.run_before * 86400 / whole)) if outlook.run_before else 0
        return Bar(
            width=round(SCALE * gone / whole),
            cuts=cuts,
            marks=self._marks(months, lasts),
            before=before,
            before_word=_("stopped last time after %(span)s")
            % {"span": dates.count(outlook.run_before, "day", self.words.lang)}
            if before
            else "",
        )

    def _marks(self, months: int, lasts: object) -> tuple[Mark, ...]:
        if not isinstance(lasts, Span) or not lasts.months or lasts.days:
            return ()
        step = max(1, months // 4) if months > 4 else 1
        marks = [Mark(x=0, word="0")]
        for month in range(step, months + 1, step):
            last = month == months
            # Where a unit is a long word, only the last mark carries it: the others would run into one another.
            short = not last and self.words.lang not in ("ja", "zh-Hans")
            word = str(month) if short else dates.count(month, "month", self.words.lang)
            marks.append(Mark(x=round(SCALE * month / months), word=word, align="end" if last else "mid"))
        return tuple(marks)
