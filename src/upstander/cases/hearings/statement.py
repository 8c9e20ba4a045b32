"""Writing down what somebody says, and reading it back to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from upstander.access.decide import NotFound
from upstander.cases.filling import Filling
from upstander.cases.hearings.room import Hearings, Statement
from upstander.policy.model import FieldType
from upstander.records.forms import EventForm
from upstander.ui.parts import Deed


@dataclass
class Hearing(Filling):
    """The form of a hearing: the pupil tells first, the questions come after, and the page that follows reads it back."""

    hearings: Hearings = field(kw_only=True)

    def __post_init__(self) -> None:
        read_back = self.hearings.room.read_back
        if self.data is not None and read_back is not None:
            sent = self.data.copy()
            sent[read_back] = "no"  # not yet: the next page does it, with the pupil
            self.data = sent

    @cached_property
    def form(self) -> EventForm:
        """The pack's form, the rows under the words in which the policy asks for them."""
        form: EventForm = super().form
        for row, (text, help_text) in self._questions.items():
            if row in form.fields:
                form.fields[row].label, form.fields[row].help_text = text, help_text
        return form

    @cached_property
    def _questions(self) -> dict[str, tuple[str, str]]:
        name = self.hearings.room.questions
        if name is None:
            return {}
        words, path = self.looking.words, f"questions.{name}.questions"
        return {
            each.id: (words.label(f"{path}.{each.id}.text"), words.label(f"{path}.{each.id}.help") if each.help else "")
            for each in self.looking.pack.questions[name].questions.values()
        }

    def context(self) -> dict[str, Any]:
        """What the page shows, the fields in three parts: who and in their own words, the questions, the rest."""
        room = self.hearings.room
        names = [name for name in self.form.fields if name != room.read_back]
        first = next((n for n, name in enumerate(names) if name in room.rows), len(names))
        asked = [name for name in names if name in room.rows]
        intro = ""
        if room.questions and self.looking.pack.questions[room.questions].intro:
            intro = self.looking.words.label(f"questions.{room.questions}.intro")
        return {
            **super().context(),
            "back": Deed(label=_("Hearings and accounts"), url=self.looking.url("hearings")),
            "before_rows": [self.form[name] for name in names[:first]],
            "asked": [self.form[name] for name in asked],
            "after_rows": [self.form[name] for name in names[first:] if name not in room.rows],
            "asked_intro": intro,
            "asked_open": any(self.form[name].errors or self.form[name].value() for name in asked),
        }


@dataclass
class Confirming(Filling):
    """The pupil's own look at what was written: the form of the pack under the words, in large type."""

    hearings: Hearings = field(kw_only=True)
    statement: Statement = field(kw_only=True)

    def __post_init__(self) -> None:
        person = self.hearings.person(self.statement.person)
        role = f"about-{person.role if person else self.hearings.room.pupils[0]}"
        if self.data is not None:
            sent = self.data.copy()
            sent.setlist(role, [self.statement.person])
            self.data = sent
        asked = QueryDict(mutable=True)
        asked.setlist(role, [self.statement.person])
        self.asked = asked


@dataclass(frozen=True)
class Page:
    """A statement as it is read back: [(label, language of the label, text)], and its files."""

    name: str
    lines: Sequence[tuple[str, str, str]]
    files: Sequence[Deed]


def statement_of(hearings: Hearings, event: UUID) -> Statement:
    """One hearing. Raises NotFound where there is none, or the viewer may not read it yet."""
    found = next((each for each in hearings.statements if each.id == event), None)
    if found is None or found.waits:
        raise NotFound
    return found


def page_of(hearings: Hearings, statement: Statement) -> Page:
    """What is read back: the words of the pupil, with the questions that they answer."""
    looking = hearings.looking
    kind = hearings.room.heard
    in_words = {FieldType.TEXT.value, FieldType.LONG_TEXT.value}
    lines = [
        (each.label, looking.words.lang_of(f"events.{kind}.fields.{each.id}.label"), each.value)
        for each in statement.fields
        if each.type in in_words and each.value and (each.long or each.id in hearings.room.rows)
    ]
    files = [
        Deed(label=file.name, url=looking.url("file", file.id), icon="clip")
        for each in statement.fields
        for file in each.files
    ]
    return Page(hearings.name(statement.person), lines, files)
