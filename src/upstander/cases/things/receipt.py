"""The receipt for an object that was taken: whose it is, what it is, who took it, when, and room to sign for its return.

Why it was taken does not stand on it: it is a paper that a child carries home. What stands on it, the pack says.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from upstander.access.decide import NotFound
from upstander.cases import parts
from upstander.cases.looking import Looking
from upstander.cases.things import custody
from upstander.policy.model.things import CustodyRoom
from upstander.records import clock
from upstander.ui import dates, pdf
from upstander.ui.parts import Deed

SHEET = "cases/reports/receipt.typ"


def taken(looking: Looking) -> Any:
    """The entry by which the object came into the school's hands; None while it did not."""
    room = custody.room_of(looking)
    if room is None or not room.receipt:
        return None
    kinds = {each.event for each in room.hands if each.turn == custody.TAKEN}
    found = [each for each in parts.tale(looking) if each.kind in kinds and not each.voided]
    return max(found, key=lambda each: (each.at, each.recorded), default=None)


def way(looking: Looking) -> Deed | None:
    """The receipt as something to print."""
    if taken(looking) is None:
        return None
    return Deed(label=_("Receipt for the pupil, as a PDF"), url=looking.url("custody_receipt"), icon="print")


def make(looking: Looking) -> bytes:
    """The PDF. Raises NotFound where nothing was taken."""
    entry = taken(looking)
    room = custody.room_of(looking)
    if entry is None or room is None:
        raise NotFound
    return pdf.make(SHEET, _data(looking, room, entry), lang=looking.lang, now=clock.aware(looking.school, looking.now))


def _data(looking: Looking, room: CustodyRoom, entry: Any) -> dict[str, object]:
    words = looking.words
    lines = [(_("Whose it is"), _owner(looking, room)), *_shown(looking, room)]
    when = f"{dates.long_day(entry.at.date(), looking.lang)} {dates.clock(entry.at, looking.lang)}"
    lines += [(_("Taken on"), when), (_("By whom"), entry.by_name), (_("Number"), looking.record.number)]
    back = _back(looking, room)
    return {
        "title": _("Receipt"),
        "school": looking.school.name,
        "own": looking.pack.language,
        "lines": [{"label": label, "value": value} for label, value in lines if value],
        "note": _("The school keeps it safe and gives it back against this receipt."),
        "back": [{"label": label, "value": value} for label, value in back],
        "back_title": _("Given back"),
        "foot": words.joined([looking.school.name, looking.record.number]),
    }


def _owner(looking: Looking, room: CustodyRoom) -> str:
    names = [each.name for each in looking.people if each.role == room.owner]
    classes = [each.class_name for each in looking.people if each.role == room.owner and each.class_name]
    if len(names) == 1 and classes:
        return parts.with_class(names[0], classes[0])
    return looking.words.joined(names)


def _shown(looking: Looking, room: CustodyRoom) -> list[tuple[str, str]]:
    """What the pack lets stand on the receipt, from the latest entry that says it."""
    found = []
    for each in room.receipt:
        entry = parts.latest(looking, each.event, each.field)
        shown = next((one for one in entry.fields if one.id == each.field), None) if entry else None
        if shown is not None:
            found.append((shown.label, looking.words.joined(shown.values)))
    return found


def _back(looking: Looking, room: CustodyRoom) -> list[tuple[str, str]]:
    """To whom and when it was given back, blanks to be filled by hand while it was not."""
    kinds = {each.event: each for each in room.hands if each.turn == custody.ENDED}
    found = [each for each in parts.tale(looking) if each.kind in kinds and not each.voided]
    last = max(found, key=lambda each: (each.at, each.recorded), default=None)
    if last is None:
        return [(_("On"), ""), (_("To whom"), ""), (_("Signature"), "")]
    hand = kinds[last.kind]
    to = next((each for each in last.fields if each.id == hand.to), None)
    when = f"{dates.long_day(last.at.date(), looking.lang)} {dates.clock(last.at, looking.lang)}"
    signed = next((each.value for each in last.fields if each.type == "signature"), "")
    return [(_("On"), when), (_("To whom"), looking.words.joined(to.values) if to else ""), (_("Signature"), signed)]
