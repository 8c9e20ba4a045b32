"""Scenarios: what must come out of a pack, in a form that a head teacher can read; this runs them.

A scenario is a mapping as its YAML reads: ``name``, ``kind``, ``calendar``, ``log``, ``expect``. Each expectation has ``now`` and
any of ``duties`` (a subset: every one listed must be there as listed), ``no duties``, ``facts``, ``not facts``, ``breaches``,
``no breaches``, ``closable``, ``missing``, ``next change``, ``refused``, ``warned`` and ``allowed`` (events that the guard would
stop, let pass after a question, with the limit that does so, or not mind), ``cards`` and ``no cards`` (guidance:
``{card, before: event}`` or ``{card, on: page}``, else while its fact holds; ``body``, ``say``, ``never`` list words that must
stand in it).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from upstander.policy import cards, guard, reference
from upstander.policy.calendar import Calendar, CalendarError
from upstander.policy.log import Event
from upstander.policy.model import Pack, Series
from upstander.policy.verdict import Breach, Picture
from upstander.policy.verdict_json import BadEvent, event_from_json, log_from_json, picture_to_json, read_minute

Scenario = Mapping[str, Any]
Evaluate = Callable[..., Picture]
_SCENARIO = {"name", "clauses", "clause", "kind", "calendar", "log", "expect", "note"}
_EXPECT = {
    "now",
    "duties",
    "no duties",
    "facts",
    "not facts",
    "breaches",
    "no breaches",
    "closable",
    "next change",
    "refused",
    "warned",
    "allowed",
    "missing",
    "cards",
    "no cards",
    "note",
}

_ANY_LIST = {"type": "array"}
_YES_NO = {"enum": ["yes", "no", True, False, "true", "false"]}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "clauses": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "clause": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "kind": {"type": "string"},
        "note": {"type": "string"},
        "calendar": {"type": "object"},
        "log": {"type": "array", "items": {"type": "object", "required": ["event", "at"]}},
        "expect": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    **{entry: {} for entry in sorted(_EXPECT)},
                    **dict.fromkeys(
                        ("duties", "facts", "breaches", "missing", "refused", "warned", "allowed", "cards", "no cards"),
                        _ANY_LIST,
                    ),
                    "now": {"type": "string"},
                    "closable": _YES_NO,
                },
                "required": ["now"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["name", "expect"],
    "additionalProperties": False,
}
"""The JSON Schema of a scenario."""


def run(pack: Pack, scenario: Scenario, evaluate: Evaluate = reference.picture) -> list[str]:
    """What did not come out as the scenario says, a sentence each; an empty list means that it holds."""
    name = str(scenario.get("name", "?"))
    try:
        unknown = set(scenario) - _SCENARIO
        if unknown:
            return [f"{name}: unknown entry: {', '.join(sorted(unknown))}"]
        calendar = Calendar.from_data(scenario["calendar"]) if scenario.get("calendar") else None
        log = log_from_json(scenario.get("log") or (), pack.timezone)
    except (BadEvent, CalendarError) as error:
        return [f"{name}: {error}"]
    strange = sorted({event.kind for event in log} - set(pack.events)) if pack.events else []
    failures = [f"no such kind of event: {kind}" for kind in strange]
    kind = str(scenario.get("kind", "case"))
    for expected in scenario.get("expect") or ():
        failures += _check(pack, expected, log, calendar, kind, evaluate)
    return [f"{name}: {failure}" for failure in failures]


def _check(
    pack: Pack,
    expected: Mapping[str, Any],
    log: Sequence[Event],
    calendar: Calendar | None,
    kind: str,
    evaluate: Evaluate,
) -> list[str]:
    unknown = set(expected) - _EXPECT
    if unknown:
        return [f"unknown expectation: {', '.join(sorted(unknown))}"]
    try:
        now = read_minute(expected.get("now"), pack.timezone, "now")
    except BadEvent as error:
        return [str(error)]
    series = Series((pack,))
    found = picture_to_json(evaluate(series, log, calendar, now, kind=kind, record="scenario"))
    failures = [*_listed(found, expected), *_unlisted(found, expected), *_plain_answers(found, expected)]
    failures += _guarded(series, expected, log, calendar, kind, now)
    failures += _cards(pack, expected, {str(each["fact"]) for each in found["facts"]})
    return [f"at {expected.get('now')}: {failure}" for failure in failures]


def _listed(found: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """What must be there and is not, with what is there instead."""
    failures = []
    for plural, rule in (("duties", "rule"), ("facts", "fact"), ("breaches", "rule"), ("missing", "fact")):
        for wanted in expected.get(plural) or ():
            wanted = _as_mapping(wanted, rule)
            if not any(_fits(one, wanted) for one in found[plural]):
                name = wanted.get(rule, wanted.get("rule"))
                there = [one for one in found[plural] if name in (one.get(rule), one.get("rule"))]
                failures.append(
                    f"{plural}: expected {_show(wanted)}, found {[_only(one, wanted) for one in there] or 'none'}"
                )
    return failures


def _unlisted(found: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """What must not be there and is."""
    failures = []
    for entry, plural, rule in (
        ("no duties", "duties", "rule"),
        ("not facts", "facts", "fact"),
        ("no breaches", "breaches", "rule"),
    ):
        unwanted = expected.get(entry)
        if unwanted in (True, "yes"):
            failures += [f"{entry}: {_show(one)}" for one in found[plural]]
            continue
        for wanted in unwanted or ():
            wanted = _as_mapping(wanted, rule)
            failures += [f"{entry}: {_show(wanted)} is there" for one in found[plural] if _fits(one, wanted)]
    return failures


def _plain_answers(found: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    failures = []
    if "closable" in expected:
        wanted = expected["closable"] in (True, "yes")
        if found["closable"] is not wanted:
            failures.append(f"closable: expected {wanted}; missing {found['missing']}")
    if "next change" in expected and _text(expected["next change"]) != _text(found["next change"]):
        failures.append(f"next change: expected {expected['next change']}, found {found['next change']}")
    return failures


def _guarded(
    series: Series,
    expected: Mapping[str, Any],
    log: Sequence[Event],
    calendar: Calendar | None,
    kind: str,
    now: datetime,
) -> list[str]:
    failures = []
    so_far = [event for event in log if event.at <= now]
    for entry in ("refused", "warned", "allowed"):
        for wanted in expected.get(entry) or ():
            data = {name: value for name, value in wanted.items() if name != "limit"}
            try:
                event = event_from_json({"at": now, **data}, series.versions[0].timezone, "asked")
            except BadEvent as error:
                failures.append(f"{entry}: {error}")
                continue
            breaches = guard.would_break(series, so_far, calendar, event, kind=kind, record="")
            failures += _answered(series, entry, event.kind, wanted.get("limit"), breaches)
    return failures


def _answered(series: Series, entry: str, kind: str, limit: str | None, breaches: Sequence[Breach]) -> list[str]:
    """Whether the guard answers as expected: of what it refuses or warns of, by this limit (or any)."""
    stopping = [breach.rule for breach in breaches if guard.stops(series, breach)]
    warning = [breach.rule for breach in breaches if not guard.stops(series, breach)]
    if entry == "allowed":
        return [f"allowed: {kind} would break {stopping + warning}"] if breaches else []
    there = stopping if entry == "refused" else warning
    if limit in there if limit else there:
        if entry == "warned" and stopping and not limit:
            return [f"warned: {kind} would not pass at all: {stopping}"]
        return []
    would = f"it would be refused by {stopping or 'none'} and warned of by {warning or 'none'}"
    return [f"{entry}: {kind} by {limit or 'any limit'}; {would}"]


def _cards(pack: Pack, expected: Mapping[str, Any], held: Collection[str]) -> list[str]:
    """Which guidance is shown, and whether it says what it must."""
    failures = []
    for entry in ("cards", "no cards"):
        for wanted in expected.get(entry) or ():
            wanted = _as_mapping(wanted, "card")
            there = {
                each.id: each for each in cards.shown(pack, before=wanted.get("before"), on=wanted.get("on"), held=held)
            }
            card = there.get(str(wanted.get("card")))
            if entry == "no cards":
                failures += [f"no cards: {_show(wanted)} is there"] if card else []
            elif card is None:
                failures.append(f"cards: expected {_show(wanted)}, found {sorted(there) or 'none'}")
            else:
                texts = {"body": card.body, "say": "\n".join(card.say), "never": "\n".join(card.never)}
                failures += [
                    f"cards: {card.id} does not have {words} in its {part}"
                    for part, text in texts.items()
                    for words in _several(wanted.get(part))
                    if words not in text
                ]
    return failures


def _several(value: object) -> list[str]:
    """One text or a list of them."""
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)] if value else []


def _as_mapping(wanted: object, rule: str) -> Mapping[str, Any]:
    """A bare id stands for the rule or fact of that name."""
    return wanted if isinstance(wanted, Mapping) else {rule: wanted}


def _fits(one: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(_same(one.get(name), value) for name, value in wanted.items())


def _same(found: object, wanted: object) -> bool:
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return all(name in found and _same(found[name], value) for name, value in wanted.items())
    if isinstance(wanted, list | tuple) and isinstance(found, list | tuple):
        return len(wanted) == len(found) and all(_same(one, two) for one, two in zip(found, wanted, strict=True))
    if isinstance(found, list | tuple):
        return len(found) == 1 and _same(found[0], wanted)
    if isinstance(wanted, list | tuple):
        return len(wanted) == 1 and _same(found, wanted[0])
    if isinstance(found, int) and isinstance(wanted, str) and wanted.isdigit():
        return found == int(wanted)
    return _text(found) == _text(wanted)


def _text(value: object) -> str | None:
    """Moments however written, and nothing as ``null`` or ``none``."""
    if value is None or value in ("null", "none"):
        return None
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return str(value).replace(" ", "T") if str(value)[:4].isdigit() else str(value)


def _only(one: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Of what was found, the entries that the scenario speaks of, and the key."""
    return {name: one.get(name) for name in (*wanted, "key") if name in one}


def _show(wanted: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in wanted.items())
