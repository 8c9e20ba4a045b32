"""The worked examples of docs/language/for-authors.md: each loads without a word from the lint, and its scenarios come out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from upstander.policy import compiled, loader, reference, scenarios
from upstander.policy.loader.tree import parse as parse_yaml
from upstander.policy.loader.tree import plain
from upstander.policy.sentences import sentence

CHAPTER = Path(__file__).resolve().parents[4] / "docs" / "language" / "for-authors.md"
TEXT = CHAPTER.read_text(encoding="utf-8")
EXAMPLES = [block for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL) if block.startswith("id: ")]
NAMES = [block.splitlines()[0].removeprefix("id: ") for block in EXAMPLES]
each_example = pytest.mark.parametrize("block", EXAMPLES, ids=NAMES)


def test_there_are_twelve_each_under_a_number_of_its_own() -> None:
    assert len(EXAMPLES) == len(set(NAMES)) == 12
    assert re.findall(r"^## (\d+) ", TEXT, re.MULTILINE) == [str(number) for number in range(1, 13)]


@each_example
def test_the_lint_has_nothing_to_say(block: str) -> None:
    _, problems = loader.check_text(block)

    assert [str(problem) for problem in problems] == []


@each_example
@pytest.mark.parametrize("strategy", [reference, compiled], ids=["reference", "compiled"])
def test_its_scenarios_come_out(block: str, strategy: object) -> None:
    pack = loader.load_text(block)
    told = plain(parse_yaml(block, "example"))["scenarios"]

    assert told
    for scenario in told:
        assert len(scenario["expect"]) > 0
        assert scenarios.run(pack, scenario, strategy.picture) == []


def test_the_sentences_that_the_chapter_quotes_are_those_that_the_rules_read_as() -> None:
    packs = [loader.load_text(block) for block in EXAMPLES]
    quoted = re.findall(r"^> ([a-z-]+): (.+)$", TEXT, re.MULTILINE)

    assert quoted
    for rule, said in quoted:
        found = [sentence(pack, pack.duties[rule], "en-GB") for pack in packs if rule in pack.duties]
        assert said in found


def test_the_duty_on_the_page_for_teachers_is_one_that_loads() -> None:
    page = CHAPTER.with_name("one-page.md").read_text(encoding="utf-8")
    [duty] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    rules = "facts: {kept-in-confidence: {label: kept, for each: target, true from: parents-told}}\nduties:\n"
    pack = EXAMPLES[0][: EXAMPLES[0].index("duties:")] + rules + "".join(f"  {line}\n" for line in duty.splitlines())
    found = loader.load_text(pack).duties["tell-the-parents"]

    assert found.unless == ("kept-in-confidence",)
    assert found.strength == "must"
