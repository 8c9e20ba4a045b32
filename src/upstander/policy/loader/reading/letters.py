"""Letters, agreements and questions for talks: texts that the school puts into people's hands (§1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from upstander.policy import writing
from upstander.policy.loader.reading.kinds import KINDS, RECORD, fields_shape
from upstander.policy.loader.reading.patterns import PATTERN
from upstander.policy.loader.reading.reader import (
    ID,
    Bad,
    Key,
    Reader,
    Shape,
    as_map,
    each_of,
    entries_schema,
    listed,
    made,
    object_schema,
    shown,
    table,
)
from upstander.policy.loader.reading.values import (
    CLAUSES,
    COUNT,
    DISTANCE,
    FACTS,
    IDENTIFIER,
    IDS,
    ROLES,
    TEXT,
    TEXTS,
    YES_NO,
    one_of,
)
from upstander.policy.loader.tree import Node, Seq, Unreadable, parse
from upstander.policy.model import (
    Agreement,
    Blank,
    Holds,
    Is,
    Letter,
    Mark,
    Party,
    Pattern,
    Point,
    Questions,
    TalkQuestion,
)
from upstander.policy.words import worded

FIXED = Key("fixed", YES_NO)


def front_matter(
    reader: Reader, name: str, file: str, text: str, keys: Mapping[str, Key], what: str
) -> tuple[dict[str, Any], list[str]]:
    """What stands in YAML between two lines of ``---`` at the head of a Markdown file, and the lines after it. Raises ``Bad``."""
    mark = Mark(file, 1, 1)
    if not ID.fullmatch(name):
        reader.report(mark, worded("{name} is no id: lower-case words joined by '-'", name=shown(name)))
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].strip() != "---" or "---" not in [line.strip() for line in lines[1:]]:
        raise reader.bad(mark, worded("{what} begins with its front matter between two lines of '---'", what=what))
    end = [line.strip() for line in lines[1:]].index("---") + 1
    try:
        node = parse("\n".join(lines[1:end]), file, offset=1)
    except Unreadable as error:
        reader.problems.extend(error.problems)
        raise Bad from None
    return table(reader, node, keys, f"{what} '{name}'"), lines[end + 1 :]


def recorded(reader: Reader, node: Node) -> Pattern:
    """An event that the app records by itself: one kind, with the values that its fields take."""
    found = PATTERN(reader, node)
    [first, *more] = found.alternatives
    if more or any(not isinstance(test.condition, Is) for test in first.tests):
        hint = worded("for example {{survey-opened: {{instrument: bullying}}}}")
        raise reader.bad(node, worded("this records one event: one kind, and plain values"), hint, "E5")
    return found


RECORDED: Shape[Pattern] = Shape(recorded, {"anyOf": [{"type": "string"}, {"type": "object"}]})


# --- letters ------------------------------------------------------------------------------------------------------

_LETTER = {
    "title": Key("title", TEXT, required=True),
    "to": Key("to", ROLES, required=True),
    "on": Key("on", listed(RECORD)),
    "before": Key("before", KINDS),
    "sent with": Key("sent_with", RECORDED),
    "if": Key("if_", FACTS),
    "unless": Key("unless", FACTS),
    "asks": Key("asks", fields_shape()),
    "never say": Key("never_say", TEXTS),
    "never name": Key("never_name", ROLES),
    "let through by": Key("let_through_by", ROLES),
    "clause": Key("clause", CLAUSES),
    "fixed": FIXED,
}
_INLINE = {**_LETTER, "body": Key("body", TEXT, required=True)}


def letter(reader: Reader, name: str, file: str, text: str) -> Letter:
    """``letters/ID.md``: front matter, then the text in Markdown with blanks. Raises ``Bad``."""
    values, lines = front_matter(reader, name, file, text, _LETTER, "a letter")
    return _letter(reader, name, {**values, "body": "\n".join(lines).strip()}, Mark(file, 1, 1))


def inline_letter(reader: Reader, name: str, node: Node, mark: Mark) -> Letter:
    """The same letter in a pack of one file."""
    return _letter(reader, name, table(reader, node, _INLINE, f"letter '{name}'"), mark)


def _letter(reader: Reader, name: str, values: dict[str, Any], mark: Mark) -> Letter:
    values.pop("fixed", None)
    made_of = Letter(id=name, **values, mark=mark)
    found = checked_blanks(reader, [made_of.body], made_of.asks, f"letter '{name}'", mark)
    for each in found:
        if each.sort == "name" and each.name in made_of.never_name:
            reader.report(
                mark,
                worded("letter '{name}' names {each} although it never may", name=name, each=shown(each.name)),
                code="E5",
            )
    for words in writing.forbidden(made_of, made_of.body):
        reader.report(
            mark,
            worded("letter '{name}' says what it must never say: {words}", name=name, words=shown(words)),
            code="E5",
        )
    return Letter(id=name, **values, blanks=found, mark=mark)


def checked_blanks(
    reader: Reader, texts: Iterable[str], asks: Mapping[str, object], what: str, mark: Mark
) -> tuple[Blank, ...]:
    """The blanks of some texts, each of which must be something that can be filled."""
    found = dict.fromkeys(blank for text in texts for blank in writing.blanks(text))
    for blank in found:
        match blank.sort:
            case "name":
                reader.refer("role", blank.name, mark)
            case "param" if blank.name not in reader.params:
                hint = reader.hint(blank.name, reader.params)
                reader.report(mark, worded("there is no param {blank}", blank=shown(blank.name)), hint, "E1")
            case "param":
                reader.used_params.add(blank.name)
            case "field":
                _field_blank(reader, blank, what, mark)
            case "asked" if blank.name not in asks:
                hint = reader.hint(blank.name, [*asks, *writing.BUILT_IN]) or worded("name it under 'asks'")
                reader.report(
                    mark,
                    worded("{what} has a blank {written} that nothing fills", what=what, written=shown(blank.written)),
                    hint,
                )
    written = {blank.name for blank in found if blank.sort == "asked"}
    for name in asks:
        if name not in written:
            reader.report(
                mark,
                worded("{what} asks for '{name}' and does not use it", what=what, name=name),
                worded("write {{{name}}} in its text", name=name),
                "W7",
            )
    return tuple(found)


def _field_blank(reader: Reader, blank: Blank, what: str, mark: Mark) -> None:
    kind = reader.events.get(blank.name)
    if kind is None:
        hint = reader.hint(blank.name, reader.events)
        reader.report(
            mark, worded("{what}: unknown kind of event {blank}", what=what, blank=shown(blank.name)), hint, "E3"
        )
    elif blank.field not in kind.fields:
        hint = reader.hint(blank.field, kind.fields)
        reader.report(
            mark,
            worded("{what}: '{kind}' has no field {field}", what=what, kind=kind.id, field=shown(blank.field)),
            hint,
            "E4",
        )


# --- agreements ---------------------------------------------------------------------------------------------------

_PARTY = {
    "title": Key("title", TEXT, required=True),
    "role": Key("roles", ROLES),
    "signs": Key("signs", one_of(("signature", "seal", "no"))),
    "needed": Key("needed", YES_NO),
    "clause": Key("clause", CLAUSES),
    "fixed": FIXED,
}
_POINT = {
    "id": Key("id", IDENTIFIER, required=True),
    "at": Key("at", TEXT),
    "text": Key("text", TEXT, required=True),
    "kind": Key("kind", one_of(("duty", "right", "boundary", "liability", "notice"))),
    "bearer": Key("bearer", IDS),
    "clause": Key("clause", CLAUSES),
}
_HOLDS = {
    "from": Key("from_field", IDENTIFIER),
    "for": Key("lasts", DISTANCE),
    "until": Key("until", one_of(("end of school year", "leaving"))),
}


def by_id(reader: Reader, nodes: Iterable[Any], what: str) -> dict[str, Any]:
    """Entries of a list by their ids; an id that stands there twice is a problem."""
    found: dict[str, Any] = {}
    for each in nodes:
        if each.id in found:
            reader.report(each.mark, worded("{what} '{each}' stands here for the second time", what=what, each=each.id))
        found[each.id] = each
    return found


def _items(node: Node) -> list[Node]:
    return node.items if isinstance(node, Seq) else [node]


def _points(reader: Reader, node: Node) -> dict[str, Point]:
    def one(reader: Reader, each: Node) -> Point:
        return Point(**table(reader, each, _POINT, "a point"), mark=each.mark)

    return by_id(reader, each_of(reader, _items(node), Shape(one)), "point")


def _parties(reader: Reader, node: Node) -> dict[str, Party]:
    found: dict[str, Party] = {}
    mapping = as_map(reader, node, "'parties'")
    for name, value in mapping.entries.items():
        values = table(reader, value, _PARTY, f"party '{name}'")
        values.pop("fixed", None)
        found[name] = Party(id=name, **values, mark=mapping.place(name))
    return found


_AGREEMENT = {
    "title": Key("title", TEXT, required=True),
    "purpose": Key("purpose", TEXT),
    "intro": Key("intro", TEXT),
    "about": Key("about", IDENTIFIER),
    "on": Key("on", RECORD),
    "parties": Key("parties", Shape(_parties, entries_schema(object_schema(_PARTY))), required=True),
    "points": Key("points", Shape(_points, {"type": "array", "items": object_schema(_POINT)}), required=True),
    "asks": Key("asks", fields_shape()),
    "choices": Key("choices", fields_shape()),
    "holds": Key("holds", made(_HOLDS, "'holds'", Holds)),
    "renew": Key("renew", DISTANCE),
    "copies": Key("copies", COUNT),
    "signed with": Key("signed_with", RECORDED),
    "declined with": Key("declined_with", RECORDED),
    "ended with": Key("ended_with", RECORDED),
    "attach": Key("attach", IDS),
    "yields to": Key("yields_to", listed(TEXT)),
    "clause": Key("clause", CLAUSES),
    "fixed": FIXED,
}


def agreement(reader: Reader, name: str, node: Node, mark: Mark) -> Agreement:
    """``agreements/ID.yaml``: who agrees what with whom, for how long, and who signs. Raises ``Bad``."""
    values = table(reader, node, _AGREEMENT, f"agreement '{name}'")
    values.pop("fixed", None)
    made_of = Agreement(id=name, **values, mark=mark)
    for point in made_of.points.values():
        for party in point.bearer:
            if party not in made_of.parties:
                hint = reader.hint(party, made_of.parties)
                reader.report(
                    point.mark,
                    worded("point '{point}': there is no party {party}", point=point.id, party=shown(party)),
                    hint,
                )
        if re.search(r"(?<![A-Za-z])(20)?xx+(?![A-Za-z])|_{3,}", point.text, re.IGNORECASE):
            message = worded("point '{point}' has a place that was left open", point=point.id)
            reader.report(point.mark, message, worded("name it under 'asks' and write {{its-name}}"), "W7")
    if not any(party.signs != "no" and party.needed for party in made_of.parties.values()):
        reader.report(
            mark,
            worded("nobody has to sign agreement '{name}'", name=name),
            worded("a party with 'signs: signature'"),
            "E10",
        )
    _check_agreement(reader, made_of, mark)
    texts = [made_of.intro, *(point.text for point in made_of.points.values())]
    kept = made_of.holds.from_field
    asks = {key: each for key, each in made_of.asks.items() if key != kept or f"{{{key}}}" in "".join(texts)}
    found = checked_blanks(reader, texts, asks, f"agreement '{name}'", mark)
    return Agreement(id=name, **values, blanks=found, mark=mark)


def _check_agreement(reader: Reader, found: Agreement, mark: Mark) -> None:
    start = found.holds.from_field
    if start is not None and (start not in found.asks or found.asks[start].type.value != "date"):
        hint = worded("a date that is filled in under 'asks'")
        reader.report(
            mark,
            worded(
                "agreement '{found}' holds from {start}, which is no date of it", found=found.id, start=shown(start)
            ),
            hint,
            "E4",
        )
    if found.about:
        for pattern in (found.signed_with, found.declined_with, found.ended_with):
            for each in pattern.alternatives if pattern is not None else ():
                kind = reader.events[each.kind]
                if found.about not in kind.about:
                    message = worded(
                        "'{kind}' names no '{about}', whom agreement '{found}' is about",
                        kind=kind.id,
                        about=found.about,
                        found=found.id,
                    )
                    reader.report(mark, message, reader.hint(found.about, kind.about), "E7")


# --- questions for talks ------------------------------------------------------------------------------------------

_TALK_QUESTION = {
    "id": Key("id", IDENTIFIER, required=True),
    "text": Key("text", TEXT, required=True),
    "help": Key("help", TEXT),
    "topic": Key("topic", TEXT),
    "for": Key("for_", ROLES),
    "clause": Key("clause", CLAUSES),
}


def _talk_questions(reader: Reader, node: Node) -> dict[str, TalkQuestion]:
    def one(reader: Reader, each: Node) -> TalkQuestion:
        return TalkQuestion(**table(reader, each, _TALK_QUESTION, "a question"), mark=each.mark)

    return by_id(reader, each_of(reader, _items(node), Shape(one)), "question")


_QUESTIONS = {
    "title": Key("title", TEXT, required=True),
    "intro": Key("intro", TEXT),
    "before": Key("before", KINDS),
    "for": Key("for_", ROLES),
    "questions": Key(
        "questions",
        Shape(_talk_questions, {"type": "array", "items": object_schema(_TALK_QUESTION)}),
        required=True,
    ),
    "never ask": Key("never_ask", TEXTS),
    "clause": Key("clause", CLAUSES),
    "fixed": FIXED,
}


def questions(reader: Reader, name: str, node: Node, mark: Mark) -> Questions:
    """``questions/ID.yaml``: what is asked in a hearing or a talk, and what never is. Raises ``Bad``."""
    values = table(reader, node, _QUESTIONS, f"questions '{name}'")
    values.pop("fixed", None)
    found = Questions(id=name, **values, mark=mark)
    for question in found.questions.values():
        for words in found.never_ask:
            if words.casefold() in question.text.casefold():
                message = worded(
                    "question '{question}' asks what is never to be asked: {words}",
                    question=question.id,
                    words=shown(words),
                )
                reader.report(question.mark, message, code="E5")
    return found


SCHEMAS: Mapping[str, Mapping[str, object]] = {
    "letters": entries_schema(object_schema(_INLINE)),
    "agreements": entries_schema(object_schema(_AGREEMENT)),
    "questions": entries_schema(object_schema(_QUESTIONS)),
}
"""{section: JSON Schema}."""
