"""Which kinds of event may stand on which kind of record."""

from __future__ import annotations

from upstander.policy.model import Pack

CONCERN, SCHOOL_YEAR, SCHOOL = "concern", "school-year", "school"
OF_A_CONCERN = frozenset(
    {
        "told", "told-more", "identity-given", "wish-changed", "withdrawn", "confirmed", "acknowledged", "asked",
        "answered", "triaged", "step-shared", "passed-on",
    }
)  # fmt: skip
"""Built-in kinds that belong to a concern and to nothing else."""
TURNS_OF_THE_YEAR = frozenset({"year-opened", "term-opened", "term-ended", "year-closed"})
OF_THE_SCHOOL = frozenset({"joined", "left"})
OF_THE_CALENDAR = TURNS_OF_THE_YEAR | OF_THE_SCHOOL
"""What the calendar and the register of people record by themselves (§8)."""
CALENDAR_RECORDS = {SCHOOL_YEAR: TURNS_OF_THE_YEAR | {"activity-held"}, SCHOOL: OF_THE_SCHOOL}
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
