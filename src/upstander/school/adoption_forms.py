"""The forms with which a school makes a policy its own: one for each step of the walk, and the day on which it begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.policy.durations import NoDuration, about_minutes, parse_distance
from upstander.policy.model import Pack, Param, RepeatEach, RepeatEvery
from upstander.school import office
from upstander.school.adoption import (
    AS_READ,
    FOLLOWS,
    KEEPS,
    KEEPS_VOID,
    LEAVES_OUT,
    OTHERWISE,
    Item,
    fingerprint,
)
from upstander.school.lengths import LengthField
from upstander.ui.forms import Choice, DayField, Form

MOST_REASON = 2000
_REASON_NEEDED = (KEEPS, KEEPS_VOID, OTHERWISE)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the form says of one item: the answer as the language writes it, or a code; ``changed``: it was another before."""

    item: Item
    answer: str
    reason: str
    changed: bool
    decided: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One item with its fields, for the page."""

    item: Item
    fields: Sequence[BoundField]


def _name(item: Item) -> str:
    """A name for the item's fields that can stand in an id."""
    return f"i{fingerprint(item.id)[:10]}"


class StepForm(Form):
    """The items of one step. A word or number has an answer and a tick "this is our answer"; the rest is a choice with a reason."""

    def __init__(self, *args: Any, items: Sequence[Item], pack: Pack, lang: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.pack, self.tag = items, pack, lang
        for item in items:
            for name, field in self._made(item):
                self.fields[name] = field

    def rows(self) -> list[Row]:
        """The items in order, each with its fields."""
        return [Row(item, [self[name] for name, _ in self._made(item)]) for item in self.items]

    def _made(self, item: Item) -> Iterator[tuple[str, forms.Field]]:
        sort = item.id.partition(":")[0]
        name = _name(item)
        if sort in ("word", "param"):
            yield name, self._answer(item)
            yield (
                f"{name}d",
                forms.BooleanField(label=_("This is our answer"), required=False, initial=item.done is not None),
            )
            return
        choices = _CHOICES[sort if sort == "flaw" else self._effect(item)]
        done = item.done
        yield (
            name,
            forms.ChoiceField(
                label=_("What does your school decide?"),
                choices=choices,
                widget=forms.RadioSelect,
                required=False,
                initial=done.answer if done else None,
            ),
        )
        yield (
            f"{name}r",
            forms.CharField(
                label=_("Why, or how else"),
                widget=forms.Textarea(attrs={"rows": 3}),
                max_length=MOST_REASON,
                required=False,
                initial=done.reason if done else "",
            ),
        )

    def _effect(self, item: Item) -> str:
        return next(note.effect for note in self.pack.laws if f"law:{note.id}" == item.id)

    def _answer(self, item: Item) -> forms.Field:
        sort, _sep, name = item.id.partition(":")
        label = _("Your school’s answer")
        if sort == "word":
            rhythm = isinstance(self.pack.vague[name].means, RepeatEvery | RepeatEach)
            return LengthField(now=item.written, said=item.said, rhythm=rhythm, label=label, initial=item.written)
        return _number(self.pack, self.pack.params[name], item, label, self.tag)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for item in self.items:
            name = _name(item)
            if found.get(name) in _REASON_NEEDED and not found.get(f"{name}r", "").strip():
                self.add_error(f"{name}r", gettext("Write why, in a sentence: whoever asks later will read it."))
            sort, _sep, param = item.id.partition(":")
            if (
                sort == "param"
                and name in found
                and (wrong := _out_of_bounds(self.pack.params[param], found[name], item))
            ):
                self.add_error(name, wrong)
        return found

    def answers(self) -> list[Answered]:
        """What was answered; items that were left alone are not among them."""
        found = []
        for item in self.items:
            name = _name(item)
            if item.id.partition(":")[0] in ("word", "param"):
                answer = str(self.cleaned_data[name])
                decided = bool(self.cleaned_data.get(f"{name}d"))
                changed = answer != item.written
                if changed or decided:
                    found.append(Answered(item, answer, "", changed, decided))
            elif self.cleaned_data.get(name):
                reason = self.cleaned_data.get(f"{name}r", "").strip()
                found.append(Answered(item, self.cleaned_data[name], reason, False, True))
        return found


_CHOICES = {
    "flaw": [
        (AS_READ, Choice(_("We read it like this too"))),
        (
            OTHERWISE,
            Choice(_("We read it otherwise"), help=_("Write how. A rule may have to change; the studio shows which.")),
        ),
    ],
    "asks more": [
        (FOLLOWS, Choice(_("We do what the law asks"))),
        (KEEPS, Choice(_("We leave the clause as it is for now"), help=_("Write why, and who looks into it."))),
    ],
    "makes void": [
        (LEAVES_OUT, Choice(_("We do not put it before anybody to sign"))),
        (KEEPS_VOID, Choice(_("We keep it, knowing that it binds nobody"), help=_("Write why."))),
    ],
}


def _number(pack: Pack, param: Param, item: Item, label: Any, lang: str) -> forms.Field:
    """The field for one of the school's numbers, by what it is now."""
    help_text = item.note
    if isinstance(param.value, Decimal):
        kind = forms.IntegerField if param.value == param.value.to_integral_value() else forms.DecimalField
        return kind(label=label, initial=param.value, help_text=help_text)
    text = str(param.value)
    if text in pack.roles:
        return forms.ChoiceField(label=label, choices=office.posts_of_pack(pack, lang), initial=text)
    distance = True
    try:
        parse_distance(text)
    except NoDuration:
        distance = False
    return LengthField(
        now=item.written, said=item.said, only_lengths=distance, label=label, initial=item.written, help_text=help_text
    )


def _size(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        pass
    try:
        return float(about_minutes(parse_distance("P1D" if str(value) == "same day" else str(value))))
    except NoDuration:
        return None


def _out_of_bounds(param: Param, answer: object, item: Item) -> str:
    size = _size(answer)
    for bound, beyond in ((param.least, -1), (param.most, 1)):
        limit = None if bound is None else _size(bound)
        if size is not None and limit is not None and (size > limit) - (size < limit) == beyond:
            return gettext("The document allows only %(bounds)s.") % {"bounds": item.note}
    return ""


class Publish(Form):
    """From which day the new version holds."""

    def __init__(self, *args: Any, earliest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earliest = earliest

    from_date = DayField(
        label=_("In force from"),
        help_text=_("What has begun before that day keeps the answers under which it began."),
    )

    def clean_from_date(self) -> date:
        day: date = self.cleaned_data["from_date"]
        if day < self.earliest:
            raise forms.ValidationError(
                _("The earliest day is tomorrow: what has happened is judged by what held then.")
            )
        return day
