"""What can be said of the tree without running it: the tests that are named exist, no secret lies in it, licences are free."""

from __future__ import annotations

import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.compile(r"`([\w./-]+)(?:::(test_\w+))?`")
SECRETS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\n[A-Za-z0-9+/=]{40}",
    "a key of age": r"AGE-SECRET-KEY-1[0-9A-Z]{58}",
    "a key of Amazon's": r"\bAKIA[0-9A-Z]{16}\b",
    "a token of GitHub's": r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    "a password in an address": r"\b(?:postgres|postgresql|smtp|https?)://[\w.-]+:(?!password@|…@)[^@\s/'\"{}]{6,}@(?!host|localhost|\[)[\w.-]+\.\w",
}
FREE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software|MPL|Mozilla|LGPL|Lesser|GPL|AGPL|Unlicense|HPND|Zlib|CC0|0BSD|WTFPL|Public Domain",
    re.IGNORECASE,
)


BY_HAND = {"pyrage": "MIT, in its repository; the package does not say so"}


def kept() -> list[Path]:
    """The files that belong to the repository."""
    said = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    found = [ROOT / line for line in said.splitlines()]
    return [path for path in found if path.is_file()]


@pytest.mark.parametrize("document", ["docs/threat-model.md", "docs/asvs.md"])
def test_every_test_that_a_document_names_is_there(document: str) -> None:
    wrong = []
    for path, test in NAMED.findall((ROOT / document).read_text()):
        if not re.search(r"\.py$", path):
            continue
        found = next((base / path for base in (ROOT, ROOT / "src" / "upstander") if (base / path).is_file()), None)
        if found is None or (test and f"def {test}(" not in found.read_text()):
            wrong.append(f"{path}::{test}")
    assert wrong == []


def test_every_threat_names_a_test_or_says_that_it_is_open() -> None:
    rows = re.findall(
        r"^\| (?!threat|who|-)([^|]+)\|([^|]+)\|([^|]+)\|$", (ROOT / "docs/threat-model.md").read_text(), re.M
    )
    bare = [threat for threat, _against, test in rows if "`" not in test and "open" not in test]

    assert len(rows) > 30
    assert [threat for threat in bare if threat.strip() not in TRUSTED] == []


TRUSTED = {
    "whoever holds the root key and the disk",
    "technical administrator",
    "staff",
    "a pupil with a card",
    "whoever has a receipt",
}
"""The rows of who is trusted with what: no threats."""


def test_every_requirement_stands_in_the_table_once_with_where_it_stands() -> None:
    rows = re.findall(
        r"^\| (\d+\.\d+\.\d+) \| [^|]+ \| (met|not applicable|open)\b", (ROOT / "docs/asvs.md").read_text(), re.M
    )

    assert len(rows) == len({number for number, _state in rows}) == 253


def test_no_secret_lies_in_the_tree() -> None:
    found = []
    for path in kept():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {what}" for what, sign in SECRETS.items() if re.search(sign, text)]
    assert found == []


def test_what_upstander_needs_to_run_is_under_a_free_licence() -> None:
    """Of what is installed here, from its own words; offline."""
    needed = re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.M)
    unknown = []
    for name in needed:
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another platform
        said = " ".join(
            [str(about.get(each) or "")[:300] for each in ("License-Expression", "License")]
            + [each for each in about.get_all("Classifier") or () if each.startswith("License ::")]
        )
        if name not in BY_HAND and not FREE.search(said):
            unknown.append(f"{name}: {said[:60]}")
    assert len(needed) > 40
    assert unknown == []
