#!/usr/bin/env python3
"""Stamp the translations of a policy pack with the mark of the sentence that each of them translates.

Every text of a pack that a person reads has a path (``duties.tell-parents.label``). ``i18n/LANGUAGE.yaml`` gives its translation::

    duties.tell-parents.label: {text: "Meet the parents in person", of: "1f0c9a2b"}

``of`` is the first eight hexadecimal digits of the SHA-256 of the source. This command fills in what is missing, lists texts
without a translation, and says which translations are stale: their source has changed since. A stale mark is renewed only
with ``--again PATH``, once a person has looked at the translation. Entries whose path no longer exists are named and dropped.

examples:
  scripts/stamp_translations.py jp-junior-high            # fill in missing marks, report the rest
  scripts/stamp_translations.py jp-junior-high --check    # write nothing; exit code 1 if anything is missing or stale
  scripts/stamp_translations.py src/upstander/packs/starter --again duties.acknowledge.label
  scripts/stamp_translations.py jp-junior-high --blank nl # print the untranslated lines, ready to be filled in
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from upstander.policy import labels
from upstander.policy.loader import source_of
from upstander.policy.loader.extending import extended
from upstander.policy.loader.load import load_tree
from upstander.policy.loader.reading.papers import LANGUAGES, stamp
from upstander.policy.loader.sources import find
from upstander.policy.model import Pack

Entry = dict[str, str]


@dataclass
class Report:
    """What one language lacks, by path."""

    language: str
    missing: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    stamped: int = 0

    @property
    def clean(self) -> bool:
        return not (self.missing or self.stale or self.unknown or self.stamped)


def untranslated(path: Path) -> Pack | None:
    """The pack without its translations, which may be the very thing that is wrong; None where the rest is wrong too."""
    found = extended(source_of(path))
    found.root.entries.pop("i18n", None)
    loaded = load_tree(found)
    stops = [each for each in loaded.problems if each.stops]
    for each in stops:
        print(each, file=sys.stderr)
    return None if stops else loaded.pack


def read(path: Path) -> tuple[list[str], dict[str, Entry]]:
    """The comment at the head of a file and its entries; a missing file has neither."""
    if not path.is_file():
        return [], {}
    text = path.read_text(encoding="utf-8")
    head = [line for line in text.splitlines() if line.startswith("#")]
    found = yaml.load(text, Loader=yaml.BaseLoader) or {}  # noqa: S506 - BaseLoader makes nothing but text
    return head, {str(key): {"text": value} if isinstance(value, str) else dict(value) for key, value in found.items()}


def written(head: Sequence[str], entries: dict[str, Entry]) -> str:
    """The file's text: one entry a line, strings quoted as JSON (which YAML reads too)."""
    lines = list(head)
    for path, entry in entries.items():
        key = json.dumps(path, ensure_ascii=False) if " " in path else path
        values = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in entry.items())
        lines.append(f"{key}: {{{values}}}")
    return "\n".join(lines) + "\n"


def own_sources(pack: Pack) -> dict[str, str]:
    """{path: text} of the pack's own texts; what every pack has is translated by the catalogue."""
    return {path: text for path, text in labels.sources(pack).items() if path not in pack.builtin_words}


def stamped(
    pack: Pack, language: str, entries: dict[str, Entry], renew: frozenset[str]
) -> tuple[dict[str, Entry], Report]:
    """The entries in the order of the pack with their marks, and what is wrong with them."""
    report = Report(language)
    known = labels.sources(pack)
    own = own_sources(pack)
    result: dict[str, Entry] = {}
    for path in [*own, *(each for each in known if each in entries and each not in own)]:
        entry = entries.get(path)
        if entry is None or not entry.get("text"):
            report.missing.append(path)
            continue
        mark = stamp(known[path])
        if "of" not in entry or path in renew:
            report.stamped += entry.get("of") != mark
            entry = {**entry, "of": mark}
        elif entry["of"] != mark:
            report.stale.append(path)
        result[path] = entry
    report.unknown = [path for path in entries if path not in known]
    return result, report


def tell(report: Report) -> None:
    """Print the report of one language."""
    print(f"{report.language}: {report.stamped} stamped, {len(report.missing)} missing, {len(report.stale)} stale")
    for word, paths in (("missing", report.missing), ("stale", report.stale), ("unknown", report.unknown)):
        for path in paths:
            print(f"  {word}: {path}")


def blank(pack: Pack, entries: dict[str, Entry]) -> str:
    """The untranslated texts as lines to fill in, each under its source."""
    own = own_sources(pack)
    lines = [
        f"# {json.dumps(text, ensure_ascii=False)}\n{path}: {{text: }}"
        for path, text in own.items()
        if path not in entries
    ]
    return "\n".join(lines)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pack", help="the name of a pack or its folder")
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--again", nargs="*", default=[], metavar="PATH", help="these translations have been looked at")
    parser.add_argument("--blank", metavar="LANGUAGE", choices=LANGUAGES, help="print what this language lacks")
    return parser.parse_args()


def main() -> int:
    """0: all is translated and fresh; 1: something is missing or stale; 2: the pack cannot be read."""
    asked = arguments()
    pack = untranslated(find(asked.pack))
    if pack is None:
        return 2
    folder = find(asked.pack) / "i18n"
    if asked.blank:
        print(blank(pack, read(folder / f"{asked.blank}.yaml")[1]))
        return 0
    clean = True
    for language in LANGUAGES:
        if language == pack.language:
            continue
        path = folder / f"{language}.yaml"
        head, entries = read(path)
        result, report = stamped(pack, language, entries, frozenset(asked.again))
        tell(report)
        clean = clean and (report.clean if asked.check else not (report.missing or report.stale or report.unknown))
        if not asked.check and result:
            folder.mkdir(exist_ok=True)
            path.write_text(written(head, result), encoding="utf-8")
    return 0 if clean else 1


if __name__ == "__main__":
    raise SystemExit(main())
