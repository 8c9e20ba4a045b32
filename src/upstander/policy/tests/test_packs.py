"""The packs that come with Upstander: complete in every language, true to their documents, and kind to a tired teacher."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from upstander.policy import labels, sentences
from upstander.policy.log import Doer, Event
from upstander.policy.model import Series
from upstander.policy.reference import picture
from upstander.policy.tests import shipped

PACKS = sorted(path.parent.name for path in (Path(__file__).parents[2] / "packs").glob("*/pack.yaml"))
LANGUAGES = ("ja", "nl", "en-GB", "zh-Hans")
FIRST_LOOK = datetime(2026, 5, 11, 10, 20)


@pytest.mark.parametrize("name", PACKS)
def test_every_text_is_there_in_every_language_of_the_screens(name):
    pack = shipped.pack(name)
    own = [path for path in labels.sources(pack) if path not in pack.builtin_words]

    for language in set(LANGUAGES) - {pack.language}:
        assert [path for path in own if not pack.words.get(language, {}).get(path)] == []


@pytest.mark.parametrize("name", PACKS)
def test_no_translation_is_older_than_the_sentence_that_it_renders(name):
    _, problems = shipped.checked(name)

    assert [str(each) for each in problems if each.code == "W8"] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PACKS)
def test_every_rule_can_be_said_in_every_language(name, language):
    pack = shipped.pack(name)

    for rule in (*pack.facts.values(), *pack.duties.values(), *pack.limits.values(), *pack.closure.values()):
        assert len(sentences.sentence(pack, rule, language)) > 20


@pytest.mark.parametrize("name", PACKS)
def test_the_door_always_lets_one_say_i_do_not_know(name):
    places = shipped.pack(name).options["places"]

    assert list(places)[-1] == "unknown"
    assert all(option.icon for option in places.values())


@pytest.mark.parametrize("name", PACKS)
def test_a_new_case_asks_for_few_things_at_once(name):
    pack = shipped.pack(name)
    came = Event(
        "e1", "concern-received", FIRST_LOOK, FIRST_LOOK, Doer("t1", None), about={"target": ("s1",), "actor": ("a1",)}
    )

    found = picture(Series((pack,)), [came], None, FIRST_LOOK, kind="case", record="c1")

    assert 0 < len([duty for duty in found.duties if duty.state.open]) <= 8
