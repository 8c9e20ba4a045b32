"""Write into each translation of a pack the mark of the sentence that it translates.

    python scripts/stamp_translations.py src/upstander/packs/jp-junior-high

An entry that is only a text becomes ``{text, of}``; one whose source has changed keeps its old mark, so that ``W8`` goes on saying so
until somebody has looked at it (``--again PATH …`` says that somebody has).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from upstander.policy import labels
from upstander.policy.loader import load
from upstander.policy.loader.papers import stamp
from upstander.policy.loader.tree import Map, Scalar, parse


def main() -> None:
    """Stamp every file of the pack's ``i18n`` folder."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("pack", type=Path)
    options.add_argument("--again", nargs="*", default=[], metavar="PATH")
    given = options.parse_args()
    sources = labels.sources(load(given.pack))
    for file in sorted((given.pack / "i18n").glob("*.yaml")):
        file.write_text(stamped(file, sources, set(given.again)), encoding="utf-8")


def stamped(file: Path, sources: dict[str, str], again: set[str]) -> str:
    """The file with its marks; comments at its top stay."""
    text = file.read_text(encoding="utf-8")
    top = [line for line in text.splitlines() if line.startswith("#")] if text.startswith("#") else []
    tree = parse(text, file.name)
    lines = [*top]
    for path, node in tree.entries.items() if isinstance(tree, Map) else ():
        old = node.entries.get("of") if isinstance(node, Map) else None
        words = node.entries["text"] if isinstance(node, Map) else node
        mark = old.text if isinstance(old, Scalar) and path not in again else stamp(sources[path])
        shown = json.dumps(words.text.strip() if isinstance(words, Scalar) else "", ensure_ascii=False)
        lines.append(f'{json.dumps(path, ensure_ascii=False)}: {{text: {shown}, of: "{mark}"}}')
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
