"""What only those who were there may read of an entry, for as long as a fact of the record holds (a field's ``secret while``)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from upstander.access.decide import Subject
from upstander.access.viewer import Viewer
from upstander.policy.model import EventKind


def withheld(
    viewer: Viewer, kind: EventKind, by: object, about: Mapping[str, Collection[str]], subject: Subject
) -> frozenset[str]:
    """The fields of an entry that the viewer must not read yet. ``by``: who recorded it; ``about``: whom it names.

    Staff who recorded the entry or are named in it read it at all times. Where the facts of the record are not fresh, nobody else
    does: a statement that comes out too early cannot be sealed again.
    """
    asked = {name: spec.secret_while for name, spec in kind.fields.items() if spec.secret_while}
    if not asked or viewer.kind == "system" or (viewer.kind == "staff" and _was_there(viewer, by, about)):
        return frozenset()
    return frozenset(name for name, fact in asked.items() if not subject.fresh or fact in subject.facts)


def _was_there(viewer: Viewer, by: object, about: Mapping[str, Collection[str]]) -> bool:
    me = str(viewer.person_id)
    return me == str(by) or any(me in ids for ids in about.values())
