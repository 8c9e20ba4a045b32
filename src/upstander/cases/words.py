"""A pack's words for one reader: labels with their language, clauses as links, values of fields as people say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext

from upstander.policy import labels
from upstander.policy.model import Field, FieldType, Pack
from upstander.ui import dates
from upstander.ui.parts import Clause


@dataclass(frozen=True)
class Words:
    """The words of a pack in ``lang`` (BCP 47), for a school's pages (``slug``)."""

    pack: Pack
    lang: str
    slug: str
    found: bool = True
    """Whether the matter is decided; before, everybody in it is called what they are named as."""

    def label(self, path: str) -> str:
        """The text at a path, in the reader's language if the pack has it there."""
        return labels.label(self.pack, path, self.lang)

    def lang_of(self, path: str) -> str:
        """The language in which ``label`` answers, empty where it is the reader's."""
        if self.pack.language == self.lang or path in self.pack.words.get(self.lang, {}):
            return ""
        return "" if path in self.pack.builtin_words else self.pack.language

    def role(self, role: str) -> str:
        return labels.role(self.pack, role, self.lang, found=self.found)

    def role_path(self, role: str) -> str:
        """The path at which ``role`` finds its words."""
        info = self.pack.roles.get(role)
        path = f"roles.{role}.{'named_as' if not self.found and info and info.named_as else 'title'}"
        return labels.of_thing(self.pack, path)

    def deed(self, kind: str) -> str:
        """The deed in the infinitive, as a button says it."""
        return self.label(f"events.{kind}.label")

    def done(self, kind: str) -> str:
        """The same in the past, as the timeline says it."""
        return self.label(f"events.{kind}.done" if self._has(kind, "done") else f"events.{kind}.label")

    def _has(self, kind: str, attribute: str) -> bool:
        event = self.pack.events.get(kind)
        return event is not None and bool(getattr(event, attribute))

    def duty(self, rule: str) -> str:
        return self.label(f"duties.{rule}.label")

    def fact(self, fact: str) -> str:
        text = self.label(f"facts.{fact}.label")
        return text[:1].upper() + text[1:]

    def limit(self, limit: str) -> str:
        return self.label(f"limits.{limit}.label")

    def field(self, kind: str, field: str) -> str:
        return self.label(f"events.{kind}.fields.{field}.label")

    def option(self, options: str, code: str) -> str:
        return self.label(f"options.{options}.{code}.label")

    def options(self, options: str) -> list[tuple[str, str, str]]:
        """The codes of a list with label and help, in the pack's order."""
        found = self.pack.options.get(options, {})
        return [
            (code, self.option(options, code), self.label(f"options.{options}.{code}.help") if each.help else "")
            for code, each in found.items()
        ]

    def clauses(self, ids: Iterable[str]) -> list[Clause]:
        """The clauses as they are quoted, each a link to its place in the published policy."""
        found = []
        for each in ids:
            clause = self.pack.clauses.get(each)
            if clause is not None:
                path = f"clauses.{each}.text"
                found.append(
                    Clause(
                        id=each,
                        at=clause.at,
                        text=self.label(path),
                        url=self.policy_url(each),
                        lang=self.lang_of(path) or self.lang,
                    )
                )
        return found

    def policy_url(self, clause: str = "") -> str:
        """Where a clause stands in the published policy, for staff."""
        url = reverse("school:policy", args=[self.slug])
        return f"{url}#{clause}" if clause else url

    def value(self, field: Field, value: object, names: Mapping[str, str]) -> str:
        """A field's value as people say it; ``names``: {person's id: name}. Empty where there is none."""
        if value is None or value == "" or value == [] or value == ():
            return ""
        if isinstance(value, list | tuple):
            return self.joined([self.value(field, each, names) for each in value])
        text = str(value)
        match field.type:
            case FieldType.ONE_OF | FieldType.SOME_OF | FieldType.PLACE | FieldType.SCALE if field.options:
                return self.option(field.options, text)
            case FieldType.YES_NO:
                return gettext("Yes") if text == "yes" else gettext("No")
            case FieldType.PERSON:
                return names.get(text, gettext("Somebody"))
            case FieldType.DATE:
                return self._day(text)
            case FieldType.NUMBER:
                return number(text)
            case _:
                return text

    def _day(self, text: str) -> str:
        try:
            return dates.long_day(date.fromisoformat(text), self.lang)
        except ValueError:
            return text

    def joined(self, parts: Sequence[str]) -> str:
        """Several things in a row, with the comma of the language."""
        mark = "、" if self.lang in ("ja", "zh-Hans") else ", "
        return mark.join(part for part in parts if part)

    def spaced(self, parts: Sequence[str]) -> str:
        """Several statements in a line, set apart as the language does it."""
        mark = "　" if self.lang in ("ja", "zh-Hans") else ", "
        return mark.join(part for part in parts if part)

    def either(self, parts: Sequence[str]) -> str:
        """Several things of which one is enough."""
        if len(parts) < 2:
            return "".join(parts)
        return gettext("%(first)s or %(last)s") % {"first": self.joined(parts[:-1]), "last": parts[-1]}

    def moment(self, at: datetime, now: datetime) -> str:
        return dates.moment(at, self.lang, now)


def number(value: str | Decimal) -> str:
    """A number as people write it: without needless zeros; what is no number stays as it is."""
    try:
        found = Decimal(value)
    except ArithmeticError:
        return str(value)
    return str(found.quantize(Decimal(1))) if found == found.to_integral_value() else str(found.normalize())
