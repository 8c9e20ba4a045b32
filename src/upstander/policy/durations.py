"""Durations between text and model: ``PT2H``, ``P1W``, ``P3M``, ``2 school days``, ``1 working day``."""

from __future__ import annotations

import re

from upstander.policy.model import Distance, SchoolDays, Span, WorkingDays
from upstander.policy.words import worded

_ISO = re.compile(
    r"P(?:(?P<years>\d{1,3})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,7})S)?)?"
)
_DAYS = re.compile(r"(\d{1,4}) (school|working) days?")


class NoDuration(ValueError):
    """The text is not a duration; ``message`` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def parse_span(text: str) -> Span:
    """An ISO 8601 duration of whole minutes, greater than nothing."""
    found = _ISO.fullmatch(text)
    if found is None or not any(found.groupdict().values()) or text.endswith("T"):
        raise NoDuration(worded("'{text}' is not a duration such as PT2H, P1D, P1W or P3M", text=text))
    parts = {name: int(value) for name, value in found.groupdict().items() if value is not None}
    if parts.get("seconds"):
        raise NoDuration(worded("'{text}' has seconds, but time is kept to the minute", text=text))
    span = Span(
        months=12 * parts.get("years", 0) + parts.get("months", 0),
        days=7 * parts.get("weeks", 0) + parts.get("days", 0),
        minutes=60 * parts.get("hours", 0) + parts.get("minutes", 0),
    )
    if span == Span():
        raise NoDuration(worded("'{text}' is no time at all", text=text))
    return span


def parse_distance(text: str) -> Distance:
    """An ISO 8601 duration, ``N school days`` or ``N working days``; N at least 1."""
    found = _DAYS.fullmatch(text)
    if found is None:
        return parse_span(text)
    number = int(found[1])
    if number == 0:
        raise NoDuration(worded("'{text}' is no time at all", text=text))
    return SchoolDays(number) if found[2] == "school" else WorkingDays(number)


def is_zero(text: str) -> bool:
    """Whether this is a duration, but of no length."""
    found = _ISO.fullmatch(text)
    days = _DAYS.fullmatch(text)
    if days is not None:
        return int(days[1]) == 0
    return (
        found is not None
        and any(found.groupdict().values())
        and not any(int(v) for v in found.groupdict().values() if v)
    )


def print_distance(distance: Distance) -> str:
    """The shortest text that parses back to the same distance."""
    match distance:
        case SchoolDays(n):
            return f"{n} school day" + ("" if n == 1 else "s")
        case WorkingDays(n):
            return f"{n} working day" + ("" if n == 1 else "s")
        case Span(months, days, minutes):
            return _print_span(months, days, minutes)


def _print_span(months: int, days: int, minutes: int) -> str:
    text = "P"
    if months:
        text += f"{months // 12}Y" if months % 12 == 0 else f"{months}M"
    if days:
        text += f"{days // 7}W" if days % 7 == 0 and not months and not minutes else f"{days}D"
    if minutes:
        text += "T" + (f"{minutes // 60}H" if minutes >= 60 else "") + (f"{minutes % 60}M" if minutes % 60 else "")
    return text if text != "P" else "PT0M"


def about_minutes(distance: Distance) -> int:
    """A rough length in minutes, to compare distances of different kinds (a month as 30 days, a school day as a day)."""
    match distance:
        case SchoolDays(n) | WorkingDays(n):
            return n * 1440
        case Span(months, days, minutes):
            return (months * 30 + days) * 1440 + minutes
