"""Closing: what must hold, what is still open, who decides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upstander.cases.criteria import Teller
from upstander.cases.looking import Looking
from upstander.cases.shapes import Criterion
from upstander.policy.model import Closure
from upstander.policy.verdict import Key
from upstander.ui.parts import Deed


def closure_of(looking: Looking) -> Closure | None:
    """The pack's closure for this kind of record."""
    return looking.pack.closure.get(looking.record.kind)


def keys(looking: Looking, closure: Closure) -> list[Key]:
    """For whom the criteria must hold: everybody named in the role, one empty key where the criteria have no name."""
    if not closure.for_each:
        return [()]
    name = closure.for_each[0].name
    people = dict.fromkeys(
        person
        for event in looking.standing
        for role in (name, *looking.pack.members(name))
        for person in event.about.get(role, ())
    )
    return [((name, person),) for person in people]


def criteria(looking: Looking, closure: Closure) -> list[Criterion]:
    """Every criterion for everybody for whom it must hold."""
    who = keys(looking, closure)
    teller = Teller(
        words=looking.words,
        now=looking.now,
        names=looking.names if len(who) > 1 else {},
        events=looking.events,
        deed=looking.deed,
        name_keys=len(who) > 1,
    )
    return [teller.criterion(looking.view.outlook(fact, key)) for key in who for fact in closure.needs]


def open_rules(looking: Looking) -> list[str]:
    """The duties that still stand against closing, each once."""
    return list(dict.fromkeys(each.rule for each in looking.picture.missing if each.rule is not None))


def card(looking: Looking) -> dict[str, Any] | None:
    """Closing at a glance, for the record's page; None where the pack says nothing of it, or it is closed."""
    closure = closure_of(looking)
    if closure is None or looking.record.closed:
        return None
    still = len(open_rules(looking))
    note = ngettext("%(n)d step is still open.", "%(n)d steps are still open.", still) % {"n": still} if still else ""
    label = _("Decide on closing") if looking.picture.closable else _("What closing still needs")
    return {
        "criteria": [_flat(line) for line in criteria(looking, closure)],
        "note": note,
        "clauses": looking.words.clauses(closure.clause[:1]),
        "deed": Deed(label=label, url=looking.url("closing")),
    }


def _flat(line: Criterion) -> dict[str, Any]:
    """A criterion with the clocks of its parts, without the parts that have none."""
    shown = replace(line, note="") if line.parts else line
    return {"line": shown, "clocks": list(_clocks(line))}


def _clocks(line: Criterion) -> list[Criterion]:
    found = [] if line.bar is None else [line]
    for part in line.parts:
        found += _clocks(part)
    return found


def decides(looking: Looking, closure: Closure) -> str:
    """Who may close it."""
    if not closure.decided_by:
        return ""
    roles = looking.words.either([looking.words.role(role) for role in closure.decided_by])
    return _("Closing is decided by: %(roles)s.") % {"roles": roles}
