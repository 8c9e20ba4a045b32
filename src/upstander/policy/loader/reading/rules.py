"""Rules: facts, duties, limits and closure (§3, §4, §6, §7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from upstander.policy.loader.reading.patterns import PATTERN
from upstander.policy.loader.reading.reader import (
    Key,
    Reader,
    Shape,
    as_map,
    each_of,
    entries,
    entries_schema,
    listed,
    made,
    object_schema,
    shown,
    table,
)
from upstander.policy.loader.reading.times import DEADLINE, WINDOW, on_day, period, repeated
from upstander.policy.loader.reading.values import (
    CLAUSES,
    COUNT,
    DISTANCE,
    FACT,
    FACTS,
    FOR_EACH,
    IDENTIFIER,
    NUMBER,
    ROLE,
    ROLES,
    SPAN,
    STRENGTH,
    TEXT,
    YES_NO,
    member,
    one_of,
    reference,
    scalar,
)
from upstander.policy.loader.tree import Map, Node, Scalar, Seq
from upstander.policy.model import (
    AgainAfter,
    Bearer,
    BecomesTrue,
    Climb,
    Closure,
    Combination,
    Combine,
    Count,
    DidTrigger,
    Distance,
    During,
    Duty,
    Fact,
    GuardiansOf,
    IsKey,
    Limit,
    Mark,
    NamedAs,
    Overdue,
    Pattern,
    Quiet,
    Recurrence,
    RepeatEvery,
    Role,
    Season,
    Trigger,
    TrueFrom,
    WhenBreach,
    WhenEvent,
    WhenOverdue,
    Window,
    Within,
)
from upstander.policy.words import worded

DUTY = reference("duty")
LIMIT = reference("limit")

# --- facts --------------------------------------------------------------------------------------------------------


def _within(reader: Reader, node: Node) -> Within | Distance:
    found = reader.resolve(node)
    if isinstance(found, Scalar) and found.text in {each.value for each in Within}:
        return Within(found.text)
    return SPAN(reader, found)


_TO = {"date": Key("date", IDENTIFIER, required=True)}
_COMMON = {
    "for each": Key("for_each", FOR_EACH),
    "clause": Key("clause", CLAUSES),
    "label": Key("label", TEXT),
    "fixed": Key("fixed", YES_NO),
}
_FACTS: dict[str, tuple[str, dict[str, Key]]] = {
    "true from": (
        "'true from'",
        {
            "true from": Key("start", PATTERN, required=True),
            "until": Key("until", PATTERN),
            "for": Key("lasts", DISTANCE),
            "to": Key("to_date_field", Shape(lambda r, n: str(table(r, n, _TO, "'to'")["date"]))),
        },
    ),
    "quiet": (
        "'quiet'",
        {
            "quiet": Key("quiet", PATTERN, required=True),
            "since": Key("since", PATTERN, required=True),
            "for": Key("lasts", DISTANCE, required=True),
        },
    ),
    "count": (
        "'count'",
        {
            "count": Key("count", PATTERN, required=True),
            "at least": Key("at_least", NUMBER, required=True),
            "within": Key("within", Shape(_within)),
            "adding up": Key("adding_up", IDENTIFIER),
            "distinct": Key("distinct", TEXT),
        },
    ),
    "overdue": ("'overdue'", {"overdue": Key("duty", DUTY, required=True)}),
    "all of": ("'all of'", {"all of": Key("facts", FACTS, required=True)}),
    "any of": ("'any of'", {"any of": Key("facts", FACTS, required=True)}),
    "none of": ("'none of'", {"none of": Key("facts", FACTS, required=True)}),
    "during": ("'during'", {"during": Key("season", member(Season), required=True)}),
}
_MAKERS: dict[str, Any] = {"true from": TrueFrom, "quiet": Quiet, "count": Count, "overdue": Overdue, "during": During}


def facts(reader: Reader, node: Node) -> dict[str, Fact]:
    """The facts of ``rules.yaml``."""
    return entries(reader, node, "facts", _fact)


def _fact(reader: Reader, name: str, node: Node, mark: Mark) -> Fact:
    mapping = as_map(reader, node, f"fact '{name}'")
    forms = [form for form in _FACTS if form in mapping.entries]
    if len(forms) != 1:
        message = (
            worded("fact '{name}' has no form", name=name)
            if not forms
            else worded("fact '{name}' has several forms: {forms}", name=name, forms=", ".join(forms))
        )
        raise reader.bad(mark, message, worded("one of: {words}", words=", ".join(_FACTS)))
    what, keys = _FACTS[forms[0]]
    values = table(reader, mapping, {**keys, **_COMMON}, f"fact '{name}' ({what})")
    values.pop("fixed", None)
    common = {key: values.pop(key) for key in ("for_each", "clause", "label") if key in values}
    if forms[0].endswith(" of"):
        if not values["facts"]:
            raise reader.bad(mark, worded("fact '{name}' is made of no facts", name=name), code="E5")
        form: Any = Combination(Combine(forms[0]), values["facts"])
    else:
        form = _MAKERS[forms[0]](**values)
    return Fact(name, form, **common, mark=mark)


# --- duties -------------------------------------------------------------------------------------------------------


def _trigger(reader: Reader, node: Node) -> Trigger:
    if isinstance(node, Map) and len(node.entries) == 1:
        [(word, value)] = node.entries.items()
        if word == "becomes true":
            return BecomesTrue(FACT(reader, value))
        if word == "overdue" and word not in reader.events:
            return WhenOverdue(DUTY(reader, value))
        if word == "breach" and word not in reader.events:
            return WhenBreach(LIMIT(reader, value))
    return WhenEvent(PATTERN(reader, node))


def _must(reader: Reader, node: Node) -> tuple[Pattern, ...]:
    if isinstance(node, Map) and list(node.entries) == ["all of"]:
        value = node.entries["all of"]
        return each_of(reader, value.items if isinstance(value, Seq) else [value], PATTERN)
    return (PATTERN(reader, node),)


def _bearer(reader: Reader, node: Node) -> Bearer:
    found = reader.resolve(node)
    if not isinstance(found, Map):
        return Role(ROLE(reader, found))
    keys = set(found.entries)
    if "did" in keys and keys <= {"did", "otherwise"}:
        one_of(["trigger"])(reader, found.entries["did"])
        return DidTrigger(ROLE(reader, found.entries["otherwise"]) if "otherwise" in keys else None)
    if keys == {"is"}:
        return IsKey(IDENTIFIER(reader, found.entries["is"]))
    if keys == {"named"}:
        return NamedAs(ROLE(reader, found.entries["named"]))
    if keys == {"guardians of"}:
        return GuardiansOf(IDENTIFIER(reader, found.entries["guardians of"]))
    word = next(iter(found.entries), "")
    known = ("did", "otherwise", "is", "named", "guardians of", "param")
    raise reader.bad(
        found.place(word), worded("unknown word {word} in 'who'", word=shown(word)), reader.hint(word, known)
    )


_CLIMB = {"after": Key("after", DISTANCE, required=True), "to": Key("to", ROLE, required=True)}
_DUTY = {
    "clause": Key("clause", CLAUSES),
    "label": Key("label", TEXT),
    "when": Key("when", Shape(_trigger), required=True),
    "for each": Key("for_each", FOR_EACH),
    "if": Key("if_", FACTS),
    "unless": Key("unless", FACTS),
    "counts": Key("counts", one_of(["once", "each"])),
    "times": Key("times", COUNT),
    "must": Key("must", Shape(_must), required=True),
    "by": Key("by", DEADLINE),
    "who": Key("who", listed(Shape(_bearer))),
    "strength": Key("strength", STRENGTH),
    "until": Key("until", PATTERN),
    "paused while": Key("paused_while", FACT),
    "repeat every": Key("repeat_every", SPAN),
    "repeat each": Key("repeat_each", Shape(period)),
    "repeat": Key("repeat", Shape(repeated)),
    "again after": Key("again_after", DISTANCE),
    "not before": Key("not_before", DEADLINE),
    "in": Key("in_", WINDOW),
    "on": Key("on", Shape(on_day)),
    "or": Key("or_", one_of(["nearest school day"])),
    "early counts": Key("early_counts", YES_NO),
    "remind": Key("remind", DISTANCE),
    "climbs": Key("climbs", listed(made(_CLIMB, "'climbs'", Climb))),
    "may be waived by": Key("waived_by", ROLES),
    "may be extended by": Key("extended_by", ROLES),
    "fixed": Key("fixed", YES_NO),
}
DUTY_KEYS = _DUTY


def duties(reader: Reader, node: Node) -> dict[str, Duty]:
    """The duties of ``rules.yaml``."""
    return entries(reader, node, "duties", _duty)


def _duty(reader: Reader, name: str, node: Node, mark: Mark) -> Duty:
    values = table(reader, node, _DUTY, f"duty '{name}'")
    values.pop("fixed", None)
    values["each_trigger"] = values.pop("counts", "once") == "each"
    if values.get("times") == 0:
        raise reader.bad(mark, worded("'times' is at least 1"), code="E5")
    recurrence, said = _recurrence(reader, values, mark)
    window = _window(reader, values, mark)
    if recurrence is not None and window is not None and not isinstance(recurrence, AgainAfter):
        raise reader.bad(mark, worded("duty '{name}' has both a rhythm and a window", name=name))
    duty = Duty(id=name, recurrence=recurrence, recurrence_said=said, window=window, **values, mark=mark)
    optional = duty.strength == "may" or duty.window is not None or duty.recurrence is not None
    if duty.by is None and not optional:
        raise reader.bad(
            mark,
            worded("duty '{name}' has no deadline", name=name),
            worded("write 'by: …'; 'by: judged' waits for a person's decision"),
            "E1",
        )
    return duty


def _recurrence(reader: Reader, values: dict[str, Any], mark: Mark) -> tuple[Recurrence | None, str | None]:
    """The rhythm of a duty and the word of the document that it answers."""
    given = [key for key in ("repeat_every", "repeat_each", "repeat", "again_after") if key in values]
    if len(given) > 1:
        raise reader.bad(mark, worded("a duty has one rhythm: repeat every, repeat each, repeat or again after"))
    if not given:
        return None, None
    value = values.pop(given[0])
    if given[0] == "repeat":
        form, said = value
        return form, said
    makers: dict[str, Callable[[Any], Recurrence]] = {"repeat_every": RepeatEvery, "again_after": AgainAfter}
    return makers[given[0]](value) if given[0] in makers else value, None


def _window(reader: Reader, values: dict[str, Any], mark: Mark) -> Window | None:
    inside: Window | None = values.pop("in_", None)
    on, nearest = values.pop("on", None), values.pop("or_", None)
    if inside is not None and on is not None:
        raise reader.bad(mark, worded("'in' and 'on' cannot stand together"))
    if nearest is not None and on is None:
        raise reader.bad(mark, worded("'or: nearest school day' belongs to 'on'"))
    if on is not None:
        day: Window = replace(on, or_nearest_school_day=nearest is not None)
        return day
    return inside


# --- limits and closure -------------------------------------------------------------------------------------------


def _patterns(reader: Reader, node: Node) -> tuple[Pattern, ...]:
    """``only after``: every entry is needed; an inner list holds alternatives."""
    found = reader.resolve(node)
    return each_of(reader, found.items if isinstance(found, Seq) else [found], PATTERN)


def _not_by(reader: Reader, node: Node) -> str:
    found = scalar(reader, node, "a role or a kind of event")
    return reader.refer("role or kind of event", found.text, found.mark)


def _settled(reader: Reader, node: Node) -> object:
    if isinstance(node, Scalar) and node.text == "all":
        return "all"
    return listed(DUTY)(reader, node)


_LIMIT = {
    "clause": Key("clause", CLAUSES),
    "label": Key("label", TEXT),
    "act": Key("act", PATTERN, required=True),
    "for each": Key("for_each", FOR_EACH),
    "never": Key("never", YES_NO),
    "only after": Key("only_after", Shape(_patterns)),
    "only while": Key("only_while", FACTS),
    "only by": Key("only_by", ROLES),
    "not by": Key("not_by", listed(Shape(_not_by))),
    "while": Key("while_", FACTS),
    "unless": Key("unless", FACTS),
    "stops": Key("stops", one_of(["yes", "warns"])),
    "strength": Key("strength", STRENGTH),
    "fixed": Key("fixed", YES_NO),
}
_CLOSURE = {
    "clause": Key("clause", CLAUSES),
    "for each": Key("for_each", FOR_EACH),
    "needs": Key("needs", FACTS),
    "settled": Key("settled", Shape(_settled)),
    "decided by": Key("decided_by", ROLES),
    "watch for": Key("watch_for", DISTANCE),
    "fixed": Key("fixed", YES_NO),
}


def limits(reader: Reader, node: Node) -> dict[str, Limit]:
    """The limits of ``rules.yaml``."""

    def read(reader: Reader, name: str, value: Node, mark: Mark) -> Limit:
        values = table(reader, value, _LIMIT, f"limit '{name}'")
        values.pop("fixed", None)
        values["warns"] = values.pop("stops", "yes") == "warns"
        limit = Limit(id=name, **values, mark=mark)
        if not (limit.never or limit.only_after or limit.only_while or limit.only_by or limit.not_by):
            raise reader.bad(
                mark,
                worded("limit '{name}' forbids nothing", name=name),
                worded("never, only after, only while, only by or not by"),
                "E10",
            )
        return limit

    return entries(reader, node, "limits", read)


def closure(reader: Reader, node: Node) -> dict[str, Closure]:
    """``closure``: when a record of a kind may be closed."""

    def read(reader: Reader, name: str, value: Node, mark: Mark) -> Closure:
        values = table(reader, value, _CLOSURE, f"closure of '{name}'")
        values.pop("fixed", None)
        reader.refer("kind of record", name, mark)
        return Closure(kind=name, **values, mark=mark)

    return entries(reader, node, "closure", read)


def _fact_schema() -> dict[str, object]:
    return entries_schema({"anyOf": [object_schema({**keys, **_COMMON}) for _, keys in _FACTS.values()]})


SCHEMAS: Mapping[str, Mapping[str, object]] = {
    "facts": _fact_schema(),
    "duties": entries_schema(object_schema(_DUTY)),
    "limits": entries_schema(object_schema(_LIMIT)),
    "closure": entries_schema(object_schema(_CLOSURE)),
}
"""{section: JSON Schema}."""
