"""The fields of an event: from what was typed to typed values, and what is wrong with them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.policy import forms
from upstander.policy.loader.tests.packs import pack
from upstander.policy.model import Pack

FORM = """
options: {colours: {red: {label: Red}, blue: {label: Blue}}}
events:
  told-form:
    about: [target]
    fields:
      name: {type: text, required: yes}
      story: {type: long-text, required while: kept}
      colour: {one-of: colours, required: yes}
      several: {some-of: colours}
      count: {type: number, min: 1, max: 9}
      day: date
      hour: time
      ok: yes-no
      files: {type: file, many: yes}
limits:
  told-once: {clause: A.1, act: told-form, for each: target, only by: [head]}
records: {case: {access: [{role: head, record: all}]}}
"""


@lru_cache(maxsize=1)
def form() -> Pack:
    return pack(FORM)


GOOD = {"name": "x", "colour": "red"}


def codes(fields: dict[str, object], **more: object) -> list[tuple[str, str]]:
    return [(each.field, each.code) for each in forms.check(form(), "told-form", fields, **more)]  # type: ignore[arg-type]


def parsed(**raw: object) -> tuple[dict[str, object], list[tuple[str, str]]]:
    values, found = forms.parse(form(), "told-form", {**GOOD, **raw})  # type: ignore[dict-item]
    return {key: value for key, value in values.items() if key in raw}, [(each.field, each.code) for each in found]


def test_a_form_that_is_in_order_has_no_problems() -> None:
    assert codes(GOOD) == []


def test_what_is_required_must_be_filled_and_the_order_is_that_of_the_form() -> None:
    assert codes({}) == [("name", "required"), ("colour", "required-choice")]
    assert codes({"name": "   ", "colour": ()}) == [("name", "required"), ("colour", "required-choice")]


def test_required_while_a_fact_holds_is_required_only_then() -> None:
    assert codes(GOOD, facts={"kept"}) == [("story", "required")]
    assert codes(GOOD, facts=set()) == []


def test_a_name_that_a_limit_looks_at_must_be_filled() -> None:
    assert codes(GOOD, about={}) == [("about.target", "required-name")]
    assert codes(GOOD, about={"target": ("s1",)}) == []


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "x" * 501, "too-long"),
        ("story", "😀" * 20_001, "too-long"),
        ("name", "a\0b", "characters"),
        ("colour", "green", "no-choice"),
        ("colour", ("red", "blue"), "no-choice"),
        ("several", ("red", "red"), "no-choice"),
        ("several", ("green",), "no-choice"),
        ("count", "7", "not-a-number"),
        ("count", Decimal("0"), "too-small"),
        ("count", Decimal("10"), "too-large"),
        ("count", Decimal("1.2345"), "decimals"),
        ("count", Decimal("NaN"), "not-a-number"),
        ("day", "2026-02-30", "not-a-date"),
        ("day", "2026-5-1", "not-a-date"),
        ("day", "1026-05-01", "year"),
        ("hour", "8:30", "not-a-time"),
        ("hour", "24:00", "not-a-time"),
        ("ok", "maybe", "not-yes-or-no"),
        ("nothing", "x", "unknown"),
    ],
)
def test_each_mistake_has_its_code_and_a_message_in_every_language(field: str, value: object, code: str) -> None:
    found = forms.check(form(), "told-form", {**GOOD, field: value})  # type: ignore[dict-item]

    assert [(each.field, each.code) for each in found] == [(field, code)]
    texts = {found[0].text(lang) for lang in ("en-GB", "ja", "nl", "zh-Hans")}
    assert all("%(" not in text for text in texts)


def test_the_longest_texts_still_fit() -> None:
    assert codes({**GOOD, "name": "あ" * 500, "story": "😀" * 20_000}) == []


def test_what_was_typed_becomes_typed_values() -> None:
    assert parsed(count="３", day="2026/5/1", hour="8:30", ok="true", several=["red", "", "red", "blue"]) == (
        {"count": Decimal(3), "day": "2026-05-01", "hour": "08:30", "ok": "yes", "several": ("red", "blue")},
        [],
    )
    assert parsed(count="1,5") == ({"count": Decimal("1.5")}, [])
    assert parsed(story="  one\r\ntwo \n") == ({"story": "one\ntwo"}, [])
    assert parsed(files=["f1", "f2"]) == ({"files": ("f1", "f2")}, [])
    assert parsed(story="", count=" ") == ({}, [])


def test_what_cannot_be_read_is_one_problem_at_its_field() -> None:
    assert parsed(count="many", day="yesterday", hour="noon")[1] == [
        ("count", "not-a-number"), ("day", "not-a-date"), ("hour", "not-a-time"),
    ]  # fmt: skip
    assert parsed(nothing="x")[1] == [("nothing", "unknown")]


def test_nothing_happens_in_the_future() -> None:
    now = datetime(2026, 5, 11, 10, 20)

    assert forms.check_moment(now, now) == []
    assert [each.code for each in forms.check_moment(datetime(2026, 5, 11, 10, 21), now)] == ["future"]
    assert [each.code for each in forms.check_moment(datetime(1026, 5, 11), now)] == ["year"]


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["name", "story", "colour", "several", "count", "day", "hour", "ok", "files", "x"]), st.text()
    )
)
def test_whatever_is_typed_what_is_read_passes_the_check_or_has_a_problem(raw: dict[str, str]) -> None:
    """Reading never raises, and each field has a value that is in order, or a problem, or neither when it is empty."""
    values, found = forms.parse(form(), "told-form", raw)

    bad = {each.field for each in found}
    assert {each.field for each in forms.check(form(), "told-form", values)} <= bad | {"name", "colour"}
