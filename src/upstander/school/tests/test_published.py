"""The published policy: every clause in the document's order, beside it what keeps it alive; for everybody, without a cookie."""

from __future__ import annotations

import pytest
from django.test import Client

from upstander.people import actions
from upstander.people.packs import pack_of
from upstander.school.published import Published

pytestmark = pytest.mark.django_db


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
