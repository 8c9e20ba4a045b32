"""Surveys and the plan of the year (§1, §8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from upstander.policy.loader.reading.kinds import FIELD_KEYS, KIND, field_of, options_shape
from upstander.policy.loader.reading.letters import FIXED, RECORDED, by_id
from upstander.policy.loader.reading.patterns import condition
from upstander.policy.loader.reading.reader import (
    Key,
    Reader,
    Shape,
    as_map,
    each_of,
    entries,
    entries_schema,
    object_schema,
    shown,
    table,
)
from upstander.policy.loader.reading.rules import DUTY_KEYS
from upstander.policy.loader.reading.values import (
    CLAUSES,
    COUNT,
    IDENTIFIER,
    ROLE,
    ROLES,
    TEXT,
    TEXTS,
    YES_NO,
    one_of,
)
from upstander.policy.loader.tree import Map, Node, Scalar, Seq
from upstander.policy.model import (
    Field,
    FieldType,
    Mark,
    OnlyIf,
    Option,
    PlanEntry,
    Survey,
    SurveyQuestion,
    SurveySection,
)
from upstander.policy.words import worded

CHOSEN = frozenset({FieldType.ONE_OF, FieldType.SOME_OF, FieldType.PLACE})
_ANY: Shape[Node] = Shape(lambda reader, node: node)
_QUESTION = {
    "id": Key("id", IDENTIFIER, required=True),
    "text": Key("text", TEXT, required=True),
    "same as": Key("same_as", TEXT),
    "options": Key("own", options_shape()),
    "section": Key("section", IDENTIFIER),
    "aspect": Key("aspect", IDENTIFIER),
    "only if": Key("only_if", _ANY),
    "worry": Key("worry", _ANY),
    "clause": Key("clause", CLAUSES),
}
_ANSWER = tuple(
    each for each in FIELD_KEYS if each not in ("label", "clause", "required while", "secret from", "fixed")
)
"""What a question says about its answer, in the words of a form's field."""


def _question(reader: Reader, node: Node, before: Mapping[str, SurveyQuestion]) -> SurveyQuestion:
    mapping = as_map(reader, node, "a question")
    own = _part(mapping, lambda word: word in _QUESTION)
    about = _part(mapping, lambda word: word in _ANSWER)
    rest = [word for word in mapping.entries if word not in _QUESTION and word not in _ANSWER]
    for word in rest:
        hint = reader.hint(word, [*_QUESTION, *_ANSWER])
        reader.report(mapping.place(word), worded("unknown word {word} in a question", word=shown(word)), hint)
    values = table(reader, own, _QUESTION, "a question")
    name = values["id"]
    answer, choices = _answer(reader, name, values.pop("same_as", None), values.pop("own", None), about, node.mark)
    answer = replace(answer, id=name, label=values["text"])
    asked, worry = values.pop("only_if", None), values.pop("worry", None)
    return SurveyQuestion(
        **values,
        answer=answer,
        choices=choices,
        own_choices=bool(choices) and not answer.options,
        only_if=_only_if(reader, asked, before) if asked is not None else None,
        worry=_condition(reader, answer, choices, worry) if worry is not None else None,
        mark=node.mark,
    )


def _part(mapping: Map, wanted: Any) -> Map:
    entries_of = {word: value for word, value in mapping.entries.items() if wanted(word)}
    return Map(entries_of, {word: mapping.place(word) for word in entries_of}, mapping.mark)


def _answer(
    reader: Reader, name: str, same_as: str | None, own: Mapping[str, Option] | None, about: Map, mark: Mark
) -> tuple[Field, Mapping[str, Option]]:
    """The field that a question fills, and its choices."""
    if same_as is not None:
        kind, _, field_name = same_as.partition(".")
        if kind not in reader.events:
            raise reader.bad(
                mark, worded("unknown kind of event {kind}", kind=shown(kind)), reader.hint(kind, reader.events), "E3"
            )
        found = reader.events[kind].fields.get(field_name)
        if found is None:
            hint = reader.hint(field_name, reader.events[kind].fields)
            raise reader.bad(
                mark, worded("'{kind}' has no field {field_name}", kind=kind, field_name=shown(field_name)), hint, "E4"
            )
        plain = replace(found, required=False, required_while=None, secret_from=(), secret_while=None, clause=())
        return plain, reader.options.get(found.options, {})
    if own is not None:
        written = about.entries.get("type")
        sort = written.text if isinstance(written, Scalar) else "one-of"
        if sort not in ("one-of", "some-of"):
            raise reader.bad(
                mark, worded("question '{name}' has options of its own: its type is one-of or some-of", name=name)
            )
        bare = Map({**about.entries, "type": Scalar("text", True, mark)}, about.marks, about.mark)
        return replace(field_of(reader, name, bare, mark), type=FieldType(sort)), own
    found = field_of(reader, name, about, mark)
    return found, reader.options.get(found.options, {}) if found.type in CHOSEN else {}


def _condition(reader: Reader, answer: Field, choices: Mapping[str, Option], node: Node) -> Any:
    """A condition on an answer; choices of its own are a list for as long as it is read."""
    if answer.options or not choices:
        return condition(reader, answer, node)
    name = f"choices of {answer.id}"
    reader.options[name] = choices
    try:
        return condition(reader, replace(answer, options=name), node)
    finally:
        del reader.options[name]


def _only_if(reader: Reader, node: Node, before: Mapping[str, SurveyQuestion]) -> OnlyIf:
    if not isinstance(node, Map) or len(node.entries) != 1:
        raise reader.bad(node, worded("'only if' names one earlier question"), "{question: answer}")
    [(name, value)] = node.entries.items()
    if name not in before:
        raise reader.bad(
            node.place(name),
            worded("no earlier question is called {name}", name=shown(name)),
            reader.hint(name, before),
            "E4",
        )
    earlier = before[name]
    return OnlyIf(name, _condition(reader, earlier.answer, earlier.choices, value))


def _questions(reader: Reader, node: Node) -> dict[str, SurveyQuestion]:
    found: dict[str, SurveyQuestion] = {}

    def one(reader: Reader, each: Node) -> SurveyQuestion:
        made = _question(reader, each, dict(found))
        if made.id in found:
            reader.report(each.mark, worded("question '{made}' stands here for the second time", made=made.id))
        found[made.id] = made
        return made

    each_of(reader, node.items if isinstance(node, Seq) else [node], Shape(one))
    return found


_SECTION = {
    "id": Key("id", IDENTIFIER, required=True),
    "title": Key("title", TEXT, required=True),
    "intro": Key("intro", TEXT),
}


def _sections(reader: Reader, node: Node) -> dict[str, SurveySection]:
    def one(reader: Reader, each: Node) -> SurveySection:
        return SurveySection(**table(reader, each, _SECTION, "a section"))

    return by_id(reader, each_of(reader, node.items if isinstance(node, Seq) else [node], Shape(one)), "section")


_QUESTION_SCHEMA = {
    "type": "object",
    "properties": {
        **{word: dict(key.shape.schema) for word, key in _QUESTION.items()},
        **{word: dict(FIELD_KEYS[word].shape.schema) for word in _ANSWER},
    },
    "required": ["id", "text"],
    "additionalProperties": False,
}
_SURVEY = {
    "title": Key("title", TEXT, required=True),
    "intro": Key("intro", TEXT),
    "thanks": Key("thanks", TEXT),
    "for": Key("for_", ROLES, required=True),
    "how": Key("how", one_of(("anonymous", "confidential", "named")), required=True),
    "least shown": Key("least_shown", COUNT),
    "seen by": Key("seen_by", ROLES),
    "opens with": Key("opens_with", RECORDED),
    "closes with": Key("closes_with", RECORDED),
    "worry opens": Key("worry_opens", KIND),
    "worry names": Key("worry_names", ROLE),
    "sections": Key("sections", Shape(_sections, {"type": "array", "items": object_schema(_SECTION)})),
    "questions": Key("questions", Shape(_questions, {"type": "array", "items": _QUESTION_SCHEMA}), required=True),
    "clause": Key("clause", CLAUSES),
    "fixed": FIXED,
}


def survey(reader: Reader, name: str, node: Node, mark: Mark) -> Survey:
    """``surveys/ID.yaml``. Raises ``Bad``."""
    values = table(reader, node, _SURVEY, f"survey '{name}'")
    values.pop("fixed", None)
    found = Survey(id=name, **values, mark=mark)
    for question in found.questions.values():
        if question.section and question.section not in found.sections:
            hint = reader.hint(question.section, found.sections)
            reader.report(question.mark, worded("there is no section {section}", section=shown(question.section)), hint)
        if found.how == "anonymous" and question.answer.type is FieldType.PERSON:
            reader.report(question.mark, worded("an anonymous survey cannot ask for names"), code="E5")
    if found.how == "anonymous" and (found.worry_opens or found.seen_by):
        word = "worry opens" if found.worry_opens else "seen by"
        message = worded("survey '{name}' is anonymous: '{word}' has nobody to lead to", name=name, word=word)
        reader.report(mark, message, worded("confidential or named answers can"), "E5")
    if found.worry_opens and not any(question.worry for question in found.questions.values()):
        reader.report(
            mark,
            worded("no answer of survey '{name}' is a worry", name=name),
            worded("write 'worry: …' at a question"),
            "E10",
        )
    if found.worry_opens and found.worry_names not in _names(reader, found.worry_opens):
        message = worded(
            "'{worry_opens}' names no '{worry_names}'", worry_opens=found.worry_opens, worry_names=found.worry_names
        )
        reader.report(mark, message, reader.hint(found.worry_names, _names(reader, found.worry_opens)), "E7")
    return found


def _names(reader: Reader, kind: str) -> tuple[str, ...]:
    return reader.events[kind].about if kind in reader.events else ()


# --- the plan of the year -----------------------------------------------------------------------------------------

_PLAN = {
    "id": Key("id", IDENTIFIER, required=True),
    "title": Key("title", TEXT, required=True),
    "topic": Key("topic", TEXT),
    "note": Key("note", TEXT),
    "grades": Key("grades", TEXTS),
    "clause": Key("clause", CLAUSES),
    "fixed": Key("fixed", YES_NO),
}
_OF_THE_DUTY = tuple(each for each in DUTY_KEYS if each not in (*_PLAN, "label"))
BY_DEFAULT = "activity-held"
"""The kind of event that meets an entry of the plan which names none."""


def plan(reader: Reader, node: Node) -> dict[str, PlanEntry]:
    """``plan.yaml``: what the school does at which time of its year."""

    def one(reader: Reader, name: str, value: Node, mark: Mark) -> PlanEntry:
        own = _part(as_map(reader, value, "an entry of the plan"), lambda word: word in _PLAN)
        values = table(reader, own, _PLAN, f"entry '{name}' of the plan")
        values.pop("fixed", None)
        return PlanEntry(**values, mark=mark)

    return entries(reader, node, "the plan", one)


def planned(reader: Reader, root: Map) -> Map:
    """The tree with a duty for each entry of the plan; without a plan, without the kind of event that is there for plans."""
    section = root.entries.get("plan")
    if not isinstance(section, Map) or not section.entries:
        return _without_plan(root)
    duties = _copy(root, "duties")
    items: dict[str, Node] = {}
    for name, value in section.entries.items():
        if not isinstance(value, Map):
            reader.report(value, worded("an entry of the plan is a mapping: {{id, title, in, who, …}}"))
            continue
        for word in value.entries:
            if word not in _PLAN and word not in _OF_THE_DUTY:
                hint = reader.hint(word, [*_PLAN, *_OF_THE_DUTY])
                reader.report(
                    value.place(word), worded("unknown word {word} in an entry of the plan", word=shown(word)), hint
                )
        if name in duties.entries:
            reader.report(
                section.place(name),
                worded("'{name}' is a duty as well: an entry of the plan makes one of its own", name=name),
            )
            continue
        duties.entries[name] = _duty(name, value)
        duties.marks[name] = section.place(name)
        items[name] = Map({"label": value.entries.get("title", _word(name, value.mark))}, {}, value.mark)
    options = _copy(root, "options")
    marks = {name: section.place(name) for name in items}
    options.entries.pop("plan", None)
    options.entries["plan"], options.marks["plan"] = Map(items, marks, section.mark), section.mark
    new = {**root.entries, "duties": duties, "options": options}
    return Map(new, {**root.marks, "duties": duties.mark, "options": options.mark}, root.mark)


def _word(text: str, mark: Mark) -> Scalar:
    return Scalar(text, False, mark)


def _duty(name: str, entry: Map) -> Map:
    mark = entry.mark
    item = Map({"item": _word(name, mark)}, {"item": mark}, mark)
    found: dict[str, Node] = {
        "when": _word("year-opened", mark),
        "until": _word("year-closed", mark),
        "must": Map({BY_DEFAULT: item}, {BY_DEFAULT: mark}, mark),
    }
    found |= {word: value for word, value in entry.entries.items() if word in (*_OF_THE_DUTY, "clause")}
    if "title" in entry.entries:
        found["label"] = entry.entries["title"]
    return Map(found, {word: entry.place(word) for word in found}, mark)


def _copy(root: Map, name: str) -> Map:
    section = root.entries.get(name)
    if isinstance(section, Map):
        return Map(dict(section.entries), dict(section.marks), section.mark)
    return Map({}, {}, root.place(name))


def _without_plan(root: Map) -> Map:
    new = dict(root.entries)
    for section, name in (("events", BY_DEFAULT), ("options", "plan")):
        kept = _copy(root, section)
        if kept.entries.pop(name, None) is not None:
            kept.marks.pop(name, None)
            new[section] = kept
    return Map(new, root.marks, root.mark)


_PLAN_SCHEMA = {
    "type": "object",
    "properties": {
        **{word: dict(key.shape.schema) for word, key in _PLAN.items()},
        **{word: dict(DUTY_KEYS[word].shape.schema) for word in _OF_THE_DUTY},
    },
    "required": ["id", "title"],
    "additionalProperties": False,
}
SCHEMAS: Mapping[str, Mapping[str, object]] = {
    "surveys": entries_schema(object_schema(_SURVEY)),
    "plan": {"type": "array", "items": _PLAN_SCHEMA},
}
"""{section: JSON Schema}."""
