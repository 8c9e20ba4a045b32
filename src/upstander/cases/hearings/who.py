"""Who is still to be heard: a line for each person, with the one thing to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upstander.cases.hearings import accounts, planning
from upstander.cases.hearings.room import Heard, Hearings, Statement
from upstander.ui import dates
from upstander.ui.parts import Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``state``: how it stands, as a word and as the state of a step; ``deeds``: the next thing first."""

    name: str
    title: str
    lang: str
    state: str
    word: str
    note: str = ""
    deeds: Sequence[Deed] = ()


def lines(hearings: Hearings) -> list[Line]:
    """Those still to be heard first."""
    found = [_line(hearings, each) for each in hearings.people]
    order = {"due": 0, "upcoming": 1, "pending": 2, "met": 3, "waived": 4}
    return sorted(found, key=lambda each: order.get(each.state, 5))


def _line(hearings: Hearings, person: Heard) -> Line:
    looking = hearings.looking
    said, plan = hearings.said_by(person.id), hearings.plans.get(person.id)
    deeds = [
        each
        for each in (hearings.hear(person, again=bool(said)), hearings.plan(person, again=bool(said)))
        if each is not None
    ]
    state, word, note = "due", _("Not planned yet"), ""
    if plan is not None:
        state, word = "upcoming", _("Planned")
        when = f"{dates.day(plan.start.date(), looking.lang, today=looking.now.date())} {dates.clock(plan.start, looking.lang)}"
        place = planning.place_name(hearings, plan.place)
        by = looking.words.joined(sorted(hearings.name(each) for each in plan.staff))
        note = looking.words.spaced([when, place, by])
    elif said:
        state, word, note, deeds = _heard(hearings, person)
    elif hearings.excused(person.id):
        state, word = "waived", _("Not heard, with a reason")
    else:
        deeds.reverse()
    if not said and plan is None and not hearings.excused(person.id):
        excuse = hearings.room.excused
        if excuse is not None and looking.may(excuse):
            deeds.append(
                Deed(label=_("Cannot be heard"), url=looking.url("do", excuse, **{f"about-{person.role}": person.id}))
            )
    lang = looking.words.lang_of(looking.words.role_path(person.role))
    return Line(name=person.name, title=person.title, lang=lang, state=state, word=word, note=note, deeds=deeds)


def _heard(hearings: Hearings, person: Heard) -> tuple[str, str, str, list[Deed]]:
    looking = hearings.looking
    last = hearings.said_by(person.id)[-1]
    confirmed = hearings.confirmed(last)
    deeds = []
    if not last.waits:
        label = (
            _("Read what was said") if confirmed or hearings.room.confirmed is None else _("Read it back and confirm")
        )
        deeds.append(Deed(label=label, url=looking.url("read_back", last.id)))
    waits = any(person in each.ask_again and each.settled is None for each in accounts.differences_of(hearings))
    ways = (hearings.hear(person, again=True), hearings.plan(person, again=True) if waits else None)
    again = [each for each in ways if each is not None]
    if waits:
        return "due", _("To be heard again"), note_of(hearings, last), [*again, *deeds]
    note = note_of(hearings, last)
    if hearings.room.confirmed is None and hearings.room.read_back is None:
        return "met", _("Heard"), note, [*deeds, *again]  # this policy asks for no confirmation of its own
    if confirmed:
        return "met", _("Heard and confirmed"), note, [*deeds, *again]
    return "pending", _("Heard, not confirmed yet"), note, [*deeds, *again]


def note_of(hearings: Hearings, last: Statement) -> str:
    """When somebody was heard and by whom, and whether it is sealed from the viewer."""
    looking = hearings.looking
    note = _("%(when)s, by %(names)s") % {"when": dates.moment(last.at, looking.lang, looking.now), "names": last.by}
    return f"{note} – {_('Sealed for now. Those who were there may read it.')}" if last.waits else note
