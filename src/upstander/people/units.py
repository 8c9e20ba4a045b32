"""Classes and grades as a log names them: a class by its id, a grade as ``grade-2``."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from upstander.people.directory import SCHOOL, Unit
from upstander.people.models import School, SchoolClass

GRADE = "grade-"
ROLES = frozenset({"class", "grade", "unit"})
"""The names of ``about`` under which classes and grades stand, and never a person."""


def name_of_grade(grade: str) -> str:
    return f"{GRADE}{grade}"


def names_of(school: School, units: Iterable[Unit]) -> frozenset[str]:
    """What names these classes and grades in a log; of a grade its classes, too. The whole school has no name."""
    wanted = [unit for unit in units if unit != SCHOOL]
    grades = [unit.grade for unit in wanted if unit.class_id is None]
    found = {str(unit.class_id) for unit in wanted if unit.class_id} | {name_of_grade(grade) for grade in grades}
    if grades:
        rows = SchoolClass.objects.filter(school=school, grade__in=grades).values_list("id", flat=True)
        found |= {str(each) for each in rows}
    return frozenset(found)


def called(school: School, names: Iterable[str]) -> tuple[Unit, ...]:
    """The classes and grades that names of a log mean; of a grade its classes, too. Other names mean none."""
    texts = list(names)
    ids = [found for each in texts if (found := _uuid(each))]
    grades = [each.removeprefix(GRADE) for each in texts if each.startswith(GRADE)]
    if not ids and not grades:
        return ()
    rows = SchoolClass.objects.filter(school=school)
    found_rows = [*rows.filter(id__in=ids), *rows.filter(grade__in=grades)]
    units = [Unit(row.id, row.grade) for row in found_rows]
    return tuple(dict.fromkeys([*units, *(Unit(None, grade) for grade in grades)]))


def words(school: School, names: Iterable[str]) -> dict[str, str]:
    """{name in a log: what the school calls this class or grade}."""
    texts = list(names)
    ids = [one for each in texts if (one := _uuid(each))]
    found = {each: each.removeprefix(GRADE) for each in texts if each.startswith(GRADE)}
    if ids:
        found |= {str(row.id): row.name for row in SchoolClass.objects.filter(school=school, id__in=ids)}
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
