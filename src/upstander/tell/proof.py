"""A proof of work instead of waiting, where the installation asks for it (off by default).

Whoever is slowed during a flood may let the browser reckon for a second or two and send at once; without script the reader
waits as everybody does. A proof counts for one form, and a form is kept once, so a proof cannot be used twice.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from altcha.v1 import ChallengeOptions, create_challenge, extract_params, verify_solution

from upstander.vault import keys

MOST: Final = 120_000
"""The largest number to be found: about a second on an old telephone's browser."""
LASTS: Final = timedelta(minutes=10)
LONGEST: Final = 2000


def challenge(school_id: UUID, form_key: str, now: datetime) -> str:
    """What the browser is asked to solve, as JSON. ``now``: aware."""
    asked = ChallengeOptions(
        max_number=MOST, hmac_key=_secret(school_id), expires=now + LASTS, params={"form": _form(school_id, form_key)}
    )
    made = create_challenge(asked)
    return json.dumps(
        {
            "algorithm": made.algorithm,
            "challenge": made.challenge,
            "maxnumber": asked.max_number,
            "salt": made.salt,
            "signature": made.signature,
        }
    )


def is_done(school_id: UUID, form_key: str, payload: str) -> bool:
    """Whether a solution for this very form came along, and in time."""
    if not payload or len(payload) > LONGEST:
        return False
    try:
        given = json.loads(base64.b64decode(payload, validate=True))
        right, _ = verify_solution(given, _secret(school_id))
        return bool(right) and extract_params(given).get("form") == [_form(school_id, form_key)]
    except (ValueError, TypeError, AttributeError, KeyError):
        return False


def _secret(school_id: UUID) -> str:
    return keys.keyed_hash(school_id, "tell/proof", b"")


def _form(school_id: UUID, form_key: str) -> str:
    return keys.keyed_hash(school_id, "tell/proof-form", form_key.encode())[:32]
