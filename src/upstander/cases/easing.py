"""Waiving a duty or putting off its deadline: only where the pack names the viewer's post, always with a reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upstander.cases import steps
from upstander.cases.looking import Looking
from upstander.records import actions
from upstander.records.errors import Problem
from upstander.records.models import Event
from upstander.records.steps import Step as Duty
from upstander.ui import forms as look


class WaiveForm(look.Form):
    """Why a duty is waived."""

    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), required=True
    )


class ExtendForm(WaiveForm):
    """Until when a duty is put off, and why."""

    to = look.DayField(label=gettext_lazy("Until the end of which day"), required=True)
    field_order = ("to", "reason")


@dataclass
class Easing:
    """One form in one request. ``deed``: ``waive`` or ``extend``; ``asked``: key and number of the instance."""

    looking: Looking
    rule: str
    deed: str
    asked: QueryDict
    data: QueryDict | None = None
    problems_found: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        made = WaiveForm if self.deed == "waive" else ExtendForm
        self.form = made(self.data) if self.data is not None else made()
        self.step = self._duty()

    def _duty(self) -> Duty | None:
        """The open instance, if the viewer may ease it."""
        for duty in steps.open_duties(self.looking):
            if duty.rule != self.rule or not self._is_asked(duty):
                continue
            allowed = duty.waivable if self.deed == "waive" else duty.extendable
            return duty if allowed and self.looking.may(self.deed) else None
        return None

    def _is_asked(self, duty: Duty) -> bool:
        return all(self.asked.get(role, ident) == ident for role, _title, ident, _name in duty.key)

    def save(self) -> Event | None:
        """Record it. None where the form is not right. Raises FormProblems, Denied."""
        if not self.form.is_valid() or self.step is None:
            return None
        fields: dict[str, Any] = {"rule": self.rule, "reason": self.form.cleaned_data["reason"]}
        if self.step.key:
            fields["person"] = self.step.key[0][2]
        if self.deed == "extend":
            to: date = self.form.cleaned_data["to"]
            if to < self.looking.now.date():
                self.form.add_error("to", _("Give a day that is still to come."))
                return None
            fields["to"] = to
        key = (self.data.get("submit_key", "") if self.data is not None else "")[:64]
        return actions.record(self.looking.viewer, self.looking.record, self.deed, fields=fields, submit_key=key)

    def context(self) -> dict[str, Any]:
        """What the page shows."""
        looking = self.looking
        for problem in self.problems_found:
            self.form.add_error(problem.field if problem.field in self.form.fields else None, problem.message)
        shown = [steps.step(looking.words, looking.school, self.step, looking.now)] if self.step else []
        return {
            "looking": looking,
            "title": _("Waive a step") if self.deed == "waive" else _("Put off a step"),
            "back": looking.back,
            "of_record": looking.of_record,
            "form": self.form,
            "submit_key": uuid4().hex,
            "steps": shown,
            "button": looking.words.deed(self.deed),
        }
