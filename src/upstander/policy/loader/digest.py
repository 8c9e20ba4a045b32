"""A fingerprint of a pack: the same for the same content, wherever it stands in its files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from upstander.policy.model import Pack

_APART = ("mark", "digest")


def digest(pack: Pack) -> str:
    """The SHA-256 of everything in the pack except marks, as hexadecimal digits."""
    parts: list[str] = []
    _say(pack, parts.append)
    parts.append("")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@lru_cache(maxsize=512)
def _names(kind: type) -> tuple[str, ...] | None:
    """The fields that count, None for what is no dataclass."""
    return tuple(each.name for each in fields(kind) if each.name not in _APART) if is_dataclass(kind) else None


def _say(value: object, tell: Callable[[str], None]) -> None:
    kind: Any = type(value)
    if kind is str:
        tell(f"str {value}")
    elif (names := _names(kind)) is not None:
        tell(kind.__name__)
        for name in names:
            tell(name)
            _say(getattr(value, name), tell)
    elif isinstance(value, Mapping):
        tell(f"map {len(value)}")
        for key, item in value.items():
            tell(str(key))
            _say(item, tell)
    elif isinstance(value, tuple | list):
        tell(f"list {len(value)}")
        for item in value:
            _say(item, tell)
    elif isinstance(value, Decimal):
        tell(f"number {value.normalize():f}")
    else:
        tell(f"{kind.__name__} {value}")
