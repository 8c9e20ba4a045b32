"""YAML to a tree: the core schema, places, and everything hostile."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.policy.loader import check_text
from upstander.policy.loader.tests.packs import SMALL
from upstander.policy.loader.tree import Map, Scalar, Seq, Unreadable, parse, plain
from upstander.policy.tests.trying import examples


def wrong(text: str | bytes) -> list[tuple[int, int, str]]:
    with pytest.raises(Unreadable) as caught:
        parse(text, "x.yaml")
    return [(each.line, each.column, each.message) for each in caught.value.problems]


def test_words_of_the_older_yaml_are_text() -> None:
    assert plain(parse("[no, on, off, 12:30, 2026-04-01, 0o17, 1e3]", "x.yaml")) == (
        "no", "on", "off", "12:30", "2026-04-01", "0o17", "1e3",
    )  # fmt: skip


def test_numbers_are_exact_and_nothing_is_nothing() -> None:
    found = plain(parse("{a: 1.10, b: -3, c: ~, d: null, e: '7'}", "x.yaml"))

    assert {key: str(value) for key, value in found.items()} == {
        "a": "1.10",
        "b": "-3",
        "c": "None",
        "d": "None",
        "e": "7",
    }
    assert found["e"] == "7"


def test_every_node_knows_its_place() -> None:
    tree = parse("a:\n  - b\n  - {c: d}\n", "x.yaml")

    assert isinstance(tree, Map)
    [seq] = tree.entries.values()
    assert isinstance(seq, Seq)
    assert [(each.mark.line, each.mark.column) for each in seq.items] == [(2, 5), (3, 5)]
    assert isinstance(seq.items[1], Map)
    assert seq.items[1].place("c").column == 6
    assert seq.items[1].entries["c"].mark.column == 9


def test_a_key_that_stands_twice_is_an_error_and_says_where_the_first_is() -> None:
    assert [(line, column) for line, column, _ in wrong("a: 1\nb: 2\na: 3\n")] == [(3, 1)]


def test_all_double_keys_come_at_once() -> None:
    assert len(wrong("{a: 1, a: 2, b: 1, b: 2}")) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x [*x]", "inside itself"),
        ("a: *nothing", "refers to nothing"),
        ("a: !!python/object/apply:os.system [ls]", "no tags"),
        ("a: !secret 1", "no tags"),
        ("? [a, b]\n: c", "a key must be a word"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("a: [1, 2", "not YAML"),
        ("a: 'open", "not YAML"),
        ("\ta: 1", "not YAML"),
        (b"a: \xff", "not UTF-8"),
        ("a: \x00", "character"),
        ("a: \ud800", "character"),
        ("[" * 100, "deep"),
        ("[" * 100_000, "deep"),
        ("{a: " * 5_000, "deep"),
    ],
)
def test_what_no_pack_may_hold_is_a_problem_and_no_traceback(text: str | bytes, said: str) -> None:
    assert any(said in message for _, _, message in wrong(text))


def test_a_bomb_of_aliases_is_stopped_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 20)]
    begun = time.process_time()

    assert any("more than" in message for _, _, message in wrong("\n".join(lines)))
    assert time.process_time() - begun < 1


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    assert "larger than" in wrong("a" * 3_000_000)[0][2]


def test_an_alias_stands_for_what_it_names() -> None:
    assert plain(parse("{a: &x [1, 2], b: *x}", "x.yaml")) == plain(parse("{a: [1, 2], b: [1, 2]}", "x.yaml"))


def test_an_empty_text_is_an_empty_mapping_and_a_text_is_a_text() -> None:
    assert plain(parse("", "x.yaml")) == {}
    assert isinstance(parse("hello", "x.yaml"), Scalar)


FUZZ = settings(max_examples=examples(150))


@FUZZ
@given(st.binary(max_size=400))
def test_any_bytes_give_problems_or_a_pack(data: bytes) -> None:
    """Whatever bytes come: a list of problems with a place, or a pack; never a traceback."""
    pack, problems = check_text(data)

    assert pack is not None or any(each.stops for each in problems)
    assert all(each.line >= 0 and each.column >= 0 for each in problems)


@FUZZ
@given(st.text(max_size=400))
def test_any_text_gives_problems_or_a_pack(text: str) -> None:
    """Whatever text comes: a list of problems, or a pack."""
    pack, problems = check_text(text)

    assert pack is not None or any(each.stops for each in problems)


@FUZZ
@given(st.data())
def test_a_pack_with_anything_in_its_place_never_breaks_the_loader(data: st.DataObject) -> None:
    """One line of a good pack replaced, doubled, cut or moved: problems or a pack."""
    lines = SMALL.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    words = st.sampled_from(
        ["{}", "[]", "~", "7", "yes", "[[1]]", "{a: {b: c}}", "P1D", "{param: x}", "&a", "*a", '"', "- x", "x: y"]
    )
    match data.draw(st.sampled_from(["value", "drop", "double", "insert", "cut"])):
        case "value":
            lines[at] = lines[at].partition(":")[0] + ": " + data.draw(words)
        case "drop":
            del lines[at]
        case "double":
            lines.insert(at, lines[at])
        case "insert":
            lines.insert(at, data.draw(words))
        case "cut":
            lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]

    pack, problems = check_text("\n".join(lines))

    assert pack is not None or any(each.stops for each in problems)


_values = st.recursive(
    st.sampled_from(["a", "7", "no", "P1D", "recognised", "target", "{param: absence-run}", "~", "same day", "'x y'"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(
            ["when", "must", "by", "who", "param", "for each", "true from", "count", "at least", "all of", "becomes true", "did",
             "after", "plus", "date", "in", "on", "repeat", "label", "fields", "type", "one-of", "access", "role", "say"]
        ), inner, max_size=3).map(lambda items: "{" + ", ".join(f"{key}: {value}" for key, value in items.items()) + "}"),
    ),
    max_leaves=6,
)  # fmt: skip


@FUZZ
@given(
    st.sampled_from(["facts", "duties", "limits", "closure", "events", "records", "roles", "options", "params", "guidance",
                     "directory", "i18n", "laws", "document", "clauses", "calendar hints", "shares"]),
    _values,
)  # fmt: skip
def test_words_of_the_language_in_wrong_places_never_break_the_loader(section: str, value: str) -> None:
    """Any value of the language's own words under any section: problems or a pack."""
    good = "\n".join(line for line in SMALL.splitlines() if not line.startswith(f"{section}:"))

    pack, problems = check_text(
        f"{good}\n{section}: {{x: {value}}}\n" if section != "shares" else f"{good}\n{section}: {value}\n"
    )

    assert pack is not None or any(each.stops for each in problems)
