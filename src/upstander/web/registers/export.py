"""A register as a file for a spreadsheet: the same records, the same words, and it is written down that they were taken."""

from __future__ import annotations

import csv
import io

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upstander.access.pages import SchoolRequest, staff_page
from upstander.access.step_up import step_up
from upstander.cases import steps
from upstander.cases.words import Words
from upstander.records import registers
from upstander.records.steps import DutyItem, items_of
from upstander.ui import languages
from upstander.web.registers import cells

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula."""


@staff_page
@require_safe
@step_up
def csv_file(request: SchoolRequest, register: str) -> HttpResponse:
    """Every record that fits the filter, not only those of one page. UTF-8 with a mark, so that spreadsheets read every script."""
    lang = languages.current().tag
    search = registers.register(request.viewer, request.school, register, request.now, lang)
    words = Words(request.pack, lang, request.school.slug)
    sheet = cells.sheet(request, search, words)
    found = registers.find(search, sheet.wanted)
    rows = registers.rows(search, found, found.records)
    items = items_of(
        search.viewer, search.school, found.records, [row.duty for row in rows if row.duty], search.now, lang
    )
    registers.log_taken(search, found.records)
    out = io.StringIO()
    writer = csv.writer(out)
    heads = [_("Number"), *_heads(sheet)]
    writer.writerow([_safe(head) for head in heads])
    for row in rows:
        writer.writerow([_safe(cell) for cell in _cells(sheet, row, items.get(row.record.id))])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{register}-{request.now:%Y-%m-%d}.csv"'
    return answer


def _heads(sheet: cells.Sheet) -> list[str]:
    search = sheet.search
    names = [sheet.words.role(role) for role in search.pack.records[search.kind].subjects]
    return [
        *names,
        *(column.label for column in search.columns),
        _("How it stands"),
        _("What comes next"),
        _("Due"),
        _("Whose step"),
        _("Opened"),
        _("Closed"),
    ]


def _cells(sheet: cells.Sheet, row: registers.Row, item: DutyItem | None) -> list[str]:
    search, words = sheet.search, sheet.words
    main, *others = (*search.pack.records[search.kind].subjects,) or ("",)
    step = item.step if item and not row.record.closed else None
    people = [words.joined([name for _id, name in row.names])] if main else []
    return [
        row.record.number,
        *people,
        *(words.joined(row.people.get(role, ())) for role in others),
        *(words.joined(row.words.get(column.id, ())) for column in search.columns),
        sheet.state(row, item)["word"],
        step.label if step else "",
        f"{step.due:%Y-%m-%d %H:%M}" if step and step.due else "",
        words.joined([steps.bearer(words, each) for each in step.bearers]) if step else "",
        f"{row.record.opened_at:%Y-%m-%d}",
        _("Yes") if row.record.closed else _("No"),
    ]


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
