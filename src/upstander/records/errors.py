"""What a deed may answer instead of being done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from upstander.policy.verdict import Breach


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what was filled in. ``field``: a field's id, ``about:ROLE``, ``at``, or empty for the whole.

    ``code``: required, invalid, unknown-option, too-long, future, unknown-person, not-a-field, file-type, file-size, report-size.
    """

    field: str
    code: str
    message: str


class FormProblems(Exception):
    """What was filled in does not fit the form; nothing was recorded."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.field}: {problem.code}" for problem in problems))
        self.problems = tuple(problems)


class Stopped(Exception):
    """A limit of the policy stands against it; nothing was recorded.

    ``warns``: every limit broken only warns, so that ``sure=True`` lets it pass.
    """

    def __init__(self, breaches: Sequence[Breach], warns: bool) -> None:
        super().__init__(", ".join(breach.rule for breach in breaches))
        self.breaches = tuple(breaches)
        self.warns = warns


class CannotJudge(Exception):
    """Whether a limit stands against it cannot be found out: the policy failed on this record; nothing was recorded."""
