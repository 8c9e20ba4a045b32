"""Random references such as K7M-4QX: short enough to say, telling nothing about how many there are."""

from __future__ import annotations

import secrets

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which are mistaken for one another. Seven signs are 35 bits; a unique index keeps them apart."""


def new_number() -> str:
    """Three signs, a hyphen, four signs (35 bits)."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(7))
    return f"{signs[:3]}-{signs[3:]}"
