"""Opening a new record: the form of its first event. Nothing exists until that event is recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from upstander.access.decide import NotFound
from upstander.access.pages import SchoolRequest, staff_page
from upstander.cases.filling import Filling
from upstander.cases.looking import Looking
from upstander.cases.views.do import done_url, sent
from upstander.cases.words import Words
from upstander.policy.verdict import Key
from upstander.records import actions, kinds, submits
from upstander.records.actions import Outside
from upstander.records.models import Event, Record
from upstander.ui import languages
from upstander.ui.parts import Deed


@dataclass
class Beginning(Looking):
    """A record that does not exist yet, as the forms ask about it. It has no number, no past and no page."""

    @property
    def home(self) -> str:
        """The register: where one is when nothing was recorded."""
        return reverse("registers:register", args=[self.school.slug, self.record.kind])

    @property
    def back(self) -> Deed:
        return Deed(label=self.words.label(f"records.{self.record.kind}.plural"), url=self.home)

    @property
    def of_record(self) -> str:  # type: ignore[override]
        return _("This begins a new record: %(kind)s.") % {
            "kind": self.words.label(f"records.{self.record.kind}.label")
        }

    def form_url(self, kind: str, key: Key = (), rule: str = "") -> str:
        return reverse("registers:new", args=[self.school.slug, self.record.kind, kind])


@dataclass
class Opening(Filling):
    """The form of a first event. Recording it makes the record in the same transaction."""

    def save(self) -> Event | None:
        """As ever; the same form sent twice at the same moment opens one record."""
        return submits.once(super().save)

    def _sent_before(self) -> Event | None:
        key = submits.own_key(self.looking.viewer.person_id, None, self.submit_key)
        record = submits.record_of(self.looking.school, key)
        return record.events.order_by("position").first() if record else None

    @transaction.atomic
    def _record(self, outside: dict[str, list[Outside]], happened: bool) -> Event:  # type: ignore[override]
        looking = self.looking
        record = actions.open_record(looking.viewer, looking.school, looking.record.kind, submit_key=self.submit_key)
        begun = replace(looking, record=record)
        there = replace(self, looking=begun)
        there.__dict__.update(form=self.form, picker=self.picker)
        return Filling._record(there, outside, happened)


@staff_page
def choose(request: SchoolRequest, register: str) -> HttpResponse:
    """Which way it begins, where there are several."""
    events = _events(request, register)
    slug = request.school.slug
    if len(events) == 1:
        return redirect(reverse("registers:new", args=[slug, register, events[0]]))
    words = Words(request.pack, languages.current().tag, slug)
    context = {
        "title": words.label(f"records.{register}.label"),
        "title_lang": words.lang_of(f"records.{register}.label"),
        "back": Deed(
            label=words.label(f"records.{register}.plural"), url=reverse("registers:register", args=[slug, register])
        ),
        "ways": [
            (
                Deed(label=words.deed(event), url=reverse("registers:new", args=[slug, register, event])),
                words.lang_of(f"events.{event}.label"),
            )
            for event in events
        ],
    }
    return render(request, "web/registers/choose.html", context)


@staff_page
def page(request: SchoolRequest, register: str, kind: str) -> HttpResponse:
    """The form with which a record of this kind begins."""
    if kind not in _events(request, register):
        raise NotFound
    record = Record(id=uuid4(), school=request.school, kind=register, number="", opened_at=request.now)
    looking = Beginning(request.school, request.viewer, record, request.pack, request.now, languages.current().tag)
    filling = Opening(looking, request.pack.events[kind], request.GET, *sent(request))
    if request.method == "POST" and not filling.picker.looking:
        event = filling.save()
        if event is not None:
            made = Looking(looking.school, looking.viewer, event.record, looking.pack, looking.now, looking.lang)
            return redirect(_after(made, event))
        return render(request, "cases/do.html", filling.context(), status=409 if filling.stop else 422)
    return render(request, "cases/do.html", filling.context())


def _after(made: Looking, event: Event) -> str:
    """The new record's page; the register where whoever opened it may not see it."""
    from upstander.records import queries

    if queries.visible(made.viewer).filter(id=made.record.id).exists():
        return done_url(made, str(event.id))
    return reverse("registers:register", args=[made.school.slug, made.record.kind])


def _events(request: SchoolRequest, register: str) -> tuple[str, ...]:
    """The kinds of event with which the viewer may begin one. Raises NotFound where there are none."""
    events = kinds.may_open(request.viewer, register) if register in request.pack.records else ()
    if not events or kinds.is_case(request.pack, register):
        raise NotFound
    return events
