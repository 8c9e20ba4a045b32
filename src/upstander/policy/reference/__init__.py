"""The reference strategy: plain, slow, obvious; the text of the language line by line. It is the law.

``world`` (what counts of a log) · ``match`` (patterns, keys) · ``facts`` · ``deadlines`` · ``windows`` ·
``judging`` (one instance) · ``duties`` (which instances there are) · ``limits`` · ``closing`` · ``upcoming`` (next change) ·
``picture`` (all of it).
"""

from __future__ import annotations

from upstander.policy.reference.picture import picture

__all__ = ["picture"]
