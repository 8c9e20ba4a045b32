"""What editors complete and check fits every pack that comes with Upstander, and finds what is wrong."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from upstander.policy.loader import names, schema
from upstander.policy.loader.file_schemas import file_schemas
from upstander.policy.loader.sources import PACKS
from upstander.policy.loader.tests.packs import SMALL
from upstander.policy.loader.tree import parse, plain

SCHEMAS = file_schemas()


def as_json(value: Any) -> Any:
    """Values as an editor reads YAML: numbers, and ``true`` as a truth value."""
    match value:
        case dict():
            return {key: as_json(each) for key, each in value.items()}
        case tuple():
            return [as_json(each) for each in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case "true" | "false":
            return value == "true"
        case _:
            return value


def files(pack: str) -> Iterator[tuple[str, Any]]:
    for path in sorted((PACKS / pack).rglob("*")):
        name = path.relative_to(PACKS / pack).as_posix()
        if path.suffix not in (".yaml", ".md") or name == "README.md":
            continue
        text = path.read_text(encoding="utf-8")
        text = text.split("---")[1] if path.suffix == ".md" else text
        yield name, as_json(plain(parse(text, name)))


def schema_of(name: str) -> dict[str, Any]:
    return next(each for pattern, each in SCHEMAS.items() if fnmatch.fnmatch(name, pattern))


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("pack", names())
def test_every_file_of_the_packs_fits_its_schema(pack: str) -> None:
    wrong = [
        f"{name}: {list(error.absolute_path)[:4]} {error.message[:120]}"
        for name, data in files(pack)
        for error in Draft202012Validator(schema_of(name)).iter_errors(data)
    ]

    assert wrong == []


def test_a_pack_of_one_file_fits_the_schema_of_the_whole() -> None:
    data = as_json(plain(parse(SMALL, "small.yaml")))

    assert [error.message for error in Draft202012Validator(schema()).iter_errors(data)] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pack.yaml", "{id: a, titel: b}"),
        ("clauses.yaml", "[{id: A.1, txt: Kind.}]"),
        ("rules.yaml", "{duties: {call: {clause: A.1, whoo: head}}}"),
        ("events.yaml", "{sang: {label: Sing, recorded by: {a: b}}}"),
        ("laws.yaml", "[{id: L, clauses: [A.1], text: t, source: s, effect: asks}]"),
        ("guidance/talk.md", "{titel: Talk}"),
        ("scenarios/one.yaml", "{name: One, expect: [{nwo: 2026-05-11}]}"),
        ("i18n/nl.yaml", "{pack.title: {txt: Titel}}"),
    ],
)
def test_a_mistake_is_found_by_the_schema(name: str, text: str) -> None:
    data = as_json(plain(parse(text, name)))

    assert not Draft202012Validator(schema_of(name)).is_valid(data)


def test_every_kind_of_file_of_a_pack_has_a_schema() -> None:
    found = {path.relative_to(PACKS).parts[1] for path in PACKS.glob("*/*") if Path(path).suffix == ".yaml"}

    assert found <= set(SCHEMAS)
