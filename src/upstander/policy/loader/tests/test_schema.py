"""The JSON Schema of a pack."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from upstander.policy.loader.folder import RULES
from upstander.policy.loader.schema import schema
from upstander.policy.loader.tests.packs import SMALL
from upstander.policy.loader.tree import Map, Node, Scalar, Seq, parse

SENTENCES = Path(__file__).parents[2] / "sentences" / "tests" / "rules.yaml"


def value(node: Node) -> Any:
    """A tree as an editor's YAML 1.2 reader sees it."""
    match node:
        case Map(entries):
            return {key: value(each) for key, each in entries.items()}
        case Seq(items):
            return [value(each) for each in items]
        case Scalar():
            if node.nothing:
                return None
            if node.plain and node.text in ("true", "false"):
                return node.text == "true"
            number = node.number
            return node.text if number is None else int(number) if number == int(number) else float(number)


def fits(data: Any, rule: Mapping[str, Any]) -> bool:
    """The few words of JSON Schema that ours uses."""
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "number": (int, float),
        "integer": int,
        "null": type(None),
    }
    if "type" in rule and not isinstance(data, kinds[rule["type"]]):
        return False
    if "enum" in rule and data not in rule["enum"]:
        return False
    if "pattern" in rule and not re.search(rule["pattern"], data):
        return False
    if "anyOf" in rule and not any(fits(data, each) for each in rule["anyOf"]):
        return False
    if isinstance(data, list) and "items" in rule:
        return all(fits(each, rule["items"]) for each in data)
    if isinstance(data, dict):
        known = rule.get("properties", {})
        other = rule.get("additionalProperties", {})
        names = rule.get("propertyNames", {})
        return (
            all(key in data for key in rule.get("required", ()))
            and all(fits(key, names) for key in data)
            and all(
                fits(each, known.get(key, other)) if key in known or other is not False else False
                for key, each in data.items()
            )
        )
    return True


def test_it_is_json_and_speaks_of_every_section() -> None:
    found = json.loads(json.dumps(schema()))

    assert set(RULES) | {"events", "records", "roles", "guidance", "params"} <= set(found["properties"])


def test_the_small_pack_fits() -> None:
    assert fits(value(parse(SMALL, "small.yaml")), schema())


def test_every_form_of_rule_fits() -> None:
    data = value(parse(SENTENCES.read_bytes(), "rules.yaml"))
    properties: Any = schema()["properties"]

    for section in ("events", "facts", "duties", "limits"):
        assert fits(data[section], properties[section]), section


@pytest.mark.parametrize(
    "line",
    [
        "colour: red",
        "duties: {d: {wen: act}}",
        "events: {e: {fields: {f: {type: text, lable: x}}}}",
        "roles: {Head: {}}",
    ],
)
def test_an_unknown_word_does_not_fit(line: str) -> None:
    data = {**value(parse(SMALL, "small.yaml")), **value(parse(line, "x.yaml"))}

    assert not fits(data, schema())
