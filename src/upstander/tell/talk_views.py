"""``/<school>/talk``: who can I talk to. The people of the school, helplines, bodies outside; printed, it is the poster."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upstander.access.pages import SchoolRequest
from upstander.people import portraits
from upstander.people import queries as people
from upstander.policy import labels
from upstander.policy.model import Pack
from upstander.tell.frame import door_page, helpline
from upstander.ui import languages
from upstander.ui.parts import Helpline

MOST_NAMES = 4
"""A post held by more people than this (every form tutor) is shown without names."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A post at school whom one can talk to; ``names`` of who holds it now, deputies where nobody is there.

    ``faces``: the ids of those of them whose photograph the school shows.
    """

    title: str
    names: tuple[str, ...]
    faces: tuple[UUID, ...]
    place: str
    hours: str
    lang: str

    @property
    def initial(self) -> str:
        """The first sign of the family name of whoever holds it alone; empty for several and for nobody."""
        if len(self.names) != 1:
            return ""
        parts = self.names[0].split()
        # Families stand first where names are written in kanji or hanzi, and last elsewhere.
        family = parts[0] if self.names[0] > "\u2e80" else parts[-1]
        return family[:1].upper()


@dataclass(frozen=True, slots=True)
class Group:
    """Contacts for one kind of reader."""

    heading: str
    lines: tuple[Helpline, ...]


@door_page
@require_safe
def talk(request: SchoolRequest) -> HttpResponse:
    """The page; a poster with the door's QR code when it is printed."""
    lang = languages.current().tag
    door = request.build_absolute_uri(reverse("tell:door", args=[request.school.slug]))
    return render(
        request,
        "tell/talk.html",
        {
            "school": request.school.slug,
            "name": request.school.name,
            "school_lang": request.school.language,
            "somebody": _at_school(request, lang),
            "groups": _groups(request, lang),
            "door_url": door,
            "address": door.partition("://")[2],
            "policy": f"/{request.school.slug}/policy",
        },
    )


def _at_school(request: SchoolRequest, lang: str) -> list[Somebody]:
    pack, school = request.pack, request.school
    held = people.directory(school, request.now.date(), pack)
    ids = {each.role: held.holders(each.role) for each in pack.talk_to}
    names = people.names(school, [one for some in ids.values() for one in some])
    faces = portraits.shown(school, [one for some in ids.values() for one in some])
    found = []
    for each in pack.talk_to:
        who = _by_name(pack, each.role, [one for one in ids[each.role] if str(one) in names])
        title = labels.label(pack, f"roles.{each.role}.title", lang)
        place = labels.label(pack, f"talk-to.{each.role}.place", lang) if each.place else ""
        hours = labels.label(pack, f"talk-to.{each.role}.hours", lang) if each.hours else ""
        spoken = lang if f"roles.{each.role}.title" in pack.words.get(lang, {}) else pack.language
        found.append(
            Somebody(title, tuple(names[str(one)] for one in who), tuple(faces.intersection(who)), place, hours, spoken)
        )
    return found


def _by_name(pack: Pack, role: str, holders: list[UUID]) -> list[UUID]:
    """Those of a post's holders whom the page names: nobody where they are many, or each serves one class."""
    info = pack.roles.get(role)
    return holders if len(holders) <= MOST_NAMES and (info is None or info.scope == "school") else []


@door_page
@require_safe
def face(request: SchoolRequest, person: UUID) -> HttpResponse:
    """The photograph of somebody whom the page names now; of anybody else it is not found."""
    pack, school = request.pack, request.school
    held = people.directory(school, request.now.date(), pack)
    named = {one for each in pack.talk_to for one in _by_name(pack, each.role, held.holders(each.role))}
    picture = portraits.picture(school, person) if person in named else None
    if picture is None:
        return HttpResponse(status=404, content_type="text/plain")  # a page would be no picture either
    return HttpResponse(picture, content_type="image/jpeg")


def _groups(request: SchoolRequest, lang: str) -> list[Group]:
    """Urgent ones first; then those for pupils, then those that are only for grown-ups."""
    pack = request.pack
    public = [each for each in pack.contacts.values() if each.on_door or set(each.for_) & {"pupil", "parent"}]
    urgent = [each for each in public if each.urgent]
    pupils = [each for each in public if not each.urgent and "pupil" in each.for_]
    grown = [each for each in public if each not in urgent and each not in pupils]
    parts = ((_("At once, day or night"), urgent), (_("To talk, to ask"), pupils), (_("For parents and carers"), grown))
    return [Group(heading, tuple(helpline(pack, each, lang) for each in some)) for heading, some in parts if some]
