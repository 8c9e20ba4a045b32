"""Remember what is made from a pack and a language, for as long as the pack is in use."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from upstander.people.packs import derived
from upstander.policy.model import Pack

P = ParamSpec("P")
T = TypeVar("T")
MOST = 256


def per_pack(make: Callable[Concatenate[Pack, P], T]) -> Callable[Concatenate[Pack, P], T]:
    """Cache a function of a pack and hashable arguments. A pack cannot be hashed, so it is known by being the same object."""
    held: OrderedDict[object, tuple[Pack, T]] = OrderedDict()

    @wraps(make)
    def cached(pack: Pack, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (id(pack), args, tuple(kwargs.items()))
        found = held.get(key)
        if found is not None and found[0] is pack:
            return found[1]
        value = make(pack, *args, **kwargs)
        held[key] = (pack, value)
        if len(held) > MOST:
            held.popitem(last=False)
        return value

    cached.cache_clear = held.clear  # type: ignore[attr-defined]
    derived(cached)
    return cached
