"""Rules that wait for each other through a closing, within a version or from one to the next (E9)."""

from __future__ import annotations

from datetime import date

import pytest

from upstander.policy import lint, loader
from upstander.policy.tests.small import load, text

LATE = """
facts:
  late: {clause: S-1, overdue: d}
closure: {case: {needs: [late]}}
"""
BY_EVENT = LATE + "duties:\n  d: {clause: S-1, when: seen, must: met, by: P1D, who: head}\n"
BY_BREACH = "duties:\n  d: {clause: S-1, when: {breach: closure.case}, must: met, by: P1D, who: head}\n"
NEXT = text(BY_BREACH + "closure: {case: {needs: []}}\n", ("2025-04-01", "2026-02-01"))


def test_a_closing_that_needs_what_its_own_breach_raises_does_not_load() -> None:
    with pytest.raises(loader.PackErrors) as problems:
        load(LATE + BY_BREACH)

    assert [each.code for each in problems.value.problems] == ["E9"]
    assert "limit 'closure.case'" in problems.value.problems[0].message


def test_versions_whose_rules_wait_for_each_other_only_together_cannot_follow_one_another() -> None:
    first, second = load(BY_EVENT), loader.load_text(NEXT)

    [found] = lint.in_turn([first, second])

    assert (first.in_force_from, second.in_force_from) == (date(2025, 4, 1), date(2026, 2, 1))
    assert found.code == "E9"
    for step in ("duty 'd' → limit 'closure.case'", "limit 'closure.case' → fact 'late'", "fact 'late' → duty 'd'"):
        assert step in found.message
    assert lint.in_turn([first, first]) == lint.in_turn([second, second]) == []
