"""What the page of keeping shows: which records end soon, are over, are held; only those that the viewer may keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upstander.access import keeping
from upstander.access.viewer import Viewer
from upstander.cases import addresses
from upstander.cases.words import Words
from upstander.people import clock
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy import sentences
from upstander.records import subjects, upkeep
from upstander.records.keeping import holding, periods
from upstander.records.keeping.periods import Standing, State
from upstander.records.models import Record
from upstander.ui import dates
from upstander.ui.parts import Clause, Deed


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold in words: why, and who placed it when; ``ended``: who ended it when, and why."""

    id: UUID
    reason: str
    since: str
    ended: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A record whose time ends. ``value``: names it and where its chain ends; ``along``: what goes with it."""

    standing: Standing
    name: str
    url: str
    when: str
    along: str = ""
    clauses: tuple[Clause, ...] = ()
    holds: tuple[HoldLine, ...] = ()
    deeds: tuple[Deed, ...] = ()

    @property
    def value(self) -> str:
        return f"{self.standing.record.id}:{self.standing.record.head}"


@dataclass
class Ending:
    """The rows of each state, those whose time ends first in front."""

    soon: list[Row] = field(default_factory=list)
    due: list[Row] = field(default_factory=list)
    held: list[Row] = field(default_factory=list)
    busy: list[Row] = field(default_factory=list)
    kept: int = 0

    @property
    def nothing(self) -> bool:
        return not (self.soon or self.due or self.held or self.busy)


def ending(viewer: Viewer, school: School, now: datetime, lang: str) -> Ending:
    """Everything of the page, in the reader's language."""
    found, along = mine(viewer, school, now)
    words = Words(viewer.pack, lang, school.slug)
    shown = Ending()
    places = {
        State.SOON: shown.soon, State.DUE: shown.due, State.HELD: shown.held, State.DUTY: shown.busy,
    }  # fmt: skip
    for each in found:
        if each.state in places:
            places[each.state].append(_row(words, school, each, along[each.record.id], now))
        else:
            shown.kept += 1
    return shown


def mine(viewer: Viewer, school: School, now: datetime) -> tuple[list[Standing], Counter[UUID]]:
    """The records that the viewer may keep, without those that only follow another; {record: how many follow it}."""
    upkeep.refresh_due(school, now)
    everything = periods.look(school, now)
    about = subjects.subjects_of([each.record for each in everything], viewer.pack, now)
    along = Counter(each.follows for each in everything if each.follows)
    alone = [each for each in everything if each.follows is None]
    return [each for each in alone if keeping.may_keep(viewer, about[each.record.id])], along


def followers(school: School, now: datetime, leading: Iterable[UUID]) -> list[Standing]:
    """What goes with these records and is due as they are."""
    wanted = set(leading)
    return [each for each in periods.look(school, now) if each.follows in wanted and each.state is State.DUE]


def _row(words: Words, school: School, each: Standing, along: int, now: datetime) -> Row:
    home = addresses.of(school, each.record, "keeping_of", pack=words.pack)
    holds = [hold for hold in hold_lines(school, each.record, words.lang, now) if not hold.ended]
    return Row(
        standing=each,
        name=name_of(words, each),
        url=addresses.home(school, each.record, words.pack),
        when=when(each, words.lang),
        along=ngettext(
            "%(n)d record that belongs to it goes with it", "%(n)d records that belong to it go with it", along
        )
        % {"n": along}
        if along
        else "",
        clauses=tuple(words.clauses(each.keep.clause)) if each.keep else (),
        holds=tuple(holds),
        deeds=(Deed(label=_("Hold, or end a hold"), url=home),),
    )


def name_of(words: Words, each: Standing) -> str:
    """The kind and the number of a record: whom it is about is read behind the link, by whoever opens it."""
    kind = words.label(f"records.{each.record.kind}.label")
    return _("%(kind)s %(number)s") % {"kind": kind, "number": each.record.number}


def when(each: Standing, lang: str) -> str:
    """How long a record is kept, from when and until when; why not, where that is not running."""
    if each.keep is None:
        return _("The policy says no time after which it is destroyed. It is kept.")
    lasts = sentences.distance_words(each.keep.lasts, lang)
    if each.since is None or each.until is None:
        return _("Kept for %(period)s. That time has not begun.") % {"period": lasts}
    first, last = dates.long_day(each.since.date(), lang), dates.long_day(each.until.date(), lang)
    return _("Kept for %(period)s: from %(first)s to %(last)s.") % {"period": lasts, "first": first, "last": last}


def hold_lines(school: School, record: Record, lang: str, now: datetime) -> list[HoldLine]:
    """The holds on a record in words, the newest first."""
    rows = holding.of_record(record)
    names = people.names(school, {str(one) for row in rows for one in (row.by_person, row.ended_by) if one})
    return [
        HoldLine(
            row.id,
            row.reason,
            _who_when(school, names, row.by_person, row.since, lang, now),
            _who_when(school, names, row.ended_by, row.ended_at, lang, now) if row.ended_at else "",
            row.ended_because,
        )
        for row in rows
    ]


def _who_when(school: School, names: dict[str, str], who: UUID | None, at: datetime, lang: str, now: datetime) -> str:
    by = names.get(str(who), "") or _("the technical administrator")
    moment = dates.moment(clock.civil(school, at), lang, now)
    return _("%(when)s, by %(name)s") % {"when": moment, "name": by}
