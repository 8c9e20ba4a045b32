"""A search as a chain: each step with what was done, or whether it is open, or what it lacks and under which clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from upstander.access.decide import NotFound
from upstander.cases import parts
from upstander.cases.looking import Looking
from upstander.cases.shapes import StoppedLimit
from upstander.cases.stops import Stopper
from upstander.cases.things import no_view
from upstander.people import queries as people
from upstander.policy.model.things import SearchRoom
from upstander.records import asking
from upstander.ui import dates
from upstander.ui.parts import Clause, Deed

DONE, OPEN, WAITS, SHUT = "met", "due", "upcoming", "not-applicable"
"""States of a step, by the marks of the spine: done, open to the viewer, not yet open, and never while things are so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step. ``done``: when and by whom; ``limits``: what stands in its way; ``who``: who may take it, if not the viewer."""

    state: str
    word: str
    label: str
    lang: str = ""
    done: Sequence[tuple[str, str]] = ()
    limits: Sequence[StoppedLimit] = ()
    who: str = ""
    clauses: Sequence[Clause] = ()
    deed: Deed | None = None
    main: bool = False


def room_of(looking: Looking) -> SearchRoom | None:
    """What the pack says of this kind of record; None where it knows no search."""
    return looking.rooms.search


def enter(looking: Looking) -> list[Stage]:
    """The steps of the search. Raises NotFound where the pack has none."""
    room = room_of(looking)
    if room is None:
        raise NotFound
    return stages(looking, room.steps)


def stages(looking: Looking, kinds: Sequence[str]) -> list[Stage]:
    """Each kind of event as a step; the first that is open to the viewer has the filled button."""
    found: list[Stage] = []
    for kind in kinds:
        main = not any(each.main for each in found)
        stage = _stage(looking, kind, main)
        # Quoted is what is next and what stands in the way; of the rest the number leads to the clause.
        quoted = stage.clauses if stage.main else [replace(each, text="") for each in stage.clauses]
        found.append(replace(stage, clauses=quoted))
    return found


def _stage(looking: Looking, kind: str, main: bool) -> Stage:
    words = looking.words
    entries = [each for each in parts.tale(looking) if each.kind == kind and not each.voided]
    label, lang = words.deed(kind), words.lang_of(f"events.{kind}.label")
    clauses = words.clauses(looking.pack.events[kind].clause[:1])
    if entries:
        done = [_done(looking, each) for each in entries]
        label, lang = words.done(kind), words.lang_of(f"events.{kind}.done")
        return Stage(state=DONE, word=pgettext("step", "Done"), label=label, lang=lang, done=done, clauses=clauses)
    breaches = asking.in_the_way(looking.viewer, looking.record, kind, looking.named)
    stopper = Stopper(words, looking.names, looking.deed)
    limits = [stopper.limit(each) for each in breaches if not _only_who(each.missing)]
    deed = looking.deed(kind)
    allowed = deed is not None and not any(_only_who(each.missing) for each in breaches)
    who = "" if allowed else _who(looking, kind)
    if limits:
        never = any("never" in each.missing for each in breaches)
        word = pgettext("step", "Shut") if never else pgettext("step", "Not yet")
        state = SHUT if never else WAITS
        return Stage(state=state, word=word, label=label, lang=lang, limits=limits, who=who, clauses=())
    if not allowed:
        return Stage(state=WAITS, word=pgettext("step", "Not yours"), label=label, lang=lang, who=who, clauses=clauses)
    word = pgettext("step", "Open")
    return Stage(state=OPEN, word=word, label=label, lang=lang, clauses=clauses, deed=deed, main=main)


def _only_who(missing: Sequence[str]) -> bool:
    """Whether a limit asks for nothing but somebody else to do it."""
    return bool(missing) and all(each.startswith(("by:", "not-by:")) for each in missing)


def _done(looking: Looking, entry: Any) -> tuple[str, str]:
    when = dates.moment(entry.at, looking.lang, looking.now)
    line = _("%(when)s, %(name)s") % {"when": when, "name": entry.by_name} if entry.by_name else when
    return line, looking.url("event", entry.id)


def _who(looking: Looking, kind: str) -> str:
    """Who may take the step today: the posts, and who holds them."""
    directory = people.directory(looking.school, looking.now.date(), looking.pack)
    roles = dict.fromkeys(
        member for role in asking.doers(looking.pack, kind) for member in (looking.pack.members(role) or (role,))
    )
    ids = {role: [str(each) for each in directory.everyone(role)] for role in roles}
    names = people.names(looking.school, {each for found in ids.values() for each in found})
    lines = []
    for role, found in ids.items():
        held = looking.words.joined([names[each] for each in found[:4] if each in names])
        title = looking.words.role(role)
        if held:
            lines.append(_("%(names)s (%(role)s)") % {"names": held, "role": title})
    return looking.words.joined(lines)


def way(looking: Looking) -> Deed | None:
    """The way into this room from the record's page."""
    if room_of(looking) is None or no_view.is_on(looking):
        return None
    return Deed(label=_("The search, step by step"), url=looking.url("search"), icon="search")
