"""Events from JSON lines, as ``upstander pack simulate`` reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from upstander.policy.conformance.columns import Columns, Encoder
from upstander.policy.conformance.files.names import Told, check
from upstander.policy.model import Pack
from upstander.policy.verdict_json import event_from_json

BATCH = 100_000
LONGEST = 4_000_000
"""Bytes of one line; a longer one is broken."""


def read(path: Path, pack: Pack, mapping: Mapping[str, str], told: Told) -> Iterator[Columns]:
    """Columns of so many events each; lines that are none are told and left out."""
    encoder = Encoder()
    with path.open("rb") as lines:
        number = 0
        while line := lines.readline(LONGEST + 1):
            number += 1
            if len(line) > LONGEST and not line.endswith(b"\n"):
                told.broke(number, "the line is longer than four million bytes")
                while line and not line.endswith(b"\n"):
                    line = lines.readline(LONGEST)
                continue
            if line.isspace():
                continue
            _add(encoder, line, number, pack, mapping, told)
            if len(encoder) >= BATCH:
                yield encoder.finish()
                encoder = Encoder()
    if len(encoder):
        yield encoder.finish()


def _add(encoder: Encoder, line: bytes, number: int, pack: Pack, mapping: Mapping[str, str], told: Told) -> None:
    try:
        data = json.loads(line, parse_float=Decimal)
        if mapping and isinstance(data, dict):
            data = _renamed(data, mapping)
        event = event_from_json(data, pack.timezone, f"e{number}")
        check(event, pack)
        if b"\\ud" in line.lower():
            json.dumps(data, ensure_ascii=False, default=str).encode()  # half a sign cannot be written
    except RecursionError:
        told.broke(number, "nested too deep")
    except UnicodeError:
        told.broke(number, "the text is not UTF-8")
    except (ValueError, TypeError) as error:
        told.broke(number, str(error))
    else:
        encoder.add(str(data.get("record", "r1")), str(data.get("kind", "case")), event)
        told.events += 1


def _renamed(data: dict[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    """An object with its entries where the mapping puts them (``about.target`` is an entry of ``about``)."""
    found: dict[str, Any] = {name: value for name, value in data.items() if name not in mapping}
    for column, name in mapping.items():
        if column in data:
            outer, dot, inner = name.partition(".")
            if dot:
                within = found.get(outer)
                found[outer] = {**(within if isinstance(within, dict) else {}), inner: data[column]}
            else:
                found[name] = data[column]
    return found
