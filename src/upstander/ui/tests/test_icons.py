"""The icon set is whole: well drawn, and every icon that a page or a pack names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from upstander.ui import icons, words

HOUSE = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(icons.ICONS))
def test_an_icon_is_drawn_within_its_grid(name: str) -> None:
    tree = etree.fromstring(icons.svg(name))
    assert tree.get("viewBox") == "0 0 24 24"
    assert tree.get("aria-hidden") == "true"
    assert len(list(tree)) >= 1
    assert {each.tag for each in tree} <= {"path", "circle", "rect", "ellipse"}
    assert not any(each.get("style") for each in tree.iter())
    for each in tree.iter("circle"):
        for axis in ("cx", "cy"):
            centre, radius = float(each.get(axis, "0")), float(each.get("r", "0"))
            assert radius <= centre <= 24 - radius


def test_every_state_has_its_own_shape() -> None:
    drawn = [icons.STATES[state] for state in words.STATES if state != "not-applicable"]
    assert len(set(drawn)) == len(drawn)


def test_an_unknown_name_does_not_break_a_page() -> None:
    assert icons.svg("unheard-of") == icons.svg("pin")


def named_in_templates() -> set[str]:
    """Return every icon that a template names plainly."""
    found: set[str] = set()
    for path in HOUSE.glob("*/templates/**/*.html"):
        text = path.read_text("utf-8")
        found |= set(re.findall(r'{%\s*icon "([\w-]+)"', text))
        found |= set(re.findall(r'\bicon="([\w-]+)"', text))
    return found


def named_in_packs() -> set[str]:
    """Return every icon that a pack's options name."""
    texts = [path.read_text("utf-8") for path in HOUSE.glob("packs/*/options*.yaml")]
    return {name for text in texts for name in re.findall(r"\bicon:\s*([\w-]+)", text)}


def test_every_icon_that_is_named_is_drawn() -> None:
    assert "back" in named_in_templates()
    assert named_in_templates() - icons.ICONS.keys() == set()
    assert named_in_packs() - icons.ICONS.keys() == set()
