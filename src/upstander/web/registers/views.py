"""All registers, and one of them."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases import addresses
from upstander.cases.things import at_hand
from upstander.cases.words import Words
from upstander.records import kinds, paging, registers
from upstander.records.kinds import Counts
from upstander.records.registers import Found, Wanted
from upstander.ui import languages
from upstander.ui.parts import Deed, paged
from upstander.web.registers import cells

PER_PAGE = 40


@staff_page
def overview(request: SchoolRequest) -> HttpResponse:
    """Every kind of record that the viewer may see, with how much of it is open, due and late."""
    words = Words(request.pack, languages.current().tag, request.school.slug)
    number = kinds.counts(request.viewer, request.now)
    rows = [_kind(request, words, kind, number.get(kind, Counts())) for kind in kinds.seen(request.viewer)]
    late = sum(each.late for each in number.values())
    lede = (
        ngettext("%(n)d record is late.", "%(n)d records are late.", late) % {"n": late}
        if late
        else _("Nothing is late.")
    )
    return render(request, "web/registers/overview.html", {"rows": rows, "lede": lede})


def _kind(request: SchoolRequest, words: Words, kind: str, number: Counts) -> dict[str, object]:
    path = f"records.{kind}.plural"
    new = _new(request, words, kind)
    return {
        "title": words.label(path),
        "lang": words.lang_of(path),
        "url": addresses.register(request.school, request.pack, kind),
        "number": number,
        "new": new,
    }


def _new(request: SchoolRequest, words: Words, kind: str) -> Deed | None:
    """The way to a new record, where the viewer may open one."""
    if kept := at_hand.register(request, kind):
        return kept
    events = kinds.may_open(request.viewer, kind)
    if not events:
        return None
    slug = request.school.slug
    if len(events) == 1:
        return Deed(label=words.deed(events[0]), url=reverse("registers:new", args=[slug, kind, events[0]]))
    return Deed(label=_("Open a new one"), url=reverse("registers:choose", args=[slug, kind]))


@staff_page
def register(request: SchoolRequest, register: str) -> HttpResponse:
    """One register: what is late first, filtered, sorted and searched as the address says."""
    lang = languages.current().tag
    search = registers.register(request.viewer, request.school, register, request.now, lang)
    words = Words(request.pack, lang, request.school.slug)
    sheet = cells.sheet(request, search, words)
    asked = max(1, _number(request.GET.get("page", "")))
    found, fitting = paging.find(search, sheet.wanted, (asked - 1) * PER_PAGE, asked * PER_PAGE)
    pages = max(1, -(-fitting // PER_PAGE))
    number = min(asked, pages)
    base = sheet.address(sheet.wanted)
    context = {
        "title": words.label(f"records.{register}.plural"),
        "title_lang": words.lang_of(f"records.{register}.plural"),
        "back": Deed(label=_("All registers"), url=reverse("registers:overview", args=[request.school.slug])),
        "lede": _lede(found),
        "shown": _("%(shown)d of %(total)d") % {"shown": fitting, "total": found.total},
        "q": sheet.wanted.q,
        "sort": sheet.wanted.sort,
        "down": sheet.wanted.down,
        "picks": sheet.picks(),
        "heads": sheet.heads(),
        "rows": sheet.rows(found),
        "filtered": replace(sheet.wanted, sort="", down=False) != Wanted(),
        "all_deed": Deed(label=_("Show everything"), url="?show=all"),
        "searched": _searched(found),
        "new": _new(request, words, register),
        "csv": reverse("registers:csv", args=[request.school.slug, register]) + base.removeprefix(sheet.url),
        "page": paged(number, pages, base + ("&" if "?" in base else "?")),
    }
    return render(request, "web/registers/register.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _lede(found: Found) -> str:
    if not found.total:
        return _("Nothing here that you may see.")
    records = ngettext("%(n)d record", "%(n)d records", found.total) % {"n": found.total}
    if not found.late:
        return _("%(records)s, none late.") % {"records": records}
    return _("%(records)s, %(n)d late.") % {"records": records, "n": found.late}


def _searched(found: Found) -> str:
    """What a search could not look into, said."""
    if found.searched is None:
        return ""
    return _("Names were looked for in all records, written answers only in the %(n)d newest: they lie encrypted.") % {
        "n": found.searched
    }
