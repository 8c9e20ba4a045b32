"""E11 and E13: what nobody may record, and posts that nobody can fill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from upstander.policy.belonging import OF_THE_CALENDAR
from upstander.policy.model import DidTrigger, Duty, NamedAs, Pack, Pattern, Role, WhenEvent
from upstander.policy.problems import Problem, problem
from upstander.policy.words import worded

OUTSIDE_THE_LIST = frozenset({"teller", "pupil-self", "guardian", "system"})
"""Doers who record through doors of their own, not through a record's access list."""
BY_THE_APP = OF_THE_CALENDAR | {"person-named"}

_HINT = worded("an entry of a record's 'access' must allow it to a role that 'recorded by' allows")


def posts(pack: Pack) -> Iterator[Problem]:
    """What nobody can do, and roles that contradict themselves."""
    yield from _roles(pack)
    for duty in pack.duties.values():
        yield from _bearers(pack, duty)
        yield from _unrecordable(pack, duty)


def _unrecordable(pack: Pack, duty: Duty) -> Iterator[Problem]:
    if not any(record.access for record in pack.records.values()):
        return
    if isinstance(duty.when, WhenEvent) and not any(
        _recordable(pack, each.kind) for each in duty.when.pattern.alternatives
    ):
        kinds = _list(each.kind for each in duty.when.pattern.alternatives)
        yield problem(
            duty.mark, "E11", worded("duty '{duty}': nobody can record {kinds}", duty=duty.id, kinds=kinds), _HINT
        )
    for pattern in duty.must:
        if not any(_recordable(pack, each.kind) for each in pattern.alternatives):
            kinds = _list(each.kind for each in pattern.alternatives)
            yield problem(
                pattern.mark,
                "E11",
                worded("duty '{duty}': nobody can record {kinds}, so nobody can meet it", duty=duty.id, kinds=kinds),
                _HINT,
            )


def _list(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


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
                    duty.mark,
                    "E13",
                    worded("{what}: no kind of event ever names a '{role}'", what=what, role=role),
                    worded("declare it in an 'about'"),
                )
            case DidTrigger(None) if not isinstance(duty.when, WhenEvent):
                yield problem(
                    duty.mark,
                    "E13",
                    worded("{what}: no person does what raises it", what=what),
                    worded("add 'otherwise: ROLE'"),
                )
            case DidTrigger(None) if isinstance(duty.when, WhenEvent) and _nobody_did(pack, duty.when.pattern):
                yield problem(
                    duty.mark,
                    "E13",
                    worded("{what}: what raises it may have no doer", what=what),
                    worded("add 'otherwise: ROLE'"),
                )
            case Role(role) if role in pack.roles and pack.roles[role].at_most == 0:
                yield problem(
                    duty.mark, "E13", worded("{what}: nobody may hold the role '{role}'", what=what, role=role)
                )
            case _:
                pass


def _nobody_did(pack: Pack, pattern: Pattern) -> bool:
    return any({"system", "teller"} & set(pack.events[each.kind].recorded_by) for each in pattern.alternatives)


def _roles(pack: Pack) -> Iterator[Problem]:
    for role in pack.roles.values():
        if role.at_most is not None and role.at_least > role.at_most:
            yield problem(
                role.mark,
                "E13",
                worded(
                    "role '{role}' is held by at least {at_least} and at most {at_most}",
                    role=role.id,
                    at_least=role.at_least,
                    at_most=role.at_most,
                ),
            )
        if role.id in role.conflicts:
            yield problem(role.mark, "E13", worded("role '{role}' conflicts with itself", role=role.id))
        for deputy in role.deputies:
            other = pack.roles.get(deputy)
            if deputy == role.id:
                yield problem(role.mark, "E13", worded("role '{role}' is its own deputy", role=role.id))
            elif deputy in role.conflicts or (other is not None and role.id in other.conflicts):
                yield problem(
                    role.mark,
                    "E13",
                    worded("'{deputy}' stands in for '{role}', but the two conflict", deputy=deputy, role=role.id),
                )
