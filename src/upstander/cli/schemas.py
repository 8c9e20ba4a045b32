"""``upstander pack schema``: the shape of a pack, of one of its files, or of all of them into a folder."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from upstander.cli.problems import Cannot
from upstander.policy import loader
from upstander.policy.loader.file_schemas import file_schemas


def run(options: argparse.Namespace) -> int:
    """Print or write JSON Schema."""
    if options.to:
        for path in write(Path(options.to)):
            print(path)
        return 0
    found: Any = loader.schema()
    if options.file:
        known = file_schemas()
        if options.file not in known:
            names = ", ".join(known)
            raise Cannot(_("A pack has no file “{name}”. It has: {names}").format(name=options.file, names=names))
        found = known[options.file]
    json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


def write(folder: Path) -> list[Path]:
    """Write the schema of each file into a folder; ``guidance/*.md`` becomes ``guidance.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in file_schemas().items():
        path = folder / f"{stem(name)}.json"
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        written.append(path)
    return written


def stem(name: str) -> str:
    """``clauses`` of ``clauses.yaml``, ``surveys`` of ``surveys/*.yaml``."""
    return name.partition("/")[0].partition(".")[0]
