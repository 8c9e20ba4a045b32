"""A fingerprint of a pack: the same for the same content, wherever it stands in its files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal

from upstander.policy.model import Pack


def digest(pack: Pack) -> str:
    """The SHA-256 of everything in the pack except marks, as hexadecimal digits."""
    hashed = hashlib.sha256()
    for part in _parts(pack):
        hashed.update(part.encode())
        hashed.update(b"\0")
    return hashed.hexdigest()


def _parts(value: object) -> Iterator[str]:
    if is_dataclass(value) and not isinstance(value, type):
        yield type(value).__name__
        for each in fields(value):
            if each.name not in ("mark", "digest"):
                yield each.name
                yield from _parts(getattr(value, each.name))
    elif isinstance(value, Mapping):
        yield f"map {len(value)}"
        for key, item in value.items():
            yield str(key)
            yield from _parts(item)
    elif isinstance(value, tuple | list):
        yield f"list {len(value)}"
        for item in value:
            yield from _parts(item)
    elif isinstance(value, Decimal):
        yield f"number {value.normalize():f}"
    else:
        yield f"{type(value).__name__} {value}"
