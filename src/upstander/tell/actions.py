"""The deeds of the door: tell something, tell it for somebody else, and what a teller does who comes back.

Each runs in one transaction: the record, its encrypted events, the duties that they start and the receipt's hash are
durable together, and only then is a receipt shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from upstander.access.viewer import Viewer
from upstander.people.models import School
from upstander.records import actions as records
from upstander.records.models import Event, Record
from upstander.tell.draft import Draft
from upstander.tell.models import Receipt
from upstander.tell.questions import KIND, NO_NAME, WHO
from upstander.vault import codewords, keys

CONCERN = "concern"
_NAMES = ("teller-name", "teller-contact")


@dataclass(frozen=True, slots=True)
class Told:
    """A concern that is durable, with the receipt that opens it. ``again``: it had been sent before with the same form."""

    record: Record
    code: bytes
    again: bool = False


def tell(viewer: Viewer, school: School, draft: Draft, files: Sequence[UploadedFile] = (), *, at: datetime) -> Told:
    """Keep what somebody told at the door. ``at``: civil minute of the school.

    The same form sent again gives the same receipt and no second concern. Raises records' FormProblems.
    """
    return _open(viewer, school, draft.key, {"at": at, "fields": fields_of(draft), "files": list(files)})


def note(viewer: Viewer, school: School, key: str, deed: Mapping[str, Any]) -> Told:
    """Keep what a member of staff saw or was told; ``deed`` is what ``records.actions.record`` takes. Raises FormProblems."""
    return _open(viewer, school, key, deed)


def fields_of(draft: Draft) -> dict[str, Any]:
    """The answers as fields of ``told``. Whoever tells without a name gives none, whatever was typed before."""
    answers: dict[str, Any] = {name: value for name, value in draft.answers.items() if name != WHO}
    kind, _, standing = draft.text(WHO).partition(".")
    if kind:
        answers["source-kind"] = kind
    if standing:
        answers["standing"] = standing
    if draft.text("openness") in ("", NO_NAME):
        answers = {name: value for name, value in answers.items() if name not in _NAMES}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in answers.items()}


def _open(viewer: Viewer, school: School, key: str, deed: Mapping[str, Any]) -> Told:
    # What is stored of the form's key is a keyed hash as well: from it alone nobody can make the receipt.
    code = code_of(school.id, key)
    submit_key = keys.keyed_hash(school.id, "tell/submit", key.encode())
    try:
        return _open_once(viewer, school, submit_key, code, deed)
    except IntegrityError:
        # Two sendings of one form at the same moment: the other one is through now, this one finds what it made.
        return _open_once(viewer, school, submit_key, code, deed)


@transaction.atomic
def _open_once(viewer: Viewer, school: School, submit_key: str, code: bytes, deed: Mapping[str, Any]) -> Told:
    record = records.open_record(viewer, school, CONCERN, at=deed.get("at"), submit_key=submit_key)
    if record.was_there:  # type: ignore[attr-defined]
        return Told(record, code, again=True)
    records.record(viewer, record, KIND, **deed)
    Receipt.objects.create(school=school, hash=hash_of(school.id, code), record=record.id)
    return Told(record, code)


def code_of(school_id: UUID, key: str) -> bytes:
    """The receipt that belongs to a form's key: the same for every sending, unknown without the school's key."""
    return bytes.fromhex(keys.keyed_hash(school_id, "tell/code", key.encode()))[: codewords.CODE_BYTES]


def hash_of(school_id: UUID, code: bytes) -> str:
    """What is stored of a receipt: a fast keyed hash (eighty random bits cannot be guessed, a slow one would gain nothing)."""
    return keys.keyed_hash(school_id, "tell/receipt", code)


# --- coming back ---------------------------------------------------------------------------------------------------


def come_back(school: School, typed: str) -> UUID | None:
    """The concern that the typed words open; None for words that open nothing.

    Right, wrong and unreadable words cost the same: five hashes and one look-up by five hashes.
    """
    wanted = _five(school.id, codewords.read(typed))
    row = Receipt.objects.filter(school=school, hash__in=wanted).values_list("record", flat=True).first()
    return row if isinstance(row, UUID) else None


def _five(school_id: UUID, codes: Iterable[bytes]) -> list[str]:
    given = list(codes)[:5]
    filler = [
        bytes([number]) * (codewords.CODE_BYTES + 1) for number in range(5 - len(given))
    ]  # eleven bytes: nobody's
    return [hash_of(school_id, code) for code in (*given, *filler)]


def say(
    viewer: Viewer,
    record: Record,
    kind: str,
    fields: Mapping[str, Any],
    files: Sequence[UploadedFile] = (),
    *,
    key: str,
) -> Event:
    """Append to the teller's own concern: more, a name, another wish, taking it back, whether it was done.

    The same page sent twice appends once. Raises FormProblems, Denied, NotFound.
    """
    submit_key = keys.keyed_hash(record.school_id, f"tell/{kind}", key.encode())
    try:
        return records.record(viewer, record, kind, fields=fields, files=list(files), submit_key=submit_key)
    except IntegrityError:
        return records.record(viewer, record, kind, fields=fields, files=list(files), submit_key=submit_key)


def forget_receipts(sender: object, *, record: Record, **more: object) -> None:
    """Retention has destroyed a record: the receipts that opened it are as unknown as any other words."""
    Receipt.objects.filter(school_id=record.school_id, record=record.id).delete()
