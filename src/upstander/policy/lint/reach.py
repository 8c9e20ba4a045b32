"""E8–E13: rules that cannot work: cycles, what can never apply, what nobody can do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from upstander.policy.belonging import OF_THE_CALENDAR, belongs
from upstander.policy.lint.names import CLOSING, Node, carries, deadlines, leans_on
from upstander.policy.lint.patterns import covers, impossible
from upstander.policy.model import (
    BecomesTrue,
    Combination,
    Combine,
    DidTrigger,
    Duty,
    Echo,
    EventKind,
    Fact,
    Limit,
    Mark,
    NamedAs,
    Overdue,
    Pack,
    Pattern,
    Role,
    Said,
    SimpleDeadline,
    Strength,
    WhenEvent,
    WhenOverdue,
)
from upstander.policy.problems import Problem, problem, suggestion

OUTSIDE_THE_LIST = frozenset({"teller", "pupil-self", "guardian", "system"})
"""Doers who record through doors of their own, not through a record's access list."""
MOST_DEEP = 40
"""How deep rules may lean on rules: the engine goes down through all of them at once."""
BY_THE_APP = OF_THE_CALENDAR | {"person-named"}


def reach(pack: Pack) -> Iterator[Problem]:
    """Everything that cannot work."""
    yield from _cycles(pack)
    yield from _echoes(pack)
    yield from _roles(pack)
    for fact in pack.facts.values():
        yield from _never_holds(pack, fact)
    for duty in pack.duties.values():
        yield from _settles_itself(duty)
        yield from _never_applies(pack, duty)
        yield from _bearers(pack, duty)
        yield from _unrecordable(pack, duty)
    for limit in pack.limits.values():
        yield from _never_forbids(limit)


# --- E9 -----------------------------------------------------------------------------------------------------------


def _mark(pack: Pack, node: Node) -> Mark:
    sort, name = node
    if name.startswith(CLOSING):
        return pack.closure[name.removeprefix(CLOSING)].mark
    rules: dict[str, dict[str, Fact] | dict[str, Duty] | dict[str, Limit]] = {
        "fact": dict(pack.facts),
        "duty": dict(pack.duties),
        "limit": dict(pack.limits),
    }
    return rules[sort][name].mark


def _cycles(pack: Pack) -> Iterator[Problem]:
    done: dict[Node, int] = {}

    def leaning(node: Node) -> Iterator[Node]:
        return leans_on(pack, node)

    starts: list[Node] = [("fact", name) for name in pack.facts]
    starts += [("duty", name) for name in pack.duties] + [("limit", name) for name in pack.limits]
    for start in starts:
        loop = _loop(leaning, start, done)
        if loop:
            yield problem(_mark(pack, loop[0]), "E9", f"these rules wait for each other: {_path(loop)}")
    deepest = max(done, key=lambda node: done[node], default=None)
    if deepest is not None and done[deepest] > MOST_DEEP:
        sort, name = deepest
        message = f"{sort} '{name}' leans on rules that lean on rules, {done[deepest]} deep; {MOST_DEEP} are enough for any policy"
        yield problem(_mark(pack, deepest), "E9", message)


def _path(loop: list[Node]) -> str:
    return " → ".join(f"{sort} '{name}'" for sort, name in [*loop, loop[0]])


def circles(versions: Sequence[Pack]) -> Iterator[Problem]:
    """Rules of several versions of a pack that wait for each other although those of none do: an instance stays with the version
    under which it arose, so that a rule of one version may ask what a rule of the same id was under another."""
    done: dict[Node, int] = {}

    def leaning(node: Node) -> Iterator[Node]:
        return (following for pack in versions for following in leans_on(pack, node))

    for pack in versions:
        for start in [*(("fact", name) for name in pack.facts), *(("duty", name) for name in pack.duties)]:
            loop = _loop(leaning, start, done)
            if loop:
                owner = next(each for each in versions if _has(each, loop[0]))
                text = f"these rules wait for each other from version to version: {_path(loop)}"
                yield problem(_mark(owner, loop[0]), "E9", text, "give the rule that changed an id of its own")
                return


def _has(pack: Pack, node: Node) -> bool:
    sort, name = node
    if name.startswith(CLOSING):
        return name.removeprefix(CLOSING) in pack.closure
    return name in {"fact": pack.facts, "duty": pack.duties, "limit": pack.limits}[sort]


def _loop(leaning: Callable[[Node], Iterator[Node]], start: Node, done: dict[Node, int]) -> list[Node]:
    """The first cycle reached from here; walks without recursion, however deep the rules. ``done``: how deep each rule goes."""
    if start in done:
        return []
    path: list[Node] = [start]
    inside = {start}
    branches: list[Iterator[Node]] = [leaning(start)]
    while branches:
        following = next(branches[-1], None)
        if following is None:
            branches.pop()
            done[path[-1]] = 1 + max((done.get(each, 0) for each in leaning(path[-1])), default=0)
            inside.discard(path.pop())
        elif following in inside:
            loop = path[path.index(following) :]
            done.update(dict.fromkeys(path, 0))
            return loop
        elif following not in done:
            path.append(following)
            inside.add(following)
            branches.append(leaning(following))
    return []


def _echoes(pack: Pack) -> Iterator[Problem]:
    """An echo has no echoes (§8): what it should set off is said at the event itself."""
    for kind in pack.events.values():
        for echo in kind.echoes:
            again = pack.events.get(echo.as_)
            if again is not None and again.echoes:
                hint = f"name the further record in the 'echoes' of '{kind.id}' itself"
                yield problem(
                    kind.mark, "E9", f"'{kind.id}' is echoed as '{echo.as_}', which has echoes of its own", hint
                )
            yield from _heard(pack, kind, echo)


def _heard(pack: Pack, kind: EventKind, echo: Echo) -> Iterator[Problem]:
    """E7 and E10: an echo that no record could hear, or that would name nobody there."""
    if isinstance(echo.where, Mapping):
        for there, here in echo.where.items():
            for sort, event, name in (("is echoed as", echo.as_, there), ("is echoed by the name of", kind.id, here)):
                if event in pack.events and not carries(pack, event, name):
                    text = f"'{kind.id}' {sort} '{event}', which names no '{name}'"
                    yield problem(kind.mark, "E7", text, suggestion(name, pack.events[event].about))
    if echo.to in pack.records and echo.as_ in pack.events and not belongs(pack, echo.as_, echo.to):
        text = f"'{kind.id}' is echoed to '{echo.to}', where '{echo.as_}' does not stand"
        yield problem(kind.mark, "E10", text, f"name it in the 'events' of '{echo.to}'")


# --- E8, E10 ------------------------------------------------------------------------------------------------------


def _settles_itself(duty: Duty) -> Iterator[Problem]:
    if duty.each_trigger or duty.recurrence is not None or not isinstance(duty.when, WhenEvent) or duty.times > 1:
        return
    if all(covers(duty.when.pattern, pattern) for pattern in duty.must):
        hint = "what raises a duty cannot meet it; for a rhythm write 'repeat every' or 'again after'"
        yield problem(duty.must[0].mark, "E8", f"duty '{duty.id}' asks only for what raised it", hint)


def _never_holds(pack: Pack, fact: Fact) -> Iterator[Problem]:
    if isinstance(fact.form, Overdue):
        yield from _never_overdue(pack, fact.form.duty, f"fact '{fact.id}'", fact.mark)
    if isinstance(fact.form, Combination) and fact.form.how is Combine.ALL:
        for part in fact.form.facts:
            denied = pack.facts.get(part)
            if denied is not None and isinstance(denied.form, Combination) and denied.form.how is Combine.NONE:
                both = [each for each in denied.form.facts if each in fact.form.facts]
                if both:
                    yield problem(fact.mark, "E10", f"fact '{fact.id}' asks that '{both[0]}' hold and not hold")


def _never_overdue(pack: Pack, name: str, what: str, mark: Mark) -> Iterator[Problem]:
    duty = pack.duties.get(name)
    if duty is None:
        return
    if duty.strength is Strength.MAY:
        yield problem(mark, "E10", f"{what}: '{name}' is an offer ('may') and never overdue")
    elif _is_judged(duty):
        yield problem(mark, "E10", f"{what}: '{name}' waits for a person's judgement and is never overdue")


def _is_judged(duty: Duty) -> bool:
    if duty.by is None or duty.recurrence is not None or duty.window is not None:
        return False
    return all(isinstance(each, Said) or each is SimpleDeadline.JUDGED for each in deadlines(duty.by))


def _never_applies(pack: Pack, duty: Duty) -> Iterator[Problem]:
    what = f"duty '{duty.id}'"
    for fact in set(duty.if_) & set(duty.unless):
        yield problem(duty.mark, "E10", f"{what} can never apply: '{fact}' stands in 'if' and in 'unless'")
    if isinstance(duty.when, BecomesTrue) and duty.when.fact in duty.unless:
        yield problem(
            duty.mark, "E10", f"{what} can never apply: it begins when '{duty.when.fact}' holds, and 'unless' it holds"
        )
    if isinstance(duty.when, WhenOverdue):
        yield from _never_overdue(pack, duty.when.duty, what, duty.mark)
    if isinstance(duty.when, WhenEvent):
        yield from _impossible(what, duty.when.pattern)
        if duty.until is not None and covers(duty.until, duty.when.pattern):
            yield problem(
                duty.until.mark, "E10", f"{what} falls away in the minute it arises: 'until' matches what raises it"
            )
    for pattern in duty.must:
        yield from _impossible(what, pattern)


def _impossible(what: str, pattern: Pattern) -> Iterator[Problem]:
    for alternative in pattern.alternatives:
        for test in alternative.tests:
            if impossible(test.condition):
                yield problem(pattern.mark, "E10", f"{what}: '{test.field}' of '{alternative.kind}' can never be so")


def _never_forbids(limit: Limit) -> Iterator[Problem]:
    for fact in set(limit.while_) & set(limit.unless):
        yield problem(
            limit.mark, "E10", f"limit '{limit.id}' can never apply: '{fact}' stands in 'while' and in 'unless'"
        )
    yield from _impossible(f"limit '{limit.id}'", limit.act)
    if not limit.never and limit.only_by and set(limit.only_by) <= set(limit.not_by):
        yield problem(limit.mark, "E13", f"limit '{limit.id}': nobody may do it, those of 'only by' stand in 'not by'")


# --- E11, E13 -----------------------------------------------------------------------------------------------------


def _unrecordable(pack: Pack, duty: Duty) -> Iterator[Problem]:
    if not any(record.access for record in pack.records.values()):
        return
    if isinstance(duty.when, WhenEvent) and not any(
        _recordable(pack, each.kind) for each in duty.when.pattern.alternatives
    ):
        kinds = _list(each.kind for each in duty.when.pattern.alternatives)
        yield problem(duty.mark, "E11", f"duty '{duty.id}': nobody can record {kinds}", _HINT)
    for pattern in duty.must:
        if not any(_recordable(pack, each.kind) for each in pattern.alternatives):
            kinds = _list(each.kind for each in pattern.alternatives)
            yield problem(
                pattern.mark, "E11", f"duty '{duty.id}': nobody can record {kinds}, so nobody can meet it", _HINT
            )


_HINT = "an entry of a record's 'access' must allow it to a role that 'recorded by' allows"


def _list(names: Iterable[str]) -> str:
    return " or ".join(f"'{name}'" for name in names)


def _recordable(pack: Pack, kind: str) -> bool:
    event = pack.events[kind]
    allowed = set(event.recorded_by)
    if kind in BY_THE_APP or allowed & OUTSIDE_THE_LIST:
        return True
    if any(echo.as_ == kind for each in pack.events.values() for echo in each.echoes) or kind == "concern-received":
        return True
    if any(kind in record.opened_by for record in pack.records.values()):
        return True
    for record in pack.records.values():
        for entry in record.access:
            listed = entry.record == "all" or kind in entry.record or entry.decide == "all" or kind in entry.decide
            role = pack.roles.get(entry.role)
            if listed and (
                not allowed or entry.role in allowed or (role is not None and (role.of_the_matter or role.any_of))
            ):
                return True
    return False


def _bearers(pack: Pack, duty: Duty) -> Iterator[Problem]:
    what = f"duty '{duty.id}'"
    for bearer in duty.who:
        match bearer:
            case NamedAs(role) if not any(role in kind.about for kind in pack.events.values()):
                yield problem(
                    duty.mark, "E13", f"{what}: no kind of event ever names a '{role}'", "declare it in an 'about'"
                )
            case DidTrigger(None) if not isinstance(duty.when, WhenEvent):
                yield problem(duty.mark, "E13", f"{what}: no person does what raises it", "add 'otherwise: ROLE'")
            case DidTrigger(None) if isinstance(duty.when, WhenEvent) and _nobody_did(pack, duty.when.pattern):
                yield problem(duty.mark, "E13", f"{what}: what raises it may have no doer", "add 'otherwise: ROLE'")
            case Role(role) if role in pack.roles and pack.roles[role].at_most == 0:
                yield problem(duty.mark, "E13", f"{what}: nobody may hold the role '{role}'")
            case _:
                pass


def _nobody_did(pack: Pack, pattern: Pattern) -> bool:
    return any({"system", "teller"} & set(pack.events[each.kind].recorded_by) for each in pattern.alternatives)


def _roles(pack: Pack) -> Iterator[Problem]:
    for role in pack.roles.values():
        if role.at_most is not None and role.at_least > role.at_most:
            yield problem(
                role.mark, "E13", f"role '{role.id}' is held by at least {role.at_least} and at most {role.at_most}"
            )
        if role.id in role.conflicts:
            yield problem(role.mark, "E13", f"role '{role.id}' conflicts with itself")
        for deputy in role.deputies:
            other = pack.roles.get(deputy)
            if deputy == role.id:
                yield problem(role.mark, "E13", f"role '{role.id}' is its own deputy")
            elif deputy in role.conflicts or (other is not None and role.id in other.conflicts):
                yield problem(role.mark, "E13", f"'{deputy}' stands in for '{role.id}', but the two conflict")
