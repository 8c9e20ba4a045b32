"""Deadlines, rhythms and windows (§4.7, §4.8, §5)."""

from __future__ import annotations

import re
from typing import Any

from upstander.policy.durations import NoDuration, is_zero, parse_distance
from upstander.policy.loader.reading.patterns import PATTERN
from upstander.policy.loader.reading.reader import Key, Reader, Shape, each_of, listed, shown, table
from upstander.policy.loader.reading.values import CLAUSES, DISTANCE, IDENTIFIER, TEXT, clock, one_of, scalar
from upstander.policy.loader.tree import Map, Node, Scalar, Seq
from upstander.policy.model import (
    AfterEvent,
    AtClock,
    BeforeEvent,
    Between,
    Deadline,
    Earliest,
    FromDate,
    In,
    InMonths,
    InTerms,
    OnDay,
    Period,
    RepeatEach,
    RepeatEvery,
    Said,
    SimpleDeadline,
    Span,
    Window,
    Word,
)
from upstander.policy.words import worded

_SIMPLE = {each.value: each for each in SimpleDeadline}
_PERIODS = {each.value: each for each in Period}
_FORMS = (*_SIMPLE, "3 school days", "2 working days", "PT2H", "08:30")
_AFTER = {"after": Key("after", PATTERN, required=True), "plus": Key("plus", DISTANCE, required=True)}
_BEFORE = {"before": Key("before", PATTERN, required=True)}
_DATE = {
    "date": Key("date_field", IDENTIFIER, required=True),
    "less": Key("less", DISTANCE),
    "plus": Key("plus", DISTANCE),
}


def _deadline(reader: Reader, node: Node) -> Deadline:
    name = reader.param_name(node)
    if name is not None:
        return _said(reader, node, name, reader.resolve(node))
    match node:
        case Seq(items):
            if not items:
                raise reader.bad(node, worded("an empty list is no deadline"), code="E1")
            return Earliest(each_of(reader, items, DEADLINE))
        case Map():
            return _made(reader, node)
        case Scalar():
            return _word(reader, node)


def _made(reader: Reader, node: Map) -> Deadline:
    if "after" in node.entries:
        return AfterEvent(**table(reader, node, _AFTER, "a deadline"))
    if "before" in node.entries:
        return BeforeEvent(**table(reader, node, _BEFORE, "a deadline"))
    if "date" in node.entries:
        found = FromDate(**table(reader, node, _DATE, "a deadline"))
        if found.less is not None and found.plus is not None:
            raise reader.bad(node, worded("'less' and 'plus' cannot stand together"))
        return found
    word = next(iter(node.entries), "")
    known = ("after", "before", "date", "param")
    raise reader.bad(node, worded("a deadline does not begin with {word}", word=shown(word)), reader.hint(word, known))


def _word(reader: Reader, node: Scalar) -> Deadline:
    if node.nothing:
        raise reader.bad(node, worded("a deadline is expected here"), code="E1")
    form = form_of_deadline(reader, node)
    if form is not None:
        return form
    answer = reader.words.get(node.text)
    if answer is None:
        known = [*reader.words, *_FORMS]
        message = worded("{node} is neither a deadline nor a word that 'params: words' answers", node=shown(node.text))
        raise reader.bad(node, message, reader.hint(node.text, known), "E1")
    if (
        isinstance(answer, Scalar)
        and rhythm(reader, answer.text) is not None
        and form_of_deadline(reader, answer) is None
    ):
        raise reader.bad(
            node, worded("{node} is answered by a rhythm, which cannot stand in 'by'", node=shown(node.text)), code="E5"
        )
    reader.used_params.add(node.text)
    return _said(reader, node, node.text, answer)


MOST_ANSWERS = 8
"""How many words may answer each other in a row."""


def _said(reader: Reader, node: Node, name: str, answer: Node) -> Said:
    """The deadline that answers a word or param; a word that comes back to itself answers nothing (E9)."""
    if name in reader.answering or len(reader.answering) >= MOST_ANSWERS:
        raise reader.bad(
            node,
            worded("{name} is answered by itself", name=shown(name)),
            worded("a word is answered by a deadline"),
            "E9",
        )
    reader.answering.append(name)
    try:
        return Said(name, _deadline(reader, answer))
    finally:
        reader.answering.pop()


def form_of_deadline(reader: Reader, node: Scalar) -> Deadline | None:
    """The deadline that the text itself says; None for a word that the school must answer."""
    if node.text in _SIMPLE:
        return _SIMPLE[node.text]
    if re.fullmatch(r"\d{1,2}:\d\d", node.text):
        return AtClock(*divmod(clock(reader, node, node.text), 60))
    try:
        return In(parse_distance(node.text))
    except NoDuration as error:
        if is_zero(node.text):
            raise reader.bad(node, error.message, worded("'same day' is the end of today"), "E5") from None
        if re.match(r"P[\dT]|\d+ (school|working)", node.text):
            raise reader.bad(node, error.message) from None
        return None


DEADLINE: Shape[Deadline] = Shape(_deadline, {"description": "a deadline (§5)"})


def rhythm(reader: Reader, text: str) -> RepeatEvery | RepeatEach | None:
    """``each term`` or ``every P1M``; None of anything else."""
    word, _, rest = text.partition(" ")
    if word == "each" and rest in _PERIODS:
        return RepeatEach(_PERIODS[rest])
    if word == "every":
        try:
            distance = parse_distance(rest)
        except NoDuration:
            return None
        return RepeatEvery(distance) if isinstance(distance, Span) else None
    return None


def period(reader: Reader, node: Node) -> RepeatEach:
    """The value of ``repeat each``."""
    found = scalar(reader, reader.resolve(node), "a period")
    if found.text not in _PERIODS:
        raise reader.bad(
            found, worded("{found} is no period", found=shown(found.text)), reader.hint(found.text, _PERIODS)
        )
    return RepeatEach(_PERIODS[found.text])


def repeated(reader: Reader, node: Node) -> tuple[RepeatEvery | RepeatEach, str | None]:
    """The value of ``repeat``: a rhythm, or a word (or param) that the school has answered by one."""
    said = reader.param_name(node)
    found = scalar(reader, reader.resolve(node), "a rhythm")
    form = rhythm(reader, found.text)
    if form is not None:
        return form, said
    answer = reader.words.get(found.text)
    if answer is None:
        known = [*reader.words, "each week", "each term", "every P1M"]
        raise reader.bad(
            found,
            worded("{found} is neither a rhythm nor an answered word", found=shown(found.text)),
            reader.hint(found.text, known),
            "E1",
        )
    form = rhythm(reader, answer.text) if isinstance(answer, Scalar) else None
    if form is None:
        raise reader.bad(
            found,
            worded("{found} is not answered by a rhythm such as 'each term' or 'every P1M'", found=shown(found.text)),
            code="E5",
        )
    reader.used_params.add(found.text)
    return form, found.text


_WORD = {
    "value": Key("value", Shape(lambda reader, node: node), required=True),
    "title": Key("title", TEXT),
    "says": Key("says", one_of(("clause", "school"))),
    "clause": Key("clause", CLAUSES),
}


def word(reader: Reader, name: str, node: Node) -> Word:
    """One entry of ``params: words``: the answer alone, or {value, title, says, clause}."""
    values: dict[str, Any] = {}
    answer = node
    if isinstance(node, Map) and "value" in node.entries:
        values = table(reader, node, _WORD, "a word's answer")
        answer = values.pop("value")
    reader.words[name] = answer
    means: Deadline | RepeatEvery | RepeatEach | None = None
    if isinstance(answer, Scalar):
        means = rhythm(reader, answer.text)
    if means is None:
        means = _answer(reader, name, answer)
    text = answer.text if isinstance(answer, Scalar) else name
    return Word(name, text, means, **values, mark=node.mark)


def _answer(reader: Reader, name: str, answer: Node) -> Deadline:
    if isinstance(answer, Scalar):
        form = form_of_deadline(reader, answer)
        if form is None:
            hint = reader.hint(answer.text, [*_FORMS, "each term", "every P1M"])
            raise reader.bad(
                answer,
                worded("{answer} does not answer {name}", answer=shown(answer.text), name=shown(name)),
                hint,
                "E1",
            )
        return form
    return _deadline(reader, answer)


def _window(reader: Reader, node: Node) -> Window:
    found = reader.resolve(node)
    if isinstance(found, Map):
        keys = {"date": Key("from_field", IDENTIFIER, required=True), "to": Key("to_field", IDENTIFIER, required=True)}
        return Between(**table(reader, found, keys, "a window"))
    periods = listed(Shape(_period))(reader, found)
    if all(sort == "month" for sort, _ in periods) and periods:
        return InMonths(tuple(_month(reader, found, value) for _, value in periods))
    if all(sort == "term" for sort, _ in periods) and periods:
        return InTerms(tuple(value for _, value in periods))
    raise reader.bad(found, worded("months and terms cannot be mixed in one window"))


def _period(reader: Reader, node: Node) -> tuple[str, str]:
    found = scalar(reader, reader.resolve(node), "'month 5' or 'term 2'")
    sort, _, value = found.text.partition(" ")
    if sort not in ("month", "term") or not value:
        raise reader.bad(
            found,
            worded("{found} is no window", found=shown(found.text)),
            worded("'month 5', 'term 2', or {{date: field, to: field}}"),
        )
    return sort, value


def _month(reader: Reader, node: Node, value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value[:4]) <= 12:
        raise reader.bad(node, worded("there is no month {value}", value=shown(value)), code="E5")
    return int(value)


def on_day(reader: Reader, node: Node) -> OnDay:
    """The value of ``on``: ``MM-DD``."""
    found = scalar(reader, reader.resolve(node), "a day such as 04-19")
    parts = re.fullmatch(r"(\d\d)-(\d\d)", found.text)
    if parts is None:
        raise reader.bad(found, worded("{found} is not a day such as 04-19", found=shown(found.text)))
    month, day = int(parts[1]), int(parts[2])
    if not 1 <= month <= 12 or not 1 <= day <= (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31):
        raise reader.bad(found, worded("there is no day {found}", found=shown(found.text)), code="E5")
    return OnDay(month, day)


WINDOW: Shape[Window] = Shape(_window, {"description": "a window (§4.8)"})
