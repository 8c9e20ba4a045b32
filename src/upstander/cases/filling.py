"""Filling in a form of the pack for one record: reading what was sent, recording it, showing what is wrong or what stops it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from upstander.cases import meanwhile, parts, passing, steps, wording
from upstander.cases.looking import Looking
from upstander.cases.persons import Names, Picker
from upstander.cases.stops import Stopper
from upstander.cases.things import no_view
from upstander.policy.model import EventKind, FieldType
from upstander.records import actions, carrying, queries, reading, submits
from upstander.records.actions import FormProblems, Stopped
from upstander.records.forms import EventForm, form_for
from upstander.records.models import Event
from upstander.ui import forms as look
from upstander.ui.forms import Problem
from upstander.ui.parts import Step

LONGEST_REASON = 2000


@dataclass(frozen=True)
class Staying:
    """A file of the entry that is put right; ``stays``: it belongs to the new version, too."""

    field: str
    id: str
    name: str
    stays: bool


@dataclass
class Filling:
    """One form in one request. ``data`` None: not sent yet. ``asked``: what the address says (duty, persons, first values).

    ``correcting``: the event that is put right; its values stand in the form.
    """

    looking: Looking
    kind: EventKind
    asked: QueryDict
    data: QueryDict | None = None
    uploads: MultiValueDict[str, UploadedFile] | None = None
    correcting: Event | None = None
    stop: dict[str, Any] | None = None
    reason_error: str = ""
    anyway_error: str = ""
    wrong_names: list[Problem] = field(default_factory=list)
    meanwhile: list[str] = field(default_factory=list)
    wording: list[wording.Offer] = field(default_factory=list)

    # --- the two halves: persons and fields ----------------------------------------------------------------------

    @cached_property
    def picker(self) -> Picker:
        looking = self.looking
        named = queries.named_ids(looking.record)
        return Picker(
            school=looking.school,
            words=looking.words,
            kind=self.kind,
            record_kind=looking.pack.records.get(looking.record.kind),
            named={role: list(ids) for role, ids in named.items()},
            on=looking.now.date(),
            data=self.data,
            preset=self._preset_people(),
            me=str(looking.viewer.person_id or ""),
            outsiders=looking.names,
        )

    def _preset_people(self) -> dict[str, list[str]]:
        if self.correcting is not None:
            return {role: list(self.correcting.about.get(role, [])) for role in self.kind.about}
        asked = {role: self.asked.getlist(f"about-{role}") for role in self.kind.about}
        return {role: ids for role, ids in asked.items() if ids}

    @cached_property
    def form(self) -> EventForm:
        looking = self.looking
        made = form_for(
            looking.pack,
            self.kind.id,
            lang=looking.lang,
            school=looking.school,
            viewer=looking.viewer,
            now=looking.now,
            record=looking.record,
            preset=self._preset_fields(),
        )
        for name in {each.field for each in self.staying() if each.stays}:
            made.base_fields[name].required = False
        if no_view.is_on(looking):
            for name in [each.id for each in self.kind.fields.values() if each.type is FieldType.FILE]:
                del made.base_fields[name]
        if self.data is None:
            form = made(initial=self._before())
        elif self.picker.looking:
            form = made(initial=_as_typed(made, self.data))
        else:
            form = made(self.data, self.uploads)
        form.lang = looking.words.lang_of(f"events.{self.kind.id}.label")
        return form

    def _preset_fields(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, spec in self.kind.fields.items():
            given = self.asked.getlist(name)
            if given:
                found[name] = given if spec.type is FieldType.SOME_OF else given[0]
        return found

    def _before(self) -> dict[str, Any]:
        """What stood in the entry that is corrected."""
        event = self.correcting
        if event is None:
            return passing.before(self.looking, self.kind.id)
        found: dict[str, Any] = {"at": event.at, **event.fields}
        for name, spec in self.kind.fields.items():
            if spec.type in (FieldType.TEXT, FieldType.LONG_TEXT):
                found[name] = queries.opened(self.looking.record, event, name)
        return found

    @property
    def _sources(self) -> list[Event]:
        """The events whose files may go along: the one that is corrected, or what waits to be passed on."""
        if self.correcting is not None:
            return [self.correcting]
        return passing.waiting(self.looking) if self.kind.id == passing.PASSED_ON else []

    def staying(self) -> list[Staying]:
        """The files that go along from the entry that is corrected, or passed on: all do until somebody takes one away."""
        if no_view.is_on(self.looking):
            return []
        secret = reading.secret_fields(self.looking.viewer, self.kind)
        opened = reading.open_all(self.looking.record) if self._sources else None
        sent = self.data is not None and "staying_asked" in self.data
        chosen = set(self.data.getlist("staying")) if self.data is not None else set()
        return [
            Staying(name, str(file.id), file.name, not sent or str(file.id) in chosen)
            for event in self._sources
            for name, spec in self.kind.fields.items()
            if opened is not None and spec.type is FieldType.FILE and name not in secret
            for file in opened.files(event, name)
        ]

    # --- recording -------------------------------------------------------------------------------------------------

    @property
    def _reason(self) -> str:
        return (self.data.get("reason_why", "") if self.data is not None else "").strip()[:LONGEST_REASON]

    @property
    def _anyway(self) -> str:
        return (self.data.get("anyway", "") if self.data is not None else "").strip()[:LONGEST_REASON]

    @property
    def submit_key(self) -> str:
        """The key of this form: sent again it finds what the first sending made."""
        sent = self.data.get("submit_key", "") if self.data is not None else ""
        return sent if 8 <= len(sent) <= 64 else uuid4().hex

    @property
    def seen(self) -> int:
        """How many entries the record had when whoever fills this in last saw it."""
        sent = self.data.get("seen_to", "") if self.data is not None else ""
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else self.looking.record.length

    def save(self) -> Event | None:
        """Record what was sent. None where something is wrong or a limit stops it; the page says what."""
        before = self._sent_before()
        if before is not None:
            return before
        self.meanwhile = self.meanwhile or meanwhile.since(self.looking, self.seen, self.kind.id)
        if self.meanwhile:
            return None
        outside = self.picker.outside()
        if self.correcting is not None and not self._reason:
            self.reason_error = _("Write what was wrong.")
        valid = self.form.is_valid()
        self._check_names(outside)
        if not valid or self.reason_error or self.wrong_names or self.picker.finder.outside_error:
            return None
        if self._offers_words():
            return None
        happened = bool(self.data and self.data.get("happened"))
        try:
            return self._record(outside, happened)
        except FormProblems as error:
            self._show(error)
        except Stopped as stopped:
            if happened and not self._anyway:
                self.anyway_error = _("Write how it came about.")
            stopper = Stopper(self.looking.words, self.looking.names, self.looking.deed)
            self.stop = stopper.page(stopped.breaches, warns=stopped.warns, back=self.looking.home)
        return None

    def _offers_words(self) -> bool:
        """Whether neutral words are offered before this is recorded: once, and not where files were sent, which would be lost."""
        if self.data is None or self.data.get("wording") or self.uploads:
            return False
        labels = {name: str(each.label) for name, each in self.form.fields.items()}
        words = wording.words_of(self.looking, self.kind)
        self.wording = wording.offers(self.kind, self.form.cleaned_data, labels, words)
        return bool(self.wording)

    def _in_neutral_words(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """What was written, in the words that were offered and taken."""
        if self.data is None or self.data.get("wording") != "use":
            return dict(fields)
        words = wording.words_of(self.looking, self.kind)
        written = {name for name, spec in self.kind.fields.items() if spec.type in wording.WRITTEN}
        return {name: wording.neutral(value, words) if name in written else value for name, value in fields.items()}

    def _sent_before(self) -> Event | None:
        me, record = self.looking.viewer.person_id, self.looking.record
        return submits.event_of(self.looking.school.id, submits.own_key(me, record.id, self.submit_key))

    def _record(self, outside: Mapping[str, Sequence[actions.Outside]], happened: bool) -> Event:
        looking = self.looking
        deed = self.form.deed()
        deed["fields"] = self._in_neutral_words(deed["fields"])
        more: dict[str, Any] = {
            "about": self.picker.about(),
            "outside": outside,
            "happened_anyway": self._anyway if happened else "",
            "sure": happened,
            "submit_key": self.submit_key,
            **deed,
        }
        staying = [each.id for each in self.staying() if each.stays]
        if self.correcting is not None:
            return actions.correct(looking.viewer, self.correcting, reason=self._reason, keep_files=staying, **more)
        if staying:
            more["carry"] = carrying.files_along(self._sources, passing.FILES, staying)
        return actions.record(looking.viewer, looking.record, self.kind.id, **more)

    def _check_names(self, outside: Mapping[str, Sequence[actions.Outside]]) -> None:
        """Nobody is left out unseen: who was sent must be known here, and what only names somebody names somebody."""
        about = self.picker.about()
        lost = [role for role in self.kind.about if len(about.get(role, ())) < len(self.picker.chosen(role))]
        if not (lost or about or outside or self.kind.fields):
            lost = list(self.kind.about[:1])
        for role in lost:
            if self.picker.of_things(role) and self.picker.chosen(role):
                self._wrong_name(f"about:{role}", _("Use letters, figures and hyphens, at most 60 of them."))
            else:
                self._wrong_name(f"about:{role}", _("Say whom it is about, as far as it is known."))

    def _wrong_name(self, field: str, message: str) -> None:
        self.picker.errors[field] = message
        role = field.removeprefix("about:")
        title = self.looking.words.role(role)
        self.wrong_names.append(Problem(id=f"id_about_{role}", label=title, message=message))

    def _show(self, error: FormProblems) -> None:
        rest = []
        for problem in error.problems:
            if problem.field.startswith("about:"):
                self._wrong_name(problem.field, problem.message)
            else:
                rest.append(problem)
        if rest:
            self.form.add_problems(FormProblems(rest))

    # --- showing ---------------------------------------------------------------------------------------------------

    def problems(self) -> list[Problem]:
        """Everything that is wrong, for the summary."""
        found = list(self.wrong_names)
        if self.picker.finder.outside_error:
            found.append(Problem(id="id_outside_role", label="", message=self.picker.finder.outside_error))
        if self.form.is_bound:
            found += look.problems(self.form)
        if self.reason_error:
            found.append(Problem(id="id_reason_why", label="", message=self.reason_error))
        if self.anyway_error:
            found.append(Problem(id="id_anyway", label="", message=self.anyway_error))
        return found

    def names(self) -> list[Names]:
        """The boxes of persons."""
        return self.picker.names()

    def asked_by(self) -> list[Step]:
        """The open duties for which this form was made, each rule once, the one that was followed here first."""
        looking = self.looking
        rule = self.asked.get("duty", "")
        found = [duty for duty in steps.open_duties(looking) if any(deed.kind == self.kind.id for deed in duty.deeds)]
        found.sort(key=lambda duty: (duty.rule != rule, not any(bearer.mine for bearer in duty.bearers)))
        once = {duty.rule: duty for duty in reversed(found)}
        chosen = sorted(once.values(), key=found.index)[:3]
        return [steps.step(looking.words, looking.school, duty, looking.now) for duty in chosen]

    def context(self) -> dict[str, Any]:
        """What the page shows."""
        looking = self.looking
        names = self.names() if self.kind.about else []
        return {
            "looking": looking,
            "title": looking.words.deed(self.kind.id),
            "title_lang": looking.words.lang_of(f"events.{self.kind.id}.label"),
            "back": looking.back,
            "of_record": looking.of_record,
            "form": self.form,
            "names": names,
            "finder": self.picker.finder if any(not self.picker.of_things(role) for role in self.kind.about) else None,
            "problems": self.problems(),
            "submit_key": self.submit_key,
            "seen": looking.record.length if self.meanwhile else self.seen,
            "meanwhile": self.meanwhile,
            "stop": self.stop,
            "wording": self.wording,
            "anyway": self._anyway,
            "anyway_error": self.anyway_error,
            "anyway_open": bool(self.anyway_error or self._anyway),
            "deed": _("Record the correction") if self.correcting is not None else _("Record it"),
            "cards": parts.cards(looking, before=self.kind.id),
            "asked_by": self.asked_by(),
            "wish": parts.wish(looking) if not looking.is_concern else None,
            **no_view.around(looking, self.kind.id),
            **self._correction(),
        }

    def _correction(self) -> dict[str, Any]:
        if self.correcting is None:
            return {"staying": self.staying(), "before": passing.hint(self.kind.id)}
        return {
            "correcting": _("Both versions stay readable."),
            "staying": self.staying(),
            "needs_reason": {"label": _("What was wrong?"), "value": self._reason, "error": self.reason_error},
        }


def _as_typed(made: type[EventForm], data: QueryDict) -> dict[str, Any]:
    """What was typed so far, to be shown again without checking it."""
    return {
        name: spec.widget.value_from_datadict(data, MultiValueDict(), name) for name, spec in made.base_fields.items()
    }
