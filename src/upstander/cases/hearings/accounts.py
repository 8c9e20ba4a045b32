"""The table of accounts: what each person said, side by side, and the differences that somebody numbered.

The software lays the accounts beside one another and finds nothing itself: whether two of them differ a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from upstander.cases.filling import Filling
from upstander.cases.hearings import room as rooms
from upstander.cases.hearings.room import Heard, Hearings, Statement
from upstander.cases.looking import Looking
from upstander.policy.model import FieldType
from upstander.ui import dates
from upstander.ui.parts import Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one person said in a row: (when it was said, the words), first hearing before second. ``sealed``: not to be read yet."""

    person: str
    name: str
    words: Sequence[tuple[str, str]] = ()
    sealed: bool = False
    unheard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question and everybody's answer. ``differences``: the numbers of those found in it."""

    id: str
    label: str
    lang: str
    cells: Sequence[Said]
    differences: Sequence[str] = ()

    @property
    def may_differ(self) -> bool:
        """Whether two people have answered here at all."""
        return sum(bool(each.words) for each in self.cells) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A numbered difference. ``row``: the question; ``sides``: [(person's id, name, what they said, each hearing on a line)].

    ``settled``: None while it is open, else the entry's outcome in words; ``stands``: it stands as a contradiction. ``ask_again``:
    who has not been heard again since it was found. ``note`` and ``end_note``: what was written when it was found and settled.
    """

    number: str
    row: str
    sides: Sequence[tuple[str, str, str]]
    found: datetime
    note: str = ""
    settled: str | None = None
    stands: bool = False
    end_note: str = ""
    ask_again: Sequence[Heard] = ()

    @property
    def label(self) -> str:
        """Its number and what it is about."""
        return _("Difference %(number)s: %(row)s") % {"number": self.number, "row": self.row}

    @property
    def state(self) -> str:
        """How it stands, in the reader's language."""
        if self.settled is not None:
            return self.settled
        if self.ask_again:
            return _("To be heard again")
        return _("Everybody was heard again; not settled yet")


def columns(hearings: Hearings) -> list[Heard]:
    """Who stands in the table: everybody who has been heard."""
    heard = {each.person for each in hearings.statements}
    return [each for each in hearings.people if each.id in heard]


def rows(hearings: Hearings) -> list[Row]:
    """The table, a row for each question of the policy."""
    kind, found = hearings.room.heard, differences_of(hearings)
    people = columns(hearings)
    made = []
    for row in hearings.room.rows:
        path = f"events.{kind}.fields.{row}.label"
        made.append(
            Row(
                id=row,
                label=hearings.looking.words.label(path),
                lang=hearings.looking.words.lang_of(path),
                cells=[_said(hearings, each, row) for each in people],
                differences=[each.number for each in found if each.row == hearings.looking.words.label(path)],
            )
        )
    return made


def _said(hearings: Hearings, person: Heard, row: str) -> Said:
    statements = hearings.said_by(person.id)
    words = [(_when(hearings, each), each.said(row)) for each in statements if each.said(row)]
    sealed = any(each.waits for each in statements)
    return Said(person=person.id, name=person.name, words=words, sealed=sealed)


def _when(hearings: Hearings, statement: Statement) -> str:
    when = dates.moment(statement.at, hearings.looking.lang, hearings.looking.now)
    return _("heard again %(when)s") % {"when": when} if statement.again else when


# --- differences ---------------------------------------------------------------------------------------------------


def differences(looking: Looking) -> list[Difference]:
    """The numbered differences of a record, in their order; what the viewer may not read yet is not in their words.

    For every later report: the case on paper and the final report of a serious incident print them with both versions. Empty
    where the policy knows no such thing, or nobody has found one.
    """
    hearings = rooms.of(looking)
    return differences_of(hearings) if hearings is not None else []


def differences_of(hearings: Hearings) -> list[Difference]:
    """The same, of hearings at hand."""
    room = hearings.room
    if room.difference is None or room.number is None:
        return []
    ends = _ends(hearings)
    found = []
    for each in hearings._entries(room.difference):
        event = hearings.event(each)
        number = next(iter(event.about.get(room.number, ())), "")
        people = hearings.about(str(each.id))
        row = str(event.fields.get(room.row or "", ""))
        outcome, stands, end_note = ends.get(number, (None, False, ""))
        again = {one.person for one in hearings.statements if one.again and one.at >= each.at}
        found.append(
            Difference(
                number=number,
                row=_row_label(hearings, row),
                sides=[(one, hearings.name(one), _words(hearings, one, row)) for one in people],
                found=each.at,
                note=_note(each.fields),
                settled=outcome,
                stands=stands,
                end_note=end_note,
                ask_again=[
                    person
                    for person in hearings.people
                    if person.id in people and person.id not in again and not hearings.excused(person.id)
                ],
            )
        )
    return found


def _ends(hearings: Hearings) -> dict[str, tuple[str, bool, str]]:
    """{number: (outcome in words, whether it stands as a contradiction, what was written)}."""
    room, words = hearings.room, hearings.looking.words
    found: dict[str, tuple[str, bool, str]] = {}
    for each in hearings._entries(room.settled):
        event = hearings.event(each)
        code = str(event.fields.get(room.outcome or "", ""))
        options = hearings.looking.pack.events[room.settled or ""].fields[room.outcome].options if room.outcome else ""
        outcome = words.option(options, code) if options and code else each.done
        for number in event.about.get(room.number or "", ()):
            found[number] = outcome, code == room.stands, _note(each.fields)
    return found


def _note(fields: Sequence[object]) -> str:
    return next((each.value for each in fields if getattr(each, "type", "") == FieldType.LONG_TEXT.value), "")  # type: ignore[attr-defined]


def _row_label(hearings: Hearings, row: str) -> str:
    return hearings.looking.words.label(f"events.{hearings.room.heard}.fields.{row}.label") if row else ""


def _words(hearings: Hearings, person: str, row: str) -> str:
    said = [each.said(row) for each in hearings.said_by(person) if each.said(row)]
    return "\n".join(dict.fromkeys(said))


# --- marking and settling -----------------------------------------------------------------------------------------------


@dataclass
class Marking(Filling):
    """The form of a difference: its number, its row and whom it names stand in it already."""

    hearings: Hearings = field(kw_only=True)
    row: str = ""
    people: Sequence[str] = ()
    number: str = ""

    def __post_init__(self) -> None:
        room = self.hearings.room
        about = _roles(self.hearings, self.people)
        if self.number and room.number:
            about[room.number] = [self.number]
        fixed: dict[str, list[str]] = {f"about-{role}": ids for role, ids in about.items()}
        if self.row and room.row:
            fixed[room.row] = [self.row]
        self.asked = _with(QueryDict(mutable=True), fixed)
        if self.data is not None:
            self.data = _with(self.data.copy(), fixed)

    @property
    def visible_fields(self) -> list[object]:
        """What is left to be filled in."""
        given = {self.hearings.room.row} if self.row else set()
        return [self.form[name] for name in self.form.fields if name not in given]


def _with(data: QueryDict, fixed: Mapping[str, Sequence[str]]) -> QueryDict:
    for name, values in fixed.items():
        data.setlist(name, list(values))
    return data


def _roles(hearings: Hearings, people: Sequence[str]) -> dict[str, list[str]]:
    """{role: ids} of people who are heard here."""
    found: dict[str, list[str]] = {}
    for each in hearings.people:
        if each.id in people:
            found.setdefault(each.role, []).append(each.id)
    return found


def next_number(hearings: Hearings) -> str:
    """The number of the next difference: struck ones keep theirs."""
    kind, name = hearings.room.difference, hearings.room.number
    used = [
        int(number)
        for event in hearings.looking.log
        if event.kind == kind
        for number in event.about.get(name or "", ())
        if number.isdecimal()
    ]
    return str(max(used, default=0) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A difference as the page shows it, with what can be done about it."""

    difference: Difference
    when: str
    again: Sequence[Deed] = field(default_factory=tuple)
    settle: Deed | None = None


def shown(hearings: Hearings) -> list[Open]:
    """The differences in their order."""
    looking, room = hearings.looking, hearings.room
    may_settle = room.settled is not None and looking.may(room.settled)
    found = []
    for each in differences_of(hearings):
        again = [
            Deed(label=_("Hear again: %(name)s") % {"name": hearings.name(person.id)}, url=deed.url)
            for person in each.ask_again
            if each.settled is None and (deed := hearings.hear(person, again=True)) is not None
        ]
        settle = None
        if each.settled is None and may_settle:
            settle = Deed(label=_("Settle it"), url=looking.url("settle_difference", each.number))
        when = dates.moment(each.found, looking.lang, looking.now)
        found.append(Open(difference=each, when=when, again=again, settle=settle))
    return found
