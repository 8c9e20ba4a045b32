"""Plain values to YAML text that reads back to the same values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

_PLAIN = re.compile(r"[a-z][a-z0-9-]*( [a-z0-9-]+)*")
_WORDS = frozenset({"null", "true", "false"})
_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
_WIDTH = 110


def emit(value: Mapping[str, object]) -> str:
    """A mapping as YAML: short entries on a line, long ones below each other."""
    return "".join(_block(value, 0))


def _block(value: Mapping[str, object], depth: int) -> list[str]:
    lines: list[str] = []
    pad = "  " * depth
    for key, item in value.items():
        line = f"{pad}{text(key)}: "
        short = _flow(item)
        if len(line) + len(short) <= _WIDTH or not isinstance(item, Mapping | list | tuple) or not item:
            lines.append(f"{line}{short}\n")
        elif isinstance(item, Mapping):
            lines.append(f"{line.rstrip()}\n")
            lines.extend(_block(item, depth + 1))
        else:
            lines.append(f"{line.rstrip()}\n")
            lines.extend(f"{pad}  - {_flow(each)}\n" for each in item)
    return lines


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{text(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int | date):
        return str(value)
    return text(str(value))


def text(value: str) -> str:
    """A text, in quotation marks unless it is plain words."""
    if _PLAIN.fullmatch(value) and value not in _WORDS:
        return value
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
