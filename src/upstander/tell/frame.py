"""What stands around every public page of a school: its name, the way out, helplines; and how such a page is called."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from upstander.access.pages import SchoolRequest, school_page
from upstander.people.models import School
from upstander.people.packs import kept
from upstander.policy import labels
from upstander.policy.model import Contact, Pack
from upstander.tell.uploads import limit_uploads
from upstander.ui import dates, languages
from upstander.ui.parts import Door, Helpline

ELSEWHERE = "https://www.wikipedia.org/"
"""Where the way out leads if the school has named no place."""

Page = Callable[..., HttpResponse]


def door_page(view: Page) -> Callable[..., HttpResponse]:
    """A page of the public door: no session, no cookie, files only in memory, nothing kept by browsers.

    There is no CSRF token: it would need a cookie, and nothing here acts in anybody's name (a forged request can do no more
    than its sender could). What counts is sealed in the forms; posts that a browser says come from another site are refused.
    """

    @wraps(view)
    def page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        found: SchoolRequest = request  # type: ignore[assignment]
        found.door = door(found)  # type: ignore[attr-defined]
        if found.method == "POST" and _from_elsewhere(found):
            return render(found, "tell/elsewhere.html", status=403)
        too_much = getattr(found, "too_much", False)
        response = render(found, "tell/too_much.html", status=413) if too_much else view(found, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Content-Language"] = languages.current().tag
        return response

    at_school = school_page(page)

    @wraps(view)
    def outermost(request: HttpRequest, school: str, **kwargs: Any) -> HttpResponse:
        limit_uploads(request)
        try:
            go = request.POST.get("go", "") if request.method == "POST" else ""
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            # Asked again, Django would show an empty form instead.
            go, request.too_much = "", True  # type: ignore[attr-defined]
        chosen = languages.find(go.removeprefix("lang:")) if go.startswith("lang:") else None
        if chosen is None:
            return at_school(request, school=school, **kwargs)
        # The language was chosen by a button of the form, so that all answers come along.
        query = request.GET.copy()
        query["lang"] = chosen.tag
        request.GET = query  # type: ignore[assignment]
        request.language_chosen = True  # type: ignore[attr-defined]
        with translation.override(chosen.code):
            return at_school(request, school=school, **kwargs)

    return csrf_exempt(outermost)


def _from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that another site sent this. Browsers that say nothing are trusted: nothing is at stake."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") in ("cross-site",):
        return True
    origin = request.headers.get("Origin", "")
    return bool(origin) and origin != "null" and urlsplit(origin).netloc != request.get_host()


def url(request: SchoolRequest, name: str) -> str:
    """The address of a page of the door, in the language that the reader chose."""
    asked = languages.find(request.GET.get("lang"))
    return reverse(f"tell:{name}", args=[request.school.slug]) + (f"?lang={asked.tag}" if asked else "")


def door(request: SchoolRequest) -> Door:
    """The frame in the reader's language."""
    school = request.school
    lang = languages.current().tag
    lines = helplines(request.pack, lang)
    strip = ""
    if school.demo:
        day = dates.long_day(request.now.date(), lang)
        strip = _("A demo with invented people. It is %(day)s.") % {"day": day}
    return Door(
        school_name=school.name,
        school_lang=school.language,
        home_url=reverse("tell:door", args=[school.slug]),
        exit_url=exit_url(school),
        helplines=lines,
        help_text=_("Go to a grown-up you trust, or call. These people help.") if lines else "",
        strip=strip,
    )


def exit_url(school: School) -> str:
    """A harmless site."""
    return school.exit_url or ELSEWHERE


def helplines(pack: Pack, lang: str) -> tuple[Helpline, ...]:
    """The helplines that stand at the foot of every page: those with a number, the urgent ones first."""
    return kept(pack, f"tell/helplines/{lang}", lambda: _helplines(pack, lang))


def _helplines(pack: Pack, lang: str) -> tuple[Helpline, ...]:
    at_door = [each for each in pack.contacts.values() if each.on_door and each.number]
    return tuple(helpline(pack, each, lang) for each in sorted(at_door, key=lambda each: not each.urgent))


def helpline(pack: Pack, contact: Contact, lang: str) -> Helpline:
    """A contact of the pack in a language."""
    path = f"contacts.{contact.id}"
    return Helpline(
        title=labels.label(pack, f"{path}.title", lang),
        number=contact.number,
        hours=labels.label(pack, f"{path}.hours", lang) if contact.hours else "",
        note=labels.label(pack, f"{path}.note", lang) if contact.note else "",
        lang=lang if f"{path}.title" in pack.words.get(lang, {}) else pack.language,
    )
