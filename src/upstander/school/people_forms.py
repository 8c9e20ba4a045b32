"""Forms of the office: a new member of staff, a post, being away, a roster file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upstander.people.models import SchoolClass
from upstander.records import files
from upstander.ui import languages
from upstander.ui.forms import DayField, Form

LARGEST_ROSTER = 1024 * 1024


class NewMember(Form):
    """Somebody new on the staff."""

    mark_optional = True
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("Mail address"), help_text=_("The invitation is for this address."), max_length=254
    )
    language = forms.ChoiceField(label=_("Language"), choices=[(each.tag, each.name) for each in languages.ALL])


class Address(Form):
    """Where mails for somebody go."""

    email = forms.EmailField(label=_("Mail address"), max_length=254)


class GivePost(Form):
    """A post that somebody holds from today: in the whole school, a grade or a class."""

    role = forms.ChoiceField(label=_("Post"))
    where = forms.ChoiceField(label=_("Where"), required=False, help_text=_("For posts of one class or one grade."))

    def __init__(
        self, *args: Any, posts: Iterable[tuple[str, str]], classes: Iterable[SchoolClass], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = list(classes)
        grades = dict.fromkeys(row.grade for row in rows)
        self.fields["role"].choices = [("", "–"), *posts]  # type: ignore[attr-defined]
        self.fields["where"].choices = [  # type: ignore[attr-defined]
            ("", _("Whole school")),
            (_("Grade"), [(f"grade:{grade}", grade) for grade in grades]),
            (_("Class"), [(f"class:{row.id}", row.name) for row in rows]),
        ]


class Away(Form):
    """From when to when somebody is away; deputies are told meanwhile."""

    mark_optional = True
    first_day = DayField(label=_("First day away"))
    last_day = DayField(label=_("Last day away"), required=False, help_text=_("Leave it empty if nobody knows yet."))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first_day"), found.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first."))
        return found


class Picture(Form):
    """A photograph for the page of whom to talk to. The cleaned ``picture`` is the image drawn anew, without metadata."""

    picture = forms.FileField(
        label=_("Photograph"),
        help_text=_("A face that children know again. It is cut to a small square; place and camera stay behind."),
    )
    agreed = forms.BooleanField(label=_("They agree that everybody may see it on this page."))

    def clean_picture(self) -> bytes:
        try:
            found = files.prepare(self.cleaned_data["picture"])
        except files.RefusedFile as refused:
            raise forms.ValidationError(str(refused)) from None
        if not found.type.startswith("image/"):
            raise forms.ValidationError(_("This is no picture. Take a photograph, as JPEG or PNG."))
        return found.content


class Roster(Form):
    """A CSV file with people and classes."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "One line a person: kind, number, name, class, email, roles, guardian of. First you see what would change."
        ),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_ROSTER:
            raise forms.ValidationError(_("The file is larger than 1 MB. Split it."))
        return bytes(file.read())
