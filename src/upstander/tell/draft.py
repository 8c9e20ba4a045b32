"""What somebody has answered so far, carried in the form itself.

Nothing is kept on the server before "Send": every page holds the answers in one hidden field, encrypted with the school's
key and tied to the school, so that neither a shared computer's page source nor a proxy shows them and nobody can change
them unnoticed. No cookie is needed. The key of the form makes a second sending find the first.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from upstander.vault import box, keys

Answers = Mapping[str, str | tuple[str, ...]]
"""{field of the form: text, code, or several codes}. Empty answers are left out."""

OLD: Final = timedelta(hours=24)
"""After this long the reader is asked to look the answers over: somebody else may sit at the computer now."""
PASS_LASTS: Final = timedelta(minutes=45)
"""How long a page that was opened with a receipt may be used before the words are asked for again."""

_DRAFT: Final = "tell/draft"
_PASS: Final = "tell/pass"  # noqa: S105 - the name of a place, not a password
_KEPT: Final = "tell/kept"


@dataclass(frozen=True, slots=True)
class Draft:
    """``key``: 32 hex digits, made once for each form; ``touched``: when a page was last answered (aware)."""

    key: str
    touched: datetime
    answers: Answers = field(default_factory=dict)

    def text(self, name: str) -> str:
        """One answer as text; empty where there is none."""
        value = self.answers.get(name, "")
        return value if isinstance(value, str) else ""

    def codes(self, name: str) -> tuple[str, ...]:
        """The codes of one answer."""
        value = self.answers.get(name, ())
        return (value,) if isinstance(value, str) else value

    def with_answers(self, given: Answers, touched: datetime) -> Draft:
        """The draft with some answers replaced; empty ones are taken out."""
        answers = {**self.answers, **given}
        return replace(self, answers={name: value for name, value in answers.items() if value}, touched=touched)

    def is_old(self, now: datetime) -> bool:
        """Whether so much time has passed that the answers must be looked over."""
        return now - self.touched > OLD


def fresh(now: datetime) -> Draft:
    """An empty form with a key of its own."""
    return Draft(secrets.token_hex(16), now)


def seal(school_id: UUID, draft: Draft) -> str:
    """The hidden field's value."""
    return _seal(school_id, _DRAFT, {"k": draft.key, "t": int(draft.touched.timestamp()), "a": dict(draft.answers)})


def open_draft(school_id: UUID, held: str) -> Draft | None:
    """The answers back; None for what this school did not make."""
    found = _open(school_id, _DRAFT, held)
    if found is None:
        return None
    answers = {name: tuple(value) if isinstance(value, list) else value for name, value in found["a"].items()}
    return Draft(found["k"], _moment(found["t"]), answers)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the receipt page carries on: the receipt's code, its concern, and whether it had been sent before."""

    code: bytes
    record: UUID
    safe: str
    again: bool = False


def seal_kept(school_id: UUID, kept: Kept) -> str:
    """The hidden field of the receipt page."""
    return _seal(school_id, _KEPT, {"c": kept.code.hex(), "r": str(kept.record), "s": kept.safe, "g": kept.again})


def open_kept(school_id: UUID, held: str) -> Kept | None:
    """What the receipt page carried on; None for what this school did not make."""
    found = _open(school_id, _KEPT, held)
    return Kept(bytes.fromhex(found["c"]), UUID(found["r"]), found["s"], found["g"]) if found else None


def seal_pass(school_id: UUID, record_id: UUID, now: datetime) -> str:
    """A pass to one concern, for the pages after the words were typed."""
    return _seal(school_id, _PASS, {"r": str(record_id), "t": int(now.timestamp()), "k": secrets.token_hex(16)})


def open_pass(school_id: UUID, held: str, now: datetime) -> tuple[UUID, str] | None:
    """(the concern, the key of this page's forms) of a pass that still holds."""
    found = _open(school_id, _PASS, held)
    if found is None or now - _moment(found["t"]) > PASS_LASTS:
        return None
    return UUID(found["r"]), found["k"]


def _moment(seconds: int) -> datetime:
    from datetime import UTC

    return datetime.fromtimestamp(seconds, UTC)


def _seal(school_id: UUID, place: str, content: dict[str, Any]) -> str:
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(keys.seal_for_school(school_id, place, plain)).decode().rstrip("=")


def _open(school_id: UUID, place: str, held: str) -> dict[str, Any] | None:
    try:
        sealed = base64.urlsafe_b64decode(held + "=" * (-len(held) % 4))
        found: dict[str, Any] = json.loads(keys.open_for_school(school_id, place, sealed))
    except (box.CannotOpen, binascii.Error, ValueError):
        return None
    return found
