"""What stands around every staff page: the school's name, the ways through the house, how much needs the viewer."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from upstander.access.decide import CONCERN
from upstander.access.viewer import Viewer
from upstander.cases.actions import case_kind
from upstander.cases.inbox import count_of
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy import labels
from upstander.records import kinds
from upstander.ui import dates, languages
from upstander.ui.parts import Deed, House, NavItem


def house(request: HttpRequest) -> House | None:
    """The frame for a signed-in member of staff; None for everybody else and for pages of no school."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    school: School | None = getattr(request, "school", None)
    if viewer is None or school is None or viewer.kind != "staff":
        return None
    slug = school.slug
    person = people.person(school, viewer.person_id) if viewer.person_id else None
    return House(
        school_name=school.name,
        school_lang=school.language,
        home_url=reverse("cases:today", args=[slug]),
        person_name=person.name if person else "",
        account_url=reverse("home") + "?me",
        nav=_nav(request, school, viewer),
        strip=_strip(request, school),
        strip_deed=_strip_deed(school),
    )


def _nav(request: HttpRequest, school: School, viewer: Viewer) -> list[NavItem]:
    now = request.now  # type: ignore[attr-defined]
    ways = [
        (_("Today"), "cases:today", "bell", False, False, count_of(viewer, now)),
        (_cases(viewer), "cases:register", "folder", False, False, 0),
        *([(_("Registers"), "registers:overview", "list", True, False, 0)] if _has_registers(viewer) else []),
        (_("Add note"), "tell_staff:note", "plus", False, False, 0),
        (_("Our policy"), "school:policy", "book", True, True, 0),
        (_("People"), "school:people", "people", True, False, 0),
    ]
    found = []
    for label, name, icon, wide, gap, count in ways:
        try:
            url = reverse(name, args=[school.slug])
        except NoReverseMatch:
            continue
        current = request.path == url or (name != "cases:today" and request.path.startswith(url))
        found.append(NavItem(label=label, url=url, icon=icon, current=current, count=count, wide=wide, gap=gap))
    return found


def _has_registers(viewer: Viewer) -> bool:
    """Whether there is a list for the viewer besides those of the cases and of what was told."""
    return any(kind != CONCERN and not kinds.is_case(viewer.pack, kind) for kind in kinds.seen(viewer))


def _cases(viewer: Viewer) -> str:
    """What this school calls its cases."""
    return labels.label(viewer.pack, f"records.{case_kind(viewer.pack)}.plural", languages.current().tag)


def _strip(request: HttpRequest, school: School) -> str:
    """In a demo: what day the demo thinks it is."""
    if not school.demo:
        return ""
    lang = languages.current().tag
    now = request.now  # type: ignore[attr-defined]
    return _("Demo with invented people. It is %(day)s, %(time)s.") % {
        "day": dates.long_day(now.date(), lang),
        "time": dates.clock(now, lang),
    }


def _strip_deed(school: School) -> Deed | None:
    if not school.demo:
        return None
    try:
        return Deed(label=_("Move the clock"), url=reverse("demo_clock"))
    except NoReverseMatch:
        return None
