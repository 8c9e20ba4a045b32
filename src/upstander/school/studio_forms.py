"""Forms of the studio: a pack to check, a deadline to change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from upstander.school import uploads
from upstander.school.lengths import LengthField
from upstander.ui.forms import Form


class Bring(Form):
    """A pack as a file."""

    file = forms.FileField(
        label=_("The pack"),
        help_text=_("The pack’s folder in a zip file, or one YAML file; at most 5 MB. It is only looked at."),
    )

    def clean_file(self) -> tuple[str, bytes]:
        file = self.cleaned_data["file"]
        if file.size > uploads.LARGEST:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return str(file.name), bytes(file.read())


class Deadline(Form):
    """Another deadline for one duty."""

    def __init__(self, *args: Any, now: str, said: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"] = LengthField(now=now, said=said, label=_("By when"), initial=now)
