"""One entry of a record with both its versions, its files, and who has read the record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upstander.access.decide import NotFound
from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases import parts, tale
from upstander.cases.looking import Looking, look
from upstander.cases.shapes import Line
from upstander.records import files, reading_log
from upstander.ui import dates
from upstander.ui.parts import Deed, paged


@staff_page
@require_safe
def page(request: SchoolRequest, record: UUID, event: UUID) -> HttpResponse:
    """Everything of one entry."""
    looking = look(request, record)
    found = parts.tale(looking)
    entry = next((each for each in found if each.id == event), None)
    if entry is None:
        raise NotFound
    by_id = {str(each.id): each for each in found}
    versions = [each for each in found if each.id == entry.instead_of or each.instead_of == entry.id]
    context = {
        "looking": looking,
        "back": looking.back,
        "of_record": looking.of_record,
        "title": tale.title(looking, entry),
        "lines": _lines(looking, entry),
        "files": [
            Deed(label=file.name, url=looking.url("file", file.id)) for shown in entry.fields for file in shown.files
        ],
        "void": _void(looking, entry) if entry.voided else None,
        "breaches": _breaches(looking, entry),
        "versions": [tale.entry(looking, each, by_id) for each in versions],
        "deeds": _deeds(looking, entry),
        "proof": _("Entry %(id)s. Nothing here can be deleted; a correction keeps both versions.")
        % {"id": str(entry.id)[:8]},
    }
    return render(request, "cases/event.html", context)


def _lines(looking: Looking, entry: Any) -> list[Line]:
    lang, now = looking.lang, looking.now
    lines = [
        Line(
            label=_("When it happened"), value=f"{dates.long_day(entry.at.date(), lang)} {dates.clock(entry.at, lang)}"
        ),
        Line(
            label=_("When it was written down"),
            value=f"{dates.long_day(entry.recorded.date(), lang)} {dates.clock(entry.recorded, lang)}",
            note=dates.written_later(entry.at, entry.recorded, lang),
        ),
        Line(label=_("By whom"), value=looking.words.joined(tale.by_line(looking, entry)) or _("Somebody at the door")),
    ]
    for role, title, names in entry.people:
        lang_of = looking.words.lang_of(looking.words.role_path(role))
        lines.append(Line(label=title, lang=lang_of, value=looking.words.joined(names)))
    for shown in entry.fields:
        if shown.values:
            lang_of = looking.words.lang_of(f"events.{entry.kind}.fields.{shown.id}.label")
            value = looking.words.joined(shown.values)
            lines.append(Line(label=shown.label, lang=lang_of, value=value, drawing=shown.drawing))
    if entry.waits:
        lines.append(Line(label=_("Sealed until everybody has been heard"), sealed=True))
    if entry.hidden:
        lines.append(Line(label=_("What was said"), sealed=True))
    if entry.anyway:
        lines.append(Line(label=_("Why it happened although a limit stands against it"), value=entry.anyway))
    del now
    return lines


def _void(looking: Looking, entry: Any) -> Line:
    by = looking.names.get(str(entry.voided_by), "") if entry.voided_by else ""
    head = _("Struck by %(name)s.") % {"name": by} if by else _("Struck.")
    return Line(label=head, value=entry.void_reason)


def _breaches(looking: Looking, entry: Any) -> list[Line]:
    rules = dict.fromkeys(each.rule for each in looking.picture.breaches if each.event == str(entry.id))
    return [
        Line(label=_("The policy asks for something else here:"), value=tale.limit_label(looking, rule))
        for rule in rules
    ]


def _deeds(looking: Looking, entry: Any) -> list[Deed]:
    if entry.voided or entry.echo or entry.waits or not looking.may(entry.kind):
        return []
    return [Deed(label=_("Correct this"), url=looking.url("correct", entry.id))]


@staff_page
@require_safe
def readings(request: SchoolRequest, record: UUID) -> HttpResponse:
    """Who has opened the record, newest first: everybody for whoever decides in it, one's own readings for all others."""
    looking = look(request, record)
    asked = request.GET.get("page", "1")[:6]
    found = reading_log.stretch(looking.viewer, looking.record, looking.now, int(asked) if asked.isdecimal() else 1)
    what = {
        "record": _("The page"),
        "emergency": _("The page, opened in an emergency"),
        "bundle": _("The whole record as a file"),
        "handover": _("The whole record, handed over"),
        "own-data": _("For somebody who asked what is on record about them"),
        "register": _("A list with it, as a file"),
        "paper": _("All of it on paper"),
        "paper-family": _("On paper, for a family"),
        "receipt": _("The receipt"),
    }
    heads = [_("Who"), _("When"), _("What")]
    rows = [
        {
            "head": row.name or _("Somebody who is no longer here"),
            "cells": [
                (heads[1], dates.moment(row.when, looking.lang, looking.now)),
                (heads[2], what.get(row.what.partition(":")[0], _("A file"))),
            ],
        }
        for row in found.rows
    ]
    context = {
        "looking": looking,
        "back": looking.back,
        "of_record": looking.of_record,
        "heads": heads,
        "rows": rows,
        "found": found,
        "page": paged(found.number, found.pages),
    }
    return render(request, "cases/readings.html", context)


@staff_page
@require_safe
def file(request: SchoolRequest, record: UUID, file: UUID) -> HttpResponse:
    """A file of an entry, after an explicit click, in a sandbox."""
    return files.file_response(request.viewer, record, file)
