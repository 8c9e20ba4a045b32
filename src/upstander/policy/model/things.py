"""Rooms about things: what a class hands in, who had an object when, a search step by step, an image nobody may see, posts online.

As with every room: they say which kinds of event a screen shows and records, and add no meaning to the rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from upstander.policy.model.base import NOWHERE, Mark


@dataclass(frozen=True, slots=True)
class HandInRoom:
    """A class's list of one day: one record a class and day. ``taken`` and ``back``: the kinds of event of one pupil's thing.

    ``owner`` and ``unit``: the names in their ``about`` of the pupil and of the class; ``what``: the coded field of what it is.
    ``cleared``: the kind of event that says that everything went back; it is recorded with the last thing.
    """

    taken: str
    back: str
    owner: str
    unit: str
    what: str | None = None
    cleared: str | None = None
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Hand:
    """A kind of event by which an object changes hands. ``turn``: ``taken``, ``passed`` or ``ended``.

    ``to``: its field that names who has it from then on; without one it is whoever did it. ``where``: its field for the place.
    """

    event: str
    turn: str
    to: str | None = None
    where: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A field of a kind of event."""

    event: str
    field: str


@dataclass(frozen=True, slots=True)
class CustodyRoom:
    """Who had an object, from when to when. ``item``: the name in ``about`` that tells several objects apart.

    Without it, and where an event does not name one, there is one object. ``owner``: the name in ``about`` of the one whose
    object it is; ``receipt``: the fields on the owner's receipt, and no others.
    """

    hands: tuple[Hand, ...]
    item: str | None = None
    owner: str | None = None
    receipt: tuple[Shown, ...] = ()
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class SearchRoom:
    """A search as a chain. ``steps``: kinds of event in order; limits and duties decide which of them is open."""

    steps: tuple[str, ...]
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NoViewRoom:
    """What is suspected to be an image that nobody may see. While ``suspected`` holds no file is taken and none is shown.

    ``switch``: the kind of event by which anybody says so; ``steps``: the kinds of event that are left from then on;
    ``call``: contacts; ``tell``: the roles to go to.
    """

    suspected: str
    switch: str
    steps: tuple[str, ...] = ()
    call: tuple[str, ...] = ()
    tell: tuple[str, ...] = ()
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class TakedownRoom:
    """Posts that are to go. ``item``: the name in ``about`` of one post or copy; ``service``: the field of ``reported`` for where.

    ``answered`` and ``looked``: what the service answered, and that somebody looked again; ``still_there``: the fact that it is up.
    """

    reported: str
    item: str
    still_there: str
    service: str
    answered: str | None = None
    looked: str | None = None
    clause: tuple[str, ...] = ()
    mark: Mark = field(default=NOWHERE, compare=False)
