"""The page of the files names every word that the loader knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from upstander.policy.loader import schema
from upstander.policy.loader.folder import SECTIONS

DOCS = Path(__file__).parents[5] / "docs" / "language"


def words(rule: object) -> Iterator[str]:
    """Every key of every mapping in a JSON Schema."""
    if isinstance(rule, Mapping):
        properties = rule.get("properties")
        if isinstance(properties, Mapping):
            yield from (str(word) for word in properties)
        for each in rule.values():
            yield from words(each)
    elif isinstance(rule, list):
        for each in rule:
            yield from words(each)


def test_every_word_of_the_language_is_documented() -> None:
    page = (DOCS / "pack-format.md").read_text(encoding="utf-8")

    assert [word for word in sorted({*words(schema()), *SECTIONS}) if word not in page] == []


def test_the_pages_of_the_language_refer_to_each_other() -> None:
    for name in ("reference.md", "pack-format.md", "codes.md"):
        assert (DOCS / name).is_file()
