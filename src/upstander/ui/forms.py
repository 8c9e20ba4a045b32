"""Forms in the look: a renderer for any Django form, and the fields that forms of a policy are made of.

``FORM_RENDERER = "upstander.ui.forms.LookRenderer"`` makes ``field.as_field_group()`` (``{% field form.x %}``)
show label, hint, error and input in the look, whatever the field. ``Form`` is the base class for our own
forms: friendly messages, no silent cutting of long texts, no browser validation in a language that is not ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import DjangoTemplates
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext_lazy

from upstander.ui import scales

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Choice:
    """The label of an option that has more to say: a hint inside the card, a picture.

    Stands where Django wants an option's label: ``choices=[("gym", Choice("Gym", icon="gym"))]``.
    """

    label: Text
    help: Text = ""
    icon: str = ""

    def __str__(self) -> str:
        return str(self.label)


class LookBoundField(forms.BoundField):
    """A field of a form as the templates ask about it."""

    @property
    def shape(self) -> str:
        """How the field is laid out: the name of a template in ``ui/forms/``."""
        widget = self.field.widget
        shape = getattr(widget, "shape", "")
        if shape:
            return str(shape)
        match widget:
            case forms.CheckboxSelectMultiple() | forms.RadioSelect():
                return "choices"
            case forms.CheckboxInput():
                return "check"
            case forms.SplitDateTimeWidget():
                return "moment"
            case forms.MultiWidget():
                return "group"
            case _:
                return "input"

    @property
    def template_path(self) -> str:
        """The template that lays the field out."""
        return f"ui/forms/{self.shape}.html"

    @property
    def first_id(self) -> str:
        """The id an error in the summary leads to: the input, or the first of several."""
        several = isinstance(self.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget)
        return f"{self.auto_id}_0" if several and self.auto_id else self.id_for_label

    def build_widget_attrs(self, attrs: Any, widget: Any = None) -> Any:
        """Leave ``aria-invalid`` off single options: the group's text says what to do, a radio may not carry it."""
        built = super().build_widget_attrs(attrs, widget)
        if isinstance(self.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            built.pop("aria-invalid", None)
        return built

    @property
    def optional(self) -> bool:
        """Whether to say that the field may stay empty (forms with ``mark_optional``)."""
        return bool(getattr(self.form, "mark_optional", False)) and not self.field.required

    @property
    def is_heading(self) -> bool:
        """Whether this field's legend or label is the page's heading (the form's ``heading_field``)."""
        return getattr(self.form, "heading_field", "") == self.name

    @property
    def lang(self) -> str:
        """The language of label and hint, where the form says that it is not the page's."""
        return str(getattr(self.form, "lang", ""))


class LookRenderer(DjangoTemplates):
    """Show forms with the templates of this room, and widgets with Django's own."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = LookBoundField

    def get_template(self, template_name: str) -> Any:
        """Look in the project's templates first (they have our tags), then in Django's widgets."""
        try:
            return get_template(template_name)
        except TemplateDoesNotExist:
            return super().get_template(template_name)


_WORDS: Final[dict[str, Text]] = {
    "required": gettext_lazy("This is still blank."),
    "invalid_choice": gettext_lazy("Choose one of these."),
    "invalid_list": gettext_lazy("Choose from these."),
    "max_length": ngettext_lazy(
        "This is too long: at most %(limit_value)d character. Nothing you wrote is lost.",
        "This is too long: at most %(limit_value)d characters. Nothing you wrote is lost.",
        "limit_value",
    ),
    "min_length": ngettext_lazy(
        "Write at least %(limit_value)d character.", "Write at least %(limit_value)d characters.", "limit_value"
    ),
    "max_value": gettext_lazy("This can be %(limit_value)s at most."),
    "min_value": gettext_lazy("This must be %(limit_value)s or more."),
    "null_characters_not_allowed": gettext_lazy("There is a sign in this that cannot be kept. Write it again."),
    "contradiction": gettext_lazy("Choose a file, or take the old one away: not both."),
    "missing": gettext_lazy("No file has arrived. Choose it again."),
    "empty": gettext_lazy("This file is empty. Choose another one."),
}
_INVALID: Final[tuple[tuple[type[forms.Field], Text], ...]] = (
    (forms.EmailField, gettext_lazy("Write an e-mail address like name@example.org.")),
    (forms.SplitDateTimeField, gettext_lazy("Give a day and a time.")),
    (forms.DateTimeField, gettext_lazy("Give a day and a time.")),
    (forms.DateField, gettext_lazy("Give a day that exists.")),
    (forms.TimeField, gettext_lazy("Give a time like 15:30.")),
    (forms.IntegerField, gettext_lazy("Write a number.")),
    (forms.DecimalField, gettext_lazy("Write a number.")),
    (forms.FileField, gettext_lazy("No file has arrived. Choose it again.")),
)
_CHOOSE: Final = gettext_lazy("Choose one of these.")
_CHOOSE_SOME: Final = gettext_lazy("Choose at least one of these.")
_TICK: Final = gettext_lazy("Tick this, then we can go on.")
_CHOOSE_FILE: Final = gettext_lazy("Choose a file.")


def soften(form: forms.BaseForm) -> None:
    """Give every field of a form our words for what is missing, where it still has Django's.

    Messages that a form sets itself stay. Browser validation and silent cutting at ``maxlength`` are
    switched off, so that the page answers in its own language and keeps all that was written.
    """
    form.use_required_attribute = False
    for field in [part for whole in form.fields.values() for part in (whole, *getattr(whole, "fields", ()))]:
        defaults = _defaults(type(field))
        for code, message in {**_WORDS, **_special(field)}.items():
            if code not in field.error_messages or field.error_messages[code] == defaults.get(code):
                field.error_messages[code] = message
        limit = field.widget.attrs.pop("maxlength", None)
        if limit and isinstance(field.widget, forms.Textarea):
            field.widget.attrs["data-max"] = limit
        field.widget.attrs.pop("minlength", None)


def _special(field: forms.Field) -> dict[str, Text]:
    """Return the words that depend on the kind of field."""
    found: dict[str, Text] = {}
    for kind, message in _INVALID:
        if isinstance(field, kind):
            found["invalid"] = message
            break
    if isinstance(field, forms.SplitDateTimeField):
        found |= {"required": found["invalid"], "invalid_date": _INVALID[3][1], "invalid_time": _INVALID[4][1]}
    if isinstance(field, forms.FileField):
        found["required"] = _CHOOSE_FILE
    elif isinstance(field, forms.BooleanField):
        found["required"] = _TICK
    elif isinstance(field, forms.MultipleChoiceField):
        found["required"] = _CHOOSE_SOME
    elif isinstance(field, forms.ChoiceField):
        found["required"] = _CHOOSE
    return found


def _defaults(kind: type[forms.Field]) -> dict[str, Any]:
    """Return the messages that a class of field starts with."""
    found: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        found.update(getattr(base, "default_error_messages", {}))
    return found


class Form(forms.Form):
    """The base of our own forms.

    ``mark_optional`` says "optional" beside fields that may. ``heading_field`` names the one field whose
    question is the page's ``h1``. ``lang`` is the language of labels that come from a pack, where the page is in another one.
    """

    required_css_class = ""
    error_css_class = "has-error"
    mark_optional = False
    heading_field = ""
    lang = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        soften(self)


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the summary above a form: the input's id (empty for the whole form), what it is about, what to do."""

    id: str
    label: str
    message: str


def problems(form: forms.BaseForm) -> list[Problem]:
    """Return a bound form's errors in the order of its fields, those of the whole form first."""
    if not form.is_bound:
        return []
    found = [Problem("", "", str(message)) for message in form.non_field_errors()]
    for bound in form:
        label = strip_label(str(bound.label))
        target = bound.first_id if isinstance(bound, LookBoundField) else bound.id_for_label
        found += [Problem("" if bound.is_hidden else target, label, str(message)) for message in bound.errors]
    return found


def strip_label(label: str) -> str:
    """Return a label without the mark at its end, to stand before a message."""
    return label.rstrip(" :：?？。.")


class Cards(forms.RadioSelect):
    """One of several, as cards; the whole card is the target."""

    shape = "choices"


class ManyCards(forms.CheckboxSelectMultiple):
    """Any number of several, as cards."""

    shape = "choices"


class Places(forms.CheckboxSelectMultiple):
    """The school's places as pictures with words (``Choice(label, icon=…)``); several may be true."""

    shape = "places"


class Scale(forms.RadioSelect):
    """A row of steps from one end to the other, each with its own word."""

    shape = "scale"


class DayInput(forms.DateInput):
    """A day, by the browser's own picker."""

    input_type = "date"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "short", **(attrs or {})}, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """A time of day, by the browser's own picker."""

    input_type = "time"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "short", **(attrs or {})}, format="%H:%M")


class MomentInput(forms.SplitDateTimeWidget):
    """A day and a time, two native inputs with a label each."""

    shape = "moment"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        forms.MultiWidget.__init__(self, widgets=[DayInput(attrs), ClockInput(attrs)])


class DayField(forms.DateField):
    """A calendar day; gives a ``date``."""

    widget = DayInput


class ClockField(forms.TimeField):
    """A time of day; gives a ``time``."""

    widget = ClockInput


class MomentField(forms.SplitDateTimeField):
    """A day and a time in the school's zone; gives a naive ``datetime`` of whole minutes."""

    widget = MomentInput

    def compress(self, data_list: Any) -> Any:
        """Join day and time, naive, without seconds."""
        from datetime import datetime

        if not data_list or any(part in self.empty_values for part in data_list):
            return None
        return datetime.combine(data_list[0], data_list[1]).replace(second=0, microsecond=0, tzinfo=None)


class YesNoField(forms.ChoiceField):
    """Yes or no; gives ``"yes"``, ``"no"`` or, where it may stay open, ``""``."""

    widget = Cards

    def __init__(self, *, unsure: bool = False, **kwargs: Any) -> None:
        options: list[tuple[str, Text]] = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
        if unsure:
            options.append(("not-sure", gettext_lazy("I do not know")))
        super().__init__(choices=options, **kwargs)


class ScaleField(forms.ChoiceField):
    """A step from 1 to 5, each with its word (see ``scales``) and, for the young, a picture."""

    widget = Scale

    def __init__(self, *, kind: str = "agree", pictures: bool = False, **kwargs: Any) -> None:
        options = [
            (str(step), Choice(word, icon=f"face-{step}" if pictures else ""))
            for step, word in enumerate(scales.words(kind), start=1)
        ]
        super().__init__(choices=options, **kwargs)


class FilesInput(forms.ClearableFileInput):
    """Several files at once, each chosen on the device."""

    shape = "files"
    allow_multiple_selected = True

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(attrs={"multiple": True, **(attrs or {})})


class FilesField(forms.FileField):
    """Several uploaded files; gives a list. ``most`` files, ``most_bytes`` each, ``most_total`` together."""

    widget = FilesInput

    def __init__(
        self, *, most: int = 10, most_bytes: int = 10_000_000, most_total: int = 30_000_000, **kwargs: Any
    ) -> None:
        self.most, self.most_bytes, self.most_total = most, most_bytes, most_total
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:  # type: ignore[override]
        """Check number and sizes; what the files really are is checked where they are kept."""
        given: Iterable[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        files = [super(FilesField, self).clean(one, initial) for one in given if one]
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > self.most:
            message = gettext("These are too many files: at most %(most)d.") % {"most": self.most}
            raise forms.ValidationError(message, code="too_many")
        for file in files:
            if file.size and file.size > self.most_bytes:
                raise forms.ValidationError(self._too_big(file.name or "", self.most_bytes), code="too_big")
        if sum(file.size or 0 for file in files) > self.most_total:
            message = gettext("Together these files are too big: at most %(size)d MB. Send some of them later.")
            raise forms.ValidationError(message % {"size": self.most_total // 1_000_000}, code="too_big")
        return files

    @staticmethod
    def _too_big(name: str, limit: int) -> str:
        """Return what to do about one file that is too big."""
        message = gettext("“%(name)s” is too big: at most %(size)d MB for one file.")
        return message % {"name": name, "size": limit // 1_000_000}
