"""Pages that look the same for everybody are made once: they differ only in a few places, which are filled each time.

A question that nobody has answered yet differs in its hidden field, a receipt in its words and its code. The pages are kept with
the pack that they were made from. What else makes a page differ is its key, so a school that changes its name or its way out gets
new pages by itself.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Final

from upstander.people.packs import kept
from upstander.policy.model import Pack

MOST: Final = 600
"""Pages kept for one pack; the oldest goes first."""
_PLACE: Final = re.compile(r"@tell:([a-z0-9]+)@")


def place(name: str) -> str:
    """Stands in the kept page where a value belongs; ``name`` of small letters and digits."""
    return f"@tell:{name}@"


def page_of(pack: Pack, key: Hashable, values: Mapping[str, str], make: Callable[[], str]) -> str:
    """The page of this key with each value, ready for HTML, in its place; ``make`` makes the page with the places."""
    pages: OrderedDict[Hashable, list[str]] = kept(pack, "tell/pages", OrderedDict)
    found = pages.get(key)
    if found is None:
        found = pages[key] = _PLACE.split(make())
        if len(pages) > MOST:
            pages.popitem(last=False)
    filled = found.copy()
    filled[1::2] = [values[name] for name in found[1::2]]
    return "".join(filled)
