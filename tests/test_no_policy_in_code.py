"""No school's policy stands in code: ids that only a pack declares occur in no program text and no template.

A pack's posts, steps, facts, limits and kinds of event change from school to school; code that names one works for one school
only. Ids that every pack has (``builtin.yaml``) are words of the language, and free.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from upstander.policy.loader import load
from upstander.policy.loader.load import built_in_names

SOURCE = Path(__file__).parent.parent / "src" / "upstander"
PACKS = sorted(path.name for path in (SOURCE / "packs").iterdir() if (path / "pack.yaml").exists())
SECTIONS = ("roles", "events", "facts", "duties", "limits", "params")
QUOTED = re.compile(r"""["']([a-z][a-z0-9-]+)["']""")

SAME_WORD = {
    "authority": "to whom a school reports, an entry of its directory",
    "check-in": "the page on which a child answers",
    "child": "whom a card or a page is for",
    "class": "what a post is held for; an attribute of HTML",
    "contact": "a heading of the menu",
    "defender": "one of the five layers of the glossary, which bar whoever is named so",
    "grade": "what a post is held for",
    "head": "what stands on top; the newest hash of a log",
    "pupil": "a kind of person",
    "reinforcer": "one of the five layers of the glossary, which bar whoever is named so",
    "shown": "what a list or a page shows",
    "staff": "a kind of person",
    "watched": "the language's word for a closed record that is looked at again",
}
"""Words of a pack that mean something else where the code says them: {word: what}."""


@cache
def ids_of_packs() -> dict[str, str]:
    """{id: "section of pack"} of what packs declare and the language does not."""
    found: dict[str, str] = {}
    for name in PACKS:
        pack = load(name)
        for section in SECTIONS:
            ours = built_in_names().get(section, frozenset())
            # A single word ("act", "planned") is anybody's; of posts and roles every one counts.
            found |= {
                each: f"{section} of {name}"
                for each in getattr(pack, section)
                if each not in ours and (section == "roles" or "-" in each)
            }
    return found


def texts() -> Iterator[tuple[str, str]]:
    """(where, text) of every string in program text, and of every quoted word in a template."""
    for path in sorted(SOURCE.rglob("*.py")):
        if not {"tests", "packs", "migrations"} & set(path.parts) and "policy/loader" not in path.as_posix():
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield f"{path.relative_to(SOURCE)}:{node.lineno}", node.value
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        for word in QUOTED.findall(path.read_text()):
            yield str(path.relative_to(SOURCE)), word


def test_no_id_of_a_pack_stands_in_code() -> None:
    declared = ids_of_packs()

    assert [
        (where, text, declared[text]) for where, text in texts() if text in declared and text not in SAME_WORD
    ] == []


def test_every_exception_is_still_an_id_of_a_pack() -> None:
    assert [word for word in SAME_WORD if word not in ids_of_packs()] == []
