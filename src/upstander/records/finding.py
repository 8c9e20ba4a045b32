"""Whether a matter is decided: until then everybody in it is *named as* (a pack's ``neutral``), in words that judge nobody."""

from __future__ import annotations

from datetime import datetime

from upstander.access.decide import Subject
from upstander.policy.model import Pack
from upstander.records import subjects
from upstander.records.models import Record


def found(record: Record, pack: Pack, now: datetime) -> bool:
    """Whether the school has found what the policy waits for; True of a kind of record whose policy waits for nothing.

    ``now``: civil minute. Where the facts of the record are not fresh, nothing counts as found.
    """
    kind = pack.records.get(record.kind)
    if kind is None or kind.neutral is None:
        return True
    return found_in(subjects.subject_of(record, pack, now))


def found_in(subject: Subject) -> bool:
    """The same, of a record whose names and facts are at hand."""
    kind = subject.pack.records.get(subject.kind)
    if kind is None or kind.neutral is None:
        return True
    return subject.fresh and kind.neutral.until in subject.facts
