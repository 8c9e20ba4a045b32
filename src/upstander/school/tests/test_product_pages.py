"""The pages that a clause can name exist, and the docs list them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from upstander.school.product_pages import PAGES
from upstander.school.serving import page_words

DOCS = Path(__file__).parents[4] / "docs" / "language" / "pages.md"


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, before + str(each.pattern))
        else:
            yield "/" + re.sub(r"<\w+:", "<", before + str(each.pattern))


def test_every_page_that_a_clause_can_name_is_there() -> None:
    known = set(routes(get_resolver("upstander.web.urls").url_patterns))

    assert {page: route for page, route in PAGES.items() if route not in known} == {}


def test_the_docs_list_every_page_with_its_address() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| `([^`]+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)

    assert dict(rows) == dict(PAGES)


def test_every_page_has_its_words() -> None:
    assert set(page_words()) == set(PAGES)
