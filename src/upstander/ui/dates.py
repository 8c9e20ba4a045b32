"""Dates, times, durations and lateness in the words of four languages.

Pure: every function takes the language (a BCP 47 tag) and, where it matters, ``now``. All moments are
naive civil time of the school's zone, whole minutes. Forms are those of ``look``: ``Tue 10 March``,
``3月10日（火）``, ``di 10 maart``, ``3月10日``; a lateness is always said in words.

The tables are this module's own and not in the gettext catalogues: they are grammar, not sentences, and
mails, reports and the command line use them without Django.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final, Literal

Tag = Literal["en", "nl", "ja", "zh"]

_MONTHS: Final[dict[Tag, tuple[str, ...]]] = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "nl": (
        *("januari", "februari", "maart", "april", "mei", "juni"),
        *("juli", "augustus", "september", "oktober", "november", "december"),
    ),
}
_DAYS: Final[dict[Tag, tuple[str, ...]]] = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "nl": ("ma", "di", "wo", "do", "vr", "za", "zo"),
    "ja": ("月", "火", "水", "木", "金", "土", "日"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
_LONG_DAYS: Final[dict[Tag, tuple[str, ...]]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "ja": tuple(f"{day}曜日" for day in _DAYS["ja"]),
    "zh": ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"),
}
_NEAR: Final[dict[Tag, dict[int, str]]] = {
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
    "nl": {-1: "gisteren", 0: "vandaag", 1: "morgen"},
    "ja": {-1: "昨日", 0: "今日", 1: "明日"},
    "zh": {-1: "昨天", 0: "今天", 1: "明天"},
}
_UNITS: Final[dict[Tag, dict[str, tuple[str, str]]]] = {
    "en": {
        "minute": ("1 minute", "{n} minutes"),
        "hour": ("1 hour", "{n} hours"),
        "day": ("1 day", "{n} days"),
        "week": ("1 week", "{n} weeks"),
        "month": ("1 month", "{n} months"),
        "school day": ("1 school day", "{n} school days"),
    },
    "nl": {
        "minute": ("1 minuut", "{n} minuten"),
        "hour": ("1 uur", "{n} uur"),
        "day": ("1 dag", "{n} dagen"),
        "week": ("1 week", "{n} weken"),
        "month": ("1 maand", "{n} maanden"),
        "school day": ("1 schooldag", "{n} schooldagen"),
    },
    "ja": {
        "minute": ("1分", "{n}分"),
        "hour": ("1時間", "{n}時間"),
        "day": ("1日", "{n}日"),
        "week": ("1週間", "{n}週間"),
        "month": ("1か月", "{n}か月"),
        "school day": ("1授業日", "{n}授業日"),
    },
    "zh": {
        "minute": ("1分钟", "{n}分钟"),
        "hour": ("1小时", "{n}小时"),
        "day": ("1天", "{n}天"),
        "week": ("1周", "{n}周"),
        "month": ("1个月", "{n}个月"),
        "school day": ("1个上学日", "{n}个上学日"),
    },
}
_LATE: Final[dict[Tag, str]] = {"en": "{span} late", "nl": "{span} te laat", "ja": "{span}超過", "zh": "逾期{span}"}
_AHEAD: Final[dict[Tag, str]] = {"en": "in {span}", "nl": "over {span}", "ja": "あと{span}", "zh": "还有{span}"}
_AGO: Final[dict[Tag, str]] = {"en": "{span} ago", "nl": "{span} geleden", "ja": "{span}前", "zh": "{span}前"}
_AFTER: Final[dict[Tag, str]] = {"en": "{span} later", "nl": "{span} later", "ja": "{span}後", "zh": "{span}后"}
_NOW: Final[dict[Tag, str]] = {"en": "just now", "nl": "net", "ja": "たった今", "zh": "刚刚"}
_DUE_NOW: Final[dict[Tag, str]] = {"en": "now", "nl": "nu", "ja": "今すぐ", "zh": "现在"}
_END_OF_DAY: Final[dict[Tag, str]] = {"en": "end of day", "nl": "eind van de dag", "ja": "今日中", "zh": "今天之内"}
_BY: Final[dict[Tag, str]] = {"en": "by {moment}", "nl": "uiterlijk {moment}", "ja": "{moment}まで", "zh": "{moment}前"}
_FROM: Final[dict[Tag, str]] = {"en": "from {moment}", "nl": "vanaf {moment}", "ja": "{moment}から", "zh": "{moment}起"}

_LAST_MINUTE: Final = time(23, 59)


def primary(lang: str) -> Tag:
    """Return which of the four grammars a tag takes; English where it is none of them."""
    head = lang.replace("_", "-").lower().partition("-")[0]
    return "nl" if head == "nl" else "ja" if head == "ja" else "zh" if head == "zh" else "en"


def day(value: date, lang: str, *, today: date | None = None, weekday: bool = True) -> str:
    """Return a day as it stands in lists: ``Tue 10 March``. The year is added where it is not ``today``'s."""
    tag = primary(lang)
    year = today is not None and value.year != today.year
    if tag == "ja":
        head = f"{value.year}年" if year else ""
        tail = f"（{_DAYS[tag][value.weekday()]}）" if weekday else ""
        return f"{head}{value.month}月{value.day}日{tail}"
    if tag == "zh":
        return f"{value.year}年{value.month}月{value.day}日" if year else f"{value.month}月{value.day}日"
    name = f"{_DAYS[tag][value.weekday()]} " if weekday else ""
    tail = f" {value.year}" if year else ""
    return f"{name}{value.day} {_MONTHS[tag][value.month - 1]}{tail}"


def long_day(value: date, lang: str) -> str:
    """Return a day in full, with its year: ``Tuesday 10 March 2026``, ``2026年3月10日（火）``."""
    tag = primary(lang)
    if tag == "ja":
        return f"{value.year}年{value.month}月{value.day}日（{_DAYS[tag][value.weekday()]}）"
    if tag == "zh":
        return f"{value.year}年{value.month}月{value.day}日 {_LONG_DAYS[tag][value.weekday()]}"
    return f"{_LONG_DAYS[tag][value.weekday()]} {value.day} {_MONTHS[tag][value.month - 1]} {value.year}"


def month(value: date, lang: str) -> str:
    """Return a month with its year: ``March 2026``, ``2026年3月``."""
    tag = primary(lang)
    if tag in ("ja", "zh"):
        return f"{value.year}年{value.month}月"
    return f"{_MONTHS[tag][value.month - 1]} {value.year}"


def weekdays(lang: str) -> tuple[str, ...]:
    """Return the short names of the days of the week, Monday first."""
    return _DAYS[primary(lang)]


def spoken_day(value: date, lang: str, *, today: date) -> str:
    """Return a day in running text, said as people say it: ``tomorrow, Wednesday 11 March``."""
    tag = primary(lang)
    near = _NEAR[tag].get((value - today).days)
    if tag == "ja":
        plain = day(value, lang, today=today)
        return f"{near}、{plain}" if near else plain
    if tag == "zh":
        plain = f"{day(value, lang, today=today)}（{_LONG_DAYS[tag][value.weekday()]}）"
        return f"{near}，{plain}" if near else plain
    year = f" {value.year}" if value.year != today.year else ""
    plain = f"{_LONG_DAYS[tag][value.weekday()]} {value.day} {_MONTHS[tag][value.month - 1]}{year}"
    return f"{near}, {plain}" if near else plain


def clock(value: time | datetime, lang: str, *, spoken: bool = False) -> str:
    """Return a time of day, ``16:00`` on all screens; ``spoken`` gives 15時40分 in Japanese running text."""
    if spoken and primary(lang) == "ja":
        return f"{value.hour}時{value.minute:02d}分" if value.minute else f"{value.hour}時"
    return f"{value.hour:02d}:{value.minute:02d}"


def moment(value: datetime, lang: str, now: datetime, *, inline: bool = False) -> str:
    """Return when something was or will be, as short as it stays clear.

    ``Today 08:50``, ``Yesterday 16:30``, ``Mon 13:20`` within six days (Japanese and Chinese name
    the date instead), else ``Tue 10 March 13:20``. ``inline`` is for the middle of a sentence: ``today 08:50``.
    """
    tag = primary(lang)
    days = (value.date() - now.date()).days
    near = _NEAR[tag].get(days)
    if near:
        head = near if inline else _capital(near, tag)
    elif abs(days) <= 6 and tag in ("en", "nl"):
        head = _DAYS[tag][value.weekday()]
    else:
        head = day(value, lang, today=now.date())
    return f"{head} {clock(value, lang)}"


def span(length: timedelta, lang: str) -> str:
    """Return a duration in its largest fitting unit, rounded down: ``22 hours``, ``40分``.

    Minutes below one hour, hours below two days, days below two weeks, weeks below nine weeks, then
    months of 30 days. The sign is ignored.
    """
    minutes = int(abs(length).total_seconds() // 60)
    if minutes < 60:
        return count(minutes, "minute", lang)
    if minutes < 48 * 60:
        return count(minutes // 60, "hour", lang)
    days = minutes // (24 * 60)
    if days < 14:
        return count(days, "day", lang)
    return count(days // 7, "week", lang) if days < 63 else count(days // 30, "month", lang)


def count(number: int, unit: Literal["minute", "hour", "day", "week", "month", "school day"], lang: str) -> str:
    """Return a number of units with the right plural: ``1 school day``, ``3 schooldagen``."""
    one, many = _UNITS[primary(lang)][unit]
    return one if number == 1 else many.format(n=number)


def lateness(due: datetime, now: datetime, lang: str) -> str:
    """Return how late something is, in words (``22 hours late``); empty where it is not late yet."""
    return _LATE[primary(lang)].format(span=span(now - due, lang)) if now > due else ""


def late_by(length: timedelta, lang: str) -> str:
    """Return a lateness of a known length: ``1 day late``, ``1日超過``."""
    return _LATE[primary(lang)].format(span=span(length, lang))


def distance(value: datetime, now: datetime, lang: str) -> str:
    """Return how far a moment is from now: ``in 3 hours``, ``25 minutes ago``, ``just now``."""
    tag = primary(lang)
    if value == now:
        return _DUE_NOW[tag]
    if value > now:
        return _AHEAD[tag].format(span=span(value - now, lang))
    return _AGO[tag].format(span=span(now - value, lang)) if now - value >= timedelta(minutes=1) else _NOW[tag]


def written_later(at: datetime, recorded: datetime, lang: str) -> str:
    """Return how long after the event it was written down: ``4 hours later``; empty within 30 minutes."""
    if recorded - at < timedelta(minutes=30):
        return ""
    return _AFTER[primary(lang)].format(span=span(recorded - at, lang))


def by(due: datetime, now: datetime, lang: str) -> str:
    """Return a deadline as a phrase: ``by 16:00`` today, ``by tomorrow``, ``by Thu 12 March 16:00``.

    23:59 is the end of a day and is said as the day alone.
    """
    return _BY[primary(lang)].format(moment=_deadline(due, now, lang))


def since(start: datetime, now: datetime, lang: str) -> str:
    """Return the moment from which something may be done: ``from Fri 13 March``."""
    midnight = start.time() == time(0, 0)
    said = day(start.date(), lang, today=now.date()) if midnight else _deadline(start, now, lang)
    return _FROM[primary(lang)].format(moment=said)


def margin(due: datetime | None, now: datetime, lang: str) -> list[str]:
    """Return the lines that stand under a state's word in the margin: when, then how far.

    ``["Mon 12:00", "22 hours late"]``, ``["16:00", "in 3 hours"]``, ``["end of day", "in 7 hours"]``,
    ``["Tomorrow 16:00"]``, ``["Thu 12 March", "in 2 days"]``, ``["Fri 27 March"]``. Nothing where
    there is no due moment.
    """
    if due is None:
        return []
    tag = primary(lang)
    if now > due:
        return [clock(due, lang) if due.date() == now.date() else _past(due, now, lang), lateness(due, now, lang)]
    if due.date() == now.date():
        head = _END_OF_DAY[tag] if due.time() == _LAST_MINUTE else clock(due, lang)
        return [head, distance(due, now, lang)]
    if (due.date() - now.date()).days == 1:
        near = _capital(_NEAR[tag][1], tag)
        return [near if due.time() == _LAST_MINUTE else f"{near} {clock(due, lang)}"]
    days = (due.date() - now.date()).days
    head = day(due.date(), lang, today=now.date())
    return [head, _AHEAD[tag].format(span=count(days, "day", lang))] if days <= 7 else [head]


def _past(due: datetime, now: datetime, lang: str) -> str:
    """Return a deadline that has passed before today, short enough for the margin."""
    tag = primary(lang)
    days = (now.date() - due.date()).days
    tail = "" if due.time() == _LAST_MINUTE else f" {clock(due, lang)}"
    if days == 1 and tag not in ("en", "nl"):
        return f"{_NEAR[tag][-1]}{tail}"
    if days <= 6 and tag in ("en", "nl"):
        return f"{_DAYS[tag][due.weekday()]}{tail}"
    return day(due.date(), lang, today=now.date())


def _capital(word: str, tag: Tag) -> str:
    """Return a word as it begins a line."""
    return word[0].upper() + word[1:] if tag in ("en", "nl") else word


def _deadline(due: datetime, now: datetime, lang: str) -> str:
    """Return a deadline in running text without its preposition."""
    tag = primary(lang)
    days = (due.date() - now.date()).days
    if days == 0:
        return _END_OF_DAY[tag] if due.time() == _LAST_MINUTE else clock(due, lang)
    head = _NEAR[tag].get(days) or day(due.date(), lang, today=now.date())
    return head if due.time() == _LAST_MINUTE else f"{head} {clock(due, lang)}"
