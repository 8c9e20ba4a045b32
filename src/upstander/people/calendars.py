"""A school's calendar, frozen: what has been computed from it must come out the same next year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import holidays

from upstander.people import memo
from upstander.people.models import School, SchoolCalendar
from upstander.policy.calendar import Calendar


def calendar_of(school: School) -> Calendar | None:
    """The school's calendar as the engine reads it; None where none has been frozen."""
    rows = SchoolCalendar.objects.filter(school=school).values_list("id", flat=True)
    newest = memo.once(("calendar", school.pk), rows.first)
    return _calendar(newest) if newest else None


@lru_cache(maxsize=256)
def _calendar(calendar_id: UUID) -> Calendar:
    # A frozen calendar never changes, so it is read once per process.
    return Calendar.from_data(SchoolCalendar.objects.get(id=calendar_id).data)


def freeze(
    school: School,
    year: int,
    country: str,
    *,
    terms: Iterable[Mapping[str, str]],
    region: str | None = None,
    first_month: int = 4,
    closed: Iterable[date] = (),
    open_: Iterable[date] = (),
    weekend: tuple[str, ...] = ("sat", "sun"),
    starts: str = "08:30",
    ends: str = "15:30",
    today: date | None = None,
) -> SchoolCalendar:
    """Freeze a school year (from the 1st of ``first_month`` of ``year``) together with the years frozen before.

    ``country`` and ``region`` are those of the holidays library (``JP``, ``GB``/``ENG``); ``terms`` are {id, from, to}.
    A day before ``today`` keeps what it was.
    """
    before = SchoolCalendar.objects.filter(school=school).first()
    old: dict[str, Any] = before.data if before else {}
    public = {day.isoformat() for day in holidays.country_holidays(country, subdiv=region, years=(year, year + 1))}
    span = (date(year, first_month, 1).isoformat(), date(year + 1, first_month, 1).isoformat())
    cut = max(span[0], today.isoformat()) if today and old else span[0]
    listed = {
        "public holidays": public,
        "closed": {day.isoformat() for day in closed} | public,
        "open": {day.isoformat() for day in open_},
    }
    data: dict[str, Any] = {
        "timezone": school.timezone,
        "first month": first_month,
        "terms": _merged_terms(old.get("terms", []), [dict(term) for term in terms]),
        "weekend": list(weekend),
        "school day": {"starts": starts, "ends": ends},
    }
    for name, days in listed.items():
        kept = [day for day in old.get(name, []) if not cut <= day < span[1]]
        data[name] = sorted({*kept, *(day for day in days if cut <= day < span[1])})
    return SchoolCalendar.objects.create(school=school, data=data)


def _merged_terms(old: list[dict[str, str]], new: list[dict[str, str]]) -> list[dict[str, str]]:
    merged = {term["id"]: term for term in old} | {term["id"]: term for term in new}
    return sorted(merged.values(), key=lambda term: term["from"])
