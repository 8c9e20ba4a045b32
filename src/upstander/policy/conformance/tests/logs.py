"""Logs drawn from a pack's own kinds of event, each with its own fields."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from upstander.policy.log import Doer, Event, FieldValue
from upstander.policy.model import Field, FieldType, Pack

START = datetime(2026, 4, 10, 9, 0)


def random_log(pack: Pack, random: Random, most: int = 40) -> list[Event]:
    """Some events of any kind of the pack, minutes or weeks apart, some written down later, some void."""
    kinds = [kind for kind in pack.events if kind not in ("person-named", "extend")]
    log, at = [], START + timedelta(minutes=random.randint(0, 10000))
    for number in range(random.randint(1, most)):
        at += timedelta(minutes=random.choice((0, 1, 30, 60 * 5, 60 * 24, random.randint(1, 60 * 24 * 30))))
        kind = random.choice(kinds)
        if kind in ("close", "reopen") and random.random() < 0.6:
            kind = kinds[0]
        log.append(event(pack, random, f"e{number}", kind, at, log))
    return log


def event(pack: Pack, random: Random, id_: str, kind: str, at: datetime, log: list[Event]) -> Event:
    known = pack.events[kind]
    people = ("s1", "s2", "s3")
    about = {name: tuple(random.sample(people, random.choice((0, 1, 1, 1, 2)))) for name in known.about}
    fields = {name: _value(pack, random, field, at) for name, field in known.fields.items() if random.random() < 0.9}
    if kind == "void":
        fields = {"event": random.choice(log).id if log else "e0"}
    if kind == "waive":
        fields = {"rule": random.choice(list(pack.duties))}
    doer = Doer(random.choice(("t1", "t2", None)), random.choice((*known.recorded_by, *list(pack.roles)[:3])))
    recorded = at + timedelta(minutes=random.choice((0, 0, 0, 0, 5, 60 * 24 * 4)))
    return Event(
        id_, kind, at, recorded, doer, about, {name: value for name, value in fields.items() if value is not None}
    )


def _value(pack: Pack, random: Random, field: Field, at: datetime) -> FieldValue | None:
    options = list(pack.options.get(field.options, {}))
    match field.type:
        case FieldType.YES_NO:
            return random.choice(("yes", "no"))
        case FieldType.ONE_OF if options:
            return random.choice(options)
        case FieldType.SOME_OF | FieldType.PLACE if options:
            return tuple(random.sample(options, random.choice((1, min(2, len(options))))))
        case FieldType.NUMBER | FieldType.SCALE:
            return Decimal(random.randint(0, 9))
        case FieldType.DATE:
            return (at + timedelta(days=random.randint(-3, 30))).date().isoformat()
        case FieldType.TIME:
            return f"{random.randint(8, 16):02}:30"
        case FieldType.PERSON:
            return random.choice(("t1", "t2", "s1"))
    return None
