"""The JSON Schema of each file of a pack's folder, so that an editor completes and checks while an author writes.

Without names that must exist: those only the loader and the lint can tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from upstander.policy.loader.folder import HEAD, PAPERS, RULES
from upstander.policy.loader.schema import DIALECT, schema
from upstander.policy.loader.sources import FOLDERS
from upstander.policy.scenarios import SCHEMA as SCENARIO

_TEXT = {"type": "string"}
_ONE_FILE = ("clauses", "roles", "records", "events", "options", "laws", "document", "directory", "plan")
_BELOW_THE_FRONT = frozenset({"body", "say", "never"})


def file_schemas() -> dict[str, dict[str, Any]]:
    """{path within the folder, such as ``clauses.yaml`` or ``surveys/*.yaml``: JSON Schema}."""
    whole: dict[str, Any] = schema()
    sections: Mapping[str, Any] = whole["properties"]
    found = {
        "pack.yaml": _object({word: sections[word] for word in HEAD if word in sections}, list(whole["required"])),
        "rules.yaml": _object({word: sections[word] for word in RULES}, []),
    }
    for name in _ONE_FILE:
        if name in sections:
            found[f"{name}.yaml"] = {"anyOf": [sections[name], _object({name: sections[name]}, [name])]}
    for name in PAPERS:
        entry = _entry(sections[name])
        ending = FOLDERS[name]
        found[f"{name}/*{ending}"] = _front(entry) if ending == ".md" else entry
    translation = {"anyOf": [_TEXT, _object({"text": _TEXT, "of": _TEXT}, ["text"])]}
    found["i18n/*.yaml"] = {"type": "object", "additionalProperties": translation}
    found["scenarios/*.yaml"] = {"anyOf": [SCENARIO, {"type": "array", "items": SCENARIO}]}
    return {name: {"$schema": DIALECT, "title": name, **each} for name, each in found.items()}


def _object(properties: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "required": required, "additionalProperties": False}


def _entry(section: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of one entry of a section of ids."""
    entries: Mapping[str, Any] = section["additionalProperties"]
    for each in entries.get("anyOf", [entries]):
        if each.get("type") == "object":
            return dict(each)
    return dict(entries)


def _front(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What stands between the two lines of ``---``; the text below is no YAML."""
    properties = {name: each for name, each in entry["properties"].items() if name not in _BELOW_THE_FRONT}
    required = [name for name in entry.get("required", []) if name not in _BELOW_THE_FRONT]
    return {**entry, "properties": properties, "required": required}
