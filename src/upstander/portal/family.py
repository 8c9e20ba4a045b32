"""What a guardian's page shows: for each child what the school told, what is ahead, a complaint's way; whom to turn to.

Nothing here decides who hears of what: ``records.families`` asks ``access``. Nothing names a record, a source or another child.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from upstander.access import families as allowed
from upstander.access.viewer import Viewer
from upstander.cases.words import Words
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy.model import Duty, Pattern, RecordKind, Role, Strength
from upstander.policy.sentences import deadline_words
from upstander.policy.verdict import DutyInstance, State
from upstander.portal.queries import Help, Told
from upstander.records import families, queries
from upstander.records.families import Matter
from upstander.ui import dates, markdown

MOST_AT_ONCE = 4
ABOUT_US = frozenset({"receipt", "policy"})
"""Where a card stands that says how the school goes about it; one for the door alone belongs to telling."""
MOST = 60


@dataclass(frozen=True)
class Entry:
    """One thing that the school told: what, when, who; its parts as questions and answers."""

    title: str
    when: str
    who: str
    lines: Sequence[Told]
    lang: str = ""


@dataclass(frozen=True)
class Ahead:
    """A day to come that the school has named."""

    when: str
    label: str
    of: str
    lang: str = ""


@dataclass(frozen=True)
class Step:
    """A step of a way that the policy lets a family follow. ``state``: as the spine draws it."""

    state: str
    title: str
    note: str
    lang: str = ""


@dataclass(frozen=True)
class Way:
    """The steps of one record that is followed, or of a kind of record as it would go."""

    title: str
    steps: Sequence[Step]
    lang: str = ""


@dataclass(frozen=True)
class Child:
    """A child's part of the page."""

    name: str
    ahead: Sequence[Ahead]
    latest: Sequence[Entry]
    earlier: Sequence[Entry]
    ways: Sequence[Way]


def children(viewer: Viewer, school: School, now: datetime, lang: str) -> list[Child]:
    """Each child whom the viewer looks after, by name. To open the page is to read in every record of which it tells."""
    words = Words(viewer.pack, lang, school.slug)
    found = families.matters(viewer, school, now)
    here = people.by_id(school, viewer.guards)
    names = {ident: one.name for ident, one in here.items() if one.left_on is None or one.left_on > now.date()}
    ordered = sorted(names, key=lambda ident: names[ident].casefold())
    return [_child(viewer, words, names[each], [one for one in found if one.child == each], now) for each in ordered]


def _child(viewer: Viewer, words: Words, name: str, matters: Sequence[Matter], now: datetime) -> Child:
    told: list[families.Told] = []
    ways = []
    for matter in matters:
        heard = families.told(viewer, matter, words.lang, now)
        followed = allowed.follows(viewer.pack.records[matter.record.kind])
        if heard or followed:
            queries.log_reading(viewer, matter.record, "family")
        told += heard
        if followed:
            ways.append(_followed(words, matter, now))
    told.sort(key=lambda each: each.at, reverse=True)
    entries = [_entry(words, each, now) for each in told[:MOST]]
    return Child(
        name,
        sorted_ahead(words, told, now.date()),
        entries[:MOST_AT_ONCE],
        entries[MOST_AT_ONCE:],
        [way for way in ways if way.steps],
    )


def _entry(words: Words, told: families.Told, now: datetime) -> Entry:
    kind = told.event.kind
    return Entry(
        title=words.done(kind),
        when=dates.moment(told.at, words.lang, now),
        who=words.role(told.by_role) if told.by_role in words.pack.roles else "",
        lines=[_line(words, told, line) for line in told.lines],
        lang=words.lang_of(f"events.{kind}.done"),
    )


def _line(words: Words, told: families.Told, line: families.Line) -> Told:
    if line.kept or line.shown is None:
        value = _("The school keeps this part back: it speaks of somebody else. Ask the school about it.")
    else:
        value = words.joined(line.shown.values)
    return Told(line.label, value, lang=words.lang_of(f"events.{told.event.kind}.fields.{line.field}.label"))


def sorted_ahead(words: Words, told: Sequence[families.Told], today: date) -> list[Ahead]:
    """The days to come that stand in what was told, the next first."""
    days = {
        (line.day, each.event.id, line.field): (each, line)
        for each in told
        for line in each.lines
        if line.day is not None and line.day >= today
    }
    return [
        Ahead(
            when=dates.long_day(day, words.lang),
            label=line.label,
            of=words.done(each.event.kind),
            lang=words.lang_of(f"events.{each.event.kind}.done"),
        )
        for (day, _event, _field), (each, line) in sorted(days.items(), key=lambda pair: (pair[0][0], str(pair[0][1])))
        if day is not None
    ]


# --- a way that a family follows --------------------------------------------------------------------------------------


def ways(viewer: Viewer, school: School, lang: str) -> list[Way]:
    """How each kind of record goes that the policy lets guardians follow: its steps, whose they are, within which time."""
    words = Words(viewer.pack, lang, school.slug)
    return [
        Way(
            words.label(f"records.{kind.id}.label"),
            [_planned(words, rule) for rule in _rules(words, kind)],
            words.lang_of(f"records.{kind.id}.label"),
        )
        for kind in viewer.pack.records.values()
        if allowed.follows(kind)
    ]


def _rules(words: Words, kind: RecordKind) -> list[Duty]:
    """The duties whose step is recorded on this kind of record, as the pack orders them."""
    own = {*kind.events, *kind.opened_by}
    return [rule for rule in words.pack.duties.values() if _step_of(rule) in own]


def _step_of(rule: Duty) -> str:
    """The kind of event that settles a duty, the first that the policy names."""
    patterns: Sequence[Pattern] = rule.must
    return next((each.kind for pattern in patterns for each in pattern.alternatives), "")


def _planned(words: Words, rule: Duty) -> Step:
    kind = _step_of(rule)
    by = deadline_words(words.pack, rule.by, words.lang) if rule.by is not None else ""
    may = _("if it is needed") if rule.strength is Strength.MAY else ""
    return Step(
        state="upcoming",
        title=words.done(kind),
        note=words.spaced([_posts(words, rule), may or by]),
        lang=words.lang_of(f"events.{kind}.done"),
    )


def _posts(words: Words, rule: Duty) -> str:
    return words.either([words.role(each.role) for each in rule.who if isinstance(each, Role)])


def _followed(words: Words, matter: Matter, now: datetime) -> Way:
    """The steps of one record: those done with their day, those open with the day by which they are."""
    kind = words.pack.records[matter.record.kind]
    rules = {rule.id: rule for rule in _rules(words, kind)}
    steps = [
        _going(words, rules[duty.rule], duty, now)
        for duty in sorted(matter.picture.duties, key=lambda each: each.arose)
        if duty.rule in rules and (duty.state.open or duty.settled is not None) and not _only_offered(duty)
    ]
    day = dates.long_day(matter.record.opened_at.date(), words.lang)
    label = words.label(f"records.{kind.id}.label")
    title = _("%(matter)s of %(day)s") % {"matter": label, "day": day}
    return Way(title, steps, words.lang_of(f"records.{kind.id}.label"))


def _only_offered(duty: DutyInstance) -> bool:
    return duty.strength is Strength.MAY and duty.settled is None


def _going(words: Words, rule: Duty, duty: DutyInstance, now: datetime) -> Step:
    kind = _step_of(rule)
    if duty.settled is not None:
        note = _("Done: %(day)s") % {"day": dates.long_day(duty.settled.at.date(), words.lang)}
        state = "met"
    elif duty.state is State.OVERDUE and duty.due is not None:
        note = _("It should have been done by %(day)s.") % {"day": dates.long_day(duty.due.date(), words.lang)}
        state = "overdue"
    else:
        by = dates.long_day(duty.due.date(), words.lang) if duty.due is not None else ""
        note = _("By %(day)s") % {"day": by} if by else ""
        state = "pending"
    return Step(
        state, words.done(kind), words.spaced([_posts(words, rule), note]), words.lang_of(f"events.{kind}.done")
    )


# --- whom to turn to --------------------------------------------------------------------------------------------------


def contacts(viewer: Viewer, school: School, lang: str) -> list[Told]:
    """Those outside the school to whom the policy sends parents."""
    words = Words(viewer.pack, lang, school.slug)
    found = []
    for each in viewer.pack.contacts.values():
        if "parent" not in each.for_ or not each.on_door or each.number:
            continue  # those with a number stand at the foot of every page
        path = f"contacts.{each.id}"
        note = words.label(f"{path}.note") if each.note else ""
        found.append(Told(words.label(f"{path}.title"), note, lang=words.lang_of(f"{path}.title")))
    return found


def cards(viewer: Viewer, school: School, lang: str) -> list[Help]:
    """What the policy says to parents and carers alone."""
    words = Words(viewer.pack, lang, school.slug)
    return [
        Help(
            markdown.Guidance(markdown.render(words.label(f"guidance.{card.id}.body")), (), ()),
            words.lang_of(f"guidance.{card.id}.body"),
        )
        for card in viewer.pack.guidance.values()
        if tuple(card.for_) == ("guardian",) and ABOUT_US.intersection(card.on) and card.body
    ]
