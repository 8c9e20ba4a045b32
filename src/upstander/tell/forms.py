"""The forms of the door, made from the pack. Choices come from its options, lengths from what the record keeps."""

from __future__ import annotations

from collections.abc import Hashable
from copy import deepcopy
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from upstander.people.packs import kept
from upstander.policy.model import Field, FieldType, Pack
from upstander.records.files import prepare_all
from upstander.tell import wording
from upstander.tell.draft import Answers, Draft
from upstander.tell.questions import EVERYTHING, KIND, WHO, Page, about_me
from upstander.ui.forms import (
    Cards,
    Choice,
    ClockField,
    DayField,
    FilesField,
    FilesInput,
    Form,
    ManyCards,
    Places,
    ScaleField,
    YesNoField,
    soften,
)

LONGEST: Final = {"short": 200, "long": 10_000}
MOST_FILES: Final = 6
ACCEPT: Final = "image/*,.heic,application/pdf,text/plain"
KEPT_AT_MOST: Final = 20_000
"""Characters of one answer that are carried on even where they are too many to send: nothing written is lost unseen."""

_ALWAYS: Final = frozenset({"openness", WHO, "standing", "safe-now", "what", "teller-name"})
"""Questions that are answered or skipped on purpose, not passed over."""


class DoorForm(Form):
    """One page of the door: ``fields`` of ``told`` (and ``who``), in the page's language."""

    def __init__(
        self, pack: Pack, page: Page, draft: Draft, lang: str, *, data: QueryDict | None = None, files: Any = None
    ):
        super().__init__(data, files, initial=dict(draft.answers), auto_id="q-%s")
        several = len(page.fields) > 1
        self.use_required_attribute = False
        for name, field in _ready_fields(pack, page, draft, lang).items():
            # Choices are never changed, so all forms share them.
            shared = getattr(field, "_choices", None)
            self.fields[name] = deepcopy(field, {id(shared): shared})
        if not several and page.fields and not isinstance(self.fields[page.fields[0]], FilesField):
            self.heading_field = page.fields[0]

    def full_clean(self) -> None:
        """Where something else is wrong, say at once what is wrong with the files; else the record looks at them."""
        super().full_clean()
        for problem in prepare_all("files", self.cleaned_data.get("files") or ())[1] if self.errors else ():
            self.add_error("files", problem.message)

    def answers(self) -> Answers:
        """What was filled in, cleaned; files are not among it."""
        return {name: _plain(value) for name, value in self.cleaned_data.items() if name != "files"}


def _ready_fields(pack: Pack, page: Page, draft: Draft, lang: str) -> dict[str, forms.Field]:
    """The fields of a page, made once for each language and kind of teller."""
    ready: dict[Hashable, dict[str, forms.Field]] = kept(pack, "tell/fields", dict)
    who = draft.text(WHO)
    key = (page.id, page.fields, lang, about_me(draft), who if who in wording.OWN_STANDINGS else "")
    found = ready.get(key)
    if found is None:
        form = Form()
        for name in page.fields:
            form.fields[name] = _field(pack, name, draft, lang, ask=page.id != EVERYTHING)
        soften(form)
        found = ready[key] = dict(form.fields)
    return found


def raw(page: Page, data: QueryDict) -> Answers:
    """What stands on a page, unchecked, so that going back or changing the language loses nothing."""
    found: dict[str, str | tuple[str, ...]] = {}
    for name in page.fields:
        if name == "files" or name not in data:
            found.setdefault(name, "")
            continue
        values = data.getlist(name)
        short = tuple(value.replace("\x00", "")[:KEPT_AT_MOST] for value in values[:40])
        found[name] = short if len(short) > 1 else short[0]
    return found


def _plain(value: Any) -> str | tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(str(each) for each in value)
    return "" if value is None else str(value).strip()


def _field(pack: Pack, name: str, draft: Draft, lang: str, *, ask: bool) -> forms.Field:
    """One question as a field. ``ask``: it must be answered or skipped."""
    common: dict[str, Any] = {
        "label": wording.field_label(pack, name, draft, lang),
        "help_text": wording.field_hint(pack, name, lang),
        "required": (ask and name in _ALWAYS) or name in ("openness",),
    }
    if name == WHO:
        choices = [(code, Choice(label, help=hint)) for code, label, hint in wording.who_choices(pack, lang)]
        made: forms.Field = forms.ChoiceField(choices=choices, widget=Cards, **common)
    else:
        spec = pack.events[KIND].fields[name]
        common["required"] = common["required"] or (ask and spec.required)
        made = _from_spec(pack, spec, draft, lang, common)
    if name in wording.REQUIRED:
        made.error_messages["required"] = str(wording.REQUIRED[name])
    return made


def _from_spec(pack: Pack, spec: Field, draft: Draft, lang: str, common: dict[str, Any]) -> forms.Field:
    match spec.type:
        case FieldType.ONE_OF | FieldType.PLACE:
            return forms.ChoiceField(choices=_choices(pack, spec, draft, lang), widget=Cards, **common)
        case FieldType.SOME_OF:
            widget = Places if spec.options == "places" else ManyCards
            return forms.MultipleChoiceField(choices=_choices(pack, spec, draft, lang), widget=widget, **common)
        case FieldType.LONG_TEXT:
            rows = 6 if spec.id == "what" else 4
            box = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
            return forms.CharField(max_length=LONGEST["long"], widget=box, **common)
        case FieldType.YES_NO:
            return YesNoField(**common)
        case FieldType.DATE:
            return DayField(**common)
        case FieldType.TIME:
            return ClockField(**common)
        case FieldType.NUMBER:
            return forms.DecimalField(max_digits=12, decimal_places=3, **common)
        case FieldType.SCALE:
            return ScaleField(**common)
        case FieldType.FILE:
            return files_field(**common)
        case _:
            line = forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
            return forms.CharField(max_length=LONGEST["short"], widget=line, **common)


def _choices(pack: Pack, spec: Field, draft: Draft, lang: str) -> list[tuple[str, Choice]]:
    found = []
    for code, option in pack.options[spec.options].items():
        label: wording.Text = wording.option_label(pack, spec.options, code, lang)
        if spec.id == "standing":
            label = wording.standing_label(pack, draft.text(WHO), code, lang)
        found.append((code, Choice(label, help=wording.option_hint(pack, spec.options, code, lang), icon=option.icon)))
    return found


def files_field(**common: Any) -> FilesField:
    """Pictures and files, within the installation's limits."""
    return FilesField(
        widget=FilesInput(attrs={"accept": ACCEPT}),
        most=MOST_FILES,
        most_bytes=settings.MAX_FILE_BYTES,
        most_total=settings.MAX_REPORT_BYTES,
        **common,
    )


class CodeForm(Form):
    """The eight words of a receipt, or its signs."""

    words = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(
            attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="q-%s", **kwargs)
        self.fields["words"].label = _("Your eight words")
        self.fields["words"].help_text = _("Capitals, spaces and commas make no difference. Any language is fine.")
        self.fields["words"].error_messages["required"] = _("Write the words that stand on your receipt.")
