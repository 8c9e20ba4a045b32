"""The studio: what makes each clause live, what a rule says, a pack to check, a change to try."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from upstander.people import packs
from upstander.policy.model import In, SchoolDays, Span
from upstander.records import actions
from upstander.records.models import Record
from upstander.school import drafts
from upstander.school.tests import policy_place
from upstander.school.tests.policy_place import MONDAY, Place

URL = "/s/own-school/studio/"


def text(own: Place, path: str = "", who: str = "Head", lang: str = "en") -> str:
    page = own.client(who, lang).get(URL + path)
    assert page.status_code == 200
    return page.content.decode()


def shown(page: str) -> list[str]:
    return re.findall(r'<article class="pairs studio-clause" id="([^"]+)"', page)


def test_every_clause_stands_there_with_its_rules_and_whether_they_are_proved(own: Place) -> None:
    page = text(own)

    assert shown(page) == list(packs.pack_of(own.school).clauses)
    assert "Live, proved by" in page
    assert "Live, no scenario yet" in page


def test_clauses_are_filtered_and_searched(own: Place) -> None:
    for query, clauses in {
        "?show=law": ["S-5", "S-7"],
        "?show=flaws": ["S-3"],
        "?show=uncovered": [],
        "?q=several": ["S-4"],
        "?q=S-9": ["S-9"],
        "?q=no such words at all": [],
        "?show=nonsense&page=x": [f"S-{n}" for n in range(1, 11)],
    }.items():
        assert shown(text(own, query)) == clauses, query


def test_the_law_stands_beside_the_clause_with_source_and_day(own: Place) -> None:
    page = text(own, "?show=law")

    assert "The law asks for more." in page
    assert "The law makes this void." in page
    assert "Some Act s. 1" in page
    assert "looked up on Saturday 1 August 2026" in page


def test_a_vague_word_says_what_it_means_here(own: Place) -> None:
    assert re.search(r"“promptly”.{0,40}means here:\s*<b>within 1 school day", text(own, "?show=words"), re.DOTALL)


def test_a_rule_is_said_in_four_languages_with_its_source_and_its_proof(own: Place) -> None:
    page = text(own, "rules/duties/acknowledge", "Colleague")

    assert all(f'lang="{tag}"' in page for tag in ("ja", "nl", "zh-Hans"))
    assert "must: acknowledged" in page
    assert "starter/rules.yaml:" in page
    assert "nobody-answers.yaml" in page


@pytest.mark.parametrize("path", ["rules/duties/nothing", "rules/secrets/acknowledge"])
def test_a_rule_that_is_not_there_is_not_found(own: Place, path: str) -> None:
    assert own.client("Head").get(URL + path).status_code == 404


def test_a_deadline_changes_in_the_draft_and_holds_when_it_is_published(own: Place) -> None:
    answer = own.client("Head").post(f"{URL}rules/duties/read-again", {"by_n": "2", "by_unit": "hours"}, follow=True)

    assert re.search(r"within 1 school day.*<b>within 2 hours</b>", answer.content.decode(), re.DOTALL)
    draft = drafts.of(own.school, "own")
    assert draft is not None
    drafts.publish(draft, date(2026, 9, 20), own.people["Head"])
    own.school.refresh_from_db()
    assert packs.pack_of(own.school, date(2026, 9, 19)).duties["read-again"].by == In(SchoolDays(1))
    assert packs.pack_of(own.school, date(2026, 9, 20)).duties["read-again"].by == In(Span(minutes=120))
    assert drafts.begun(own.school, "own", None).changes == {}


def test_a_second_change_keeps_the_first(own: Place) -> None:
    drafts.publish(changed(own, "2", "hours"), date(2026, 9, 15), None)
    own.school.refresh_from_db()

    with time_machine.travel(policy_place.moment(MONDAY + timedelta(days=2)), tick=False):
        again = drafts.begun(own.school, "own", None)
        assert again.changes == {"read-again": "PT2H"}
        assert "studio" in text(own, "rules/duties/read-again")


def changed(own: Place, number: str, unit: str) -> drafts.PolicyDraft:
    own.client("Head").post(f"{URL}rules/duties/read-again", {"by_n": number, "by_unit": unit})
    draft = drafts.of(own.school, "own")
    assert draft is not None
    return draft


def test_a_changed_deadline_is_taken_out_of_the_draft_again(own: Place) -> None:
    changed(own, "2", "hours")

    own.client("Head").post(f"{URL}draft/undo", {"duty": "read-again"})

    draft = drafts.of(own.school, "own")
    assert draft is not None
    assert draft.changes == {}


@pytest.mark.parametrize("number", ["", "0", "many"])
def test_a_deadline_that_is_none_is_said(own: Place, number: str) -> None:
    answer = own.client("Head").post(f"{URL}rules/duties/read-again", {"by_n": number, "by_unit": "hours"})

    assert answer.status_code == 422
    assert drafts.of(own.school, "own") is None


def open_case(own: Place, hours: int) -> Record:
    """A concern that was told and answered so many hours later."""
    coordinator = own.viewer("Coordinator")
    record = actions.open_record(coordinator, own.school, "concern")
    actions.record(coordinator, record, "told", fields={"what": "It happened again."})
    with time_machine.travel(policy_place.moment(MONDAY + timedelta(hours=hours)), tick=False):
        actions.record(coordinator, record, "acknowledged", fields={"words": "We read it."})
    return record


def in_the_draft(own: Place, answer: str) -> None:
    draft = drafts.begun(own.school, "own", own.people["Head"])
    draft.answers = {"words": {"promptly": answer}}
    drafts.save(draft)


def test_a_draft_is_tried_on_what_has_been(own: Place) -> None:
    for hours in (0, 1, 3):
        open_case(own, hours)
    in_the_draft(own, "PT2H")

    with time_machine.travel(policy_place.moment(MONDAY + timedelta(hours=4)), tick=False):
        page = text(own, "draft?try=1")

    assert "With this change 3 of 3 cases would have been late; as it is, 0." in page
    assert "within 2 hours" in page


SECOND = """
id: second
title: A policy on singing
version: "1"
in force from: 2026-09-01
language: en-GB
timezone: Europe/London
clauses: [{id: X.1, at: "1", text: We sing.}]
roles: {head: {title: Head}}
records: {choir: {label: Choir, plural: Choirs, opens by: [choir-met], access: [{role: head, record: all, decide: all}]}}
events: {choir-met: {label: Record the meeting, done: Met}, choir-sang: {label: Record the song, done: Sang}}
duties: {sing: {clause: X.1, label: Sing, when: choir-met, must: choir-sang, by: P3D, who: head}}
"""


def test_of_several_policies_each_has_its_draft_and_all_are_tried_together(own: Place, tmp_path: Path) -> None:
    open_case(own, 3)
    (tmp_path / "second.yaml").write_text(SECOND)
    packs.put_in_force(own.school, tmp_path / "second.yaml", None, date(2026, 9, 15), None)
    own.school.refresh_from_db()
    in_the_draft(own, "PT2H")

    with time_machine.travel(policy_place.moment(MONDAY + timedelta(days=1)), tick=False):
        page = text(own, "draft?pack=own&try=1")
        sing = text(own, "?pack=second")

    assert "With this change 1 of 1 case would have been late; as it is, 0." in page
    assert shown(sing) == ["X.1"]
    assert own.client("Head").get(URL + "?pack=third").status_code == 404


def test_what_would_have_changed_is_shown_only_of_records_that_one_may_see(own: Place) -> None:
    from upstander.school import dry_run

    record = open_case(own, 3)
    in_the_draft(own, "PT2H")
    draft = drafts.of(own.school, "own")
    assert draft is not None
    after = drafts.cached(draft)
    assert after is not None
    before = packs.pack_of(own.school)

    def tried(who: str) -> dry_run.Tried:
        return dry_run.tried(own.viewer(who), own.school, before, after, MONDAY + timedelta(days=1), "en-GB")

    assert [each.number for each in tried("Head").cases] == [record.number]
    assert (tried("Colleague").cases, tried("Colleague").hidden) == ([], 1)


def test_without_a_draft_the_page_says_how_one_begins(own: Place) -> None:
    assert "There is no draft." in text(own, "draft")


def upload(own: Place, content: bytes, deed: str = "check", name: str = "pack.yaml") -> str:
    sent = {"file": SimpleUploadedFile(name, content), "deed": deed}
    return own.client("Head").post(URL + "check", sent, follow=True).content.decode()


def test_a_pack_with_mistakes_is_explained_and_not_kept(own: Place) -> None:
    page = upload(own, b"id: own\ntitel: Own\n", "keep")

    assert "It cannot run yet" in page
    assert "pack.yaml:2:1" in page
    assert "did you mean &#x27;title&#x27;?" in page
    assert drafts.of(own.school, "own") is None


def test_a_pack_in_order_becomes_the_draft_only_when_somebody_says_so(own: Place) -> None:
    from upstander.policy import loader

    good = policy_place.PACK.format(version=loader.load("starter").version).replace("our own", "our very own").encode()

    assert "It can run" in upload(own, good)
    assert drafts.of(own.school, "own") is None
    assert "This pack is the draft now." in upload(own, good, "keep")
    draft = drafts.of(own.school, "own")
    assert draft is not None
    assert drafts.cached(draft).title == "A policy of our very own"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "content"), [("pack.zip", b"no zip"), ("pack.yaml", b""), ("picture.png", b"\x89PNG")]
)
def test_what_is_no_pack_is_said_in_words(own: Place, name: str, content: bytes) -> None:
    answer = own.client("Head").post(URL + "check", {"file": SimpleUploadedFile(name, content), "deed": "keep"})

    assert answer.status_code == 422


def test_drafts_are_for_whoever_runs_the_office(own: Place) -> None:
    for who in ("Coordinator", "Colleague"):
        for path in ("draft", "check"):
            assert own.client(who).get(URL + path).status_code == 403


def test_every_page_opens_in_every_language(own: Place) -> None:
    for lang in ("en", "ja", "nl", "zh-hans"):
        client = own.client("Head", lang)
        for path in ("", "?show=law", "draft", "check", "rules/limits/one-by-one", "rules/closure/case"):
            assert client.get(URL + path).status_code == 200, (lang, path)
