"""Several packs of one school as one policy (§1).

Rules, facts and params are prefixed with their pack's id; kinds of record and event that a pack names in ``shares`` are common,
and so are those that every pack has. Of other kinds that two packs call the same, the later pack's are prefixed: a school's log
names kinds, and a pack that comes later must not rename what has been recorded.
"""

from upstander.policy.together.merging import merged
from upstander.policy.together.renaming import kinds_given_way, prefixed

__all__ = ["kinds_given_way", "merged", "prefixed"]
