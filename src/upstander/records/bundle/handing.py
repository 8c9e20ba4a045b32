"""Handing a record over: the bundle encrypted for whoever takes it over (age), and a receipt that the school has signed."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from upstander.access import decide
from upstander.access import viewer as viewers
from upstander.access.viewer import Viewer
from upstander.people.directory import SCHOOL, Held
from upstander.people.packs import pack_of
from upstander.records import clock, reading
from upstander.records.bundle import making, verify_bundle
from upstander.records.canonical import canonical
from upstander.records.models import HandOver, Record
from upstander.vault import age, keys
from upstander.vault.models import SchoolKey

OF_THE_MATTER = frozenset({decide.TELLER, "pupil-self", "guardian", "system"})
"""Roles of every policy for whom no bundle is made: it covers nobody's name (see ``cases.owndata`` and ``cases.paper``)."""


def hand_over(viewer: Viewer, record: Record, lang: str, to: str, place: Path) -> Path:
    """Write the encrypted bundle and beside it ``….receipt.json``, whose place is returned; both or none is there afterwards.

    ``to``: an age recipient. See ``sealed_for``. Raises ``age.BadKey``, FileExistsError.
    """
    age.recipient(to)
    beside = place.with_name(f"{place.name}.receipt.json")
    if beside.exists():
        raise FileExistsError(str(beside))
    with transaction.atomic(), age.new_file(beside) as receipt, age.new_file(place) as out:
        sealed, handed = sealed_for(viewer, record, lang, to)
        out.write(sealed)
        receipt.write(receipt_of(handed))
    return beside


@transaction.atomic
def sealed_for(viewer: Viewer, record: Record, lang: str, to: str, receiver: str = "") -> tuple[bytes, HandOver]:
    """The bundle encrypted for an age recipient, and what is kept of the hand-over: to whom, and the receipt that the school signs.

    ``receiver``: who that is, in words. Goes into the reading log with the recipient's key. Raises ``age.BadKey``.
    """
    recipient = age.recipient(to)
    made = making.make(viewer, record, lang, what=f"handover:{to}")
    sealed = io.BytesIO()
    age.encrypt([made], sealed, [recipient])
    at = clock.utcnow(record.school)
    said = _receipt(record, to, sealed.getvalue(), made, at)
    handed = HandOver.objects.create(
        school_id=record.school_id,
        record=record,
        by_person=viewer.person_id,
        at=at,
        to=receiver.strip(),
        key=to,
        said=said,
        signature=keys.sign(record.school_id, canonical(said)),
    )
    return sealed.getvalue(), handed


def _receipt(record: Record, to: str, sealed: bytes, bundle: bytes, at: datetime) -> dict[str, Any]:
    return {
        "upstander receipt": verify_bundle.FORM,
        "made": at.astimezone(UTC).isoformat(timespec="seconds"),
        "school": {"id": str(record.school_id), "name": record.school.name},
        "record": {"id": str(record.id), "number": record.number, "length": record.length, "head": record.head},
        "to": to,
        "file": hashlib.sha256(sealed).hexdigest(),
        "bundle": hashlib.sha256(bundle).hexdigest(),
    }


def receipt_of(handed: HandOver) -> bytes:
    """The receipt as a file of its own: what it says, the school's key, its signature."""
    public = keys.public_key(handed.school_id)
    whole = {"said": handed.said, "public": public.hex(), "signature": bytes(handed.signature).hex()}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def of_record(record: Record) -> list[HandOver]:
    """To whom a record was handed over, the newest first."""
    return list(HandOver.objects.filter(record=record).order_by("-at", "id"))


@transaction.atomic
def arrived(record: Record, hand_over: UUID, said: str, by: UUID) -> HandOver | None:
    """Write down that the receiver has it. ``said``: from whom that is known. None where nothing waits for it."""
    found = HandOver.objects.select_for_update().filter(record=record, id=hand_over, arrived_at=None).first()
    if found is not None:
        found.arrived_at, found.arrived_by, found.arrived_said = clock.utcnow(record.school), by, said.strip()
        found.save(update_fields=["arrived_at", "arrived_by", "arrived_said"])
    return found


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


def readers(viewer: Viewer) -> list[str]:
    """The roles from outside for whom the viewer may make a bundle.

    Those from whom the pack keeps at least what it keeps from the viewer.
    """
    found = []
    for role in viewer.pack.roles.values():
        if not role.outside or role.of_the_matter or role.id in OF_THE_MATTER:
            continue
        if _kept_from(viewer) <= _kept_from(reader_for(viewer, role.id)):
            found.append(role.id)
    return found


def reader_for(viewer: Viewer, role: str) -> Viewer:
    """Somebody from outside for whom the viewer makes a bundle; in the reading log stands whoever made it."""
    return Viewer(
        viewer.school_id, "staff", viewer.on, viewer.pack, person_id=viewer.person_id, roles=(Held(role, SCHOOL),)
    )


def _kept_from(viewer: Viewer) -> set[str]:
    fields = {
        f"{kind.id}.{each}" for kind in viewer.pack.events.values() for each in reading.secret_fields(viewer, kind)
    }
    return fields | set(reading.secret_kinds(viewer))


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
