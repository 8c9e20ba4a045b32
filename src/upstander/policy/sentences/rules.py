"""Duties, limits, facts and closures as sentences."""

from __future__ import annotations

from upstander.policy.model import (
    Bearer,
    BecomesTrue,
    Closure,
    Combination,
    Combine,
    Count,
    DidTrigger,
    During,
    Duty,
    Fact,
    ForEach,
    GuardiansOf,
    IsKey,
    Limit,
    NamedAs,
    Overdue,
    Quiet,
    Role,
    Strength,
    TrueFrom,
    WhenBreach,
    WhenEvent,
    WhenOverdue,
    Within,
)
from upstander.policy.sentences import phrases, times
from upstander.policy.sentences.writer import Writer


def _clauses(writer: Writer, clauses: tuple[str, ...]) -> str:
    return writer.say(phrases.CLAUSES, clauses=", ".join(clauses)) if clauses else ""


def _each(writer: Writer, keys: ForEach, pattern: str = phrases.EACH_RULE) -> str:
    """Persons by the role in which they are named, other names (a class, a place, a kind of action) by what the form calls them."""
    people = [writer.person(key.name) for key in keys if writer.names_people(key.name)]
    others = [writer.thing(key.name) for key in keys if not writer.names_people(key.name)]
    of_things = phrases.EACH_VALUE if pattern == phrases.EACH else phrases.EACH_RULE_VALUE
    parts = [writer.say(pattern, names=writer.both(people))] if people else []
    parts += [writer.say(of_things, names=writer.both(others))] if others else []
    return (" " if writer.lang in ("en-GB", "nl") else "").join(parts)


# --- duties -------------------------------------------------------------------------------------------------------


def duty(writer: Writer, rule: Duty) -> str:
    """A duty, with those who are told when it is late and those who may waive or extend it."""
    main = writer.say(
        phrases.DUTY[rule.strength.value],
        when=_when(writer, rule),
        who=_who(writer, rule),
        deed=_deed(writer, rule),
        by=times.deadline(writer, rule.by, rule) if rule.by is not None else "",
        rhythm=times.rhythm(writer, rule),
        each=_each(writer, rule.for_each, phrases.EACH),
        guards=_guards(writer, rule),
        clause=_clauses(writer, rule.clause),
    )
    space = " " if writer.lang in ("en-GB", "nl") else ""
    return space.join([writer.tidy(main), *(writer.tidy(each) for each in _more(writer, rule))])


def _when(writer: Writer, rule: Duty) -> str:
    match rule.when:
        case WhenEvent(pattern):
            return writer.say(phrases.WHEN["event"], event=writer.pattern(pattern))
        case BecomesTrue(fact):
            return writer.say(phrases.WHEN["fact"], fact=writer.fact(fact))
        case WhenOverdue(other):
            return writer.say(phrases.WHEN["overdue"], duty=writer.duty(other))
        case WhenBreach(limit):
            return writer.say(phrases.WHEN["breach"], limit=writer.limit(limit))


def _who(writer: Writer, rule: Duty) -> str:
    return writer.either(_bearer(writer, each) for each in rule.who) or writer.say(phrases.SCHOOL)


def _bearer(writer: Writer, bearer: Bearer) -> str:
    match bearer:
        case Role(role):
            return writer.post(role)
        case DidTrigger(None):
            return writer.say(phrases.WHO["did"])
        case DidTrigger(otherwise):
            return writer.say(phrases.WHO["did-or"], role=writer.post(str(otherwise)))
        case IsKey(name) | NamedAs(name):
            return writer.say(phrases.WHO["key"], name=writer.person(name))
        case GuardiansOf(name):
            return writer.say(phrases.WHO["guardians"], name=writer.person(name))


def _deed(writer: Writer, rule: Duty) -> str:
    path = f"duties.{rule.id}.label"
    if not rule.label:
        return writer.say(phrases.FOREIGN_DEED, deed=writer.patterns(rule.must))
    if writer.native(path):
        return writer.inside(writer.label(path))
    return writer.say(phrases.FOREIGN_DEED, deed=writer.quoted(writer.label(path)))


def _guards(writer: Writer, rule: Duty) -> str:
    parts: list[str] = []
    if rule.if_:
        parts.append(writer.say(phrases.GUARDS["if"], facts=writer.facts(rule.if_, writer.both)))
    if rule.unless:
        parts.append(writer.say(phrases.GUARDS["unless"], facts=writer.facts(rule.unless, writer.either)))
    if rule.paused_while is not None:
        parts.append(writer.say(phrases.GUARDS["paused"], fact=writer.fact(rule.paused_while)))
    if rule.times > 1:
        parts.append(writer.say(phrases.GUARDS["times"], n=rule.times))
    if rule.until is not None:
        parts.append(writer.say(phrases.GUARDS["until"], event=writer.pattern(rule.until)))
    if rule.not_before is not None:
        parts.append(writer.say(phrases.GUARDS["not-before"], moment=times.moment(writer, rule.not_before, rule)))
    return "".join(parts)


def _more(writer: Writer, rule: Duty) -> list[str]:
    found = [
        writer.say(phrases.MORE["climbs"], role=writer.post(climb.to), after=times.distance(climb.after, writer.lang))
        for climb in rule.climbs
    ]
    if rule.waived_by:
        found.append(writer.say(phrases.MORE["waived"], roles=writer.posts(rule.waived_by)))
    if rule.extended_by:
        found.append(writer.say(phrases.MORE["extended"], roles=writer.posts(rule.extended_by)))
    return found


# --- limits -------------------------------------------------------------------------------------------------------


def limit(writer: Writer, rule: Limit) -> str:
    """What must not be done, or not yet, or only by some."""
    guards: list[str] = []
    if rule.while_:
        guards.append(writer.say(phrases.LIMIT_GUARDS["while"], facts=writer.facts(rule.while_, writer.both)))
    if rule.unless:
        guards.append(writer.say(phrases.LIMIT_GUARDS["unless"], facts=writer.facts(rule.unless, writer.either)))
    sort = ("never" if rule.never else "only") + ("" if rule.strength is Strength.MUST else "-should")
    return writer.tidy(
        writer.say(
            phrases.LIMIT[sort],
            act=writer.pattern(rule.act),
            conditions=_conditions(writer, rule),
            each=_each(writer, rule.for_each),
            guards="".join(guards),
            clause=_clauses(writer, rule.clause),
        )
    )


def _conditions(writer: Writer, rule: Limit) -> str:
    found: list[str] = []
    if rule.only_after:
        found.append(writer.say(phrases.CONDITIONS["after"], events=writer.patterns(rule.only_after)))
    if rule.only_while:
        found.append(writer.say(phrases.CONDITIONS["while"], facts=writer.facts(rule.only_while, writer.both)))
    if rule.only_by:
        found.append(writer.say(phrases.CONDITIONS["by"], roles=writer.posts(rule.only_by)))
    if rule.not_by:
        names = [_excluded(writer, name) for name in rule.not_by]
        found.append(writer.say(phrases.CONDITIONS["not-by"], names=writer.either(names)))
    return writer.join(found, phrases.AND_ALSO)


def _excluded(writer: Writer, name: str) -> str:
    if name in writer.pack.roles:
        return writer.person(name)
    kind = writer.pack.events[name]
    return writer.quoted(writer.label(f"events.{name}.{'done' if kind.done else 'label'}"))


# --- facts --------------------------------------------------------------------------------------------------------


def fact(writer: Writer, rule: Fact) -> str:
    """When a fact holds."""
    sort, parts = _form(writer, rule)
    return writer.tidy(
        writer.say(
            phrases.FACT[sort],
            fact=writer.fact(rule.id),
            each=_each(writer, rule.for_each),
            clause=_clauses(writer, rule.clause),
            **parts,
        )
    )


def _form(writer: Writer, rule: Fact) -> tuple[str, dict[str, str]]:
    match rule.form:
        case TrueFrom() as form:
            return "true-from", {"start": writer.pattern(form.start), "ends": _ends(writer, form)}
        case Quiet() as form:
            parts = {"quiet": writer.pattern(form.quiet), "since": writer.pattern(form.since)}
            return "quiet", {**parts, "distance": times.distance(form.lasts, writer.lang)}
        case Count() as form:
            return _count(writer, form)
        case Overdue(other):
            return "overdue", {"duty": writer.duty(other)}
        case Combination(how, facts):
            join = writer.both if how is Combine.ALL else writer.either
            return how.value, {"facts": writer.facts(facts, join)}
        case During(season):
            return "during", {"season": writer.say(phrases.SEASONS[season.value])}


def _ends(writer: Writer, form: TrueFrom) -> str:
    found: list[str] = []
    if form.until is not None:
        found.append(writer.say(phrases.ENDS["until"], event=writer.pattern(form.until)))
    if form.lasts is not None:
        found.append(writer.say(phrases.ENDS["for"], distance=times.distance(form.lasts, writer.lang)))
    if form.to_date_field is not None:
        field = writer.field(form.start.alternatives[0].kind, form.to_date_field)
        found.append(writer.say(phrases.ENDS["to"], field=writer.quoted(field)))
    return "".join(found)


def _count(writer: Writer, form: Count) -> tuple[str, dict[str, str]]:
    parts = {"event": writer.pattern(form.count), "n": f"{form.at_least.normalize():f}", "within": ""}
    if isinstance(form.within, Within):
        if form.within is not Within.EVER:
            parts["within"] = writer.say(phrases.WITHIN[form.within.value])
    else:
        parts["within"] = writer.say(phrases.WITHIN["distance"], distance=times.distance(form.within, writer.lang))
    kind = form.count.alternatives[0].kind
    if form.adding_up is not None:
        return "sum", {**parts, "field": writer.quoted(writer.field(kind, form.adding_up))}
    if form.distinct is not None:
        if form.distinct in writer.pack.events[kind].fields:
            name = writer.field(kind, form.distinct)
        elif form.distinct == "day":
            name = writer.say(phrases.DAY_OF_EVENT)
        elif form.distinct in phrases.FIELDS:
            name = writer.say(phrases.FIELDS[form.distinct])
        else:
            name = writer.label(f"roles.{form.distinct}.title")
        return "distinct", {**parts, "field": writer.quoted(name)}
    return "count", parts


# --- closure ------------------------------------------------------------------------------------------------------


def closure(writer: Writer, rule: Closure) -> str:
    """When a record may be closed."""
    settled, bare = "", "" if rule.needs else "-bare"
    if rule.settled == "all":
        settled = writer.say(phrases.CLOSURE[f"all{bare}"])
    elif rule.settled:
        names = writer.either(writer.duty(name) for name in rule.settled)
        settled = writer.say(phrases.CLOSURE[f"some{bare}"], duties=names)
    main = writer.say(
        phrases.CLOSURE["whole" if rule.needs else "bare"],
        record=writer.quoted(writer.label(f"records.{rule.kind}.label")),
        needs=writer.facts(rule.needs, writer.both),
        each=_each(writer, rule.for_each, phrases.EACH),
        settled=settled,
        by=writer.say(phrases.CLOSURE["by"], roles=writer.posts(rule.decided_by)) if rule.decided_by else "",
        clause=_clauses(writer, rule.clause),
    )
    if rule.watch_for is None:
        return writer.tidy(main)
    after = writer.say(phrases.CLOSURE["watch"], distance=times.distance(rule.watch_for, writer.lang))
    return writer.tidy(main) + (" " if writer.lang in ("en-GB", "nl") else "") + writer.tidy(after)
