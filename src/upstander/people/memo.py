"""What one request has read already, so that no page asks the database the same thing twice.

Only a reading request remembers (the web's edge begins it); commands, workers and whatever writes always read anew, and what
is written while a page is made (a record brought up to date) forgets everything.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

Made = TypeVar("Made")

_memo: ContextVar[dict[Hashable, Any] | None] = ContextVar("memo", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within, what was read is read once."""
    token = _memo.set({})
    try:
        yield
    finally:
        _memo.reset(token)


def once(key: Hashable, make: Callable[[], Made]) -> Made:
    """What ``make`` gives; within ``remembering`` the same for the same key. The value is shared: nobody may change it."""
    memo = _memo.get()
    if memo is None:
        return make()
    if key not in memo:
        memo[key] = make()
    return cast("Made", memo[key])


def each(key: Hashable, wanted: set[str], make: Callable[[set[str]], dict[str, Made]]) -> dict[str, Made]:
    """{id: what ``make`` gives for it}; within ``remembering`` it is asked only for ids that it was not asked for before."""
    memo = _memo.get()
    if memo is None:
        return make(wanted)
    known: dict[str, Made | None] = memo.setdefault(("each", key), {})
    missing = wanted - known.keys()
    if missing:
        found = make(missing)
        known |= {ident: found.get(ident) for ident in missing}
    return {ident: value for ident in wanted if (value := known[ident]) is not None}


def forget() -> None:
    """Something was written: read anew."""
    memo = _memo.get()
    if memo is not None:
        memo.clear()
