"""Dates, times and lateness are said as people say them, in four languages."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.ui import dates

NOW = datetime(2026, 3, 10, 9, 20)  # a Tuesday
ALL = ("en-GB", "nl", "ja", "zh-Hans")
moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))


def each(*said: str) -> list[tuple[str, str]]:
    """Pair what is said with its language."""
    return list(zip(ALL, said, strict=True))


@pytest.mark.parametrize(("lang", "said"), each("Tue 10 March", "di 10 maart", "3月10日（火）", "3月10日"))
def test_a_day(lang: str, said: str) -> None:
    assert dates.day(date(2026, 3, 10), lang) == said
    assert dates.day(date(2026, 3, 10), lang, today=NOW.date()) == said


@pytest.mark.parametrize(
    ("lang", "said"), each("Tue 2 December 2025", "di 2 december 2025", "2025年12月2日（火）", "2025年12月2日")
)
def test_a_day_of_another_year_says_its_year(lang: str, said: str) -> None:
    when = date(2025, 12, 2)
    assert dates.day(when, lang, today=NOW.date()) == said


@pytest.mark.parametrize(
    ("lang", "said"),
    each("Tuesday 10 March 2026", "dinsdag 10 maart 2026", "2026年3月10日（火）", "2026年3月10日 星期二"),
)
def test_a_day_in_full(lang: str, said: str) -> None:
    assert dates.long_day(date(2026, 3, 10), lang) == said


@pytest.mark.parametrize(
    ("lang", "said"),
    each("tomorrow, Wednesday 11 March", "morgen, woensdag 11 maart", "明日、3月11日（水）", "明天，3月11日（星期三）"),
)
def test_a_day_in_a_sentence(lang: str, said: str) -> None:
    assert dates.spoken_day(date(2026, 3, 11), lang, today=NOW.date()) == said


@pytest.mark.parametrize(
    ("hours", "lang", "said"),
    [
        (0, "en-GB", "Today 09:20"),
        (-22, "en-GB", "Yesterday 11:20"),
        (-4 * 24, "en-GB", "Fri 09:20"),
        (-4 * 24, "ja", "3月6日（金） 09:20"),
        (-10 * 24, "nl", "za 28 februari 09:20"),
        (-22, "nl", "Gisteren 11:20"),
        (-22, "ja", "昨日 11:20"),
        (24, "zh-Hans", "明天 09:20"),
    ],
)
def test_a_moment(hours: int, lang: str, said: str) -> None:
    assert dates.moment(NOW + timedelta(hours=hours), lang, NOW) == said


def test_a_moment_in_the_middle_of_a_sentence_is_not_capitalised() -> None:
    assert dates.moment(NOW, "en-GB", NOW, inline=True) == "today 09:20"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (40, ("40 minutes late", "40 minuten te laat", "40分超過", "逾期40分钟")),
        (1, ("1 minute late", "1 minuut te laat", "1分超過", "逾期1分钟")),
        (22 * 60 + 5, ("22 hours late", "22 uur te laat", "22時間超過", "逾期22小时")),
        (60, ("1 hour late", "1 uur te laat", "1時間超過", "逾期1小时")),
        (3 * 24 * 60, ("3 days late", "3 dagen te laat", "3日超過", "逾期3天")),
        (21 * 24 * 60, ("3 weeks late", "3 weken te laat", "3週間超過", "逾期3周")),
        (100 * 24 * 60, ("3 months late", "3 maanden te laat", "3か月超過", "逾期3个月")),
    ],
)
def test_lateness_is_said_in_words(minutes: int, said: tuple[str, ...]) -> None:
    for lang, words in zip(ALL, said, strict=True):
        assert dates.lateness(NOW - timedelta(minutes=minutes), NOW, lang) == words
        assert dates.late_by(timedelta(minutes=minutes), lang) == words


def test_what_is_not_late_says_nothing_at_the_due_moment_itself() -> None:
    assert dates.lateness(NOW, NOW, "ja") == ""
    assert dates.lateness(NOW + timedelta(days=1), NOW, "ja") == ""


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (180, ("in 3 hours", "over 3 uur", "あと3時間", "还有3小时")),
        (-25, ("25 minutes ago", "25 minuten geleden", "25分前", "25分钟前")),
        (0, ("now", "nu", "今すぐ", "现在")),
    ],
)
def test_distance(minutes: int, said: tuple[str, ...]) -> None:
    for lang, words in zip(ALL, said, strict=True):
        assert dates.distance(NOW + timedelta(minutes=minutes), NOW, lang) == words


@pytest.mark.parametrize(
    ("due", "lang", "lines"),
    [
        (datetime(2026, 3, 9, 12, 0), "en-GB", ["Mon 12:00", "21 hours late"]),
        (datetime(2026, 3, 9, 12, 0), "ja", ["昨日 12:00", "21時間超過"]),
        (datetime(2026, 3, 10, 8, 40), "ja", ["08:40", "40分超過"]),
        (datetime(2026, 3, 10, 12, 30), "en-GB", ["12:30", "in 3 hours"]),
        (datetime(2026, 3, 10, 23, 59), "ja", ["今日中", "あと14時間"]),
        (datetime(2026, 3, 10, 23, 59), "nl", ["eind van de dag", "over 14 uur"]),
        (datetime(2026, 3, 11, 16, 0), "en-GB", ["Tomorrow 16:00"]),
        (datetime(2026, 3, 11, 23, 59), "zh-Hans", ["明天"]),
        (datetime(2026, 3, 13, 23, 59), "en-GB", ["Fri 13 March", "in 3 days"]),
        (datetime(2026, 3, 27, 10, 0), "nl", ["vr 27 maart"]),
        (datetime(2025, 12, 1, 23, 59), "en-GB", ["Mon 1 December 2025", "3 months late"]),
        (None, "en-GB", []),
    ],
)
def test_the_margin(due: datetime | None, lang: str, lines: list[str]) -> None:
    assert dates.margin(due, NOW, lang) == lines


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (datetime(2026, 3, 10, 16, 0), ("by 16:00", "uiterlijk 16:00", "16:00まで", "16:00前")),
        (
            datetime(2026, 3, 12, 23, 59),
            ("by Thu 12 March", "uiterlijk do 12 maart", "3月12日（木）まで", "3月12日前"),
        ),
        (
            datetime(2026, 3, 11, 16, 0),
            ("by tomorrow 16:00", "uiterlijk morgen 16:00", "明日 16:00まで", "明天 16:00前"),
        ),
    ],
)
def test_a_deadline_in_a_sentence(due: datetime, said: tuple[str, ...]) -> None:
    for lang, words in zip(ALL, said, strict=True):
        assert dates.by(due, NOW, lang) == words


def test_from_when_something_may_be_done() -> None:
    assert dates.since(datetime(2026, 3, 13, 0, 0), NOW, "en-GB") == "from Fri 13 March"
    assert dates.since(datetime(2026, 3, 11, 0, 0), NOW, "ja") == "3月11日（水）から"


def test_what_was_written_down_soon_is_not_late() -> None:
    assert dates.written_later(NOW, NOW + timedelta(minutes=29), "en-GB") == ""
    assert dates.written_later(NOW, NOW + timedelta(hours=23), "ja") == "23時間後"


def test_the_clock_in_japanese_running_text() -> None:
    assert dates.clock(datetime(2026, 3, 10, 15, 40), "ja", spoken=True) == "15時40分"
    assert dates.clock(datetime(2026, 3, 10, 19, 0), "ja", spoken=True) == "19時"
    assert dates.clock(datetime(2026, 3, 10, 8, 5), "ja") == "08:05"


def test_school_days_have_their_plural() -> None:
    assert dates.count(1, "school day", "en-GB") == "1 school day"
    assert dates.count(5, "school day", "nl") == "5 schooldagen"


@given(due=moments, now=moments, lang=st.sampled_from(ALL))
def test_the_margin_says_that_something_is_late_when_and_only_when_it_is(
    due: datetime, now: datetime, lang: str
) -> None:
    """Whatever the two moments are, late is said after the due moment and never at or before it."""
    late = dates.lateness(due, now, lang)
    assert bool(late) == (now > due)
    assert (late in dates.margin(due, now, lang)) if late else all(dates.margin(due, now, lang))


@given(at=moments, lang=st.sampled_from(ALL))
def test_a_day_has_no_english_in_another_language(at: datetime, lang: str) -> None:
    if lang in ("ja", "zh-Hans"):
        assert dates.day(at.date(), lang).isascii() is False
        assert not any(sign.isascii() and sign.isalpha() for sign in dates.long_day(at.date(), lang))
