"""Which kinds of event may stand on which kind of record."""

from __future__ import annotations

from upstander.policy.model import Pack

CONCERN = "concern"
OF_THE_YEAR = frozenset({"year-opened", "term-opened", "term-ended", "year-closed", "activity-held"})
OF_THE_SCHOOL = frozenset({"joined", "left"})
CALENDAR_RECORDS = {"school-year": OF_THE_YEAR, "school": OF_THE_SCHOOL}
"""Where the calendar speaks, and with which kinds of event (§8)."""


def belongs(pack: Pack, event: str, record_kind: str) -> bool:
    """Whether this kind of event may be recorded on this kind of record, as far as the pack's lists go.

    A kind of event that some kinds of record list (``events`` or ``opens by``) belongs to those. One that none lists belongs to
    every kind of record that has no list of its own. What the software brings along (a note, a file, a person added, closing)
    belongs to all, and the built-in concern takes nothing away from others.
    """
    kind = pack.events.get(event)
    if kind is None:
        return False
    for record, kinds in CALENDAR_RECORDS.items():
        if event in kinds:
            return record_kind == record
    if kind.built_in:
        return True
    own = pack.records.get(record_kind)
    if own is not None and event in (*own.events, *own.opened_by):
        return True
    if any(event in (*each.events, *each.opened_by) for each in pack.records.values() if each.id != CONCERN):
        return False
    return own is None or not own.events
