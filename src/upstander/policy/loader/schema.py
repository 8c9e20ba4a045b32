"""The shape of a pack as JSON Schema, so that editors complete and check while an author writes.

It says what keys and types there are; what names must exist and fit together only the loader and the lint can tell.
"""

from __future__ import annotations

from collections.abc import Mapping

from upstander.policy.loader.folder import SECTIONS
from upstander.policy.loader.load import HEAD_SCHEMA
from upstander.policy.loader.reading import kinds, letters, papers, params, record_kinds, rules, surveys

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, object]:
    """The JSON Schema of a pack of one file; each section's own is under ``properties``."""
    head = HEAD_SCHEMA["properties"]
    properties: dict[str, object] = dict(head) if isinstance(head, Mapping) else {}
    properties |= {"params": params.SCHEMA, "scenarios": {}}
    for each in (kinds, record_kinds, rules, papers, letters, surveys):
        properties |= each.SCHEMAS
    return {
        "$schema": DIALECT,
        "title": "Policy pack",
        "type": "object",
        "properties": {word: properties[word] for word in SECTIONS},
        "required": HEAD_SCHEMA["required"],
        "additionalProperties": False,
    }
