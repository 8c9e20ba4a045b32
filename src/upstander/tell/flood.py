"""Slowing a flood without slowing one honest child.

A class of thirty sends at once from one school address: ``SEND`` lets sixty through before it slows. Buckets live in each
process's memory, keyed by a hash of the address, and are never written down. Whoever is slowed keeps all answers and is
told when to press again, and what else works meanwhile.
"""

from __future__ import annotations

from typing import Final

from upstander.access.limits import TokenBucket, address_of
from upstander.access.pages import SchoolRequest
from upstander.records.clock import utcnow

SEND: Final = TokenBucket("tell-send", burst=60, per_minute=30)
SCHOOL: Final = TokenBucket("tell-school", burst=300, per_minute=240)
WORDS: Final = TokenBucket("tell-words", burst=20, per_minute=6)
"""Wrong words only; eighty random bits need no more protection than this, but a guesser should not keep the server busy."""

WAIT_SEND: Final = 15
WAIT_WORDS: Final = 30


def seconds_to_wait(request: SchoolRequest) -> int:
    """0 where a report may be sent now, else after how many seconds to press Send again."""
    school_id, now = request.school.id, utcnow()
    if not SEND.take(school_id, address_of(request), now):
        return WAIT_SEND
    return 0 if SCHOOL.take(school_id, "everybody", now) else WAIT_SEND


def wait_after_wrong_words(request: SchoolRequest) -> int:
    """0 where more words may be tried at once, else how many seconds to wait. Right words are never kept waiting."""
    return 0 if WORDS.take(request.school.id, address_of(request), utcnow()) else WAIT_WORDS
