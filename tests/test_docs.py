"""The documentation is true: every setting and command is described, every link leads somewhere."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from upstander.cli import parser
from upstander.school.roster import COLUMNS
from upstander.web.settings import Installation

ROOT = Path(__file__).resolve().parent.parent
RUNNING = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def commands() -> list[str]:
    actions = parser.build()._actions
    found = next(action for action in actions if isinstance(action, argparse._SubParsersAction))
    return sorted(found.choices)


@pytest.mark.parametrize("name", sorted(Installation.model_fields))
def test_every_setting_is_described(name: str) -> None:
    assert f"`UPSTANDER_{name.upper()}`" in RUNNING


@pytest.mark.parametrize("name", commands())
def test_every_command_is_described(name: str) -> None:
    assert re.search(rf"`upstander {name}|`{name}`", RUNNING)


def test_every_column_of_a_roster_is_described() -> None:
    assert [column for column in COLUMNS if f"`{column}`" not in RUNNING] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    prose = CODE.sub("", page.read_text(encoding="utf-8"))
    targets = [link for link in LINK.findall(prose) if "://" not in link]

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_decision_says_context_decision_and_consequences() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert decisions
    for page in decisions:
        text = page.read_text(encoding="utf-8")
        assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequences")), page.name
