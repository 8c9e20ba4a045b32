"""The published policy: every clause in the document's order, beside it what keeps it alive; for everybody, without a cookie."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pikepdf
import pytest
import time_machine
from django.test import Client

from upstander.people import actions, packs
from upstander.people.packs import pack_of
from upstander.school import paper
from upstander.school.paper import policy_pdf
from upstander.school.published import Published

pytestmark = pytest.mark.django_db
TOMORROW = date(2026, 9, 2)


@pytest.fixture(autouse=True)
def _static(settings, tmp_path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(params=["jp-junior-high", "gb-secondary"])
def school(request, db):
    return actions.make_school("example", "Example", pack=request.param, language="en-GB", timezone="Europe/London")


@pytest.mark.parametrize("lang", ["en-GB", "ja", "nl", "zh-Hans"])
def test_every_clause_stands_on_the_page_with_its_anchor(school, lang):
    found = Client().get("/example/policy", {"lang": lang})
    text = found.content.decode()

    assert found.status_code == 200
    assert not found.cookies
    assert all(f'id="{clause}"' in text for clause in pack_of(school).clauses)


def test_clauses_keep_the_order_of_the_document(school):
    pack = pack_of(school)
    chapters = Published(pack, "en-GB").chapters()

    assert [clause.id for chapter in chapters for clause in chapter.clauses] == list(pack.clauses)


def test_a_heading_of_several_words_is_a_chapter_as_a_whole(db):
    school = actions.make_school("nl", "Voorbeeldschool", pack="nl-school", language="nl", timezone="Europe/Amsterdam")
    titles = [chapter.title for chapter in Published(pack_of(school), "nl").chapters()]

    assert titles[:5] == ["Welkom", "Coördineren", "Complex probleem", "Toezicht", "Wat helpt"]


def test_every_rule_stands_beside_the_clauses_that_it_serves(school):
    pack = pack_of(school)
    shown = {
        (clause.id, rule.label)
        for chapter in Published(pack, pack.language).chapters()
        for clause in chapter.clauses
        for rule in clause.rules
    }

    for duty in pack.duties.values():
        assert all((clause, duty.label) in shown for clause in duty.clause)


def test_the_schools_own_answers_are_said_in_words(school):
    lines = Published(pack_of(school), "en-GB").words()

    assert lines
    assert all(line.answer and not line.answer.startswith(("PT", "P1", "P3")) for line in lines)


def test_the_policy_on_paper_is_a_tagged_pdf_in_the_readers_language(school):
    found = Client().get("/example/policy.pdf", {"lang": "nl"})

    assert found.status_code == 200
    assert found["Content-Type"] == "application/pdf"
    assert not found.cookies
    with pikepdf.open(io.BytesIO(found.content)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.docinfo["/Title"]) == pack_of(school).title
        assert len(document.pages) > len(pack_of(school).clauses) / 40


def test_the_paper_holds_every_clause_and_every_answer(school, monkeypatch):
    given = {}
    monkeypatch.setattr(paper.pdf, "make", lambda sheet, data, **_: given.update(data) or b"%PDF")
    pack = pack_of(school)
    policy_pdf(Published(pack, pack.language), "A school of this test", datetime(2026, 9, 1, tzinfo=UTC))

    clauses = [clause for chapter in given["chapters"] for clause in chapter["clauses"]]
    assert [clause["text"] for clause in clauses] == [clause.text for clause in pack.clauses.values()]
    assert all(clause["does"] or clause["nothing"] for clause in clauses)
    assert len(given["vague"]) == len(pack.vague)
    assert len(given["numbers"]) == len(pack.params)
    assert all(each["answer"] for each in given["numbers"])


def test_the_published_policy_says_what_is_new_in_its_version(school):
    pack = pack_of(school)
    with time_machine.travel(datetime(2026, 9, 1, 12, tzinfo=UTC)):
        first = Client().get("/example/policy", {"lang": "en-GB"}).content.decode()
    word = next(iter(pack.vague))
    with time_machine.travel(datetime(2026, 9, 1, 12, tzinfo=UTC)):
        packs.put_in_force(school, pack.id, {"params": {}, "words": {word: "9 school days"}}, TOMORROW, None)

    with time_machine.travel(datetime(2026, 9, 3, 12, tzinfo=UTC)):
        later = Client().get("/example/policy", {"lang": "en-GB"})
        found = later.context["since"]

    assert "What is new in this version" not in first
    assert "What is new in this version" in later.content.decode()
    assert len(found.lines) == 1
    assert "9 school days" in found.lines[0].will
    assert "9 school days" not in found.lines[0].was
