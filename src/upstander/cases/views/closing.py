"""The page of closing: every criterion with its evidence, every step still open, and who decides."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from upstander.access.decide import NotFound
from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases import closing, parts, steps
from upstander.cases.looking import look


@staff_page
@require_safe
def page(request: SchoolRequest, record: UUID) -> HttpResponse:
    """What must hold, what is missing, since when the clocks run."""
    looking = look(request, record)
    closure = closing.closure_of(looking)
    if closure is None:
        raise NotFound
    criteria = closing.criteria(looking, closure)
    missing = sum(not line.holds for line in criteria)
    rules = closing.open_rules(looking)
    still = [step for step, rule in steps.with_rules(looking) if rule in rules]
    if looking.picture.closable:
        lede, rest = _("Every criterion holds."), _("Closing is still somebody’s decision.")
    else:
        lede, rest = _("It cannot be closed yet."), _("What is still needed stands below.")
    close = looking.deed("close")
    context = {
        "looking": looking,
        "title": _("Closing"),
        "back": looking.back,
        "of_record": looking.of_record,
        "lede": lede,
        "lede_rest": rest,
        "count": ngettext("%(n)d is still missing", "%(n)d are still missing", missing) % {"n": missing}
        if missing
        else "",
        "criteria": criteria,
        "clauses": looking.words.clauses(closure.clause),
        "open_steps": still,
        "closable": looking.picture.closable,
        "close_deed": close if not looking.record.closed else None,
        "decides": closing.decides(looking, closure),
        "wish": parts.wish(looking),
    }
    return render(request, "cases/closing.html", context)
