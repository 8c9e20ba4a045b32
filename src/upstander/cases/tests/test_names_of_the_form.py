"""What the page of a form adds to a pack's fields never bears the name of one of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import upstander
from upstander.policy import loader

ROOM = Path(upstander.__file__).parent
TEMPLATES = ROOM / "cases" / "templates" / "cases"
NAME = re.compile(r'\bname="([a-z_-]+)"')


@pytest.mark.parametrize("pack", sorted(path.parent.name for path in ROOM.glob("packs/*/pack.yaml")))
def test_a_packs_fields_and_the_pages_own_stay_apart(pack: str) -> None:
    pages = (TEMPLATES / "do.html", *(TEMPLATES / "parts").glob("*.html"))
    own = {name for page in pages for name in NAME.findall(page.read_text(encoding="utf-8"))}
    fields = {field for kind in loader.load(pack).events.values() for field in kind.fields}

    assert {"submit_key", "seen_to"} <= own
    assert sorted(own & fields) == []
