"""Makes the ZIP of somebody's own data: one PDF for people, one JSON for machines; and writes down that it was made."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upstander.access import office, officelog
from upstander.access.decide import Denied
from upstander.access.viewer import Viewer
from upstander.cases.owndata.gathering import Found
from upstander.cases.owndata.paper import CHOSEN, FILES, OTHERS, POLICY, SEALED, OwnData
from upstander.people import clock
from upstander.people.models import Person
from upstander.records.models import Reading
from upstander.ui import dates, pdf

SHEET = "cases/reports/own_data.typ"
NAMES = ("own-data.pdf", "own-data.json")


def need_for(viewer: Viewer, person: Person) -> None:
    """Raises Denied for whoever does not run the office, and for whom it is about: neither they nor their parent makes it."""
    office.need_office(viewer)
    if person.id == viewer.person_id or str(person.id) in viewer.guards:
        raise Denied


def usual(found: list[Found]) -> set[Any]:
    """The records that go in where nobody says otherwise: all but what somebody else told at the door."""
    return {each.record.id for each in found if not each.told_by_others}


@transaction.atomic
def make(own: OwnData) -> bytes:
    """The ZIP. Goes into the reading log of each record and into the office's log."""
    made = packed(own)
    at = clock.utcnow(own.school)
    Reading.objects.bulk_create(
        Reading(
            school=own.school,
            record=each.record,
            person=own.maker.person_id,
            what=f"{paper_reading(own.person)}"[:120],
            at=at,
        )
        for each in own.found
        if each.record.id in own.chosen
    )
    officelog.note(own.school, "own-data-made", own.person.id, own.maker.person_id)
    return made


def paper_reading(person: Person) -> str:
    """What stands in the reading log: for whom."""
    return f"own-data:{person.id}"


def packed(own: OwnData) -> bytes:
    """Both files as one ZIP."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in zip(NAMES, (pdf_of(own), json_of(own)), strict=True):
            zipped.writestr(zipfile.ZipInfo(name, own.now.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def json_of(own: OwnData) -> bytes:
    """The machine-readable file."""
    return json.dumps(own.data, ensure_ascii=False, indent=1).encode() + b"\n"


def pdf_of(own: OwnData) -> bytes:
    """The same on paper."""
    return pdf.make(SHEET, sheet(own), lang=own.lang, now=clock.aware(own.school, own.now))


# --- the sheet -----------------------------------------------------------------------------------------------------------


def sheet(own: OwnData) -> dict[str, Any]:
    """What the sheet sets; of the data alone, so that the paper says no more than the file."""
    data, lang = own.data, own.lang
    return {
        "title": _("What is on record about %(name)s") % {"name": data["person"]["name"]},
        "school": own.school.name,
        "own": own.maker.pack.language,
        "made": _("made on %(day)s") % {"day": dates.long_day(own.now.date(), lang)},
        "lead": _(
            "Everybody else stands here as person A, person B and so on. The file beside this paper says the same to machines."
        ),
        "asked": _("Asked for by %(name)s.") % {"name": data["asked by"]} if data["asked by"] else "",
        "sections": [
            [_("About you"), [each for each in _about(own, data["person"]) if each[1]]],
            [_("What is left out, and why"), _left_out(data, complete=own.maker.kind == "system")],
        ],
        "records": [_record(each, lang) for each in data["records"]],
        "none": "" if data["records"] else _("No record names this person, as far as whoever made this may see."),
    }


def _about(own: OwnData, person: dict[str, Any]) -> list[list[str]]:
    joined, lang = own.words.joined, own.lang
    looked = [
        f"{each['name']} ({each['relation']})" if each["relation"] else each["name"]
        for each in person["looked after by"]
    ]
    return [
        [_("Name"), person["name"]],
        [_("Reading of the name"), person["reading"]],
        [_("E-mail address"), person["email"]],
        [_("Telephone"), person["phone"]],
        [_("Signs in with"), person["signs in with"]],
        [_("Number at the school"), person["number"]],
        [_("Left on"), dates.long_day(date.fromisoformat(person["left on"]), lang) if person["left on"] else ""],
        [_("Classes"), joined([each["class"] for each in person["classes"]])],
        [_("Posts"), joined([each["post"] for each in person["posts"]])],
        [_("Looks after"), joined(person["looks after"])],
        [_("Looked after by"), joined(looked)],
    ]


def _left_out(data: dict[str, Any], *, complete: bool) -> list[list[str]]:
    rows = [[_why(each), str(number)] for each, number in data["withheld"].items()]
    if data["records left out"]["number"]:
        rows.append(
            [
                _("Records that the school leaves out: %(reason)s") % data["records left out"],
                str(data["records left out"]["number"]),
            ]
        )
    rows.append([_("Names and contacts of other people"), _("covered everywhere")])
    if not complete:
        unseen = _("not in here. Ask for a second person of the school to look, too.")
        rows.append([_("Records that whoever made this may not see"), unseen])
    return rows


def _why(code: str) -> str:
    return {
        OTHERS: _("Entries about other people only"),
        POLICY: _("What the school’s policy keeps from this person"),
        SEALED: _("What is sealed until others have been heard"),
        FILES: _("Files, in which others may be seen. Ask to look at them at the school."),
        CHOSEN: _("Records that the school leaves out"),
    }[code]


def _record(record: dict[str, Any], lang: str) -> dict[str, Any]:
    hidden = [each for each in record["entries"] if "withheld" in each]
    shown = [each for each in record["entries"] if "withheld" not in each]
    note = ngettext("%(n)d entry is left out.", "%(n)d entries are left out.", len(hidden)) % {"n": len(hidden)}
    return {
        "title": f"{record['kind']} {record['number']}",
        "sub": [_day(record["opened"], lang), *record["named as"]],
        "withheld": note if hidden else "",
        "entries": [_entry(each, lang) for each in shown],
    }


def _entry(entry: dict[str, Any], lang: str) -> dict[str, Any]:
    lines = [[each["role"], ", ".join(each["who"])] for each in entry["about"]]
    lines += [
        [each["label"], "\n".join(each["values"]) if "values" in each else _("withheld")] for each in entry["fields"]
    ]
    if entry["recorded anyway"]:
        lines.append([_("Recorded although a rule stands against it, because"), entry["recorded anyway"]])
    if entry["struck"]:
        lines.append([_("Struck, because"), entry["struck"]])
    at = datetime.fromisoformat(entry["at"])
    when = f"{_day(entry['at'], lang)} {dates.clock(at, lang)}"
    return {
        "title": entry["what"],
        "when": " · ".join(filter(None, [when, entry["by"]])),
        "struck": bool(entry["struck"]),
        "lines": lines,
    }


def _day(minute: str, lang: str) -> str:
    return dates.long_day(datetime.fromisoformat(minute).date(), lang)
