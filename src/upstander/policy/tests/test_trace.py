"""What makes each clause live, where it stands, and what proves it."""

from __future__ import annotations

from upstander.policy.bindings import bindings
from upstander.policy.loader import names, scenarios_of
from upstander.policy.loader.tests.packs import pack, small
from upstander.policy.tests import shipped
from upstander.policy.trace import proved_by, to_json, trace

MORE = """
clauses:
  - {id: A.3, at: "3", text: Be kind.}
  - {id: A.4, at: "4", text: Sing., not automated: nobody can check it}
  - {id: A.5, at: "5", text: Anybody may tell., pages: [tell]}
  - {id: A.6, at: "6", text: There is a page for it., pages: [nowhere]}
"""


def test_a_clause_lists_its_rules_and_the_forms_that_meet_them() -> None:
    first, second = trace(small())

    assert (first.clause, first.at) == ("A.1", "1")
    assert [each.ref for each in first.bindings] == ["facts.kept", "duties.tell-parents", "events.parents-told"]
    assert [each.kind for each in first.bindings] == ["rule", "rule", "form"]
    assert [(each.kind, each.ref) for each in second.bindings] == [
        ("rule", "facts.quiet"),
        ("guard", "limits.hear-alone"),
        ("form", "events.heard"),
    ]


def test_a_binding_says_where_it_stands() -> None:
    first, _ = trace(small())
    line = small().duties["tell-parents"].mark.line

    assert f"small.yaml:{line}" in [each.where for each in first.bindings]


def test_a_clause_that_nothing_serves_is_seen_and_one_with_a_reason_or_a_page_is_not_blamed() -> None:
    found = {each.clause: each for each in trace(pack(MORE), pages={"tell": "/<school>/tell/"})}

    assert {name: each.served for name, each in found.items()} == {
        "A.1": True, "A.2": True, "A.3": False, "A.4": True, "A.5": True, "A.6": False,
    }  # fmt: skip
    assert found["A.4"].only_text
    assert [(each.kind, each.ref, each.where) for each in found["A.5"].bindings] == [
        ("page", "tell", "/<school>/tell/")
    ]
    assert [each.missing for each in found["A.6"].bindings] == [True]


BINDABLE = {
    "params.words": "params: {words: {promptly: {value: 1 school day, clause: A.9}}}",
    "params": "params: {days: {value: 7, title: days, clause: A.9}}",
    "roles": "roles: {governor: {title: Governor, clause: A.9}}",
    "talk-to": "directory: {talk to: [{role: head, clause: A.9}]}",
    "contacts": "directory: {contacts: {line: {title: A line, clause: A.9}}}",
    "options.colours": "options: {colours: {red: {label: Red, clause: A.9}}}",
    "events": "events: {sang: {label: Sing, done: Sang, clause: A.9}}",
    "events.sang.fields": "events: {sang: {label: Sing, done: Sang, fields: {song: {type: text, label: Song, clause: A.9}}}}",
    "records": "records: {choir: {label: Choir, plural: Choirs, clause: A.9}}",
    "records.choir.access": "records: {choir: {label: Choir, plural: Choirs, access: [{role: head, clause: A.9}]}}",
    "records.choir.keep": "records: {choir: {label: Choir, plural: C, keep: {for: P5Y, from: close, clause: A.9}}}",
    "records.choir.known": (
        "records: {choir: {label: Choir, plural: C, known: [{id: what, label: What, event: told, field: what, clause: A.9}]}}"
    ),
    "guidance": "guidance: {sing: {title: Sing, body: Sing., clause: A.9}}",
}


def test_whatever_a_pack_can_hold_can_be_bound_to_a_clause() -> None:
    for path, fragment in BINDABLE.items():
        made = pack('clauses: [{id: A.9, at: "9", text: Sing.}]\n' + fragment)
        found = [each for each in bindings(made) if each.clause == "A.9"]

        assert [each.ref.rpartition(".")[0] if path != "records.choir.keep" else each.ref for each in found] == [path]
        assert all(each.mark.line for each in found), path


def test_scenarios_prove_the_clauses_that_they_name_and_those_of_the_rules_they_expect() -> None:
    scenario = {
        "name": "told",
        "clauses": "A.9",
        "expect": [{"duties": [{"rule": "tell-parents"}], "refused": [{"limit": "hear-alone"}], "facts": ["kept"]}],
    }

    assert proved_by(small(), scenario) == {"A.1", "A.2", "A.9"}
    assert [each.scenarios for each in trace(small(), scenarios=[("one", scenario)])] == [("one: told",)] * 2


def test_the_trace_for_machines_has_its_agreed_shape() -> None:
    found = to_json(small(), trace(small(), scenarios=[("one", {"name": "x", "clauses": ["A.1"]})]))

    assert found["pack"] == small().id
    assert set(found["clauses"][0]) == {"id", "bindings", "scenarios"}
    assert set(found["clauses"][0]["bindings"][0]) == {"kind", "ref", "where"}
    assert (found["clauses"][0]["id"], found["clauses"][0]["scenarios"]) == ("A.1", ["one: x"])


def test_every_clause_of_the_packs_is_served_or_says_why_not() -> None:
    from upstander.school.product_pages import PAGES

    for name in names():
        found = trace(shipped.pack(name), pages=PAGES, scenarios=scenarios_of(name))

        assert [each.clause for each in found if not each.served] == []
        assert any(each.tried for each in found)
