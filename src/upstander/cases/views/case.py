"""The page of a case, and all that is on record in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from upstander.access import keeping
from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases import addresses, after, closing, parts, rooms, steps, tale
from upstander.cases.looking import Looking, look
from upstander.cases.phrases import step_count
from upstander.cases.shapes import Line
from upstander.ui import dates
from upstander.ui.parts import Deed

LEAD_NAMED = "lead-named"
"""The kind of event that says who leads; under which role it names them is the policy's affair."""


@staff_page
@require_safe
def page(request: SchoolRequest, record: UUID) -> HttpResponse:
    """The case: wish, next steps, guidance, definition, what is known, the past; people, closing, access beside it."""
    looking = look(request, record, log=True)
    if request.path != looking.home:  # a concern, or a kind of record whose pages stand among the registers
        return redirect(looking.home)
    return render(request, "cases/case.html", {**head(looking), **body(looking, request.GET.get("recorded", ""))})


@staff_page
@require_safe
def everything(request: SchoolRequest, record: UUID) -> HttpResponse:
    """All that is on record."""
    looking = look(request, record)
    entries, _total = tale.entries(looking)
    context = {"looking": looking, "back": looking.back, "of_record": looking.of_record, "tale": entries}
    return render(request, "cases/everything.html", context)


def head(looking: Looking) -> dict[str, Any]:
    """What stands over the page."""
    kind = looking.words.label(f"records.{looking.record.kind}.label")
    lines = [_("%(kind)s %(number)s") % {"kind": kind, "number": looking.record.number}]
    opened = dates.day(looking.record.opened_at.date(), looking.lang, today=looking.now.date())
    lines.append(_("opened %(day)s") % {"day": opened})
    leading = looking.pack.events[LEAD_NAMED].about if LEAD_NAMED in looking.pack.events else ()
    leads = [person.name for person in looking.people if person.role in leading]
    if leads:
        lines.append(_("led by %(names)s") % {"names": looking.words.joined(leads)})
    back = Deed(
        label=looking.words.label(f"records.{looking.record.kind}.plural"),
        url=addresses.register(looking.school, looking.pack, looking.record.kind),
    )
    paper = Deed(label=_("On paper, as a PDF"), url=looking.url("paper"))
    words = looking.words.spaced(lines)
    kept = None
    if keeping.may_export(looking.viewer, looking.subject) or keeping.may_keep(looking.viewer, looking.subject):
        kept = Deed(label=_("Keeping and handing over"), url=looking.url("keeping_of"))
    around = {"looking": looking, "title": looking.title, "head": words, "back": back}
    return {**around, "paper_deed": paper, "kept_deed": kept}


def body(looking: Looking, recorded: str) -> dict[str, Any]:
    """Everything on the page below its head."""
    going = steps.going(looking)
    entries, total = tale.entries(looking, tale.SHORT, brief=True)
    known = parts.known(looking)
    person = looking.deed("person-added")
    more = ngettext("All that is on record, %(n)d entry", "All that is on record, %(n)d entries", total) % {"n": total}
    return {
        "recorded": after.recorded(looking, recorded) if recorded else None,
        **_closed(looking),
        "wish": parts.wish(looking),
        "steps": going,
        **steps.done(looking),
        "step_count": step_count((step.state for step in going), looking.lang),
        "menu": parts.menu(looking),
        "cards": steps.cards(looking),
        "definition": parts.definition(looking),
        "known": known,
        "blanks": sum(fact.blank for fact in known),
        "tale": entries[: tale.OPEN],
        "tale_before": entries[tale.OPEN :],
        "tale_deed": Deed(label=more, url=looking.url("tale")) if total > len(entries) else None,
        "people": parts.person_cards(looking),
        "person_deed": Deed(label=_("Name somebody"), url=person.url) if person else None,
        "rooms": rooms.ways(looking),
        "closing": closing.card(looking),
        "sources": parts.sources(looking),
        "sources_title": parts.sources_title(looking),
        "seen": parts.seen(looking),
    }


def _closed(looking: Looking) -> dict[str, Any]:
    turns = [event for event in looking.standing if event.kind in ("close", "reopen")]
    if not looking.record.closed or not turns:
        return {"closed": None}
    when = dates.moment(turns[-1].at, looking.lang, looking.now)
    note = _("It is still watched.") if looking.picture.watched else ""
    again = looking.deed("reopen")
    line = Line(label=_("Closed %(when)s.") % {"when": when}, note=note)
    return {"closed": line, "closed_deed": again}
