"""§9 Forms, access, words: what the pack says; how the app keeps to it is tested there."""

from __future__ import annotations

import pytest

from upstander.policy import loader
from upstander.policy.sentences import sentence
from upstander.policy.tests.small import load, text

TYPES = ["text", "long-text", "file", "signature", "number", "date", "time", "yes-no", "scale"]


def codes(rules: str = "", **entries: str) -> set[str]:
    return {each.code for each in loader.check_text(text(rules, **entries))[1] if each.stops}


@pytest.mark.parametrize("field", [*TYPES, "{one-of: ways}", "{some-of: ways}", "{place: ways}", "{person: teacher}"])
def test_fields(field):
    """Fields: text, long-text, file, signature (all encrypted"""
    pack = load("", events=f"filled: {{fields: {{x: {field}}}}}")

    assert pack.events["filled"].fields["x"].type.value in f"{field} person"
    assert codes(events="filled: {fields: {x: novel}}") == {"E0"}


@pytest.mark.parametrize("field", TYPES)
def test_no_pattern_looks_into_them(field):
    """no pattern may look into them)"""
    value = {"yes-no": "yes", "date": "2026-05-11", "time": "'08:00'"}.get(field, "1")
    found = codes(
        f"facts: {{f: {{true from: {{filled: {{x: {value}}}}}}}}}", events=f"filled: {{fields: {{x: {field}}}}}"
    )

    assert found == ({"E4"} if field in ("text", "long-text", "file", "signature") else set())


def test_required():
    """required: true or required while: fact"""
    events = "filled: {fields: {x: {type: text, required: true}, y: {type: text, required while: f}}}"
    fields = load("facts: {f: {true from: seen}}", events=events).events["filled"].fields

    assert (fields["x"].required, fields["x"].required_while, fields["y"].required_while) == (True, None, "f")
    assert codes(events=events) == {"E6"}


def test_secret_from():
    """secret from: [roles]"""
    pack = load("", events="filled: {secret from: [teacher], fields: {x: {type: text, secret from: [head]}}}")

    assert (pack.events["filled"].secret_from, pack.events["filled"].fields["x"].secret_from) == (
        ("teacher",),
        ("head",),
    )
    assert codes(events="filled: {secret from: [nobody]}") == {"E2"}


@pytest.mark.parametrize("says", ["clause", "law", "school"])
def test_keep(says):
    """records.<kind>.keep: {for: D, from: fact or close, says: clause | law | school}: how long"""
    keep = (
        load("", records=f"book: {{label: book, plural: books, keep: {{for: P5Y, from: close, says: {says}}}}}")
        .records["book"]
        .keep
    )

    assert (keep.lasts.months, keep.from_, keep.says) == (60, "close", says)


def test_access():
    """records.<kind>.access: a list of {role, see | record | decide, if, unless}"""
    records = (
        "book: {label: book, plural: books, access: [{role: head, see: yes, record: all, decide: [met]}, "
        "{role: teacher, record: [seen], unless: [closed]}]}"
    )
    first, second = load("", records=records).records["book"].access

    assert (first.role, first.record, first.decide, second.record, second.unless) == (
        "head",
        "all",
        ("met",),
        ("seen",),
        ("closed",),
    )


def test_sealed_while():
    """sealed while: fact hides the record from everybody but the listed roles, in counts and searches too"""
    records = "book: {label: book, plural: books, sealed while: f}"

    assert load("facts: {f: {true from: seen}}", records=records).records["book"].sealed_while == "f"
    assert codes(records=records) == {"E6"}


RULES = """
facts: {f: {label: all is calm, for each: target, quiet: act, since: seen, for: P3M}}
duties: {d: {label: Tell the parents, clause: S-1, when: seen, for each: target, must: told, by: same day, who: teacher}}
limits: {l: {label: Not alone, clause: S-1, act: {heard: {number of actor: {at least: 2}}}, never: true}}
closure: {case: {for each: target, needs: [f], settled: all, decided by: [head]}}
"""


@pytest.mark.parametrize("rule", ["d", "f", "l", "closure.case"])
def test_sentences(rule):
    """Every rule reads as a sentence in every UI language, made from its parts"""
    pack = load(RULES)
    said = [sentence(pack, rule, lang) for lang in ("en-GB", "ja", "nl", "zh-Hans")]

    assert len(set(said)) == 4
    assert all(text.endswith((".", "。")) and "%(" not in text for text in said)


def test_badly_named():
    """A rule whose sentence reads badly is badly named"""
    assert sentence(load(RULES), "d", "en-GB").startswith(
        "After “Seen”, the teacher is to tell the parents the same day"
    )
