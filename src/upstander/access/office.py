"""Who may run the school's office: people, posts, classes, cards. The pack says it on its record kind ``school``.

``records: {school: {access: [{role: …, decide: all}]}}`` names the posts; a pack that is silent leaves it to its first post
of the whole school, as a rule the head. Cards of a class are also its own teachers' affair.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from upstander.access.decide import Denied
from upstander.access.viewer import Viewer
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy.model import Pack, RoleInfo


def posts(pack: Pack) -> list[RoleInfo]:
    """The posts that somebody of the school can hold: nobody from outside, no role in a matter, not the software itself."""
    return [
        role
        for role in pack.roles.values()
        if not (role.of_the_matter or role.any_of or role.outside or role.id == "system")
    ]


def head_role(pack: Pack) -> str:
    """The pack's first post of the whole school."""
    found = posts(pack)
    return next((role.id for role in found if role.scope == "school"), found[0].id if found else "")


def office_roles(pack: Pack) -> tuple[str, ...]:
    """The posts that run the office."""
    kind = pack.records.get("school")
    said = tuple(line.role for line in kind.access if line.decide == "all") if kind else ()
    return said or (head_role(pack),)


def may_manage(viewer: Viewer) -> bool:
    """Whether the viewer may change people, posts and classes."""
    return viewer.kind == "staff" and any(viewer.holds(role) for role in office_roles(viewer.pack))


def may_hand_out_cards(viewer: Viewer, class_id: UUID, grade: str) -> bool:
    """Whether the viewer may print and end the cards of this class: the office, or whoever holds a post in it."""
    if may_manage(viewer):
        return True
    own = [held.unit for held in viewer.roles if held.unit.class_id or held.unit.grade]
    return any(unit.class_id == class_id or (unit.class_id is None and unit.grade == grade) for unit in own)


def others_could_manage(school: School, pack: Pack, person: UUID, on: date) -> bool:
    """Whether somebody runs the office, or stands in for it, without this person."""
    directory = people.directory(school, on, pack)
    return any(directory.holders(role, without={person}) for role in office_roles(pack))


def need_office(viewer: Viewer) -> None:
    """Raises Denied for whoever does not run the office."""
    if not may_manage(viewer):
        raise Denied
