"""Every sentence of §1 to §11 of the reference that states a meaning has a test whose docstring is that sentence."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from upstander.policy.tests.sentences_of_the_language.elsewhere import ELSEWHERE, SAYS_NO_MEANING
from upstander.policy.tests.sentences_of_the_language.text import plain, sections, sentences

HERE = Path(__file__).parent
ROOT = HERE.parents[4]


def quoted() -> dict[int, list[tuple[str, str]]]:
    """{section: (the docstring, which test has it)}."""
    found: dict[int, list[tuple[str, str]]] = {}
    for path in sorted(HERE.glob("test_[0-9]*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                said = plain(ast.get_docstring(node) or "")
                found.setdefault(int(path.name[5:7]), []).append((said, f"{path.name}::{node.name}"))
    return found


QUOTED = quoted()


def test_every_test_quotes_a_sentence_of_its_section_and_no_two_the_same():
    for section, tests in QUOTED.items():
        whole = plain(sections()[section])
        assert [test for said, test in tests if len(said) < 8 or said not in whole] == []
    times = Counter(said for tests in QUOTED.values() for said, _ in tests)
    assert [said for said, n in times.items() if n > 1] == []


def test_every_section_is_covered():
    assert sorted(QUOTED) == list(range(1, 12))


@pytest.mark.parametrize("section", range(1, 12))
def test_every_sentence_is_quoted_or_tested_elsewhere(section):
    docstrings = [said for said, _ in QUOTED[section]]
    others = [plain(part) for part in (*SAYS_NO_MEANING.get(section, ()), *ELSEWHERE.get(section, {}))]

    def covered(sentence: str) -> bool:
        return any(said in sentence or sentence in said for said in (*docstrings, *others))

    assert [sentence for sentence in sentences(section) if not covered(sentence)] == []


def test_what_is_tested_elsewhere_is_there():
    for section, parts in ELSEWHERE.items():
        whole = plain(sections()[section])
        for part, place in parts.items():
            file, _, test = place.partition("::")
            assert plain(part) in whole, part
            assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), place
    for section, excused in SAYS_NO_MEANING.items():
        assert [part for part in excused if plain(part) not in plain(sections()[section])] == []
