"""The office's pages: staff, posts, classes, cards and the roster file."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from upstander.access import cards, office, renewal
from upstander.access.decide import Denied
from upstander.access.pages import SchoolRequest, staff_page
from upstander.people import clock, queries
from upstander.people.models import Person, SchoolClass
from upstander.school import office as shown
from upstander.school import people_forms, posts, roster
from upstander.ui import languages

_KEPT = "upstander.school.roster"
_KEPT_SECONDS = 3600


def _lang() -> str:
    return languages.current().tag


def _person(request: SchoolRequest, person: UUID) -> Person:
    found = queries.person(request.school, person)
    if found is None or found.kind != Person.Kind.STAFF:
        raise Http404
    return found


@staff_page
@require_GET
def staff(request: SchoolRequest) -> HttpResponse:
    """Everybody on the staff with their posts; posts that nobody holds come first, in red."""
    on = request.now.date()
    context = {
        "members": shown.members(request.school, request.pack, on, _lang()),
        "gaps": shown.gaps(request.school, request.pack, on, _lang()),
        "unreachable": shown.unreachable(request.school, on),
        "to_confirm": shown.to_confirm(request.school, request.viewer),
        "may_manage": office.may_manage(request.viewer),
    }
    return render(request, "school/people.html", context)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_member(request: SchoolRequest) -> HttpResponse:
    """Add somebody and show the link of their invitation."""
    office.need_office(request.viewer)
    form = people_forms.NewMember(request.POST or None, initial={"language": request.school.language})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        person = posts.add(
            request.school,
            data["name"],
            by=request.viewer.person_id,
            email=data["email"],
            language=data["language"],
        )
        return redirect("school:member", request.school.slug, person.id)
    return render(request, "school/new_member.html", {"form": form}, status=422 if form.errors else 200)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: SchoolRequest, person: UUID) -> HttpResponse:
    """One of the staff: posts, being away, invitation, leaving. The button says which deed it is."""
    found = _person(request, person)
    chosen = request.POST.get("deed") if request.method == "POST" else ""
    give = people_forms.GivePost(
        request.POST if chosen == "give" else None,
        posts=shown.posts_of_pack(request.pack, _lang()),
        classes=queries.classes(request.school),
    )
    away = people_forms.Away(request.POST if chosen == "away" else None)
    address = people_forms.Address(request.POST if chosen == "address" else None)
    link = ""
    wrong = False
    if chosen:
        link = _deed(request, found, chosen, give, away, address)
        wrong = bool(give.errors or away.errors or address.errors)
        if not link and not wrong:
            return redirect("school:member", request.school.slug, found.id)
    context = {
        "member": shown.member(found, request.pack, request.now.date(), _lang()),
        "give": give,
        "away": away,
        "address": address,
        "link": link,
        "may_manage": office.may_manage(request.viewer),
        "myself": request.viewer.person_id == found.id,
        "renewal": _renewal(request, found),
        "log": shown.log(request.school, request.pack, _lang(), person=found.id)
        if office.may_manage(request.viewer)
        else [],
    }
    return render(request, "school/member.html", context, status=422 if wrong else 200)


def _renewal(request: SchoolRequest, person: Person) -> dict[str, Any]:
    """Whether a new link takes a second person, and how far it is."""
    asked = renewal.waiting(person)
    return {
        "needed": renewal.has_signed_in(person),
        "asked": asked,
        "asked_by": queries.names(request.school, [asked.asked_by]).get(str(asked.asked_by), "") if asked else "",
        "may_confirm": asked is not None and renewal.may_confirm(request.school, request.viewer, asked),
    }


def _deed(
    request: SchoolRequest,
    person: Person,
    deed: str,
    give: people_forms.GivePost,
    away: people_forms.Away,
    address: people_forms.Address,
) -> str:
    """Do what the button said; returns the link where one was made."""
    school, me, today = request.school, request.viewer.person_id, request.now.date()
    if deed == "confirm-link":
        return renewal.confirm(school, request.viewer, person)
    if deed == "drop-link":
        renewal.drop(school, request.viewer, person)
        return ""
    office.need_office(request.viewer)
    if deed == "invite" and person.email:
        return _invitation(request, person)
    if deed == "give" and give.is_valid():
        _give(request, person, give.cleaned_data)
    elif deed == "away" and away.is_valid():
        posts.away(school, person, away.cleaned_data["first_day"], away.cleaned_data["last_day"], by=me)
    elif deed == "address" and address.is_valid():
        posts.set_address(school, person, address.cleaned_data["email"], by=me)
    elif deed == "back":
        posts.back(school, person, by=me)
    elif deed == "left" and me != person.id:
        posts.leave(school, person, today, by=me)
    elif deed.startswith("end:"):
        _end(request, person, _uuid(deed.removeprefix("end:")))
    return ""


def _invitation(request: SchoolRequest, person: Person) -> str:
    """The link with which a password is set. Never for an account that serves anybody else: it would open theirs, too.

    For somebody who can sign in already it is only asked for: a second person confirms it.
    """
    if queries.address_taken(person, person.email):
        messages.warning(request, _("Somebody signs in with this address already. Give another one."))
        return ""
    if renewal.has_signed_in(person):
        renewal.ask(request.school, request.viewer, person, without_phone="without_phone" in request.POST)
        messages.info(request, _("A second person of the office must confirm it now. They have been told."))
        return ""
    return posts.invite(request.school, person, by=request.viewer.person_id)


def _end(request: SchoolRequest, person: Person, held: UUID) -> None:
    today = request.now.date()
    runs_office = {
        member for role in office.office_roles(request.pack) for member in (role, *request.pack.members(role))
    }
    ending = next((row for row in queries.roles_of(person, today) if row.id == held), None)
    if ending is None:
        raise Http404
    if ending.role in runs_office and not office.others_could_manage(request.school, request.pack, person.id, today):
        messages.warning(request, _("Nobody could run the office then. Give this post to somebody else first."))
        return
    posts.end(request.school, person, held, today, by=request.viewer.person_id)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _give(request: SchoolRequest, person: Person, data: dict[str, Any]) -> None:
    kind, _colon, value = data["where"].partition(":")
    of_class = _class(request, _uuid(value)) if kind == "class" else None
    posts.give(
        request.school,
        person,
        data["role"],
        request.now.date(),
        by=request.viewer.person_id,
        school_class=of_class,
        grade=value if kind == "grade" else "",
    )


def _class(request: SchoolRequest, class_id: UUID) -> SchoolClass:
    found = queries.classes(request.school).filter(pk=class_id).first()
    if found is None:
        raise Http404
    return found


@staff_page
@require_safe
def log(request: SchoolRequest) -> HttpResponse:
    """What the office has done, the newest first."""
    office.need_office(request.viewer)
    return render(request, "school/log.html", {"lines": shown.log(request.school, request.pack, _lang())})


@staff_page
@require_GET
def classes(request: SchoolRequest) -> HttpResponse:
    """The classes; each leads to its pupils and cards."""
    rows = [
        (row, size, office.may_hand_out_cards(request.viewer, row.id, row.grade))
        for row, size in shown.class_list(request.school, request.now.date())
    ]
    return render(request, "school/classes.html", {"rows": rows, "may_manage": office.may_manage(request.viewer)})


@staff_page
@require_GET
def one_class(request: SchoolRequest, school_class: UUID) -> HttpResponse:
    """The pupils of a class and their cards."""
    found = _class(request, school_class)
    if not office.may_hand_out_cards(request.viewer, found.id, found.grade):
        raise Denied
    pupils = shown.pupils_of(request.school, found, request.now.date())
    return render(
        request,
        "school/class.html",
        {"school_class": found, "pupils": pupils, "any_home": any(each.homes for each in pupils)},
    )


@staff_page
@require_POST
def hand_out(request: SchoolRequest, school_class: UUID) -> HttpResponse:
    """Print cards: for one pupil or somebody at home, or for all of them who have none. The words are shown this once."""
    found = _class(request, school_class)
    if not office.may_hand_out_cards(request.viewer, found.id, found.grade):
        raise Denied
    pupils = shown.pupils_of(request.school, found, request.now.date())
    chosen = request.POST.get("pupil", "")
    homes = list({home.person.id: home for pupil in pupils for home in pupil.homes}.values())
    asked = [*pupils, *homes] if chosen else homes if request.POST.get("deed") == "homes" else pupils
    wanted = [p.person for p in asked if (str(p.person.id) == chosen if chosen else not p.has_card)]
    now = clock.utcnow(request.school)
    if request.POST.get("deed") == "end":
        for person in wanted:
            cards.revoke(request.school, person, by=request.viewer.person_id, at=now)
        messages.info(request, _("The card no longer works."))
        return redirect("school:class", request.school.slug, found.id)
    printed = [cards.issue(request.school, person, by=request.viewer.person_id, at=now) for person in wanted]
    return render(request, "school/cards.html", {"school_class": found, "printed": printed})


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: SchoolRequest) -> HttpResponse:
    """A roster file: first what would change, then, with the same file, the change itself."""
    office.need_office(request.viewer)
    kept = request.POST.get("kept", "")
    if kept:
        return _apply(request, kept)
    form = people_forms.Roster(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content: bytes = form.cleaned_data["file"]
        report = roster.import_csv(request.school, content, dry_run=True)
        token = signing.dumps(base64.b64encode(content).decode(), salt=_KEPT, compress=True)
        return render(request, "school/bring_in.html", {"form": form, "report": report, "kept": token})
    return render(request, "school/bring_in.html", {"form": form}, status=422 if form.errors else 200)


def _apply(request: SchoolRequest, kept: str) -> HttpResponse:
    try:
        content = base64.b64decode(signing.loads(kept, salt=_KEPT, max_age=_KEPT_SECONDS))
    except signing.BadSignature:
        messages.warning(request, _("That took too long. Choose the file once more."))
        return redirect("school:bring_in", request.school.slug)
    report = roster.import_csv(request.school, content, by=request.viewer.person_id)
    return render(request, "school/bring_in.html", {"report": report, "done": True})
