"""Days and moments in words, without Django: ``Monday 11 May 2026``, ``2026年5月11日（月）``."""

from __future__ import annotations

from datetime import date, datetime

_DAYS = {
    "en-GB": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "ja": ("月", "火", "水", "木", "金", "土", "日"),
    "zh-Hans": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
_MONTHS = {
    "en-GB": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "nl": (
        "januari", "februari", "maart", "april", "mei", "juni",
        "juli", "augustus", "september", "oktober", "november", "december",
    ),
}  # fmt: skip


def day_words(day: date, lang: str) -> str:
    """A civil day with its weekday and year; British English for a language that is not one of the four."""
    weekday = _DAYS.get(lang, _DAYS["en-GB"])[day.weekday()]
    if lang in ("ja", "zh-Hans"):
        return f"{day.year}年{day.month}月{day.day}日（{weekday}）"
    month = _MONTHS.get(lang, _MONTHS["en-GB"])[day.month - 1]
    return f"{weekday} {day.day} {month} {day.year}"


def moment_words(moment: datetime, lang: str) -> str:
    """A day and a clock time."""
    joint = {"ja": "", "zh-Hans": " ", "nl": " om "}.get(lang, ", ")
    return f"{day_words(moment.date(), lang)}{joint}{moment:%H:%M}"
