"""Forms built from the pack: one Django form class for each kind of event, in the look of ``ui.forms``.

Who an event is about is chosen beside the form (it needs the register); everything else a kind asks for is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from upstander.access.viewer import Viewer
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy import labels
from upstander.policy.model import EventKind, Field, FieldType, Pack
from upstander.records import files, kinds, reading
from upstander.records.errors import FormProblems
from upstander.records.models import FactRow, Named, Record
from upstander.ui import forms as look
from upstander.ui import signing

MOST_CARDS = 9
"""One-of lists up to this length are cards; longer ones a list to choose from."""
MOST_TICKED = 40
"""So many people are boxes to tick; more are a list."""


class EventForm(look.Form):
    """A form of a kind of event. Its class says of which: ``kind``, ``now`` (civil minute), ``asks_when``."""

    kind: EventKind
    pack: Pack
    now: datetime
    mark_optional = True

    def deed(self) -> dict[str, Any]:
        """What ``records.actions.record`` takes: ``at``, ``fields``, ``files``. Only of a valid form."""
        values = self.cleaned_data
        fields: dict[str, Any] = {}
        files: dict[str, list[Any]] = {}
        for name, spec in self.kind.fields.items():
            value = values.get(name)
            if value in (None, "", []):
                continue
            if spec.type is FieldType.FILE:
                files[name] = list(value)
            else:
                fields[name] = value
        return {"at": values.get("at") or self.now, "fields": fields, "files": files}

    def full_clean(self) -> None:
        """Where something is wrong, say at once what is wrong with the files, too; else ``record`` looks at them."""
        super().full_clean()
        for name, spec in self.kind.fields.items() if self.errors else ():
            if spec.type is FieldType.FILE and name in getattr(self, "cleaned_data", {}):
                for problem in files.prepare_all(name, self.cleaned_data[name] or ())[1]:
                    self.add_error(name, problem.message)

    def add_problems(self, found: FormProblems) -> None:
        """Show what ``record`` found, at the field where there is one."""
        for problem in found.problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)

    def clean_at(self) -> datetime | None:
        """Nothing happens in the future."""
        at: datetime | None = self.cleaned_data.get("at")
        if at is not None and at > self.now:
            raise forms.ValidationError(_("This lies in the future. Write when it happened."), code="future")
        return at


@dataclass
class _Making:
    """What a form class is made from."""

    pack: Pack
    kind: EventKind
    lang: str
    school: School
    viewer: Viewer
    record: Record | None
    now: datetime
    facts: frozenset[str]

    def text(self, path: str) -> str:
        return labels.label(self.pack, f"events.{self.kind.id}.{path}", self.lang)

    def help(self, spec: Field) -> str:
        return self.text(f"fields.{spec.id}.help") if spec.help else ""

    def required(self, spec: Field) -> bool:
        return spec.required or (spec.required_while is not None and spec.required_while in self.facts)


def form_for(
    pack: Pack,
    kind: str,
    *,
    lang: str,
    school: School,
    viewer: Viewer,
    now: datetime,
    record: Record | None = None,
    preset: Mapping[str, Any] | None = None,
    only: Iterable[str] | None = None,
) -> type[EventForm]:
    """The form class of a kind of event, without the fields that are secret from the viewer.

    ``preset``: {field: first value} (what a duty asks for); ``only``: these fields, in this order.

    Raises KeyError for an unknown kind.
    """
    event = pack.events[kind]
    making = _Making(pack, event, lang, school, viewer, record, now, _facts(record, now))
    secret = reading.secret_fields(viewer, event)
    first = dict(preset or {})
    made: dict[str, Any] = {}
    if event.asks_when and only is None:
        made["at"] = look.MomentField(label=_("When did it happen?"), required=True, initial=now)
    for name in only if only is not None else event.fields:
        if name in secret:
            continue
        field = _FIELDS[event.fields[name].type](making, event.fields[name])
        if name in first:
            field.initial = first[name]
        made[name] = field
    form: type[EventForm] = type("EventForm", (EventForm,), made)
    # Set afterwards: a policy may well call a field "now" or "kind", and it must not be pushed out of the form.
    form.kind, form.pack, form.now = event, pack, now
    return form


def _facts(record: Record | None, now: datetime) -> frozenset[str]:
    if record is None:
        return frozenset()
    return frozenset(FactRow.objects.filter(record=record, last=None, first__lte=now).values_list("fact", flat=True))


def _common(making: _Making, spec: Field) -> dict[str, Any]:
    return {
        "label": making.text(f"fields.{spec.id}.label"),
        "help_text": making.help(spec),
        "required": making.required(spec),
    }


def _text(making: _Making, spec: Field) -> forms.Field:
    return forms.CharField(max_length=500, **_common(making, spec))


def _long_text(making: _Making, spec: Field) -> forms.Field:
    return forms.CharField(max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}), **_common(making, spec))


def _signature(making: _Making, spec: Field) -> forms.Field:
    return signing.SignatureField(**_common(making, spec))


def _files(making: _Making, spec: Field) -> forms.Field:
    return look.FilesField(
        most=10 if spec.many else 1,
        most_bytes=settings.MAX_FILE_BYTES,
        most_total=settings.MAX_REPORT_BYTES,
        **_common(making, spec),
    )


def _number(making: _Making, spec: Field) -> forms.Field:
    return forms.DecimalField(
        min_value=spec.least, max_value=spec.most, decimal_places=3, max_digits=13,
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "decimal"}), **_common(making, spec),
    )  # fmt: skip


def _date(making: _Making, spec: Field) -> forms.Field:
    return look.DayField(**_common(making, spec))


def _time(making: _Making, spec: Field) -> forms.Field:
    return look.ClockField(**_common(making, spec))


def _yes_no(making: _Making, spec: Field) -> forms.Field:
    return look.YesNoField(**_common(making, spec))


def _choices(making: _Making, spec: Field) -> list[tuple[str, look.Choice]]:
    found = []
    for code, option in making.pack.options.get(spec.options, {}).items():
        path = f"options.{spec.options}.{code}"
        words = labels.label(making.pack, f"{path}.label", making.lang)
        hint = labels.label(making.pack, f"{path}.help", making.lang) if option.help else ""
        found.append((code, look.Choice(words, help=hint, icon=option.icon)))
    return found


def _one_of(making: _Making, spec: Field) -> forms.Field:
    choices = _choices(making, spec)
    if len(choices) <= MOST_CARDS:
        return forms.ChoiceField(choices=choices, widget=look.Cards, **_common(making, spec))
    plain = [("", ""), *((code, str(words)) for code, words in choices)]
    return forms.ChoiceField(choices=plain, widget=forms.Select, **_common(making, spec))


def _some_of(making: _Making, spec: Field) -> forms.Field:
    choices = _choices(making, spec)
    widget = look.Places if any(words.icon for _, words in choices) else look.ManyCards
    return forms.MultipleChoiceField(choices=choices, widget=widget, **_common(making, spec))


def _scale(making: _Making, spec: Field) -> forms.Field:
    least, most = int(spec.least or 1), int(spec.most or 5)
    if (least, most) == (1, 5):
        return look.ScaleField(**_common(making, spec))
    steps = [(str(step), str(step)) for step in range(least, most + 1)]
    return forms.ChoiceField(choices=steps, widget=look.Scale, **_common(making, spec))


def _person(making: _Making, spec: Field) -> forms.Field:
    """Whoever has the role in the record or holds the post; of a role of pupils all pupils, by class; else the staff."""
    groups = _people_for(making, spec.role)
    few = [pair for _title, pairs in groups for pair in pairs]
    choices: list[Any] = few if len(groups) < 2 else [(title, pairs) for title, pairs in groups]
    if spec.many and len(few) <= MOST_TICKED:
        return forms.MultipleChoiceField(choices=few, widget=look.ManyCards, **_common(making, spec))
    if spec.many:
        several = forms.SelectMultiple(attrs={"size": 12})
        return forms.MultipleChoiceField(choices=choices, widget=several, **_common(making, spec))
    return forms.ChoiceField(choices=[("", ""), *choices], widget=forms.Select, **_common(making, spec))


People = list[tuple[str, str]]


def _people_for(making: _Making, role: str) -> list[tuple[str, People]]:
    """[(class, [(id, name)])]; one group without a title where they are no pupils."""
    roles = making.pack.members(role) if role else ()
    found: list[str] = []
    if making.record is not None and roles:
        named = Named.objects.filter(record=making.record, role__in=[*roles, role])
        found += list(named.values_list("person", flat=True))
    on = making.now.date()
    directory = people.directory(making.school, on, making.pack)
    for each in roles:
        found += [str(one) for one in directory.everyone(each)]
    if not found and role and role in kinds.pupil_roles(making.pack):
        return _by_class(making)
    if not found:
        found = [str(one.id) for one in people.staff(making.school, on)]
    names = people.names(making.school, found)
    known = ((each, names[each]) for each in dict.fromkeys(found) if each in names)
    return [("", sorted(known, key=lambda pair: pair[1]))]


def _by_class(making: _Making) -> list[tuple[str, People]]:
    on = making.now.date()
    pupils = people.pupils(making.school, on=on)
    classes = people.classes_of(making.school, [one.id for one in pupils], on)
    groups: dict[str, People] = {}
    for one in pupils:
        place = classes.get(str(one.id))
        groups.setdefault(place.name if place else "", []).append((str(one.id), one.name))
    return sorted(groups.items())


_FIELDS: Mapping[FieldType, Callable[[_Making, Field], forms.Field]] = {
    FieldType.TEXT: _text,
    FieldType.SIGNATURE: _signature,
    FieldType.LONG_TEXT: _long_text,
    FieldType.FILE: _files,
    FieldType.NUMBER: _number,
    FieldType.SCALE: _scale,
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.YES_NO: _yes_no,
    FieldType.ONE_OF: _one_of,
    FieldType.SOME_OF: _some_of,
    FieldType.PLACE: _one_of,
    FieldType.PERSON: _person,
}
