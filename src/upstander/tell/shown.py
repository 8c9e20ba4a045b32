"""Pages that look the same for everybody are made once: a question nobody has answered yet differs only in its hidden field.

They are kept with the pack that they were made from. What makes a page differ is its key, so a school that changes its name
or its way out gets new pages by itself.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

from upstander.people.packs import kept
from upstander.policy.model import Pack

PLACE: Final = "@what-was-answered@"
"""Stands in the kept page where the hidden field's value belongs."""
MOST: Final = 600
"""Pages kept for one pack; the oldest goes first."""


def page_of(pack: Pack, key: Hashable, held: str, make: Callable[[str], str]) -> str:
    """The page of this key with ``held`` in its place; ``make`` is called with the place for a key not seen before."""
    pages: OrderedDict[Hashable, str] = kept(pack, "tell/pages", OrderedDict)
    found = pages.get(key)
    if found is None:
        found = pages[key] = make(PLACE)
        if len(pages) > MOST:
            pages.popitem(last=False)
    return found.replace(PLACE, held)
