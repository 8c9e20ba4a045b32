"""E4, E7, E15: patterns that carry the names and fields their rule asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from upstander.policy.lint.names import all_names, answers_for, date_fields, not_carried, plain_names
from upstander.policy.model import (
    BecomesTrue,
    Between,
    Combination,
    Count,
    Duty,
    Fact,
    FieldType,
    ForEach,
    GuardiansOf,
    IsKey,
    Limit,
    Mark,
    Overdue,
    Pack,
    Pattern,
    Quiet,
    TrueFrom,
    WhenBreach,
    WhenEvent,
    WhenOverdue,
)
from upstander.policy.problems import Problem, problem, suggestion
from upstander.policy.words import worded


def carry(pack: Pack) -> Iterator[Problem]:
    """Everything about names and fields of patterns."""
    for fact in pack.facts.values():
        yield from _fact(pack, fact)
    for duty in pack.duties.values():
        yield from _duty(pack, duty)
    for limit in pack.limits.values():
        yield from _limit(pack, limit)
    for closure in pack.closure.values():
        for need in closure.needs:
            yield from _in_common(pack, f"closure of '{closure.kind}'", closure.for_each, need, closure.mark)


def _carried(pack: Pack, what: str, part: str, pattern: Pattern, names: Iterable[str]) -> Iterator[Problem]:
    for alternative, name in not_carried(pack, pattern, names):
        about = pack.events[alternative.kind].about
        hint = (
            worded("it names: {about}", about=", ".join(about))
            if about
            else worded("add 'about: [{name}]' to the kind of event", name=name)
        )
        yield problem(
            pattern.mark,
            "E7",
            worded(
                "{what}: '{kind}' in '{part}' does not carry '{name}'",
                what=what,
                kind=alternative.kind,
                part=part,
                name=name,
            ),
            hint,
        )


def _fact(pack: Pack, fact: Fact) -> Iterator[Problem]:
    what, names = f"fact '{fact.id}'", plain_names(fact.for_each)
    match fact.form:
        case TrueFrom() as form:
            yield from _carried(pack, what, "true from", form.start, names)
            if form.to_date_field is not None:
                yield from _field(pack, what, form.start, form.to_date_field, FieldType.DATE)
        case Quiet() as form:
            yield from _carried(pack, what, "since", form.since, names)
        case Count() as form:
            yield from _carried(pack, what, "count", form.count, names)
            yield from _counted(pack, what, form)
        case Combination(_, parts):
            for part in parts:
                yield from _in_common(pack, what, fact.for_each, part, fact.mark)
        case Overdue(duty) if duty in pack.duties:
            yield from _shared(pack, what, fact.for_each, f"duty '{duty}'", pack.duties[duty].for_each, fact.mark)
        case _:
            return


def _counted(pack: Pack, what: str, form: Count) -> Iterator[Problem]:
    if form.adding_up is not None:
        yield from _field(pack, what, form.count, form.adding_up, FieldType.NUMBER)
    if form.distinct is None or form.distinct in ("role", "day"):
        return
    for each in form.count.alternatives:
        kind = pack.events[each.kind]
        if form.distinct not in kind.fields and form.distinct not in kind.about:
            hint = suggestion(form.distinct, [*kind.fields, *kind.about, "role", "day"])
            yield problem(
                form.count.mark,
                "E4",
                worded(
                    "{what}: '{kind}' has nothing called '{distinct}'",
                    what=what,
                    kind=each.kind,
                    distinct=form.distinct,
                ),
                hint,
            )


def _field(pack: Pack, what: str, pattern: Pattern, name: str, sort: FieldType) -> Iterator[Problem]:
    """Each alternative of a pattern must have this field, of this type."""
    for each in pattern.alternatives:
        fields = pack.events[each.kind].fields
        if name not in fields:
            yield problem(
                pattern.mark,
                "E4",
                worded("{what}: '{kind}' has no field '{name}'", what=what, kind=each.kind, name=name),
                suggestion(name, fields),
            )
        elif fields[name].type is not sort and (fields[name].type, sort) != (FieldType.SCALE, FieldType.NUMBER):
            written = fields[name].type.value
            yield problem(
                pattern.mark,
                "E4",
                worded(
                    "{what}: '{name}' of '{kind}' is {written}, not {value}",
                    what=what,
                    name=name,
                    kind=each.kind,
                    written=written,
                    value=sort.value,
                ),
            )


def _duty(pack: Pack, duty: Duty) -> Iterator[Problem]:
    what = f"duty '{duty.id}'"
    if isinstance(duty.when, WhenEvent):
        yield from _carried(pack, what, "when", duty.when.pattern, plain_names(duty.for_each))
    else:
        yield from _triggered(pack, what, duty)
    for pattern in duty.must:
        yield from _carried(pack, what, "must", pattern, all_names(duty.for_each))
    guards = dict.fromkeys([*duty.if_, *duty.unless, *([duty.paused_while] if duty.paused_while else [])])
    for fact in guards:
        yield from _in_common(pack, what, duty.for_each, fact, duty.mark)
    for bearer in duty.who:
        if isinstance(bearer, IsKey | GuardiansOf) and not answers_for(pack, all_names(duty.for_each), bearer.name):
            yield problem(
                duty.mark,
                "E7",
                worded(
                    "{what}: 'who' speaks of '{bearer}', which 'for each' does not name", what=what, bearer=bearer.name
                ),
            )
    yield from _dates(pack, what, duty)


def _triggered(pack: Pack, what: str, duty: Duty) -> Iterator[Problem]:
    """``becomes true``, ``overdue`` and ``breach`` carry the names of that fact, duty or limit."""
    match duty.when:
        case BecomesTrue(name):
            source: Fact | Duty | Limit | None = pack.facts.get(name)
        case WhenOverdue(name):
            source = pack.duties.get(name)
        case WhenBreach(name):
            source = pack.limits.get(name)
        case _:
            return
    given = all_names(source.for_each) if source is not None else ()
    if source is None:
        return
    for wanted in plain_names(duty.for_each):
        if not answers_for(pack, given, wanted):
            hint = (
                worded("'{name}' has: {given}", name=name, given=", ".join(given))
                if given
                else worded("'{name}' has no 'for each'", name=name)
            )
            yield problem(
                duty.mark,
                "E7",
                worded("{what}: '{name}' does not carry '{wanted}'", what=what, name=name, wanted=wanted),
                hint,
            )


def _dates(pack: Pack, what: str, duty: Duty) -> Iterator[Problem]:
    wanted = [*date_fields(duty)]
    if isinstance(duty.window, Between):
        wanted += [duty.window.from_field, duty.window.to_field]
    for name in wanted:
        if isinstance(duty.when, WhenEvent):
            yield from _field(pack, what, duty.when.pattern, name, FieldType.DATE)
        else:
            hint = worded("only a duty that an event raises can reckon from a date of that event")
            yield problem(
                duty.mark,
                "E4",
                worded("{what}: there is no triggering event with a field '{name}'", what=what, name=name),
                hint,
            )


def _limit(pack: Pack, limit: Limit) -> Iterator[Problem]:
    what = f"limit '{limit.id}'"
    yield from _carried(pack, what, "act", limit.act, plain_names(limit.for_each))
    for fact in dict.fromkeys((*limit.only_while, *limit.while_, *limit.unless)):
        yield from _in_common(pack, what, limit.for_each, fact, limit.mark)


def _in_common(pack: Pack, what: str, keys: ForEach, fact: str, mark: Mark) -> Iterator[Problem]:
    if fact in pack.facts:
        yield from _shared(pack, what, keys, f"fact '{fact}'", pack.facts[fact].for_each, mark)


def _shared(pack: Pack, what: str, keys: ForEach, other: str, others: ForEach, mark: Mark) -> Iterator[Problem]:
    names, asked = all_names(keys), all_names(others)
    if names and asked and not any(answers_for(pack, names, each) for each in asked):
        hint = worded(
            "one is for each {names}, the other for each {asked}", names=" and ".join(names), asked=" and ".join(asked)
        )
        yield problem(mark, "E15", worded("{what} and {other} share no name", what=what, other=other), hint)
