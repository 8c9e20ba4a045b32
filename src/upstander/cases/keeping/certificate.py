"""The certificate of a destruction in words: in the list, and on paper."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from upstander.people import clock
from upstander.people.models import School
from upstander.policy import labels, sentences
from upstander.policy.durations import parse_distance
from upstander.policy.model import Pack
from upstander.records.bundle import verify_bundle
from upstander.records.fields import minute_of
from upstander.records.models import Destruction
from upstander.ui import dates, pdf
from upstander.vault import keys

SHEET = "cases/reports/certificate.typ"


@dataclass(frozen=True, slots=True)
class Line:
    """One destruction in the list."""

    id: UUID
    name: str
    when: str


def lines(school: School, pack: Pack, lang: str, now: datetime, most: int) -> list[Line]:
    """The newest destructions first."""
    rows = Destruction.objects.filter(school=school).order_by("-at", "id")[:most]
    return [Line(row.id, _name(row, pack, lang), _when(row, school, lang, now)) for row in rows]


def of(school: School, ident: UUID) -> Destruction | None:
    """One of this school."""
    return Destruction.objects.filter(school=school, id=ident).first()


def signed(row: Destruction) -> bytes:
    """What the school signed, with its signature and its key."""
    public = keys.public_key(row.school_id).hex()
    whole = {"said": row.said, "public": public, "signature": bytes(row.signature).hex()}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def pdf_of(row: Destruction, school: School, pack: Pack, lang: str) -> bytes:
    """The certificate on paper."""
    return pdf.make(SHEET, data(row, school, pack, lang), lang=lang, now=row.at)


def data(row: Destruction, school: School, pack: Pack, lang: str) -> dict[str, Any]:
    """What the sheet sets."""
    said, kept = row.said, row.said["kept"]
    period = sentences.distance_words(parse_distance(kept["for"]), lang)
    chain = said["chain"]
    rows = [
        [_("Record"), _name(row, pack, lang)],
        [_("Opened"), _day(said["opened"], lang)],
        [_("Kept for"), period],
        [_("Kept from"), _day(kept["since"], lang)],
        [_("Kept until"), _day(kept["until"], lang)],
        [_("Clause"), ", ".join(kept["clause"])],
        [_("Policy"), kept["version"]],
        [_("Destroyed"), dates.moment(clock.civil(school, row.at), lang, clock.now(school))],
        [_("By"), said["by"]],
        [_("Entries, texts and files"), f"{len(chain)} / {said['texts']} / {said['files']}"],
    ]
    return {
        "title": _("Certificate of destruction"),
        "school": school.name,
        "own": pack.language,
        "lead": _(
            "The record below has been destroyed: its key, its entries, its texts and its files. Nothing opens them again."
        ),
        "rows": [each for each in rows if each[1]],
        "proof": _("What proves this"),
        "signs": [
            [_("End of the chain"), chain[-1] if chain else ""],
            [_("Signature of the school"), bytes(row.signature).hex()],
            [_("Fingerprint of the school’s key"), verify_bundle.fingerprint(keys.public_key(school.id))],
        ],
    }


def _name(row: Destruction, pack: Pack, lang: str) -> str:
    kind = row.said["kind"]
    label = labels.label(pack, f"records.{kind}.label", lang) if kind in pack.records else kind
    return _("%(kind)s %(number)s") % {"kind": label, "number": row.said["number"]}


def _when(row: Destruction, school: School, lang: str, now: datetime) -> str:
    moment = dates.moment(clock.civil(school, row.at), lang, now)
    return _("%(when)s, by %(name)s") % {"when": moment, "name": row.said["by"] or _("the technical administrator")}


def _day(minute: str, lang: str) -> str:
    return dates.long_day(minute_of(minute).date(), lang)
