"""The district's log in files, so that whoever measures holds nothing but what is measured: a block of cases in each."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from upstander.policy.conformance.columns import Columns, Sparse

PLAIN = ("record", "record_kind", "ids", "kind", "at", "recorded", "person", "role")
FOLDER = Path(tempfile.gettempdir()) / "upstander-district"


def save(columns: Columns, folder: Path) -> None:
    """One block: a file for each column, and the dictionary as lines."""
    folder.mkdir(parents=True)
    columns = columns.narrow()
    for name in PLAIN:
        if name != "recorded" or columns.recorded is not columns.at:
            np.save(folder / name, getattr(columns, name))
    for part in ("about", "fields"):
        for name, several in getattr(columns, part).items():
            np.save(folder / f"{part}.{name}.rows", several.rows)
            np.save(folder / f"{part}.{name}.codes", several.codes)
    (folder / "values").write_text("\n".join(map(str, columns.values)), encoding="utf-8")
    numbers = [code for code, value in enumerate(columns.values) if isinstance(value, Decimal)]
    (folder / "told.json").write_text(json.dumps({"numbers": numbers, "ids differ": columns.ids_differ}))


def load(folder: Path) -> Columns:
    told = json.loads((folder / "told.json").read_text())
    values: list[Any] = (folder / "values").read_text(encoding="utf-8").split("\n")
    for code in told["numbers"]:
        values[code] = Decimal(values[code])
    plain = {name: np.load(folder / f"{name}.npy") for name in PLAIN if (folder / f"{name}.npy").exists()}
    plain.setdefault("recorded", plain["at"])
    sparse: dict[str, dict[str, Sparse]] = {"about": {}, "fields": {}}
    for rows in sorted(folder.glob("*.rows.npy")):
        part, name, _, _ = rows.name.split(".")
        sparse[part][name] = Sparse(np.load(rows), np.load(folder / f"{part}.{name}.codes.npy"))
    return Columns(values=values, **plain, **sparse, ids_differ=told["ids differ"])


def blocks(cases: int, of: int) -> list[Path]:
    """The blocks of a log of so many cases, written first, each by a process of its own, where they are not there yet."""
    found = []
    for first in range(0, cases, of):
        size, folder = min(of, cases - first), FOLDER / f"{first}-{min(of, cases - first)}"
        if not (folder / "told.json").exists():
            command = [sys.executable, "-c", _WRITE, str(size), str(first), str(folder), *sys.path]
            subprocess.run(command, check=True)
        found.append(folder)
    return found


_WRITE = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[4:]
from peers import district, stored
stored.save(district.log(int(sys.argv[1]), seed=int(sys.argv[2]) + 1, first=int(sys.argv[2])), Path(sys.argv[3]))
"""


def logs(cases: int, of: int) -> Iterator[Columns]:
    """The log, block by block."""
    for folder in blocks(cases, of):
        yield load(folder)
