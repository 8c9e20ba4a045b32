"""Every code of ``docs/language/codes.md`` with its example, run."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from upstander.policy import lint
from upstander.policy.loader.tests.packs import pack, problems, small
from upstander.policy.problems import address

PAGE = Path(__file__).parents[5] / "docs" / "language" / "codes.md"
CODES = [f"E{n}" for n in range(18)] + [f"W{n}" for n in range(1, 17)]


def sections() -> dict[str, str]:
    parts = re.split(r"^## ([EW]\d+): .*$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def examples() -> list[tuple[str, str]]:
    found = []
    for code, text in sections().items():
        block = re.search(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
        if block is not None:
            found.append((code, block[1]))
    return found


def test_every_code_has_its_page_and_every_page_its_code() -> None:
    assert list(sections()) == CODES


def test_every_code_has_an_address_of_its_own_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert all(f'<a id="{address(code).partition("#")[2]}"></a>\n\n## {code}: ' in text for code in CODES)
    assert PAGE.as_posix().endswith(address("E1").partition("#")[0])


@pytest.mark.parametrize(("code", "fragment"), examples(), ids=[code for code, _ in examples()])
def test_the_example_of_a_code_is_reported_with_it(code: str, fragment: str) -> None:
    found = problems(fragment, date(2026, 5, 11))

    assert code in {each.code for each in found}
    assert {each.code for each in found if each.stops} <= {code}


@pytest.mark.parametrize(("code", "fragment"), examples(), ids=[code for code, _ in examples()])
def test_a_problem_says_where_it_is(code: str, fragment: str) -> None:
    for each in problems(fragment, date(2026, 5, 11)):
        if each.code == code and code != "W6":
            assert each.line >= 1
            assert each.column >= 1
            assert each.message


def test_the_small_pack_is_in_order() -> None:
    assert [str(each) for each in problems("") if each.stops or each.code != "W8"] == []


@pytest.mark.parametrize(
    ("fragment", "code"),
    [
        (("duties: {a: {clause: A.1, when: {overdue: offer}, for each: target, must: parents-told, by: same day, who: head},"
         " offer: {clause: A.1, when: recognised, for each: target, must: parents-told, strength: may, who: head}}"), "E10"),
        (("facts: {late: {overdue: tell-when-right}}\n"
         "duties: {tell-when-right: {clause: A.1, when: recognised, for each: target, must: act, by: as needed, who: head}}"),
         "E10"),
        (("duties: {a: {clause: A.1, when: recognised, for each: target, until: recognised, must: parents-told, by: same day,"
         " who: head}}"), "E10"),
        ("limits: {a: {clause: A.1, act: parents-told}}", "E10"),
        (("facts: {a: {for each: target, true from: {act: {days: {at least: 9, at most: 3}}}}}\n"
         "duties: {b: {clause: A.1, when: {act: {days: {at least: 9, at most: 3}}}, for each: target, must: parents-told,"
         " by: same day, who: head}}"), "E10"),
        ("duties: {a: {clause: A.1, when: void, must: act, by: same day, who: head}}", "E10"),
        ("roles: {judge: {conflicts: [head], deputies: [head]}}", "E13"),
        ("roles: {judge: {how many: {at least: 2, at most: 1}}}", "E13"),
        (("duties: {a: {clause: A.1, when: {becomes true: kept}, for each: target, must: parents-told, by: same day,"
         " who: {did: trigger}}}"), "E13"),
        ("limits: {a: {clause: A.1, act: heard, only by: [head], not by: [head]}}", "E13"),
        ("duties: {a: {clause: A.1, when: {becomes true: quiet}, for each: actor, must: heard, by: same day, who: head}}", "E7"),
        ("duties: {a: {clause: A.1, when: recognised, must: parents-told, by: {date: on, less: P1D}, who: head}}", "E4"),
        ("facts: {a: {count: act, adding up: weeks, at least: 3}}", "E4"),
        ("facts: {a: {count: act, distinct: colour, at least: 3}}", "E4"),
        ("facts: {a: {true from: parents-told, to: {date: how}}}", "E4"),
        ("duties: {a: {clause: A.1, when: recognised, for each: target, must: act, by: same day, who: {is: actor}}}", "E7"),
        (("facts: {a: {overdue: b}}\nduties: {b: {clause: A.1, when: recognised, for each: target, if: [a], must: parents-told,"
         " by: same day, who: head}}"), "E9"),
        ("limits: {a: {clause: A.1, act: {parents-told: {how: visit}}, never: true}}", "E12"),
    ],
)  # fmt: skip
def test_other_ways_to_be_wrong(fragment: str, code: str) -> None:
    assert code in {each.code for each in problems(fragment)}


def test_a_duty_that_waits_while_the_limit_holds_does_not_clash_with_it() -> None:
    fragment = """
facts:
  allowed: {for each: target, true from: heard-so}
  not-allowed: {for each: target, none of: [allowed]}
  waiting: {for each: target, all of: [kept, not-allowed]}
events: {heard-so: {about: [target]}}
duties: {tell-parents: {paused while: waiting}}
limits: {keep-silent: {clause: A.1, act: parents-told, for each: target, never: true, while: [kept], unless: [allowed]}}
"""

    assert "E12" not in {each.code for each in problems(fragment)}


def test_a_group_carries_the_name_of_its_members() -> None:
    fragment = """
facts: {told-off: {for each: pupil, true from: act}}
duties: {a: {clause: A.1, when: act, for each: target, unless: [told-off], must: parents-told, by: same day, who: head}}
"""

    assert not {"E7", "E15"} & {each.code for each in problems(fragment)}


def test_kinds_that_two_packs_share_must_have_the_same_fields() -> None:
    one = replace(pack(), id="one", shares=("act",))
    two = replace(pack("events: {act: {fields: {hours: number}}}"), id="two", shares=("act",))

    assert [each.code for each in lint.together([one, two])] == ["E17"]
    assert lint.together([one, replace(one, id="three")]) == []


def test_lint_is_the_same_however_often_it_is_asked() -> None:
    assert lint.lint(small()) == lint.lint(small())


def test_a_chain_of_a_thousand_facts_is_no_trouble_and_too_deep_for_any_policy() -> None:
    chain = "\n".join(f"  f{n}: {{all of: [f{n + 1}]}}" for n in range(1000))

    found = problems(f"facts:\n{chain}\n  f1000: {{true from: act}}\n")

    assert [(each.code, "1001 deep" in each.message) for each in found if each.stops] == [("E9", True)]
