"""The sentences of docs/language/reference.md, §1 to §11, each half sentence by itself."""

from __future__ import annotations

import re
from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[5] / "docs" / "language" / "reference.md"
_MARKS = str.maketrans("", "", "*`")


def plain(text: str) -> str:
    """Without marks of emphasis, on one line."""
    return re.sub(r"\s+", " ", text.translate(_MARKS)).strip()


def sections() -> dict[int, str]:
    """{number of the section: its text without code}."""
    text = re.sub(r"```.*?```", "", REFERENCE.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = re.split(r"^## (\d+) .*$", text, flags=re.MULTILINE)
    numbered = zip(found[1::2], found[2::2], strict=True)
    return {int(number): body for number, body in numbered if int(number) <= 11}


def sentences(section: int) -> list[str]:
    """The half sentences of a section, a row of a table as one."""
    parts: list[str] = []
    for line in sections()[section].splitlines():
        if re.fullmatch(r"[|\s-]*", line):
            continue
        pieces = [line] if line.startswith("|") else re.split(r"(?<=[.;])\s+(?=\S)", line)
        parts += [plain(piece).strip(" ;.-|") for piece in pieces]
    return [part for part in parts if len(part) > 12]
