"""The staff's form of one minute: made safe first, then who, what and when. The same form enters what came on paper, by
telephone, in a diary or in a chance talk, as what it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.people.models import Person
from upstander.policy.model import Pack
from upstander.records.actions import Outside
from upstander.tell import wording
from upstander.tell.forms import LONGEST, files_field
from upstander.tell.questions import KIND
from upstander.ui.forms import Cards, Choice, Form, MomentField, Places, soften

SAFE: Final = {
    "yes": gettext_lazy("I have made them safe"),
    "no": gettext_lazy("Not yet: help is needed now"),
    "not-sure": gettext_lazy("I am not sure"),
}
SAFE_HINTS: Final = {
    "yes": gettext_lazy("Somebody is with them, or they are away from it."),
    "no": gettext_lazy("Go or call first. Come back to this form afterwards."),
}
PEOPLE: Final = ("target", "actor")
"""The built-in roles that the short form asks for; everything finer is for the case."""
NO_NAME: Final = "anonymous"


class NoteForm(Form):
    """Made safe, who, what, when, how it came; whoever told it may stay unnamed."""

    mark_optional = True

    def __init__(
        self,
        pack: Pack,
        pupils: Sequence[tuple[Person, str]],
        lang: str,
        now: datetime,
        *,
        data: Any = None,
        files: Any = None,
    ):
        super().__init__(data, files, auto_id="n-%s", initial={"at": now, "way": "seen-by-staff"})
        self.pack, self.now = pack, now
        self.people = _by_name(pupils)
        self.order_of(pack, lang)
        soften(self)
        if "safe-now" in self.fields:
            self.fields["safe-now"].error_messages["required"] = _("Say first whether they are safe.")
        self.fields["what"].error_messages["required"] = _("Write in a sentence what happened.")

    def order_of(self, pack: Pack, lang: str) -> None:
        """The fields in the order in which one thinks."""
        kind = pack.events[KIND]
        if "safe-now" in kind.fields:
            self.fields["safe-now"] = forms.ChoiceField(
                label=_("Is the pupil safe now?"),
                choices=[
                    (
                        code,
                        Choice(
                            SAFE.get(code) or wording.option_label(pack, "safe-now", code, lang),
                            help=SAFE_HINTS.get(code, ""),
                        ),
                    )
                    for code in pack.options["safe-now"]
                ],
                widget=Cards,
            )
        line = forms.TextInput(attrs={"list": "pupils", "dir": "auto", "autocomplete": "off"})
        for role, label in (("target", _("Whom did it happen to?")), ("actor", _("Who is named as doing it?"))):
            if role in kind.about:
                self.fields[role] = forms.CharField(
                    label=label, required=False, max_length=600, widget=line, help_text=_("Names, parted by commas.")
                )
        self.fields["what"] = forms.CharField(
            label=_("What happened?"),
            max_length=LONGEST["long"],
            widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        )
        self.fields["at"] = MomentField(label=_("When was it seen or told?"))
        self._coded(pack, "way", _("How did you hear of it?"), lang)
        if pack.options.get("places"):
            self.fields["place"] = forms.MultipleChoiceField(
                label=_("Where was it?"), required=False, widget=Places, choices=_options(pack, "places", lang)
            )
        self._teller(pack, lang)
        self.fields["files"] = files_field(label=_("The paper, a picture or a file"), required=False)

    def _teller(self, pack: Pack, lang: str) -> None:
        """For whom it is entered."""
        self._coded(pack, "source-kind", _("Who told it?"), lang)
        self._coded(pack, "openness", _("Does the person who told it want to stay unnamed?"), lang)
        for name, label in (
            ("teller-name", _("Name of the person who told it")),
            ("teller-contact", _("How to reach them")),
        ):
            if name in pack.events[KIND].fields:
                self.fields[name] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=LONGEST["short"],
                    widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
                )

    def _coded(self, pack: Pack, name: str, label: str, lang: str) -> None:
        spec = pack.events[KIND].fields.get(name)
        if spec is not None and pack.options.get(spec.options):
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", _("Not said")), *_options(pack, spec.options, lang)],
                widget=forms.Select,
            )

    def clean_at(self) -> datetime:
        """Nothing is reported from the future."""
        at: datetime = self.cleaned_data["at"]
        if at > self.now:
            raise forms.ValidationError(_("This lies in the future. Give the moment at which it was seen or told."))
        return at

    def deed(self) -> dict[str, Any]:
        """What ``records.actions.record`` takes. Names that are no pupil's are kept as people from outside, sealed."""
        given: Mapping[str, Any] = self.cleaned_data
        about: dict[str, list[str]] = {}
        outside: dict[str, list[Outside]] = {}
        for role in PEOPLE:
            for name in _names(given.get(role, "")):
                person = self.people.get(_key(name))
                if person is not None:
                    about.setdefault(role, []).append(str(person.id))
                else:
                    outside.setdefault(role, []).append(Outside(name, ""))
        hide = given.get("openness") == NO_NAME
        names = (*PEOPLE, "at", "files", *(("teller-name", "teller-contact") if hide else ()))
        fields = {name: value for name, value in given.items() if name not in names and value not in ("", [], None)}
        fields.setdefault("source-kind", "staff")
        return {
            "at": given["at"],
            "about": about,
            "outside": outside,
            "fields": fields,
            "files": given.get("files") or [],
        }


def _options(pack: Pack, options: str, lang: str) -> list[tuple[str, Choice]]:
    found = pack.options[options]
    return [(code, Choice(wording.option_label(pack, options, code, lang), icon=found[code].icon)) for code in found]


def _by_name(pupils: Sequence[tuple[Person, str]]) -> dict[str, Person]:
    """Pupils by name, and by name and class; a name that two of them share counts only with the class."""
    found: dict[str, Person] = {}
    twice: set[str] = set()
    for person, class_name in pupils:
        found[_key(shown(person, class_name))] = person
        for name in {str(person.name), str(person.reading)} - {""}:
            key = _key(name)
            twice |= {key} if key in found and found[key] is not person else set()
            found[key] = person
    return {key: person for key, person in found.items() if key not in twice}


def shown(person: Person, class_name: str) -> str:
    """A pupil as the list offers them."""
    name = str(person.name)
    return f"{name} ({class_name})" if class_name else name


def _key(name: str) -> str:
    import unicodedata

    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _names(text: str) -> list[str]:
    import re

    return [name for part in re.split(r"[,;、，；\n]", text) if (name := part.strip())][:20]
