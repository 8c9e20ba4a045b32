"""Texts of a pack by their path, in any language of the screens."""

from __future__ import annotations

from upstander.policy import labels
from upstander.policy.loader import load_text
from upstander.policy.loader.tests.packs import SMALL, pack, small

JAPANESE = SMALL.replace("language: en-GB", "language: ja")


def test_every_path_of_the_sources_leads_back_to_its_text() -> None:
    for path, text in labels.sources(small()).items():
        assert labels.lookup(small(), path) == text


def test_a_translation_of_the_pack_comes_first_then_its_own_language() -> None:
    found = pack("i18n: {nl: {events.act.label: Een nieuwe daad noteren}}")

    assert labels.label(found, "events.act.label", "nl") == "Een nieuwe daad noteren"
    assert labels.label(found, "events.act.label", "ja") == "Record a new act"


def test_what_every_pack_has_is_said_in_every_language() -> None:
    for found in (small(), load_text(JAPANESE)):
        texts = {
            labels.label(found, "events.told.fields.what.label", lang) for lang in ("en-GB", "ja", "nl", "zh-Hans")
        }

        assert "What happened" in texts


def test_what_has_no_text_is_its_id_made_readable() -> None:
    assert labels.label(small(), "facts.kept-it.label", "nl") == "kept it"
    assert labels.label(small(), "options.hows.other-way.label", "nl") == "other way"


def test_a_deed_without_a_past_form_is_told_by_its_label() -> None:
    text = SMALL.replace("done: Recognised as bullying", "group: decision", 1)
    found = load_text(text.replace("language: en-GB", "language: zh-Hans"))
    kind = next(each for each in found.events.values() if each.label and not each.done)

    assert labels.label(found, f"events.{kind.id}.done", "zh-Hans") == kind.label
    assert labels.label(found, f"events.{kind.id}.done", "nl") == kind.label


def test_texts_with_dots_in_their_ids_are_found() -> None:
    assert labels.label(small(), "clauses.A.1.text", "en-GB") == "Parents are told."
    assert labels.label(small(), "params.words.promptly.title", "en-GB") == "promptly"
