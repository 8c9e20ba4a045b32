"""Passing on what was told after the decision: somebody reads it, then the case hears of it, without its source.

As with what was told first, no word goes into the case before whoever reads the concern has looked at it: a later word may well
say who wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from upstander.access import decide
from upstander.cases import addresses
from upstander.cases.looking import Looking
from upstander.cases.shapes import Added, Source
from upstander.policy.model import FieldType
from upstander.records import queries, subjects
from upstander.records.models import Event, Record
from upstander.records.timeline import TimelineEntry
from upstander.ui import dates
from upstander.ui.parts import Deed

PASSED_ON, WORDS, FILES = "passed-on", "what", "files"


def waiting(looking: Looking) -> list[Event]:
    """What was added to this concern since it went to a case and was last passed on; empty while it is in no case."""
    if not looking.is_concern or not queries.linked_anywhere(looking.record):
        return []
    return queries.added_since([looking.record]).get(looking.record.id, [])


def words(looking: Looking) -> str:
    """The words that wait, as they were written, to be put right before they go along."""
    return "\n\n".join(text for each in waiting(looking) if (text := queries.opened(looking.record, each, WORDS)))


def deed(looking: Looking) -> Deed | None:
    """The form that passes on what waits; None where nothing does or where the viewer may not."""
    return looking.deed(PASSED_ON) if waiting(looking) else None


def source(looking: Looking, record: Record, added: Sequence[Event]) -> Source:
    """A record that this one is linked with; of a concern, what was added and waits, for who may read it there."""
    kind = looking.words.label(f"records.{record.kind}.label")
    return Source(
        label=_("%(kind)s %(number)s") % {"kind": kind, "number": record.number},
        url=addresses.home(looking.school, record, looking.pack),
        when=dates.moment(record.opened_at, looking.lang, looking.now),
        added=_added(looking, record, added) if added else (),
        act=_act(looking, record) if added else None,
    )


def _added(looking: Looking, concern: Record, events: Sequence[Event]) -> Sequence[Added]:
    ids = {event.id for event in events}
    entries = [each for each in queries.timeline(looking.viewer, concern, looking.lang) if each.id in ids]
    # Whoever reads these words here has read in the concern; the case's own reading says nothing of it.
    queries.log_reading(looking.viewer, concern)
    return [
        Added(
            when=dates.moment(entry.at, looking.lang, looking.now),
            text=_text(entry),
            files=[
                Deed(label=file.name, url=addresses.of(looking.school, concern, "file", file.id, pack=looking.pack))
                for shown in entry.fields
                for file in shown.files
            ],
        )
        for entry in entries
        if not entry.voided
    ]


def _text(entry: TimelineEntry) -> str:
    return "\n".join(shown.value for shown in entry.fields if shown.type == FieldType.LONG_TEXT.value)


def _act(looking: Looking, concern: Record) -> Deed | None:
    subject = subjects.subject_of(concern, looking.pack, looking.now)
    if PASSED_ON not in looking.pack.events or not decide.may(looking.viewer, f"record:{PASSED_ON}", subject):
        return None
    url = addresses.of(looking.school, concern, "do", PASSED_ON, pack=looking.pack)
    return Deed(label=looking.words.deed(PASSED_ON), url=url)


def before(looking: Looking, kind: str) -> dict[str, Any]:
    """What stands in the form of passing on when it opens."""
    return {WORDS: words(looking)} if kind == PASSED_ON else {}


def hint(kind: str) -> str:
    """What to look at before it goes along."""
    if kind != PASSED_ON:
        return ""
    return _(
        "Read it as whoever works on the case will: take out what shows who told it. The words stay here as they were written."
    )
