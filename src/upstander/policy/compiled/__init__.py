"""The strategy that the app runs at each append: the same verdicts as the reference, faster.

Rules are made ready once for each pack (``rules``). Each event is looked at once for all patterns and then found by pattern and key
(``case``); facts are worked out as the moments at which they turn (``facts``), so that *holds*, *becomes true*, pauses and the next
change are searches; most instances are judged in the simplest way (``judging``). What is rare is left to the reference's own code.
"""

from __future__ import annotations

from upstander.policy.compiled.evaluation import Evaluation, evaluate
from upstander.policy.compiled.picture import picture

__all__ = ["Evaluation", "evaluate", "picture"]
