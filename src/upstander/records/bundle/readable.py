"""The part of a bundle that people read: the record's whole timeline as a PDF, with what proves it on the last page."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from upstander.access.viewer import Viewer
from upstander.policy import labels
from upstander.records import clock, timeline
from upstander.records.bundle import verify_bundle
from upstander.records.models import Record
from upstander.records.timeline import TimelineEntry
from upstander.ui import dates, languages, pdf

SHEET = "records/reports/record.typ"


def pages(viewer: Viewer, record: Record, lang: str, public: bytes) -> dict[str, bytes]:
    """{name in the bundle: content}. ``public``: the school's key, whose fingerprint stands on the paper."""
    moment = clock.utcnow(record.school)
    with translation.override(languages.get(lang).code):
        return {"record.pdf": pdf.make(SHEET, _data(viewer, record, lang, public), lang=lang, now=moment)}


def _data(viewer: Viewer, record: Record, lang: str, public: bytes) -> dict[str, Any]:
    now = clock.now(record.school)
    kind = labels.label(viewer.pack, f"records.{record.kind}.label", lang)
    return {
        "title": f"{kind} {record.number}",
        "school": record.school.name,
        "made": _("Made on {day} at {time}.").format(day=dates.long_day(now.date(), lang), time=dates.clock(now, lang)),
        "entries": [_entry(each, lang) for each in timeline.timeline(viewer, record, lang)],
        "proof": _("What proves this"),
        "how": _(
            "The ZIP file in which this paper lay holds every entry as it was written, chained by hashes and signed by the school. "
            "Check it on any machine: python3 verify_bundle.py FILE. Then compare these signs with those that the school gives "
            "you in another way."
        ),
        "signs": [
            [_("Fingerprint of the school's key"), verify_bundle.fingerprint(public)],
            [_("Entries"), str(record.length)],
            [_("End of the chain"), record.head],
        ],
    }


def _entry(entry: TimelineEntry, lang: str) -> dict[str, Any]:
    lines = [[title or role, ", ".join(names)] for role, title, names in entry.people]
    lines += [[field.label, "\n".join([*field.values, *(file.name for file in field.files)])] for field in entry.fields]
    if entry.anyway:
        lines.append([_("Recorded although a rule stands against it, because"), entry.anyway])
    if entry.void_reason:
        lines.append([_("Struck, because"), entry.void_reason])
    written = f"{dates.long_day(entry.recorded.date(), lang)} {dates.clock(entry.recorded, lang)}"
    return {
        "when": f"{dates.long_day(entry.at.date(), lang)} {dates.clock(entry.at, lang)}",
        "done": entry.done,
        "by": ", ".join(each for each in (entry.by_name, entry.by_role_title) if each),
        "written": _("Written down {when}").format(when=written) if entry.late else "",
        "struck": _("Struck") if entry.voided else "",
        "withheld": _("What was written here is withheld from the reader of this paper.") if entry.hidden else "",
        "lines": [line for line in lines if line[1]],
    }
