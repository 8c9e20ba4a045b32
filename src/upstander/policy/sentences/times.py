"""Distances, deadlines, rhythms and windows in words."""

from __future__ import annotations

from upstander.policy import words
from upstander.policy.model import (
    AfterEvent,
    AgainAfter,
    AtClock,
    BeforeEvent,
    Between,
    Deadline,
    Distance,
    Duty,
    Earliest,
    FromDate,
    In,
    InMonths,
    InTerms,
    OnDay,
    RepeatEach,
    RepeatEvery,
    Said,
    SchoolDays,
    SimpleDeadline,
    Span,
    WhenEvent,
    WorkingDays,
)
from upstander.policy.sentences import phrases
from upstander.policy.sentences.writer import Writer


def distance(distance: Distance, lang: str) -> str:
    """``2 hours``, ``3 school days``, ``1 month and 10 days``."""
    match distance:
        case SchoolDays(n):
            return words.ngettext("%(n)s school day", "%(n)s school days", n, lang) % {"n": n}
        case WorkingDays(n):
            return words.ngettext("%(n)s working day", "%(n)s working days", n, lang) % {"n": n}
        case Span(months, days, minutes):
            parts = _span(months, days, minutes, lang)
    text = parts[0]
    for part in parts[1:]:  # 2天2小时50分钟, 2日2時間50分: one length, and no list
        spaced = words.translated(phrases.AND, lang) % {"first": text, "last": part}
        text = spaced if lang in ("en-GB", "nl") else text + part
    return text


def _span(months: int, days: int, minutes: int, lang: str) -> list[str]:
    parts: list[str] = []
    years, months = divmod(months, 12)
    if years:
        parts.append(words.ngettext("%(n)s year", "%(n)s years", years, lang) % {"n": years})
    if months:
        parts.append(words.ngettext("%(n)s month", "%(n)s months", months, lang) % {"n": months})
    if days and days % 7 == 0:
        parts.append(words.ngettext("%(n)s week", "%(n)s weeks", days // 7, lang) % {"n": days // 7})
    elif days:
        parts.append(words.ngettext("%(n)s day", "%(n)s days", days, lang) % {"n": days})
    hours, minutes = divmod(minutes, 60)
    if hours:
        parts.append(words.ngettext("%(n)s hour", "%(n)s hours", hours, lang) % {"n": hours})
    if minutes or not parts:
        parts.append(words.ngettext("%(n)s minute", "%(n)s minutes", minutes, lang) % {"n": minutes})
    return parts


def every(span: Span, lang: str) -> str:
    """``every month``, ``every 2 weeks``; one unit is said without its number."""
    single = {
        Span(months=12): "calendar year",
        Span(months=1): "month",
        Span(days=7): "week",
    }
    if span in single and single[span] != "calendar year":
        return words.translated(phrases.PERIODS[single[span]], lang)
    return words.translated(phrases.RHYTHM["every"], lang) % {"distance": distance(span, lang)}


def deadline(writer: Writer, found: Deadline, duty: Duty | None = None) -> str:
    """A deadline as part of a sentence."""
    say = writer.say
    match found:
        case SimpleDeadline():
            return say(phrases.BY[found.value])
        case In(length):
            return say(phrases.BY["in"], distance=distance(length, writer.lang))
        case AtClock(hour, minute):
            return say(phrases.BY["clock"], time=f"{hour:02}:{minute:02}")
        case AfterEvent(after, plus):
            return say(phrases.BY["after"], distance=distance(plus, writer.lang), event=writer.pattern(after))
        case BeforeEvent(before):
            return say(phrases.BY["before"], event=writer.pattern(before))
        case FromDate():
            return _from_date(writer, found, duty)
        case Earliest(of):
            several = [deadline(writer, each, duty) for each in of]
            return say(phrases.BY["earliest"], deadlines=writer.join(several, phrases.OR_ELSE))
        case Said(word, means):
            return say(phrases.BY["said"], means=deadline(writer, means, duty), word=_word(writer, word))


def moment(writer: Writer, found: Deadline, duty: Duty | None = None) -> str:
    """The same as a moment before which nothing counts."""
    match found:
        case In(length):
            return writer.say(phrases.BY["passed"], distance=distance(length, writer.lang))
        case AtClock(hour, minute):
            return f"{hour:02}:{minute:02}"
        case Said(word, means):
            return writer.say(phrases.BY["said"], means=moment(writer, means, duty), word=_word(writer, word))
        case _:
            return deadline(writer, found, duty)


def _from_date(writer: Writer, found: FromDate, duty: Duty | None) -> str:
    field = writer.quoted(_field(writer, found.date_field, duty))
    if found.less is not None:
        return writer.say(phrases.BY["date-less"], distance=distance(found.less, writer.lang), field=field)
    if found.plus is not None:
        return writer.say(phrases.BY["date-plus"], distance=distance(found.plus, writer.lang), field=field)
    return writer.say(phrases.BY["date"], field=field)


def _field(writer: Writer, name: str, duty: Duty | None) -> str:
    if duty is not None and isinstance(duty.when, WhenEvent):
        return writer.field(duty.when.pattern.alternatives[0].kind, name)
    return name


def _word(writer: Writer, word: str) -> str:
    """A vague word as the document says it."""
    known = writer.pack.vague.get(word)
    if known is not None:
        return writer.quoted(writer.label(f"params.words.{word}.title") if known.title else word)
    param = writer.pack.params.get(word)
    return writer.quoted(writer.label(f"params.{word}.title") if param is not None and param.title else word)


def rhythm(writer: Writer, duty: Duty) -> str:
    """How a duty recurs, or when its window is; empty for a single one without."""
    text = _recurrence(writer, duty)
    if duty.recurrence_said is not None:
        text = writer.say(phrases.RHYTHM["said"], rhythm=text, word=_word(writer, duty.recurrence_said))
    window = _window(writer, duty)
    return f"{text} {window}".strip()


def _recurrence(writer: Writer, duty: Duty) -> str:
    match duty.recurrence:
        case None:
            return ""
        case RepeatEvery(span):
            return every(span, writer.lang)
        case RepeatEach(period):
            return writer.say(phrases.PERIODS[period.value])
        case AgainAfter(length):
            return writer.say(phrases.RHYTHM["again"], distance=distance(length, writer.lang))


def _window(writer: Writer, duty: Duty) -> str:
    say = writer.say
    match duty.window:
        case None:
            return ""
        case InMonths(months):
            names = [say(phrases.MONTHS[month - 1]) for month in months]
            return say(phrases.RHYTHM["months"], months=writer.both(names))
        case InTerms(terms):
            return say(phrases.RHYTHM["terms"], terms=writer.both(terms))
        case OnDay(month, day, nearest):
            named = say(phrases.DAY, day=day, month=say(phrases.MONTHS[month - 1]))
            return say(phrases.RHYTHM["nearest" if nearest else "on"], day=named)
        case Between(first, last):
            start, end = (writer.quoted(_field(writer, name, duty)) for name in (first, last))
            return say(phrases.RHYTHM["between"], first=start, last=end)
