"""What makes each clause live."""

from __future__ import annotations

from upstander.policy.loader import load, names, scenarios_of
from upstander.policy.loader.tests.packs import pack, small
from upstander.policy.trace import trace

MORE = (
    'clauses: [{id: A.3, at: "3", text: Be kind.}, {id: A.4, at: "4", text: Sing., not automated: nobody can check it}]'
)


def test_a_clause_lists_its_rules_and_the_forms_that_meet_them() -> None:
    first, second = trace(small())

    assert (first.clause, first.at, first.duties, first.facts) == ("A.1", "1", ("tell-parents",), ("kept",))
    assert first.forms == ("parents-told",)
    assert (second.limits, second.forms) == (("hear-alone",), ("heard",))


def test_a_clause_that_nothing_serves_is_seen_and_one_with_a_reason_is_not_blamed() -> None:
    found = {each.clause: each.served for each in trace(pack(MORE))}

    assert found == {"A.1": True, "A.2": True, "A.3": False, "A.4": True}


def test_pages_and_scenarios_are_given_as_arguments() -> None:
    scenario = {
        "name": "told",
        "clauses": "A.2",
        "expect": [{"duties": [{"rule": "tell-parents"}], "refused": [{"limit": "hear-alone"}]}],
    }
    first, second = trace(small(), pages={"the door": ["A.1"]}, scenarios=[scenario])

    assert (first.pages, first.scenarios, first.tried) == (("the door",), ("told",), True)
    assert second.scenarios == ("told",)


def test_every_clause_of_the_packs_is_served_or_says_why_not() -> None:
    for name in names():
        found = trace(load(name), scenarios=[scenario for _, scenario in scenarios_of(name)])

        assert [each.clause for each in found if not each.served] == []
        assert any(each.tried for each in found)
