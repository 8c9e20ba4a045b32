"""Duties as steps on the spine: state and time in the margin, the deed that discharges it, who, and the clause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upstander.cases import addresses, parts
from upstander.cases.looking import Looking
from upstander.cases.words import Words
from upstander.people.models import School
from upstander.policy.verdict import State
from upstander.records import queries
from upstander.records import steps as duties
from upstander.records.models import Record
from upstander.ui import dates, words
from upstander.ui.parts import Deed, Step

MOST_CARDS = 2


def open_duties(looking: Looking) -> list[duties.Step]:
    """The open duties of the record, asked once for each page."""
    if "open" not in looking.memo:
        looking.memo["open"] = queries.next_steps(looking.viewer, looking.record, looking.now, looking.lang)
    found: list[duties.Step] = looking.memo["open"]
    return found


def going(looking: Looking) -> list[Step]:
    """The open duties as steps, what is late first; a clause is quoted once, then named by its number."""
    return quoted_once(step(looking.words, looking.school, duty, looking.now) for duty in open_duties(looking))


def quoted_once(found: Iterable[Step]) -> list[Step]:
    """The steps, each clause quoted where it comes first; "why" says it again for every step."""
    said: set[str] = set()
    quoted = []
    for each in found:
        clauses = [replace(clause, text="") if clause.id in said else clause for clause in each.clauses]
        said |= {clause.id for clause in each.clauses}
        quoted.append(replace(each, clauses=clauses))
    return quoted


def with_rules(looking: Looking) -> list[tuple[Step, str]]:
    """The open duties as steps, each with its rule."""
    return [(step(looking.words, looking.school, duty, looking.now), duty.rule) for duty in open_duties(looking)]


def done(looking: Looking) -> dict[str, list[Step]]:
    """What is settled, missed or waived, the latest first; and apart from it what does not apply."""
    found = queries.done_steps(looking.viewer, looking.record, looking.now, looking.lang)
    settled: dict[str, list[Step]] = {"done_steps": [], "not_applying": []}
    for duty in found:
        name = "not_applying" if duty.state == State.NOT_APPLICABLE.value else "done_steps"
        settled[name].append(step(looking.words, looking.school, duty, looking.now))
    return settled


def cards(looking: Looking) -> list[parts.Card]:
    """The guidance before the viewer's most pressing steps, the next one first, then that of the moment."""
    found = _before_steps(looking)[:MOST_CARDS]
    shown = {card.id for card in found}
    return found + [card for card in parts.cards(looking) if card.id not in shown]


def _before_steps(looking: Looking) -> list[parts.Card]:
    found: dict[str, parts.Card] = {}
    for duty in open_duties(looking):
        if duty.state not in (State.OVERDUE.value, State.DUE.value) and not duty.mine:
            continue
        for deed in duty.deeds:
            if deed.may:
                found |= {card.id: card for card in parts.cards(looking, before=deed.kind)}
        if len(found) >= MOST_CARDS:
            break
    return list(found.values())


def step(w: Words, school: School, duty: duties.Step, now: datetime, *, inbox: bool = False, title: str = "") -> Step:
    """One duty. In an inbox it also says which record it belongs to."""
    path = f"duties.{duty.rule}.label"
    home = record_url(school, duty.record)
    offered = [deed for deed in duty.deeds if deed.may]
    deed = Deed(label=offered[0].label, url=deed_url(school, duty, offered[0])) if offered and duty.open else None
    late = duty.settled_at - duty.due if duty.settled_at and duty.due and duty.settled_at > duty.due else None
    return Step(
        state=duty.state,
        word=words.state_word(duty.state, due=duty.due, now=now, late=late),
        label=duty.label,
        lang=w.lang_of(path),
        url=deed.url if deed else f"{home}" if inbox else "",
        margin=_margin(w, duty, now),
        notes=[*_of_record(w, duty, inbox, title), *_notes(w, duty, now)],
        clauses=w.clauses([clause.id for clause in duty.clauses[:1]]),
        deed=deed,
        explain_url=addresses.of(school, duty.record, "why", duty.rule, pack=w.pack) + _which(duty),
    )


def record_url(school: School, record: Record) -> str:
    """The record's own page."""
    return addresses.home(school, record)


def deed_url(school: School, duty: duties.Step, deed: duties.StepDeed) -> str:
    """The form that discharges a duty, with whom it concerns filled in."""
    from urllib.parse import urlencode

    if deed.kind == "triaged":
        return reverse("cases:triage", args=[school.slug, duty.record.id])
    asked = [(f"about-{role}", one) for role, ids in deed.about.items() for one in ids]
    asked += [(name, value) for name, value in deed.fields.items()]
    query = urlencode([("duty", duty.rule), *asked])
    return addresses.form(school, duty.record, deed.kind) + f"?{query}"


def _which(duty: duties.Step) -> str:
    key = "&".join(f"{role}={ident}" for role, _title, ident, _name in duty.key)
    return f"?n={duty.occurrence}" + (f"&{key}" if key else "")


def _margin(w: Words, duty: duties.Step, now: datetime) -> list[str]:
    if duty.state == State.UPCOMING.value:
        return [dates.since(duty.due_from, now, w.lang)] if duty.due_from else dates.margin(duty.due, now, w.lang)[:1]
    if duty.open and duty.state != State.PAUSED.value:
        return dates.margin(duty.due, now, w.lang)
    if duty.settled_at is not None:
        return [dates.moment(duty.settled_at, w.lang, now)]
    return []


def _of_record(w: Words, duty: duties.Step, inbox: bool, title: str) -> list[str]:
    """Which record, in an inbox, and whom the duty concerns."""
    who = [name for _role, _title, _id, name in duty.key]
    if not inbox:
        return who
    kind = w.label(f"records.{duty.record.kind}.label")
    number = _("%(kind)s %(number)s") % {"kind": kind, "number": duty.record.number}
    return [number, *(who or ([title] if title else []))]


def _notes(w: Words, duty: duties.Step, now: datetime) -> list[str]:
    notes = []
    who = [bearer(w, each) for each in duty.bearers]
    if who and duty.open:
        notes.append(_("Who: %(who)s") % {"who": w.joined(who)})
    if duty.open and duty.strength == "should":
        notes.append(_("should be done"))
    if duty.open and duty.strength == "may":
        notes.append(_("may be done"))
    ahead = next((climb for climb in duty.climbs if climb.at > now), None)
    if ahead is not None and duty.state in (State.OVERDUE.value, State.DUE.value):
        when = dates.moment(ahead.at, w.lang, now)
        notes.append(_("Climbs to %(role)s: %(when)s") % {"role": ahead.title, "when": when})
    if duty.settled_at is not None and not duty.open:
        notes.append(dates.moment(duty.settled_at, w.lang, now))
    return notes


def bearer(w: Words, each: duties.Bearer) -> str:
    """Whose duty it is: names and the post; a number where they are many."""
    if not each.names:
        return each.title or _("nobody yet")
    if len(each.names) > 3:
        more = ngettext("%(n)d person", "%(n)d people", len(each.names)) % {"n": len(each.names)}
        return _in_post(more, each)
    return _in_post(w.joined(each.names), each)


def _in_post(who: str, each: duties.Bearer) -> str:
    if not each.title:
        return who
    words = {"name": who, "role": each.title}
    return (_("%(name)s (standing in: %(role)s)") if each.standing_in else _("%(name)s (%(role)s)")) % words
