"""The strategy that the app runs at each append: the same verdicts as the reference, faster.

Rules are made ready once for each pack (``rules``). The events of a record are found by kind, pattern, name and key, each looked
for when first asked (``case``, ``view``); facts are worked out as the moments at which they turn (``facts``), so that *holds*,
*becomes true*, pauses and the next change are searches. The commonest duties have their rows made in one go (``straight``), others
instance by instance (``duties``, ``due``, ``judging``); what is rare is left to the reference's own code.
"""

from __future__ import annotations

from upstander.policy.compiled.evaluation import Evaluation, evaluate
from upstander.policy.compiled.picture import picture

__all__ = ["Evaluation", "evaluate", "picture"]
