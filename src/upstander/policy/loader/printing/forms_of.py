"""Rules, deadlines and patterns in the words of the language: what the readers read, written back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from upstander.policy.durations import print_distance
from upstander.policy.model import (
    AfterEvent,
    AgainAfter,
    AtClock,
    AtLeast,
    AtMost,
    Bearer,
    BecomesTrue,
    BeforeEvent,
    Between,
    Both,
    Closure,
    Combination,
    Condition,
    Count,
    Deadline,
    DidTrigger,
    Distance,
    During,
    Duty,
    Earliest,
    Fact,
    Field,
    FieldType,
    ForEach,
    FromDate,
    GuardiansOf,
    In,
    Includes,
    InMonths,
    InTerms,
    Is,
    IsKey,
    IsNot,
    Limit,
    NamedAs,
    OnDay,
    OneOf,
    Overdue,
    Pack,
    Pattern,
    Quiet,
    RepeatEach,
    RepeatEvery,
    Role,
    Said,
    SimpleDeadline,
    Span,
    Test,
    Trigger,
    TrueFrom,
    Value,
    WhenBreach,
    WhenEvent,
    WhenOverdue,
    Within,
)

Entry = dict[str, Any]


def clock(minutes: int) -> str:
    """``HH:MM``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def distance(found: Distance) -> str:
    return print_distance(found)


def span_or_text(found: Span | str | None) -> str | None:
    return print_distance(found) if isinstance(found, Span) else found


def _some(**parts: object) -> Entry:
    return {key.rstrip("_").replace("_", " "): part for key, part in parts.items() if part not in ("", None, (), False)}


def _keys(keys: ForEach) -> list[str]:
    return [key.name + (" of the case" if key.of_case else "") for key in keys]


def _condition(condition: Condition, clocks: bool) -> object:
    """``clocks``: numbers are minutes from midnight."""

    def value(one: Value) -> object:
        return clock(int(one)) if clocks and isinstance(one, Decimal) else one

    def values(these: tuple[Value, ...]) -> list[object]:
        return [value(each) for each in these]

    match condition:
        case Is(one):
            return value(one)
        case OneOf(several):
            return values(several)
        case AtLeast(n):
            return {"at least": value(n)}
        case AtMost(n):
            return {"at most": value(n)}
        case IsNot(several):
            return {"not": values(several)}
        case Includes(several):
            return {"includes": values(several)}
        case Both(parts):
            written = [_condition(part, clocks) for part in parts]
            return {key: each for part in written if isinstance(part, dict) for key, each in part.items()}


@dataclass(frozen=True)
class Writer:
    """Writes the rules of a pack."""

    pack: Pack

    # --- patterns

    def pattern(self, pattern: Pattern) -> object:
        each = [self._alternative(item.kind, item.tests) for item in pattern.alternatives]
        return each[0] if len(each) == 1 else each

    def _alternative(self, kind: str, tests: tuple[Test, ...]) -> object:
        fields = self.pack.events[kind].fields
        return {kind: {test.field: self._test(fields.get(test.field), test) for test in tests}} if tests else kind

    def _test(self, asked: Field | None, test: Test) -> object:
        clocks = test.field == "time of day" or (asked is not None and asked.type is FieldType.TIME)
        return _condition(test.condition, clocks)

    def condition(self, asked: Field, condition: Condition) -> object:
        """What is asked of one field."""
        return _condition(condition, asked.type is FieldType.TIME)

    # --- deadlines

    def deadline(self, found: Any) -> object:
        """A deadline; ``found`` is any of its forms."""
        deadline: Deadline = found
        match deadline:
            case SimpleDeadline():
                return deadline.value
            case In(length):
                return distance(length)
            case AtClock(hour, minute):
                return f"{hour:02}:{minute:02}"
            case AfterEvent(after, plus):
                return {"after": self.pattern(after), "plus": distance(plus)}
            case BeforeEvent(before):
                return {"before": self.pattern(before)}
            case FromDate(field, less, plus):
                more = {"less": less, "plus": plus}
                return {"date": field, **{key: distance(each) for key, each in more.items() if each is not None}}
            case Earliest(of):
                return [self.deadline(each) for each in of]
            case Said(said):
                return {"param": said} if said in self.pack.params and said not in self.pack.vague else said

    # --- rules

    def fact(self, fact: Fact) -> Entry:
        found = _some(clause=fact.clause, label=fact.label, for_each=_keys(fact.for_each))
        match fact.form:
            case TrueFrom(start, until, lasts, to):
                found["true from"] = self.pattern(start)
                if until is not None:
                    found["until"] = self.pattern(until)
                if lasts is not None:
                    found["for"] = distance(lasts)
                if to is not None:
                    found["to"] = {"date": to}
            case Quiet(quiet, since, lasts):
                found.update({"quiet": self.pattern(quiet), "since": self.pattern(since), "for": distance(lasts)})
            case Count(count, least, within, adding, distinct):
                found.update({"count": self.pattern(count), "at least": least})
                found["within"] = within.value if isinstance(within, Within) else distance(within)
                found.update(_some(adding_up=adding, distinct=distinct))
            case Overdue(duty):
                found["overdue"] = duty
            case Combination(how, facts):
                found[how.value] = list(facts)
            case During(season):
                found["during"] = season.value
        return {key: value for key, value in found.items() if value != []}

    def duty(self, duty: Duty) -> Entry:
        found = _some(
            clause=duty.clause, label=duty.label, for_each=_keys(duty.for_each), if_=duty.if_, unless=duty.unless
        )
        found["when"] = self._trigger(duty.when)
        patterns = [self.pattern(each) for each in duty.must]
        found["must"] = patterns[0] if len(patterns) == 1 else {"all of": patterns}
        found["counts"] = "each" if duty.each_trigger else "once"
        found["times"] = duty.times
        found["strength"] = duty.strength.value
        if duty.by is not None:
            found["by"] = self.deadline(duty.by)
        if duty.not_before is not None:
            found["not before"] = self.deadline(duty.not_before)
        if duty.until is not None:
            found["until"] = self.pattern(duty.until)
        if duty.remind is not None:
            found["remind"] = distance(duty.remind)
        found["who"] = [_bearer(each) for each in duty.who]
        found["climbs"] = [{"after": distance(each.after), "to": each.to} for each in duty.climbs]
        found.update(_some(paused_while=duty.paused_while, early_counts=duty.early_counts))
        found.update(_some(may_be_waived_by=duty.waived_by, may_be_extended_by=duty.extended_by))
        found.update(self._recurrence(duty))
        found.update(_window(duty))
        return {key: value for key, value in found.items() if value != []}

    def _trigger(self, trigger: Trigger) -> object:
        match trigger:
            case WhenEvent(pattern):
                return self.pattern(pattern)
            case BecomesTrue(fact):
                return {"becomes true": fact}
            case WhenOverdue(duty):
                return {"overdue": duty}
            case WhenBreach(limit):
                return {"breach": limit}

    def _recurrence(self, duty: Duty) -> Entry:
        if duty.recurrence_said is not None:
            said = duty.recurrence_said
            return {"repeat": {"param": said} if said in self.pack.params and said not in self.pack.vague else said}
        match duty.recurrence:
            case None:
                return {}
            case RepeatEvery(span):
                return {"repeat every": distance(span)}
            case RepeatEach(period):
                return {"repeat each": period.value}
            case AgainAfter(length):
                return {"again after": distance(length)}

    def limit(self, limit: Limit) -> Entry:
        found = _some(clause=limit.clause, label=limit.label, for_each=_keys(limit.for_each), never=limit.never)
        found["act"] = self.pattern(limit.act)
        found["only after"] = [self.pattern(each) for each in limit.only_after]
        found.update(
            _some(only_while=limit.only_while, only_by=limit.only_by, not_by=limit.not_by, while_=limit.while_)
        )
        found.update(_some(unless=limit.unless))
        found["stops"] = "warns" if limit.warns else "yes"
        found["strength"] = limit.strength.value
        return {key: value for key, value in found.items() if value != []}

    def closure(self, closure: Closure) -> Entry:
        found = _some(
            clause=closure.clause, for_each=_keys(closure.for_each), needs=closure.needs, settled=closure.settled
        )
        found.update(_some(decided_by=closure.decided_by))
        if closure.watch_for is not None:
            found["watch for"] = distance(closure.watch_for)
        return {key: value for key, value in found.items() if value != []}


def _bearer(bearer: Bearer) -> object:
    match bearer:
        case Role(role):
            return role
        case DidTrigger(otherwise):
            return {"did": "trigger", **({"otherwise": otherwise} if otherwise is not None else {})}
        case IsKey(name):
            return {"is": name}
        case NamedAs(role):
            return {"named": role}
        case GuardiansOf(name):
            return {"guardians of": name}


def _window(duty: Duty) -> Entry:
    match duty.window:
        case None:
            return {}
        case InMonths(months):
            return {"in": [f"month {month}" for month in months]}
        case InTerms(terms):
            return {"in": [f"term {term}" for term in terms]}
        case OnDay(month, day, nearest):
            return {"on": f"{month:02}-{day:02}", **({"or": "nearest school day"} if nearest else {})}
        case Between(first, last):
            return {"in": {"date": first, "to": last}}
