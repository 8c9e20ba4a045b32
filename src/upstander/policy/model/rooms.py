"""The rooms of a kind of record: which of its kinds of event a screen made for one piece of work reads and records.

A room adds no meaning. What is due, and what must not be, stands in duties and limits; without its room everything in
it can be done on the record's page and its forms.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from upstander.policy.model.base import NOWHERE, Mark
from upstander.policy.model.things import CustodyRoom, HandInRoom, NoViewRoom, SearchRoom, TakedownRoom


@dataclass(frozen=True, slots=True)
class HearingRoom:
    """Who is heard, and what each of them said.

    ``heard``: the kind of event that one hearing is. ``pupils``: the names in its ``about`` that are heard; ``staff``: the
    name of those who hear. ``rows``: the fields of ``heard`` that the table of accounts lays side by side. ``planned``,
    ``confirmed``, ``difference`` and ``settled``: the kinds of event of a planned hearing, of the pupil's own
    confirmation, of a numbered difference and of its end; None where the policy knows none. ``excused``: the kind by which
    somebody is not heard after all, with the reason. ``questions``: the list read out.

    ``day``, ``time``, ``minutes``, ``place``: the fields of ``planned`` that say when, how long and where; ``minutes_apart``: so
    many minutes lie between two pupils in one place. ``round`` and ``again``: the coded field of ``heard`` that tells a first
    hearing from a second, and its code for a second. ``read_back``: its yes-no field that the page after it answers.
    ``number``: the thing in the ``about`` of ``difference`` and ``settled`` that numbers it; ``row``: the coded field of
    ``difference`` that names one of ``rows``; ``outcome`` and ``stands``: the coded field of ``settled``, and the code by which
    it stands as a contradiction.
    """

    heard: str
    pupils: tuple[str, ...]
    staff: str
    rows: tuple[str, ...] = ()
    planned: str | None = None
    confirmed: str | None = None
    difference: str | None = None
    settled: str | None = None
    excused: str | None = None
    questions: str | None = None
    day: str | None = None
    time: str | None = None
    minutes: str | None = None
    place: str | None = None
    minutes_apart: int = 0
    round: str | None = None
    again: str | None = None
    read_back: str | None = None
    number: str | None = None
    row: str | None = None
    outcome: str | None = None
    stands: str | None = None
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class SeriousRoom:
    """A serious incident: how it began, what is due by when, what the authority and the family were told.

    ``begins``: the fact that says one has begun; ``watches``: facts of the register that may lead to it; ``begun_with``: kinds of
    event by which a person says that it has. ``steps``: the duties in the order in which they are asked for. ``first_report`` and
    ``final_report``: the kinds of event of the reports to the authority (``authority``: its entry in the directory);
    ``inquiry``: kinds that the final report quotes; ``told_family``: kinds by which the family was told.
    """

    begins: str
    steps: tuple[str, ...]
    watches: tuple[str, ...] = ()
    begun_with: tuple[str, ...] = ()
    first_report: str | None = None
    final_report: str | None = None
    inquiry: tuple[str, ...] = ()
    told_family: tuple[str, ...] = ()
    authority: str | None = None
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class AbsenceRoom:
    """Days on which a pupil was away. ``noted``: the kind of event of one day; ``pupil``: the name in its ``about``; ``days``: how
    much of the day, a number."""

    noted: str
    pupil: str
    days: str
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class PlansRoom:
    """What is planned for each person, and whether it was looked back on.

    ``planned`` and ``looked_back``: kinds of event; ``agreed`` and ``checked``: of an agreement and of the look whether it is kept
    (``kept``: the coded field that says so); ``measure``: the kind that decides on a step of the ladder, ``rung``: its coded field;
    ``alike_in`` and ``alike_by``: the kind and its coded field by which cases are like one another; ``restorative``: the meeting.
    """

    planned: tuple[str, ...]
    looked_back: tuple[str, ...] = ()
    agreed: str | None = None
    checked: str | None = None
    kept: str | None = None
    measure: str | None = None
    rung: str | None = None
    alike_in: str | None = None
    alike_by: str | None = None
    restorative: str | None = None
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms of one kind of record; None where the policy has no such work."""

    hearings: HearingRoom | None = None
    serious: SeriousRoom | None = None
    absence: AbsenceRoom | None = None
    plans: PlansRoom | None = None
    hand_in: HandInRoom | None = None
    custody: CustodyRoom | None = None
    search: SearchRoom | None = None
    no_view: NoViewRoom | None = None
    takedown: TakedownRoom | None = None
