"""The ways from a record's page into the rooms that its pack names."""

from __future__ import annotations

from upstander.cases.hearings import room as hearings
from upstander.cases.letters import offering as letters
from upstander.cases.looking import Looking
from upstander.cases.plans import room as plans
from upstander.cases.serious import absence
from upstander.cases.serious import room as serious
from upstander.cases.things import evidence, hand_in, no_view, receipt, search, takedowns
from upstander.ui.parts import Deed

_WAYS = (
    hearings.way,
    no_view.way,
    search.way,
    hand_in.way,
    plans.way,
    letters.way,
    serious.way,
    absence.way,
    takedowns.way,
    evidence.way,
    receipt.way,
)
"""Each gives the way into one room, None where the pack has no such room or it is not the viewer's."""


def ways(looking: Looking) -> list[Deed]:
    """The rooms that stand open to the viewer, in the order in which a matter comes to need them."""
    found = [way(looking) for way in _WAYS]
    return [each for each in found if each is not None]
