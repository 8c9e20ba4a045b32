"""Handing a record over: the bundle encrypted for whoever takes it over (age), and a receipt that the school has signed."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC
from pathlib import Path
from typing import Any

from upstander.access import viewer as viewers
from upstander.access.viewer import Viewer
from upstander.people.directory import SCHOOL, Held
from upstander.people.packs import pack_of
from upstander.records import clock
from upstander.records.bundle import making, verify_bundle
from upstander.records.canonical import canonical
from upstander.records.models import Record
from upstander.vault import age, keys
from upstander.vault.models import SchoolKey


def hand_over(viewer: Viewer, record: Record, lang: str, to: str, place: Path) -> Path:
    """Write the encrypted bundle and beside it ``….receipt.json``, whose place is returned; both or none is there afterwards.

    ``to``: an age recipient. Goes into the reading log with the recipient's key. Raises ``age.BadKey``, FileExistsError.
    """
    recipient = age.recipient(to)
    beside = place.with_name(f"{place.name}.receipt.json")
    if beside.exists():
        raise FileExistsError(str(beside))
    made = making.make(viewer, record, lang, what=f"handover:{to}")
    sealed = io.BytesIO()
    age.encrypt([made], sealed, [recipient])
    with age.new_file(beside) as receipt, age.new_file(place) as out:
        out.write(sealed.getvalue())
        receipt.write(_receipt(record, to, sealed.getvalue(), made))
    return beside


def _receipt(record: Record, to: str, sealed: bytes, bundle: bytes) -> bytes:
    said = {
        "upstander receipt": verify_bundle.FORM,
        "made": clock.utcnow(record.school).astimezone(UTC).isoformat(timespec="seconds"),
        "school": {"id": str(record.school_id), "name": record.school.name},
        "record": {"id": str(record.id), "number": record.number, "length": record.length, "head": record.head},
        "to": to,
        "file": hashlib.sha256(sealed).hexdigest(),
        "bundle": hashlib.sha256(bundle).hexdigest(),
    }
    signature = keys.sign(record.school_id, canonical(said)).hex()
    whole = {"said": said, "public": public_key(record).hex(), "signature": signature}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def received(place: Path, identities: list[age.Identity]) -> bytes:
    """The bundle that somebody handed over. Raises ``age.CannotDecrypt``."""
    out = io.BytesIO()
    with place.open("rb") as source:
        age.decrypt(source, out, identities)
    return out.getvalue()


def public_key(record: Record) -> bytes:
    """The key with which the record's school signs."""
    return keys.public_key(record.school_id)


def is_ours(manifest: dict[str, Any]) -> bool:
    """Whether a school of this installation signed a bundle that holds."""
    return any(bytes(each).hex() == manifest["public"] for each in SchoolKey.objects.values_list("public", flat=True))


def by_number(number: str, slug: str | None) -> list[Record]:
    """The records with a reference, of one school or of all."""
    rows = Record.objects.select_related("school").filter(number=number.strip().upper())
    return list(rows.filter(school__slug=slug) if slug else rows)


def roles(record: Record) -> list[str]:
    """The roles of the school's policy."""
    return list(pack_of(record.school, clock.now(record.school).date()).roles)


def reader(record: Record, role: str | None) -> Viewer:
    """For whom a bundle is made on the command line: a role, from whom the policy may keep something, or everything.

    Raises KeyError for a role that the policy does not know.
    """
    today = clock.now(record.school).date()
    if role is None:
        return viewers.system(record.school, today)
    pack = pack_of(record.school, today)
    _ = pack.roles[role]
    return Viewer(record.school_id, "staff", today, pack, roles=(Held(role, SCHOOL),))
