"""The pages of hearings: who is heard when, a hearing, reading back, the table of accounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upstander.access import decide
from upstander.access.decide import NotFound
from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases import after
from upstander.cases.filling import Filling
from upstander.cases.hearings import accounts, planning, room, statement
from upstander.cases.hearings.room import Hearings
from upstander.cases.hearings.who import lines
from upstander.cases.looking import look
from upstander.cases.views.do import sent
from upstander.ui.parts import Deed


@staff_page
@require_safe
def overview(request: SchoolRequest, record: UUID) -> HttpResponse:
    """One row for each person who is named: planned, heard, confirmed; and the timetable."""
    hearings = room.needed(look(request, record))
    looking = hearings.looking
    recorded = request.GET.get("recorded", "")
    context = {
        **_around(hearings),
        "back": looking.back,
        "recorded": after.recorded(looking, recorded) if recorded else None,
        "lines": lines(hearings),
        "days": planning.days(hearings),
        "accounts": Deed(label=_("Lay the accounts side by side"), url=looking.url("accounts")),
        "any_said": bool(hearings.statements),
        "sealed": hearings.sealed,
    }
    return render(request, "cases/hearings/overview.html", context)


@staff_page
def plan(request: SchoolRequest, record: UUID) -> HttpResponse:
    """Plan a hearing."""
    hearings = room.needed(look(request, record))
    kind = _allowed(hearings, hearings.room.planned)
    filling = planning.Planning(
        hearings.looking, hearings.looking.pack.events[kind], request.GET, *sent(request), hearings=hearings
    )
    return _filled(request, hearings, filling, "cases/hearings/plan.html", {"days": planning.days(hearings)})


@staff_page
def hear(request: SchoolRequest, record: UUID) -> HttpResponse:
    """Write down what somebody says."""
    hearings = room.needed(look(request, record))
    kind = _allowed(hearings, hearings.room.heard)
    filling = statement.Hearing(
        hearings.looking, hearings.looking.pack.events[kind], request.GET, *sent(request), hearings=hearings
    )
    return _filled(request, hearings, filling, "cases/hearings/hear.html", {}, read_back=True)


@staff_page
def read_back(request: SchoolRequest, record: UUID, event: UUID) -> HttpResponse:
    """What was written, in large type for the pupil, who confirms it on the same screen."""
    hearings = room.needed(look(request, record))
    said = statement.statement_of(hearings, event)
    page = {
        "page": statement.page_of(hearings, said),
        "confirmed": hearings.confirmed(said),
        "entry": Deed(label=_("The entry as it stands on record"), url=hearings.looking.url("event", said.id)),
    }
    kind = hearings.room.confirmed
    if kind is None or not hearings.looking.may(kind):
        return render(request, "cases/hearings/read_back.html", {**_around(hearings), **page})
    filling = statement.Confirming(
        hearings.looking,
        hearings.looking.pack.events[kind],
        QueryDict(),
        *sent(request),
        hearings=hearings,
        statement=said,
    )
    return _filled(request, hearings, filling, "cases/hearings/read_back.html", page)


@staff_page
@require_safe
def table(request: SchoolRequest, record: UUID) -> HttpResponse:
    """The accounts side by side, and the differences that have been numbered."""
    hearings = room.needed(look(request, record))
    recorded = request.GET.get("recorded", "")
    kind = hearings.room.difference
    people = accounts.columns(hearings)
    context = {
        **_around(hearings),
        "recorded": after.recorded(hearings.looking, recorded) if recorded else None,
        "people": people,
        "rows": accounts.rows(hearings),
        "sealed": hearings.sealed,
        "differences": accounts.shown(hearings),
        "wrong": request.GET.get("wrong", ""),
        "may_mark": kind is not None and hearings.looking.may(kind) and len(people) > 1 and not hearings.sealed,
        "differ_url": hearings.looking.url("differ"),
    }
    return render(request, "cases/hearings/accounts.html", context)


@staff_page
def differ(request: SchoolRequest, record: UUID) -> HttpResponse:
    """Number a difference between the accounts that were ticked in one row."""
    hearings = room.needed(look(request, record))
    kind = _allowed(hearings, hearings.room.difference)
    asked = request.POST if request.method == "POST" else request.GET
    row = asked.get("row", "")
    people = [each.id for each in hearings.people if f"{row}:{each.id}" in asked.getlist("said")]
    if row not in hearings.room.rows or hearings.sealed:
        raise NotFound
    if len(people) < 2:
        return redirect(hearings.looking.url("accounts", wrong=row) + f"#row-{row}")
    number = accounts.next_number(hearings)
    filling = accounts.Marking(
        hearings.looking,
        hearings.looking.pack.events[kind],
        QueryDict(),
        *sent(request),
        hearings=hearings,
        row=row,
        people=people,
        number=number,
    )
    cells = next((each.cells for each in accounts.rows(hearings) if each.id == row), ())
    more = {
        "row": row,
        "row_label": hearings.looking.words.label(f"events.{hearings.room.heard}.fields.{row}.label"),
        "cells": [each for each in cells if each.person in people],
        "fields": filling.visible_fields,
        "title": _("Difference %(number)s") % {"number": number},
    }
    return _filled(request, hearings, filling, "cases/hearings/differ.html", more, to="accounts")


@staff_page
def settle(request: SchoolRequest, record: UUID, number: str) -> HttpResponse:
    """Settle a difference, or let it stand as a contradiction."""
    hearings = room.needed(look(request, record))
    kind = _allowed(hearings, hearings.room.settled)
    difference = next((each for each in accounts.differences_of(hearings) if each.number == number), None)
    if difference is None or difference.settled is not None:
        raise NotFound
    filling = accounts.Marking(
        hearings.looking,
        hearings.looking.pack.events[kind],
        QueryDict(),
        *sent(request),
        hearings=hearings,
        number=number,
    )
    more = {"difference": difference, "fields": filling.visible_fields, "title": difference.label}
    return _filled(request, hearings, filling, "cases/hearings/settle.html", more, to="accounts")


# --- what the pages share --------------------------------------------------------------------------------------------


def _allowed(hearings: Hearings, kind: str | None) -> str:
    """The kind of event, where the policy knows it and the viewer may record it."""
    if kind is None:
        raise NotFound
    decide.permit(hearings.looking.viewer, f"record:{kind}", hearings.looking.subject)
    return kind


def _around(hearings: Hearings) -> dict[str, Any]:
    looking = hearings.looking
    back = Deed(label=_("Hearings and accounts"), url=looking.url("hearings"))
    return {"looking": looking, "of_record": looking.of_record, "back": back}


def _filled(
    request: SchoolRequest,
    hearings: Hearings,
    filling: Filling,
    template: str,
    more: dict[str, Any],
    *,
    read_back: bool = False,
    to: str = "hearings",
) -> HttpResponse:
    """Show a form of this room, or record what was sent and go on to the next page."""
    looking = hearings.looking
    status = 200
    if request.method == "POST" and not filling.picker.looking:
        event = filling.save()
        if event is not None and read_back:
            return redirect(looking.url("read_back", event.id))
        if event is not None:
            return redirect(looking.url(to, recorded=str(event.id)) + "#recorded")
        status = 409 if filling.stop else 422
    return render(request, template, {**filling.context(), **_around(hearings), **more}, status=status)
