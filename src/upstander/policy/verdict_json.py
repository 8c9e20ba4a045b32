"""Events and pictures as JSON data in the form of §11: local times without offset, to the minute."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from upstander.policy.log import Doer, Event, FieldValue
from upstander.policy.model import Pack
from upstander.policy.verdict import Breach, DutyInstance, Key, Missing, Picture

Json = dict[str, Any]


class BadEvent(ValueError):
    """A line of a log that is no event; the text says which entry is wrong."""


def event_from_json(data: Mapping[str, Any], zone: str = "UTC", fallback_id: str = "") -> Event:
    """One event of a log. Moments with an offset are turned into the zone. Raises BadEvent naming what is wrong."""
    if not isinstance(data, Mapping):
        raise BadEvent("an event is an object")
    unknown = set(data) - {"id", "event", "at", "recorded", "by", "about", "fields", "instead of", "record", "kind"}
    if unknown:
        raise BadEvent(f"unknown: {', '.join(sorted(unknown))}")
    kind = data.get("event")
    if not isinstance(kind, str) or not kind:
        raise BadEvent("event: the kind is missing")
    at = read_minute(data.get("at"), zone, "at")
    recorded = data.get("recorded")
    return Event(
        id=str(data.get("id", fallback_id)),
        kind=kind,
        at=at,
        recorded=read_minute(recorded, zone, "recorded") if recorded is not None else at,
        by=_doer(data.get("by")),
        about=_about(data.get("about")),
        fields=_fields(data.get("fields")),
        instead_of=str(data["instead of"]) if data.get("instead of") is not None else None,
    )


def read_minute(value: object, zone: str, name: str) -> datetime:
    """A moment as naive civil time of the zone; seconds are cut off."""
    if isinstance(value, datetime):
        moment = value
    else:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError as error:
            raise BadEvent(f"{name}: {value}") from error
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        except (ZoneInfoNotFoundError, OverflowError) as error:
            raise BadEvent(f"{name}: {value} in {zone}") from error
    return moment.replace(second=0, microsecond=0)


def _doer(data: object) -> Doer:
    if data is None:
        return Doer(None, None)
    if isinstance(data, str):
        return Doer(None, data)
    if not isinstance(data, Mapping):
        raise BadEvent(f"by: {data}")
    person, role = data.get("person"), data.get("role")
    return Doer(str(person) if person is not None else None, str(role) if role is not None else None)


def _about(data: object) -> Mapping[str, tuple[str, ...]]:
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise BadEvent(f"about: {data}")
    return {
        str(name): tuple(map(str, ids)) if isinstance(ids, list | tuple) else (str(ids),) for name, ids in data.items()
    }


def _fields(data: object) -> Mapping[str, FieldValue]:
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise BadEvent(f"fields: {data}")
    return {str(name): _value(value, str(name)) for name, value in data.items() if value is not None}


def _value(value: object, name: str) -> FieldValue:
    if isinstance(value, list | tuple):
        return tuple(part for one in value if isinstance(part := _value(one, name), str | Decimal))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        try:
            number = Decimal(str(value))
        except InvalidOperation as error:
            raise BadEvent(f"{name}: {value}") from error
        if not number.is_finite():
            raise BadEvent(f"{name}: {value}")
        return number
    if isinstance(value, str):
        return value
    raise BadEvent(f"{name}: {value}")


def event_to_json(event: Event) -> Json:
    """The same form; ``event_from_json`` reads it back to an equal event."""
    data: Json = {"id": event.id, "event": event.kind, "at": minute(event.at), "recorded": minute(event.recorded)}
    by = {name: value for name, value in (("person", event.by.person), ("role", event.by.role)) if value is not None}
    if by:
        data["by"] = by
    if event.about:
        data["about"] = {name: list(ids) for name, ids in event.about.items()}
    if event.fields:
        data["fields"] = {name: _plain(value) for name, value in event.fields.items()}
    if event.instead_of is not None:
        data["instead of"] = event.instead_of
    return data


def _plain(value: FieldValue) -> object:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def minute(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment is not None else None


def pictures_to_json(pictures: Iterable[Picture]) -> Json:
    """The whole document: the records, and the first moment at which one of them changes."""
    records = [picture_to_json(picture) for picture in pictures]
    moments = [record["next change"] for record in records if record["next change"] is not None]
    return {"next change": min(moments, default=None), "records": records}


def picture_to_json(picture: Picture) -> Json:
    """One record of the document."""
    return {
        "record": picture.record,
        "kind": picture.kind,
        "next change": minute(picture.next_change),
        "duties": [_duty(duty) for duty in picture.duties],
        "breaches": [_breach(breach) for breach in picture.breaches],
        "facts": [{"fact": held.fact, "key": _key(held.key)} for held in picture.facts],
        "closable": picture.closable,
        "missing": [_missing(missing) for missing in picture.missing],
    }


def _key(key: Key) -> dict[str, str]:
    return dict(key)


def _duty(duty: DutyInstance) -> Json:
    settled = duty.settled
    return {
        "rule": duty.rule,
        "clause": list(duty.clause),
        "version": duty.version,
        "key": _key(duty.key),
        "occurrence": duty.occurrence,
        "arose": minute(duty.arose),
        "due": minute(duty.due),
        "state": duty.state.value,
        "strength": duty.strength.value,
        "who": [dict(who) for who in duty.who],
        "settled": {"event": settled.event, "at": minute(settled.at)} if settled is not None else None,
        "because": list(duty.because),
        "why": list(duty.why),
        "flags": list(duty.flags),
    }


def _breach(breach: Breach) -> Json:
    return {
        "rule": breach.rule,
        "clause": list(breach.clause),
        "event": breach.event,
        "key": _key(breach.key),
        "missing": list(breach.missing),
        "strength": breach.strength.value,
        "flags": list(breach.flags),
    }


def _missing(missing: Missing) -> Json:
    named = {"fact": missing.fact} if missing.fact is not None else {"rule": missing.rule}
    return {**named, "key": _key(missing.key)}


def log_from_json(lines: Sequence[Mapping[str, Any]], zone: str = "UTC") -> list[Event]:
    """A log in the order given; an event without an id gets one from its place (``e1`` is the first)."""
    return [event_from_json(line, zone, f"e{number}") for number, line in enumerate(lines, 1)]


def read_log(text: str, pack: Pack, also: Sequence[Pack] = ()) -> dict[tuple[str, str], list[Event]]:
    """The events of a file of JSON lines by (record, kind of record), in the order of the file.

    A line may name its ``record`` and ``kind``; else it belongs to ``r1``, a ``case``. Its kind of event must be known to the
    pack or to one of ``also``. Raises BadEvent with the line's number.
    """
    known = {kind for each in (pack, *also) for kind in each.events}
    found: dict[tuple[str, str], list[Event]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line, parse_float=Decimal)
            event = event_from_json(data, pack.timezone, f"e{number}")
        except RecursionError:
            raise BadEvent(f"line {number}: nested too deep") from None
        except ValueError as error:
            raise BadEvent(f"line {number}: {error}") from error
        if event.kind not in known:
            raise BadEvent(f"line {number}: no such kind of event: {event.kind}")
        found.setdefault((str(data.get("record", "r1")), str(data.get("kind", "case"))), []).append(event)
    return found
