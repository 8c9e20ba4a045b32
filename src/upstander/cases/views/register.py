"""The register of cases."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from upstander.access import emergency
from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases import listing
from upstander.cases.actions import case_kind
from upstander.cases.words import Words
from upstander.ui import languages
from upstander.ui.parts import Deed, paged

PER_PAGE = 40


@staff_page
@require_safe
def page(request: SchoolRequest) -> HttpResponse:
    """Every case that the viewer sees, filtered, what is late first."""
    lang = languages.current().tag
    wanted = _wanted(request)
    found = listing.listing(request.viewer, request.school, request.now, lang, wanted)
    words = Words(request.pack, lang, request.school.slug)
    heads = [_("Who"), _("How it stands"), _("What comes next"), _("Whose step"), _("Opened"), _("Number")]
    pages = max(1, -(-len(found.rows) // PER_PAGE))
    number = min(max(1, _number(request.GET.get("page", ""))), pages)
    rows = found.rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    filtered = wanted != listing.Filter()
    context = {
        "title": words.label(f"records.{case_kind(request.pack)}.plural"),
        "lede": _lede(found),
        "shown": _("%(shown)d of %(total)d") % {"shown": len(found.rows), "total": found.total},
        "q": wanted.q,
        "show": wanted.show,
        "shows": [
            ("open", pgettext("cases", "Open")),
            ("late", pgettext("cases", "Late")),
            ("closed", pgettext("cases", "Closed")),
            ("all", pgettext("cases", "All")),
        ],
        "whose": wanted.whose,
        "whoses": [("all", pgettext("steps", "Everybody’s")), ("mine", pgettext("steps", "Mine"))],
        "heads": heads,
        "rows": [listing.cells(words, request.school, row, request.now, heads) for row in rows],
        "filtered": filtered,
        "emergency": emergency.may_open(request.viewer),
        "all_deed": Deed(label=_("Show everything"), url="?show=all"),
        "page": paged(
            number, pages, "?" + urlencode({"q": wanted.q, "show": wanted.show, "whose": wanted.whose}) + "&"
        ),
    }
    return render(request, "cases/register.html", context)


def _wanted(request: SchoolRequest) -> listing.Filter:
    show, whose = request.GET.get("show", "open"), request.GET.get("whose", "all")
    return listing.Filter(
        show=show if show in ("open", "late", "closed", "all") else "open",
        whose=whose if whose in ("all", "mine") else "all",
        q=request.GET.get("q", "")[:80],
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _lede(found: listing.Listing) -> str:
    if not found.total:
        return _("No case that you may see.")
    cases = ngettext("%(n)d case", "%(n)d cases", found.total) % {"n": found.total}
    if not found.late:
        return _("%(cases)s, none late.") % {"cases": cases}
    late = _("%(n)d late") % {"n": found.late}
    return _("%(cases)s, %(late)s.") % {"cases": cases, "late": late}
