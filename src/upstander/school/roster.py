"""Bringing in people from a CSV file: staff with their posts, classes with their pupils, guardians.

One line a person. Columns (any order, the header names them): ``kind`` (staff, pupil, guardian), ``number`` (the school's own
for this person; a second import finds them by it), ``name``, ``reading`` (kana), ``class``, ``grade``, ``email``,
``language``, ``roles`` (staff: ``role``, ``role@class`` or ``role@grade:7``, separated by ``;``), ``guardian of`` (numbers,
separated by ``;``), ``relation``. Commas, semicolons or tabs; UTF-8, or what spreadsheets write in Japan and China.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from upstander.access import office, officelog
from upstander.people import actions as people
from upstander.people import clock, queries
from upstander.people.models import Person, School, SchoolClass
from upstander.people.packs import pack_of
from upstander.policy.model import Pack
from upstander.school import posts
from upstander.ui import languages

COLUMNS = (
    "kind",
    "number",
    "name",
    "reading",
    "class",
    "grade",
    "email",
    "language",
    "roles",
    "guardian of",
    "relation",
)
NEEDED = ("kind", "number", "name")
LONGEST = 200
MOST_LINES = 20_000


@dataclass(slots=True)
class Report:
    """What an import did or would do; ``lines``: what is wrong, line by line, in the user's language."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    lines: list[str] = field(default_factory=list)

    def skip(self, number: int, why: str) -> None:
        self.skipped += 1
        self.lines.append(_("Line {number}: {why}").format(number=number, why=why))


class _Undo(Exception):
    """Ends a dry run: everything is rolled back."""


def import_csv(school: School, content: bytes, *, dry_run: bool = False, by: UUID | None = None) -> Report:
    """Bring in a file; what is wrong is skipped and said, everything else counts. A second run changes nothing.

    ``by``: who of the office brings it in, None for the technical administrator.
    """
    report = Report()
    try:
        rows = list(_rows(content, school.language, report))
    except (UnicodeDecodeError, csv.Error) as problem:
        report.skip(0, _("This is no CSV file that can be read: {problem}").format(problem=problem))
        return report
    try:
        with transaction.atomic():
            _bring_in(school, rows, report, by)
            if dry_run:
                raise _Undo
    except _Undo:
        pass
    return report


_OLD_ENCODINGS = {"ja": "cp932", "zh-Hans": "gb18030"}
"""What a spreadsheet writes that does not write UTF-8, by the school's language; elsewhere cp1252."""


def decoded(content: bytes, language: str) -> str:
    """The text of a file that a spreadsheet wrote, for a school of this language. Raises UnicodeDecodeError."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode(_OLD_ENCODINGS.get(language, "cp1252"))


def _rows(content: bytes, language: str, report: Report) -> Iterator[tuple[int, dict[str, str]]]:
    text = decoded(content, language)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    header = [name.strip().lower().replace("_", " ") for name in next(reader, [])]
    unknown = [name for name in header if name and name not in COLUMNS]
    missing = [name for name in NEEDED if name not in header]
    if missing or unknown:
        names = ", ".join(missing or unknown)
        why = _("the header lacks {names}") if missing else _("the header has columns that nobody knows: {names}")
        report.skip(1, why.format(names=names))
        return
    for number, cells in enumerate(reader, start=2):
        if number > MOST_LINES:
            report.skip(number, _("more than {most} lines; split the file").format(most=MOST_LINES))
            return
        if any(cell.strip() for cell in cells):
            yield number, {name: cell.strip() for name, cell in zip(header, cells, strict=False)}


@dataclass(frozen=True)
class _Bringing:
    """What the lines of one file need. ``classes``: codes of the school year, and of the pupils' lines in this file."""

    school: School
    pack: Pack
    today: date
    year: int
    by: UUID | None
    classes: frozenset[str]


def _bringing(school: School, rows: list[tuple[int, dict[str, str]]], by: UUID | None) -> _Bringing:
    pack, today = pack_of(school), clock.now(school).date()
    year = today.year if today.month >= pack.hints.first_month else today.year - 1
    codes = {row.code for row in queries.classes(school, year)}
    codes |= {row["class"] for _number, row in rows if row.get("kind") == "pupil" and row.get("class")}
    return _Bringing(school, pack, today, year, by, frozenset(codes))


def _bring_in(school: School, rows: list[tuple[int, dict[str, str]]], report: Report, by: UUID | None) -> None:
    here = _bringing(school, rows, by)
    known = {person.number: person for person in queries.everybody(school) if person.number}
    # Guardians and posts of a class need the pupils and classes of the same file, whatever its order.
    for number, row in sorted(rows, key=lambda pair: {"pupil": 0, "staff": 1}.get(pair[1].get("kind", ""), 2)):
        why = _wrong(row, here, known)
        if why:
            report.skip(number, why)
            continue
        _one(here, row, known, report)
    report.lines.sort(key=lambda line: int("".join(c for c in line.partition(":")[0] if c.isdigit()) or 0))


def _wrong(row: Mapping[str, str], here: _Bringing, known: Mapping[str, Person]) -> str:
    """What is wrong with a line, empty where nothing is."""
    kind = row.get("kind", "")
    if kind not in ("staff", "pupil", "guardian"):
        return _("the kind “{kind}” is none of staff, pupil, guardian").format(kind=kind)
    empty = [name for name in NEEDED if not row.get(name)]
    if empty:
        return _("empty: {names}").format(names=", ".join(empty))
    if any(len(value) > LONGEST for value in row.values()):
        return _("a cell is longer than {most} characters").format(most=LONGEST)
    if row.get("language") and languages.find(row["language"]) is None:
        return _("the language “{language}” is none of ours").format(language=row["language"])
    before = known.get(row["number"])
    if before is not None and before.kind != row["kind"]:
        return _("the number {number} belongs to somebody of another kind").format(number=row["number"])
    if row.get("email") and not _is_address(row["email"]):
        return _("“{text}” is no mail address.").format(text=row["email"])
    if why := _wrong_post(row, here):
        return why
    for pupil in _list(row.get("guardian of", "")):
        if pupil not in known:
            return _("there is no pupil with the number {number}").format(number=pupil)
    return ""


def _wrong_post(row: Mapping[str, str], here: _Bringing) -> str:
    known = {info.id for info in office.posts(here.pack)}
    for role, scope in _roles(row):
        if role not in known:
            return _("the policy knows no post “{role}”").format(role=role)
        # A slip of the pen must not make a class: a class comes from a pupil's line, or was there before.
        if scope and not scope.startswith("grade:") and scope not in here.classes:
            near = difflib.get_close_matches(scope, sorted(here.classes), n=1, cutoff=0.5)
            if near:
                return _("there is no class “{code}” for the post; is it “{near}”?").format(code=scope, near=near[0])
            return _("there is no class “{code}” for the post, and no pupil of it in this file").format(code=scope)
    return ""


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.replace(",", ";").split(";") if part.strip()]


def _roles(row: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(role, scope) for role, _at, scope in (part.partition("@") for part in _list(row.get("roles", "")))]


def _grade_of(code: str) -> str:
    """The grade that a class's code begins with: 7 of 7A, 3 of 3-2."""
    digits = re.match(r"\D*(\d+)", code)
    return digits.group(1) if digits else code


def _one(here: _Bringing, row: Mapping[str, str], known: dict[str, Person], report: Report) -> None:
    person = known.get(row["number"])
    new = person is None
    details = {"reading": row.get("reading", ""), "email": row.get("email", ""), "language": row.get("language", "")}
    if person is None:
        person = people.add_person(here.school, row["kind"], row["name"], number=row["number"], **details)
        known[row["number"]] = person
        changed = True
        if row["kind"] == "staff":
            officelog.note(here.school, "added", person.id, here.by)
    else:
        given = {name: value for name, value in details.items() if value}
        changed = people.change_person(person, name=row["name"], **given)
    changed |= _placed(here, person, row)
    for pupil in _list(row.get("guardian of", "")):
        changed |= people.look_after(person, known[pupil], row.get("relation", ""))
    if new:
        report.added += 1
    elif changed:
        report.changed += 1
    else:
        report.unchanged += 1


def _placed(here: _Bringing, person: Person, row: Mapping[str, str]) -> bool:
    """Classes and posts of a line; returns whether anything changed."""
    changed = False
    if row["kind"] == "pupil" and row.get("class"):
        grade = row.get("grade") or _grade_of(row["class"])
        changed |= people.place(person, _class(here, row["class"], grade), here.today)
    for role, scope in _roles(row):
        grade = scope.removeprefix("grade:") if scope.startswith("grade:") else ""
        of_class = _class(here, scope, _grade_of(scope)) if scope and not grade else None
        changed |= posts.give(here.school, person, role, here.today, by=here.by, school_class=of_class, grade=grade)
    return changed


def _class(here: _Bringing, code: str, grade: str) -> SchoolClass:
    return people.make_class(here.school, here.year, code, grade=grade, name=code)
