"""What the page of a serious incident shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from upstander.access import keeping
from upstander.cases import steps
from upstander.cases.looking import Looking
from upstander.cases.serious import absence, clock, report
from upstander.cases.serious.room import Incident
from upstander.policy.verdict import State
from upstander.ui import dates
from upstander.ui.parts import Deed, Step


def context(incident: Incident) -> dict[str, Any]:
    """Everything on the page."""
    looking, room = incident.looking, incident.room
    strong, rest = incident.lede()
    return {
        "looking": looking,
        "back": looking.back,
        "of_record": looking.of_record,
        "title": _("Serious incident"),
        "lede": strong,
        "lede_rest": rest,
        "steps": _numbered(incident),
        "clock": clock.draw(_spans(incident), looking.now, looking.lang),
        "not_yet": incident.not_asked_yet(),
        "rests_on": incident.rests_on(),
        "watched": incident.watched(),
        "begin_deeds": incident.begin_deeds(),
        "absence_deed": absence.way(looking),
        "reports": [_report(incident, each) for each in report.kinds(incident)],
        "told": incident.told_family(),
        "tell_deeds": incident.deeds(*room.told_family),
        "inquiry": incident.entries(room.inquiry),
        "inquiry_deeds": incident.deeds(*room.inquiry),
        "contacts": incident.contacts(),
        "bundle": _bundle(looking),
        "clauses": looking.words.clauses(room.clause),
    }


def _numbered(incident: Incident) -> list[Step]:
    """The steps, each with the number that it has in the picture, each clause quoted once."""
    looking = incident.looking
    made = [steps.step(looking.words, looking.school, each, looking.now) for each in incident.duties]
    return [
        replace(each, label=_("%(n)d. %(step)s") % {"n": number, "step": each.label})
        for number, each in enumerate(steps.quoted_once(made), start=1)
    ]


def _spans(incident: Incident) -> list[clock.Span]:
    over = (State.NOT_APPLICABLE.value, State.WAIVED.value, State.LAPSED.value)
    return [
        clock.Span(arose=each.arose, until=each.due, done=each.settled_at, over=each.state in over)
        for each in incident.duties
    ]


def _report(incident: Incident, name: str) -> dict[str, Any]:
    """One report to the authority: made here, recorded by the pack's form."""
    looking = incident.looking
    kind = report.kind_of(incident, name)
    sent = incident.reported(kind)
    when = dates.moment(sent.at, looking.lang, looking.now) if sent else ""
    return {
        "title": looking.words.done(kind or ""),
        "lang": looking.words.lang_of(f"events.{kind}.done"),
        "sent": _("Made %(when)s.") % {"when": when} if sent else _("Not on record yet."),
        "sent_url": looking.url("event", sent.id) if sent else "",
        "make": Deed(label=_("Make it from the record"), url=looking.url(f"serious_{name}"), icon="print"),
        "record": looking.deed(kind or ""),
    }


def _bundle(looking: Looking) -> dict[str, str]:
    """The sealed bundle: its page for whoever may make one, else the command by which the office does."""
    if keeping.may_export(looking.viewer, looking.subject):
        return {"url": looking.url("bundle")}
    return {"command": f"upstander bundle {looking.record.number} {looking.record.number}.zip"}
