"""E8–E13: rules that cannot work: cycles, what can never apply, what nobody can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from upstander.policy.belonging import belongs
from upstander.policy.lint.names import CLOSING, Node, carries, deadlines, leans_on
from upstander.policy.lint.patterns import covers, impossible
from upstander.policy.model import (
    BecomesTrue,
    Combination,
    Combine,
    Duty,
    Echo,
    EventKind,
    Fact,
    Limit,
    Mark,
    Overdue,
    Pack,
    Pattern,
    Said,
    SimpleDeadline,
    Strength,
    WhenEvent,
    WhenOverdue,
)
from upstander.policy.problems import Problem, problem, suggestion
from upstander.policy.words import worded

MOST_DEEP = 40
"""How deep rules may lean on rules: the engine goes down through all of them at once."""


def reach(pack: Pack) -> Iterator[Problem]:
    """Everything that cannot work."""
    yield from _cycles(pack)
    yield from _echoes(pack)
    for fact in pack.facts.values():
        yield from _never_holds(pack, fact)
    for duty in pack.duties.values():
        yield from _settles_itself(duty)
        yield from _never_applies(pack, duty)
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
            yield problem(
                _mark(pack, loop[0]), "E9", worded("these rules wait for each other: {loop}", loop=_path(loop))
            )
    deepest = max(done, key=lambda node: done[node], default=None)
    if deepest is not None and done[deepest] > MOST_DEEP:
        sort, name = deepest
        message = worded(
            "{sort} '{name}' leans on rules that lean on rules, {depth} deep; {most} are enough for any policy",
            sort=sort,
            name=name,
            depth=done[deepest],
            most=MOST_DEEP,
        )
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
                text = worded("these rules wait for each other from version to version: {loop}", loop=_path(loop))
                yield problem(_mark(owner, loop[0]), "E9", text, worded("give the rule that changed an id of its own"))
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
                hint = worded("name the further record in the 'echoes' of '{kind}' itself", kind=kind.id)
                yield problem(
                    kind.mark,
                    "E9",
                    worded("'{kind}' is echoed as '{name}', which has echoes of its own", kind=kind.id, name=echo.as_),
                    hint,
                )
            yield from _heard(pack, kind, echo)


def _heard(pack: Pack, kind: EventKind, echo: Echo) -> Iterator[Problem]:
    """E7 and E10: an echo that no record could hear, or that would name nobody there."""
    if isinstance(echo.where, Mapping):
        for there, here in echo.where.items():
            as_what = worded(
                "'{kind}' is echoed as '{event}', which names no '{name}'", kind=kind.id, event=echo.as_, name=there
            )
            by_name = worded(
                "'{kind}' is echoed by the name of '{name}', which it does not name", kind=kind.id, name=here
            )
            for text, event, name in ((as_what, echo.as_, there), (by_name, kind.id, here)):
                if event in pack.events and not carries(pack, event, name):
                    yield problem(kind.mark, "E7", text, suggestion(name, pack.events[event].about))
    if echo.to in pack.records and echo.as_ in pack.events and not belongs(pack, echo.as_, echo.to):
        text = worded(
            "'{kind}' is echoed to '{to}', where '{name}' does not stand", kind=kind.id, to=echo.to, name=echo.as_
        )
        yield problem(kind.mark, "E10", text, worded("name it in the 'events' of '{to}'", to=echo.to))


# --- E8, E10 ------------------------------------------------------------------------------------------------------


def _settles_itself(duty: Duty) -> Iterator[Problem]:
    if duty.each_trigger or duty.recurrence is not None or not isinstance(duty.when, WhenEvent) or duty.times > 1:
        return
    if all(covers(duty.when.pattern, pattern) for pattern in duty.must):
        hint = worded("what raises a duty cannot meet it; for a rhythm write 'repeat every' or 'again after'")
        yield problem(duty.must[0].mark, "E8", worded("duty '{duty}' asks only for what raised it", duty=duty.id), hint)


def _never_holds(pack: Pack, fact: Fact) -> Iterator[Problem]:
    if isinstance(fact.form, Overdue):
        yield from _never_overdue(pack, fact.form.duty, f"fact '{fact.id}'", fact.mark)
    if isinstance(fact.form, Combination) and fact.form.how is Combine.ALL:
        for part in fact.form.facts:
            denied = pack.facts.get(part)
            if denied is not None and isinstance(denied.form, Combination) and denied.form.how is Combine.NONE:
                both = [each for each in denied.form.facts if each in fact.form.facts]
                if both:
                    yield problem(
                        fact.mark,
                        "E10",
                        worded("fact '{fact}' asks that '{both}' hold and not hold", fact=fact.id, both=both[0]),
                    )


def _never_overdue(pack: Pack, name: str, what: str, mark: Mark) -> Iterator[Problem]:
    duty = pack.duties.get(name)
    if duty is None:
        return
    if duty.strength is Strength.MAY:
        yield problem(
            mark, "E10", worded("{what}: '{name}' is an offer ('may') and never overdue", what=what, name=name)
        )
    elif _is_judged(duty):
        yield problem(
            mark,
            "E10",
            worded("{what}: '{name}' waits for a person's judgement and is never overdue", what=what, name=name),
        )


def _is_judged(duty: Duty) -> bool:
    if duty.by is None or duty.recurrence is not None or duty.window is not None:
        return False
    return all(isinstance(each, Said) or each is SimpleDeadline.JUDGED for each in deadlines(duty.by))


def _never_applies(pack: Pack, duty: Duty) -> Iterator[Problem]:
    what = f"duty '{duty.id}'"
    for fact in set(duty.if_) & set(duty.unless):
        yield problem(
            duty.mark,
            "E10",
            worded("{what} can never apply: '{fact}' stands in 'if' and in 'unless'", what=what, fact=fact),
        )
    if isinstance(duty.when, BecomesTrue) and duty.when.fact in duty.unless:
        yield problem(
            duty.mark,
            "E10",
            worded(
                "{what} can never apply: it begins when '{fact}' holds, and 'unless' it holds",
                what=what,
                fact=duty.when.fact,
            ),
        )
    if isinstance(duty.when, WhenOverdue):
        yield from _never_overdue(pack, duty.when.duty, what, duty.mark)
    if isinstance(duty.when, WhenEvent):
        yield from _impossible(what, duty.when.pattern)
        if duty.until is not None and covers(duty.until, duty.when.pattern):
            yield problem(
                duty.until.mark,
                "E10",
                worded("{what} falls away in the minute it arises: 'until' matches what raises it", what=what),
            )
    for pattern in duty.must:
        yield from _impossible(what, pattern)


def _impossible(what: str, pattern: Pattern) -> Iterator[Problem]:
    for alternative in pattern.alternatives:
        for test in alternative.tests:
            if impossible(test.condition):
                yield problem(
                    pattern.mark,
                    "E10",
                    worded(
                        "{what}: '{field}' of '{kind}' can never be so",
                        what=what,
                        field=test.field,
                        kind=alternative.kind,
                    ),
                )


def _never_forbids(limit: Limit) -> Iterator[Problem]:
    for fact in set(limit.while_) & set(limit.unless):
        yield problem(
            limit.mark,
            "E10",
            worded(
                "limit '{limit}' can never apply: '{fact}' stands in 'while' and in 'unless'", limit=limit.id, fact=fact
            ),
        )
    yield from _impossible(f"limit '{limit.id}'", limit.act)
    if not limit.never and limit.only_by and set(limit.only_by) <= set(limit.not_by):
        yield problem(
            limit.mark,
            "E13",
            worded("limit '{limit}': nobody may do it, those of 'only by' stand in 'not by'", limit=limit.id),
        )
