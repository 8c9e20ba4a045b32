"""Who keeps a record: who takes it out of the house, who holds it beyond its period, who destroys it when that is over.

Out of the house takes it whoever the pack lets decide everything in it. To hold and to destroy is the affair of the office's
posts (``office``) where the pack shows them the record, of their deputies where they are barred; of whoever decides everything in
the whole school where the pack shows it to no post of the office. Nobody does any of it with what they only see in an emergency.
"""

from __future__ import annotations

from upstander.access import decide, office
from upstander.access.decide import Denied, NotFound, Reach, Subject
from upstander.access.viewer import Viewer
from upstander.policy.model import Access, Pack, RecordKind


def may_export(viewer: Viewer, subject: Subject) -> bool:
    """Whether the viewer may make the sealed bundle of a record and hand it over."""
    return any(reach.line.decide == "all" for reach in _reaching(viewer, subject))


def may_keep(viewer: Viewer, subject: Subject) -> bool:
    """Whether the viewer may hold a record beyond its period, and destroy it after."""
    reaching = _reaching(viewer, subject)
    posts = _office(viewer.pack)
    if any(reach.role in posts for reach in reaching) or (reaching and office.may_manage(viewer)):
        return True
    return any(_leads(reach) for reach in reaching) and not _office_sees(subject)


def may_look(viewer: Viewer) -> bool:
    """Whether there can be a record that the viewer may keep: then the page of what ends soon is theirs."""
    if viewer.kind != "staff":
        return False
    posts, kinds = _office(viewer.pack), viewer.pack.records
    return office.may_manage(viewer) or any(
        reach.role in posts or (_leads(reach) and not _office_always_sees(viewer.pack, kinds[reach.kind]))
        for reach in decide.visible_to(viewer).reaches
        if not reach.emergency
    )


def need_export(viewer: Viewer, subject: Subject) -> None:
    """Raises NotFound for a record that the viewer does not see, Denied where taking it out is not theirs."""
    _need(viewer, subject, may_export(viewer, subject))


def need_either(viewer: Viewer, subject: Subject) -> None:
    """Like ``need_export``, for whoever may take it out or keep it."""
    _need(viewer, subject, may_export(viewer, subject) or may_keep(viewer, subject))


def need_look(viewer: Viewer) -> None:
    """Raises Denied for whoever keeps nothing."""
    if not may_look(viewer):
        raise Denied


def roles_of(pack: Pack, kind: str) -> list[str]:
    """The posts that are asked to look after the end of a record's period, in their order."""
    found = pack.records.get(kind)
    leads = [line.role for line in found.access if line.see and line.decide == "all"] if found else []
    return list(dict.fromkeys([*office.office_roles(pack), *leads]))


def _need(viewer: Viewer, subject: Subject, may: bool) -> None:
    if may:
        return
    raise Denied if decide.may(viewer, "see", subject) else NotFound


def _reaching(viewer: Viewer, subject: Subject) -> list[Reach]:
    if viewer.kind != "staff" or viewer.school_id != subject.school_id:
        return []
    return [reach for reach in decide.visible_to(viewer).reaching(subject) if not reach.emergency]


def _leads(reach: Reach) -> bool:
    return reach.line.decide == "all" and reach.pupils is None and not reach.named


def _office(pack: Pack) -> frozenset[str]:
    return frozenset(member for role in office.office_roles(pack) for member in pack.members(role))


def _office_lines(pack: Pack, kind: RecordKind) -> list[Access]:
    posts = _office(pack)
    return [line for line in kind.access if line.see and not posts.isdisjoint(pack.members(line.role))]


def _office_always_sees(pack: Pack, kind: RecordKind) -> bool:
    lines = _office_lines(pack, kind)
    return not kind.sealed_while and any(not (line.if_ or line.unless) for line in lines)


def _office_sees(subject: Subject) -> bool:
    """Whether the pack shows this record to a post of the office, whoever holds it."""
    kind = subject.pack.records.get(subject.kind)
    lines = _office_lines(subject.pack, kind) if kind else []
    sealed = kind.sealed_while if kind else ""
    return any(
        subject.facts.issuperset(line.if_)
        and subject.facts.isdisjoint(line.unless)
        and not (sealed and sealed in subject.facts and sealed not in line.if_)
        for line in lines
    )
