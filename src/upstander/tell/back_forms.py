"""What a teller who came back may do, each a small form of its own on the same page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from upstander.policy.model import FieldType, Pack
from upstander.tell import wording
from upstander.tell.forms import LONGEST, files_field
from upstander.ui.forms import Choice, Form, ManyCards, YesNoField, soften

FORMS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "more": ("told-more", ("what", "files")),
    "name": ("identity-given", ("teller-name", "teller-contact")),
    "wish": ("wish-changed", ("wish", "wish-words", "not-told")),
    "confirm": ("confirmed", ("was-done", "words")),
    "withdraw": ("withdrawn", ("reason",)),
}
"""{form: (kind of event, its fields)}."""

_LABELS: Final[dict[str, wording.Text]] = {
    "what": _("What do you want to add?"),
    "files": _("Is there a picture or a file to show us?"),
    "teller-name": _("Your name"),
    "teller-contact": _("How can we reach you?"),
    "wish": _("What should happen next?"),
    "wish-words": _("In your own words"),
    "not-told": _("Who should not be told?"),
    "was-done": _("Was it done, as far as you can see?"),
    "words": _("Do you want to say something about it?"),
    "reason": _("Do you want to say why?"),
}
_HINTS: Final[dict[str, wording.Text]] = {
    "teller-contact": _("It may stay empty."),
    "words": _("It may stay empty."),
    "reason": _("It may stay empty."),
}
_MUST: Final = frozenset({"teller-name", "was-done"})


class BackForm(Form):
    """One of the forms above. ``kind``: what it records."""

    name = ""
    kind = ""

    def clean(self) -> dict[str, Any]:
        """Something must have been said: a form of empty fields is pressed by mistake. Taking back needs no reason."""
        cleaned = super().clean() or {}
        if self.name in ("more", "wish") and not self.errors and not any(cleaned.values()):
            self.add_error(next(iter(self.fields)), str(wording.EMPTY))
        return cleaned

    def deed(self) -> dict[str, Any]:
        """The fields for the record."""
        return {
            name: value for name, value in self.cleaned_data.items() if name != "files" and value not in ("", [], None)
        }

    def uploads(self) -> Sequence[UploadedFile]:
        """The files that came along."""
        found: Sequence[UploadedFile] = self.cleaned_data.get("files") or []
        return found


def make(
    name: str, pack: Pack, lang: str, data: Any = None, files: Any = None, initial: Mapping[str, Any] | None = None
) -> BackForm:
    """One of the forms, empty or filled in; its inputs carry its name."""
    kind, fields = FORMS[name]
    form = BackForm(data, files, prefix=name, auto_id="b-%s", initial=dict(initial or {}))
    form.name, form.kind = name, kind
    for each in fields:
        spec = pack.events[kind].fields.get(each)
        if spec is None or (spec.options and not pack.options.get(spec.options)):
            continue
        form.fields[each] = _field(pack, each, spec.type, spec.options, lang)
    soften(form)
    if "teller-name" in form.fields:
        form.fields["teller-name"].error_messages["required"] = _("Write your name, or leave this as it is.")
    return form


def _field(pack: Pack, name: str, kind: FieldType, options: str, lang: str) -> forms.Field:
    common: dict[str, Any] = {
        "label": _LABELS.get(name, name),
        "help_text": _HINTS.get(name, ""),
        "required": name in _MUST,
    }
    if kind is FieldType.SOME_OF:
        choices = [(code, Choice(wording.option_label(pack, options, code, lang))) for code in pack.options[options]]
        return forms.MultipleChoiceField(choices=choices, widget=ManyCards, **common)
    if kind is FieldType.YES_NO:
        return YesNoField(**common)
    if kind is FieldType.FILE:
        return files_field(**common)
    if kind is FieldType.LONG_TEXT:
        return forms.CharField(
            max_length=LONGEST["long"], widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}), **common
        )
    line = forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
    return forms.CharField(max_length=LONGEST["short"], widget=line, **common)
