"""Random packs and logs drawn around each other's rules: times at durations from earlier events ± 1 minute, doubles, small numbers.

Everything follows from one seed, so that a failing example is one number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from hypothesis import strategies as st

from upstander.policy import lint
from upstander.policy.calendar import Calendar, Term
from upstander.policy.log import Doer, Event
from upstander.policy.model import (
    AfterEvent,
    AgainAfter,
    Alternative,
    AtClock,
    AtLeast,
    AtMost,
    BecomesTrue,
    BeforeEvent,
    Between,
    CalendarHints,
    Closure,
    Combination,
    Combine,
    Count,
    Deadline,
    DidTrigger,
    Distance,
    During,
    Duty,
    Earliest,
    EventKind,
    Fact,
    FactForm,
    Field,
    FieldType,
    ForEach,
    FromDate,
    In,
    Includes,
    InMonths,
    InTerms,
    Is,
    IsKey,
    IsNot,
    KeyName,
    Limit,
    NamedAs,
    OnDay,
    OneOf,
    Overdue,
    Pack,
    Pattern,
    Period,
    Quiet,
    RepeatEach,
    RepeatEvery,
    Role,
    RoleInfo,
    Said,
    SchoolDays,
    Season,
    Series,
    SimpleDeadline,
    Span,
    Strength,
    Test,
    TrueFrom,
    WhenBreach,
    WhenEvent,
    WhenOverdue,
    Within,
    WorkingDays,
)

seeds = st.integers(min_value=0, max_value=2**40)

KINDS = ("seen", "told", "met", "judged", "noted", "planned")
SPANS = (
    Span(minutes=1),
    Span(minutes=2 * 60),
    Span(days=1),
    Span(days=7),
    Span(months=1),
    Span(months=3),
    Span(days=2, minutes=30),
)
PEOPLE = ("s1", "s2")
START = datetime(2026, 1, 29, 8, 0)
TARGET, ACTOR, PUPIL = KeyName("target"), KeyName("actor"), KeyName("pupil")


@dataclass(frozen=True)
class Drawn:
    """One example: what to evaluate, and the moment."""

    series: Series
    log: list[Event]
    calendar: Calendar | None
    now: datetime
    random: Random


def draw(seed: int, *, versions: int | None = None, voids: bool = True, events: int = 9) -> Drawn:
    random = Random(seed)
    packs = _packs(random, versions)
    calendar = random.choice((None, _calendar(random)))
    log = _log(random, packs, events, voids=voids)
    latest = max(event.at for event in log)
    now = random.choice((latest, latest + timedelta(minutes=1), _near(random, packs[0], [event.at for event in log])))
    return Drawn(Series(tuple(packs)), log, calendar, now, random)


# --- packs ---------------------------------------------------------------------------------------------------------------


def _packs(random: Random, versions: int | None) -> list[Pack]:
    first = _without_circles(_pack(random, "1", date(2025, 4, 1)))
    if (versions or random.choice((1, 1, 2))) == 1:
        return [first]
    day = (START + timedelta(days=random.choice((1, 2, 5, 30)))).date()
    other = _without_circles(_pack(random, "2", day))
    changed = replace(
        first,
        version="2",
        in_force_from=day,
        facts={name: random.choice((fact, other.facts.get(name, fact))) for name, fact in first.facts.items()},
        duties=_mixed(random, first.duties, other.duties),
        limits=_mixed(random, first.limits, other.limits),
    )
    second = changed if random.random() < 0.8 else other
    if lint.in_turn([first, second]):
        return [first]
    return [first, second]


def _without_circles(pack: Pack) -> Pack:
    """The pack as it may be loaded: its closing does not wait for what it raises (E9)."""
    if not lint.in_turn([pack, pack]):
        return pack
    return replace(pack, closure={kind: replace(closure, needs=()) for kind, closure in pack.closure.items()})


def _mixed(random: Random, mine: dict, theirs: dict) -> dict:
    mixed = {
        name: random.choice((rule, theirs.get(name, rule))) for name, rule in mine.items() if random.random() < 0.85
    }
    return mixed | {name: rule for name, rule in theirs.items() if name not in mine and random.random() < 0.5}


def _pack(random: Random, version: str, day: date) -> Pack:
    fact_ids = [f"fact-{n}" for n in range(random.randint(2, 5))]
    duty_ids = [f"duty-{n}" for n in range(random.randint(2, 4))]
    limit_ids = [f"limit-{n}" for n in range(random.randint(1, 2))]
    facts = {name: Fact(name, *_fact(random, fact_ids[:n])) for n, name in enumerate(fact_ids)}
    limits = {name: _limit(random, name, list(facts)) for name in limit_ids}
    duties: dict[str, Duty] = {}
    for name in duty_ids:
        duties[name] = _duty(random, name, facts, list(duties), limit_ids)
    if random.random() < 0.3 and any(isinstance(duty.when, WhenEvent) for duty in duties.values()):
        safe = [name for name, duty in duties.items() if _plain(duty)]
        if safe:
            duty = duties[random.choice(safe)]
            facts["late"] = Fact("late", Overdue(duty.id), duty.for_each if not _of_case(duty.for_each) else (TARGET,))
            duties["act-late"] = Duty(
                "act-late", BecomesTrue("late"), (_pattern(random),), facts["late"].for_each, by=_deadline(random)
            )
    closure = Closure(
        "case",
        random.choice(((), (TARGET,))),
        tuple(random.sample(list(facts), min(len(facts), random.randint(0, 2)))),
        random.choice(("all", tuple(duty_ids[:1]))),
        random.choice(((), ("head",))),
        random.choice((None, Span(months=1))),
    )
    return Pack(
        "drawn",
        "Drawn",
        version,
        day,
        "en-GB",
        "Europe/London",
        roles={
            "target": RoleInfo("target", of_the_matter=True),
            "actor": RoleInfo("actor", of_the_matter=True),
            "pupil": RoleInfo("pupil", any_of=("target", "actor")),
            "head": RoleInfo("head"),
            "teacher": RoleInfo("teacher"),
        },
        events=_kinds(),
        facts=facts,
        duties=duties,
        limits=limits,
        closure={"case": closure},
        hints=CalendarHints(first_month=random.choice((1, 4))),
    )


def _plain(duty: Duty) -> bool:
    """Uses no fact, so that a fact may ask for it without a cycle."""
    return (
        isinstance(duty.when, WhenEvent)
        and not isinstance(duty.recurrence, RepeatEach | RepeatEvery)
        and not duty.if_
        and not duty.unless
        and duty.paused_while is None
        and (duty.strength is not Strength.MAY)
    )


def _of_case(for_each: ForEach) -> bool:
    return any(name.of_case for name in for_each)


def _kinds() -> dict[str, EventKind]:
    fields = {
        "n": Field("n", FieldType.NUMBER),
        "day": Field("day", FieldType.DATE),
        "end": Field("end", FieldType.DATE),
        "how": Field("how", FieldType.SOME_OF),
    }
    about = {"noted": (), "judged": ("target",)}
    made = {kind: EventKind(kind, about=about.get(kind, ("target", "actor")), fields=fields) for kind in KINDS}
    made["met"] = replace(made["met"], recorded_by=("head",))
    built_in = ("void", "waive", "extend", "close", "reopen", "person-named")
    return made | {
        kind: EventKind(kind, built_in=True, recorded_by=("head",) if kind == "close" else ()) for kind in built_in
    }


def _pattern(random: Random, keys: ForEach = (), *, closes: bool = False, several: bool = True) -> Pattern:
    carrying = [kind for kind in KINDS if kind != "noted" or not keys]
    if any(name.name in ("actor", "pupil") for name in keys):
        carrying.remove("judged")
    kinds = random.sample(carrying, random.choice((1, 1, 2)) if several else 1)
    found = [Alternative(kind, _tests(random)) for kind in kinds]
    if closes and random.random() < 0.5:
        found = [*found[: random.randint(0, 1)], Alternative("close")]
    return Pattern(tuple(found))


def _tests(random: Random) -> tuple[Test, ...]:
    if random.random() < 0.65:
        return ()
    return (
        random.choice(
            (
                Test("n", AtLeast(Decimal(1))),
                Test("n", AtMost(Decimal(1))),
                Test("n", Is(Decimal(1))),
                Test("how", Is("home")),
                Test("how", IsNot(("home",))),
                Test("how", OneOf(("home", "phone"))),
                Test("how", Includes(("home", "phone"))),
                Test("number of actor", Is(Decimal(1))),
                Test("number of pupil", AtLeast(Decimal(2))),
                Test("role", Is("head")),
                Test("weekday", OneOf(("monday", "friday", "thursday"))),
                Test("school day", Is("yes")),
                Test("school hours", Is("no")),
                Test("time of day", AtLeast(Decimal(12 * 60))),
            )
        ),
    )


def _keys(random: Random) -> ForEach:
    return random.choice(((), (TARGET,), (TARGET,), (TARGET,), (ACTOR,), (PUPIL,), (TARGET, ACTOR)))


def _distance(random: Random) -> Distance:
    return random.choice((*SPANS, SchoolDays(1), SchoolDays(2), WorkingDays(1)))


def _fact(random: Random, earlier: Sequence[str]) -> tuple[FactForm, ForEach]:
    keys = _keys(random)
    kind = random.choice(("true", "true", "quiet", "count", "count", "parts", "during"))
    if kind == "parts" and earlier:
        parts = tuple(random.sample(list(earlier), min(len(earlier), random.randint(1, 2))))
        return Combination(random.choice(list(Combine)), parts), keys
    if kind == "during":
        return During(random.choice(list(Season))), ()
    if kind == "quiet":
        return Quiet(_pattern(random, several=False), _pattern(random, keys), _distance(random)), keys
    if kind == "count":
        return _count(random, keys), keys
    until = random.choice((None, _pattern(random, closes=True)))
    lasts = random.choice((None, None, _distance(random)))
    if random.random() < 0.15:
        keys = (KeyName("target", of_case=True),)
    own = tuple(name for name in keys if not name.of_case)
    return TrueFrom(_pattern(random, own), until, lasts, random.choice((None, None, None, "day"))), keys


def _count(random: Random, keys: ForEach) -> Count:
    within = random.choice((*Within, *SPANS[:5]))
    amount = Decimal(random.choice((1, 2, 2, 3)))
    how = random.choice(({}, {}, {"adding_up": "n"}, {"distinct": random.choice(("n", "actor", "role", "day", "how"))}))
    return Count(_pattern(random, keys), amount, within, **how)


def _deadline(random: Random, depth: int = 0) -> Deadline:
    return random.choice(
        (
            lambda: random.choice(list(SimpleDeadline)),
            lambda: In(_distance(random)),
            lambda: In(_distance(random)),
            lambda: AtClock(random.choice((8, 12)), 30),
            lambda: AfterEvent(_pattern(random, several=False), _distance(random)),
            lambda: BeforeEvent(_pattern(random, several=False)),
            lambda: FromDate("day", less=_distance(random)),
            lambda: FromDate("day", plus=_distance(random)),
            lambda: FromDate("day"),
            lambda: Said("promptly", In(SchoolDays(1))),
            lambda: Earliest((_deadline(random, 1), _deadline(random, 1))) if depth == 0 else In(SPANS[2]),
        )
    )()


def _duty(random: Random, name: str, facts: dict[str, Fact], duties: list[str], limits: list[str]) -> Duty:
    keys = random.choice((_keys(random), (KeyName("actor", of_case=True),)))
    own = tuple(key for key in keys if not key.of_case)
    when = WhenEvent(_pattern(random, own))
    roll = random.random()
    trigger = when
    if roll < 0.25 and facts:
        fact = facts[random.choice(list(facts))]
        trigger = BecomesTrue(fact.id)
        keys = keys if set(own) <= set(fact.for_each) else fact.for_each
    elif roll < 0.35 and duties:
        trigger, keys = WhenOverdue(random.choice(duties)), random.choice(((), (TARGET,)))
    elif roll < 0.42 and limits:
        trigger, keys = WhenBreach(random.choice((*limits, "closure.case"))), random.choice(((), (TARGET,)))
    recurrence = None
    if random.random() < 0.4:
        recurrence = random.choice(
            (
                RepeatEvery(random.choice(SPANS[2:])),
                RepeatEach(random.choice(list(Period))),
                AgainAfter(_distance(random)),
            )
        )
    guards = [fact for fact in facts if random.random() < 0.2]
    windowed = random.random() < 0.12 and recurrence is None
    return Duty(
        name,
        trigger,
        tuple(_pattern(random, keys) for _ in range(random.choice((1, 1, 1, 2)))),
        keys,
        if_=tuple(guards[:1]) if random.random() < 0.5 else (),
        unless=tuple(guards[1:2]),
        each_trigger=random.random() < 0.35,
        times=random.choice((1, 1, 1, 2)),
        by=None if windowed or (recurrence is not None and random.random() < 0.5) else _deadline(random),
        who=(random.choice((Role("head"), DidTrigger("head"), NamedAs("actor"), IsKey("target"))),),
        strength=random.choice((Strength.MUST, Strength.MUST, Strength.SHOULD, Strength.MAY)),
        until=random.choice((None, _pattern(random, closes=True))),
        paused_while=random.choice((None, None, None, *facts)),
        recurrence=recurrence,
        not_before=random.choice((None, None, None, None, _deadline(random))),
        window=_window(random) if windowed else None,
        early_counts=random.random() < 0.3,
        remind=random.choice((None, _distance(random))),
        waived_by=random.choice(((), ("head",))),
        extended_by=random.choice(((), ("head",))),
    )


def _window(random: Random):
    return random.choice(
        (
            InMonths((2,)),
            InMonths((2, 5, 1)),
            InTerms(("1",)),
            InTerms(("spring", "2")),
            OnDay(2, 29, random.random() < 0.5),
            OnDay(2, 1, random.random() < 0.5),
            Between("day", "end"),
        )
    )


def _limit(random: Random, name: str, facts: list[str]) -> Limit:
    keys = random.choice((_keys(random), (KeyName("target", of_case=True),)))
    own = tuple(key for key in keys if not key.of_case)
    some = [fact for fact in facts if random.random() < 0.3]
    act = Pattern((Alternative("close"),)) if not own and random.random() < 0.3 else _pattern(random, own)
    return Limit(
        name,
        act,
        keys,
        never=random.random() < 0.3,
        only_after=tuple(_pattern(random) for _ in range(random.randint(0, 2))),
        only_while=tuple(some[:1]),
        only_by=random.choice(((), ("head",))),
        not_by=random.choice(((), ("actor",), ("seen",), ("pupil", "told"))),
        while_=tuple(some[1:2]),
        unless=tuple(some[2:3]),
    )


# --- calendars -------------------------------------------------------------------------------------------------------------


def _calendar(random: Random) -> Calendar:
    return Calendar(
        "Europe/London",
        first_month=random.choice((1, 4)),
        terms=(
            Term("winter", date(2026, 1, 8), date(2026, 2, random.choice((3, 10)))),
            Term("spring", date(2026, 2, 12), date(2026, 3, 25)),
            Term("summer", date(2026, 4, 8), date(2026, 7, 20)),
        ),
        public_holidays=frozenset({date(2026, 2, 11)}),
        closed=frozenset({date(2026, 1, 30), date(2026, 2, 2)}),
        open=frozenset({date(2026, 1, 31)}),
    )


# --- logs --------------------------------------------------------------------------------------------------------------------


def _near(random: Random, pack: Pack, moments: Sequence[datetime]) -> datetime:
    """A moment at a duration from an earlier one, or at the edge of a day or a school day, a minute more or less."""
    base = random.choice(list(moments))
    step = random.choice((*SPANS, None, None, None))
    if step is None:
        day = base + timedelta(days=random.choice((0, 0, 1, 1, 3)))
        edge = random.choice((time(0, 0), time(8, 30), time(15, 30), time(23, 59), base.time()))
        moment = datetime.combine(day.date(), edge)
    else:
        moment = base + timedelta(days=30 * step.months + step.days, minutes=step.minutes)
        if step.months and random.random() < 0.7:
            month = (base.month - 1 + step.months) % 12 + 1
            year = base.year + (base.month - 1 + step.months) // 12
            moment = base.replace(year=year, month=month, day=min(base.day, 28) if month == 2 else min(base.day, 30))
    return min(max(moment + timedelta(minutes=random.choice((-1, 0, 0, 1))), START), START + timedelta(days=130))


def _log(random: Random, packs: Sequence[Pack], count: int, *, voids: bool) -> list[Event]:
    moments, log = [START], []
    for number in range(random.randint(2, count)):
        at = random.choice((_near(random, packs[0], moments), random.choice(moments)))
        moments.append(at)
        recorded = at if random.random() < 0.75 else at + timedelta(minutes=random.choice((1, 60, 60 * 24 * 3)))
        log.append(_event(random, packs, f"e{number}", at, recorded, log, voids=voids))
    return log


def _event(
    random: Random,
    packs: Sequence[Pack],
    id_: str,
    at: datetime,
    recorded: datetime,
    log: Sequence[Event],
    *,
    voids: bool,
) -> Event:
    doer = Doer(random.choice(("t1", "t2", "s1", None)), random.choice(("head", "head", "teacher", None)))
    roll = random.random()
    if roll < 0.07:
        return Event(id_, "close", at, recorded, Doer("t1", "head"))
    if roll < 0.12:
        return Event(id_, "reopen", at, recorded, doer)
    if roll < 0.17 and log and voids:
        return Event(id_, "void", at, max(recorded, at), doer, fields={"event": random.choice(log).id})
    if roll < 0.27:
        return _decision(random, packs[-1], id_, at, recorded, doer)
    if roll < 0.3:
        return Event(id_, "person-named", at, recorded, doer, {"target": (random.choice(PEOPLE),)})
    fields: dict = {}
    if random.random() < 0.6:
        fields["n"] = Decimal(random.choice((0, 1, 1, 2)))
    if random.random() < 0.6:
        fields["how"] = tuple(random.sample(("home", "phone", "letter"), random.randint(1, 2)))
    for name, far in (("day", 0), ("end", 10)):
        if random.random() < 0.6:
            fields[name] = (at.date() + timedelta(days=far + random.choice((-1, 0, 1, 2, 30)))).isoformat()
    kind = random.choice(KINDS)
    about = {}
    if kind != "noted":
        about["target"] = tuple(random.sample(PEOPLE, random.choice((1, 1, 1, 2, 0))))
    if kind not in ("noted", "judged"):
        about["actor"] = tuple(random.sample(PEOPLE, random.choice((1, 1, 0, 2))))
    return Event(id_, kind, at, recorded, doer, about, fields)


def _decision(random: Random, pack: Pack, id_: str, at: datetime, recorded: datetime, doer: Doer) -> Event:
    fields = {"rule": random.choice([*pack.duties, "none"])}
    if random.random() < 0.4:
        fields["person"] = random.choice(PEOPLE)
    if random.random() < 0.5:
        return Event(id_, "waive", at, recorded, doer, fields=fields)
    to = at + timedelta(days=random.choice((0, 1, 3, 40)), minutes=random.choice((0, 1)))
    return Event(id_, "extend", at, recorded, doer, fields=fields | {"to": to.isoformat(timespec="minutes")})
