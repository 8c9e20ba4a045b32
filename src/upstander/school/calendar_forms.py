"""A school year of the calendar: its terms and free days."""

from __future__ import annotations

from datetime import date
from typing import Any

import holidays
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.people import calendars
from upstander.people.models import School
from upstander.policy.calendar import school_year
from upstander.policy.model import Pack
from upstander.ui.forms import DayField, Form

TERMS = 4
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class CalendarForm(Form):
    """Terms from day to day, the country whose public holidays are free, and other free days, one a line."""

    mark_optional = True

    def __init__(self, *args: Any, school: School, pack: Pack, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school, self.pack = school, pack
        self.first, _last = school_year(on, pack.hints.first_month)
        for number in range(1, TERMS + 1):
            first = number == 1
            self.fields[f"from{number}"] = DayField(
                label=gettext("Term %(number)s: first day") % {"number": number}, required=first
            )
            self.fields[f"to{number}"] = DayField(
                label=gettext("Term %(number)s: last day") % {"number": number}, required=first
            )
        self.order_fields(
            ["country", *(f"{side}{n}" for n in range(1, TERMS + 1) for side in ("from", "to")), "closed"]
        )

    country = forms.ChoiceField(
        label=_("Public holidays of"),
        choices=[("", "–"), *((code, code) for code in sorted(holidays.list_supported_countries()))],
        help_text=_("The two letters of the country. Its public holidays are free."),
    )
    closed = forms.CharField(
        label=_("Other free days"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        help_text=_("One a line, like 2026-05-04, or from day to day: 2026-12-24 2027-01-06."),
    )

    def clean_closed(self) -> list[date]:
        found: list[date] = []
        for line in self.cleaned_data["closed"].splitlines():
            parts = line.split()
            if not parts:
                continue
            try:
                days = [date.fromisoformat(part) for part in parts]
            except ValueError:
                raise forms.ValidationError(_("“%(line)s” is no day.") % {"line": line[:40]}) from None
            if len(days) > 2 or days[-1] < days[0] or (days[-1] - days[0]).days > 366:
                raise forms.ValidationError(_("“%(line)s” is no day.") % {"line": line[:40]})
            found += [date.fromordinal(n) for n in range(days[0].toordinal(), days[-1].toordinal() + 1)]
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        before: date | None = None
        for number in range(1, TERMS + 1):
            first, last = found.get(f"from{number}"), found.get(f"to{number}")
            if first and not last and f"to{number}" not in self.errors:
                self.add_error(f"to{number}", gettext("A term has a first and a last day."))
            if last and not first and f"from{number}" not in self.errors:
                self.add_error(f"from{number}", gettext("A term has a first and a last day."))
            if first and last and last < first:
                self.add_error(f"to{number}", gettext("The last day lies before the first."))
            if first and before and first <= before:
                self.add_error(f"from{number}", gettext("This term begins before the one before it has ended."))
            before = last or before
        return found

    def freeze(self, today: date) -> None:
        """Keep the year."""
        data, hints = self.cleaned_data, self.pack.hints
        terms = [
            {"id": f"{self.first.year}-{n}", "from": data[f"from{n}"].isoformat(), "to": data[f"to{n}"].isoformat()}
            for n in range(1, TERMS + 1)
            if data.get(f"from{n}") and data.get(f"to{n}")
        ]
        calendars.freeze(
            self.school,
            self.first.year,
            data["country"],
            terms=terms,
            first_month=hints.first_month,
            closed=data["closed"],
            weekend=tuple(_DAYS[day] for day in hints.weekend),
            starts=f"{hints.starts // 60:02}:{hints.starts % 60:02}",
            ends=f"{hints.ends // 60:02}:{hints.ends % 60:02}",
            today=today,
        )
