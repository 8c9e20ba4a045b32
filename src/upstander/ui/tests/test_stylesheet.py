"""The stylesheet keeps its promises: small, readable in both themes, and the door's part made from the whole."""

from __future__ import annotations

import gzip
import re

import pytest

from upstander.ui import stylesheet

LOOK = (stylesheet.FOLDER / "look.css").read_text("utf-8")
BARE = stylesheet.without_comments(LOOK)


def themes() -> dict[str, dict[str, str]]:
    """Return the colours of each theme: every token stands once, with its value by day and by evening."""
    pairs = re.findall(r"--([\w-]+): var\(--day, (#[0-9a-f]{6})\) var\(--eve, (#[0-9a-f]{6})\);", BARE)
    return {"light": {name: day for name, day, _ in pairs}, "dark": {name: eve for name, _, eve in pairs}}


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb`` as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [
    *[("ink", ground) for ground in ("paper", "sheet", "tint", "lamp-soft", "brand-soft", "late-soft", "open-soft")],
    *[("ink", ground) for ground in ("due-soft", "hold-soft", "done-soft")],
    *[("ink-2", ground) for ground in ("paper", "sheet", "tint", "lamp-soft", "brand-soft")],
    *[("link", ground) for ground in ("paper", "sheet", "lamp-soft", "open-soft", "late-soft")],
    *[(state, ground) for state in ("late", "due", "open", "hold", "done") for ground in ("sheet", "paper")],
    *[(state, f"{state}-soft") for state in ("late", "due", "open", "hold", "done")],
    ("due", "done-soft"),
    ("due", "lamp-soft"),
    ("late", "lamp-soft"),
    ("on-brand", "brand"),
    ("on-brand", "brand-deep"),
    ("brand", "brand-soft"),
    ("paper", "ink"),
    ("sheet", "ink"),
    ("sheet", "late"),
]
SHAPES = [("edge", ground) for ground in ("sheet", "paper")] + [
    ("focus", "paper"),
    ("focus", "sheet"),
    ("brand", "sheet"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read_on_every_ground_it_stands_on(theme: str, text: str, ground: str) -> None:
    """4.5 to 1 for text (WCAG 1.4.3)."""
    colours = themes()[theme]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_edges_of_controls_can_be_seen(theme: str, shape: str, ground: str) -> None:
    """3 to 1 for what tells a control from its ground (WCAG 1.4.11)."""
    colours = themes()[theme]
    assert contrast(colours[shape], colours[ground]) >= 3


def test_every_way_to_a_theme_turns_both_switches() -> None:
    """A token would be empty, or two values at once, where only one of the switches is turned."""
    layer = next(rule for rule in stylesheet.parse(BARE) if rule.head == "@layer tokens")
    wished = next(rule for rule in layer.rules if rule.head.startswith("@media (prefers-color-scheme"))
    bodies = [rule.body for rule in layer.rules if "--day" in rule.body] + [rule.body for rule in wished.rules]
    turned = [re.findall(r"--(?:day|eve): *(initial)?;", body) for body in bodies]
    assert turned == [["initial", ""], ["", "initial"], ["", "initial"]]
    printed = next(rule for rule in stylesheet.parse(BARE) if rule.head == "@layer print")
    assert "--day: initial; --eve: ;" in next(r.body for r in printed.rules[0].rules if r.head.startswith(":root"))
    assert len(themes()["light"]) == 31
    assert "--eve: ;" in stylesheet.door(LOOK)


def test_the_stylesheet_is_small() -> None:
    assert len(LOOK.encode()) <= 40_000
    assert len(gzip.compress(LOOK.encode(), 9)) <= 10_000


def test_the_door_has_the_part_that_is_made_from_the_whole() -> None:
    kept = (stylesheet.FOLDER / "door.css").read_text("utf-8")
    assert kept == stylesheet.door(LOOK), "run: python -m upstander.ui.stylesheet"


def test_the_door_leaves_out_only_what_staff_see() -> None:
    door = stylesheet.door(LOOK)
    for part in (".receipt{", ".choice{", ".place{", ".spine>li{", ".spine > li{"):
        assert part in door or part.startswith(".spine")
    assert ".register" not in door
    assert ".nav " not in door
    assert len(door.encode()) <= 26_000


def test_colours_are_named_only_where_the_tokens_are() -> None:
    """A part that names its own colour would not follow the theme; the QR code is black on white on purpose."""
    free = ("@layer tokens", "@layer print", "@supports")
    parts = [rule for rule in stylesheet.parse(BARE) if rule.rules and not rule.head.startswith(free)]
    flat: list[stylesheet.Rule] = []
    while parts:
        rule = parts.pop()
        parts += rule.rules
        flat.append(rule)
    named = {
        found for rule in flat if ".qr" not in rule.head for found in re.findall(r"#[0-9a-fA-F]{3,6}\b", rule.body)
    }
    assert named == set()


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert "url(" not in LOOK
    assert "@import" not in LOOK
    assert "http" not in LOOK


def test_every_brace_is_closed() -> None:
    with pytest.raises(ValueError, match="not closed"):
        stylesheet.parse("a { b: c")
    assert stylesheet.parse(BARE)


def test_a_door_page_with_all_its_files_is_light() -> None:
    """50 KB uncompressed: the page itself may then have 20 KB."""
    files = ("door.css", "exit.js", "form.js", "copy.js", "mark.svg")
    assert sum((stylesheet.FOLDER / name).stat().st_size for name in files) <= 30_000
