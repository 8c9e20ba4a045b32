"""Versions of a school's policy: kept as they were, in force from their day (§10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from upstander.people import actions, in_force, packs
from upstander.people.models import PackFiles, School
from upstander.policy import loader
from upstander.policy.loader import PackErrors
from upstander.policy.model import In, Said, Span
from upstander.records import triggers

NOW = datetime(2026, 5, 11, 10, 20, tzinfo=ZoneInfo("Asia/Tokyo"))
HEAD = """
id: small
title: Small
version: "{version}"
in force from: 2025-04-01
language: en-GB
timezone: Asia/Tokyo
params: {{words: {{promptly: PT2H}}, days: {{value: 3, title: days, says: school, least: 1, most: 9}}}}
clauses: [{{id: A-1, at: "1", text: Parents are told promptly.}}]
roles: {{head: {{title: Head}}}}
records: {{case: {{access: [{{role: head, record: all, decide: all}}]}}}}
events: {{seen: {{about: [target]}}, told: {{about: [target]}}}}
duties:
  tell: {{clause: A-1, when: seen, for each: target, must: told, by: promptly, who: head}}
"""


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(HEAD.format(version="1"), encoding="utf-8")
    return path


@pytest.fixture
def school(db: None, file: Path) -> School:
    return actions.make_school("rei", "例", pack=str(file), language="en-GB", timezone="Asia/Tokyo")


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "_begun", [lambda school: True])


def promptly(school: School, on: date) -> object:
    by = packs.pack_of(school, on).duties["tell"].by
    assert isinstance(by, Said)
    return by.means


def test_a_pack_version_is_in_force_from_a_date(school: School, begun: None) -> None:
    """A pack version is in force from a date (00:00)."""
    packs.put_in_force(school, school.pack, {"words": {"promptly": "P1D"}}, date(2026, 6, 1), None)

    assert promptly(school, date(2026, 5, 31)) == In(Span(minutes=120))
    assert promptly(school, date(2026, 6, 1)) == In(Span(days=1))
    assert promptly(School.objects.get(id=school.id), date(2026, 6, 1)) == In(Span(days=1))
    assert [pack.version for pack in packs.series_of(school).versions] == ["1", "1+2"]


def test_versions_are_listed_with_their_answers_and_who_put_them_in_force(school: School, begun: None) -> None:
    head = actions.add_person(school, "staff", "Head")
    packs.put_in_force(school, school.pack, {"params": {"days": 5}}, date(2026, 6, 1), head)
    first, second = packs.versions(school)

    assert (first.name, first.state, first.answers, first.by) == ("small", "in force", {}, None)
    assert (second.state, second.answers, second.by) == ("planned", {"params": {"days": 5}}, head.id)
    assert [each.state for each in packs.versions(school, date(2026, 6, 2))] == ["past", "in force"]
    assert packs.pack_in(second).params["days"].value == 5


def test_a_changed_folder_changes_nothing_until_somebody_puts_it_in_force(school: School, file: Path) -> None:
    file.write_text(HEAD.format(version="2").replace("PT2H", "PT9H"), encoding="utf-8")
    packs.forget()
    assert promptly(school, date(2026, 5, 11)) == In(Span(minutes=120))

    packs.put_in_force(school, str(file), None, date(2026, 5, 12), None)
    assert promptly(school, date(2026, 5, 12)) == In(Span(minutes=540))
    assert packs.pack_of(school).version == "2"
    assert PackFiles.objects.filter(school=school).count() == 2

    first = packs.versions(school)[0]
    file.unlink()
    packs.put_in_force(school, first.id, {"words": {"promptly": "PT1H"}}, date(2026, 5, 20), None)
    assert promptly(school, date(2026, 5, 20)) == In(Span(minutes=60))


def test_the_same_files_and_answers_are_read_once_and_any_other_anew(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(HEAD.format(version="read once"), encoding="utf-8")
    read = []
    check = loader.check_source
    monkeypatch.setattr(loader, "check_source", lambda *asked: read.append(asked) or check(*asked))

    def days(answers: dict) -> object:
        return in_force.checked(loader.source_of(str(file)), answers).params["days"].value

    assert [days({"params": {"days": each}}) for each in (2, 3, 2, 3)] == [2, 3, 2, 3]
    assert len(read) == 2
    for _ in range(2):
        with pytest.raises(PackErrors):
            days({"params": {"days": 10}})
    file.write_text(HEAD.format(version="read again"), encoding="utf-8")
    days({"params": {"days": 2}})
    assert len(read) == 5


def test_a_version_cannot_change_what_has_arisen_already(school: School, begun: None) -> None:
    """A new version changes nothing that arose before it"""
    with pytest.raises(packs.TooEarly) as refused:
        packs.put_in_force(school, school.pack, None, date(2026, 5, 11), None)

    assert refused.value.earliest == date(2026, 5, 12)
    assert packs.put_in_force(school, school.pack, None, None, None).from_date == date(2026, 5, 12)


def test_before_anything_is_recorded_a_version_may_be_for_any_day(school: School) -> None:
    made = packs.put_in_force(school, school.pack, {"params": {"days": 2}}, None, None)

    assert made.from_date == date(2025, 4, 1)
    assert [each.state for each in packs.versions(school)] == ["withdrawn", "in force"]


def test_answers_that_the_pack_does_not_ask_for_or_that_are_out_of_bounds_are_refused(school: School) -> None:
    for answers in ({"words": {"soon": "PT1H"}}, {"params": {"days": 10}}, {"words": {"promptly": "PT0S"}}):
        with pytest.raises(PackErrors):
            packs.put_in_force(school, school.pack, answers, None, None)
    assert len(packs.versions(school)) == 1


def test_a_planned_version_is_replaced_by_another_of_the_same_day_or_taken_back(school: School, begun: None) -> None:
    packs.put_in_force(school, school.pack, {"params": {"days": 4}}, date(2026, 6, 1), None)
    again = packs.put_in_force(school, school.pack, {"params": {"days": 5}}, date(2026, 6, 1), None)
    assert [each.state for each in packs.versions(school)] == ["in force", "withdrawn", "planned"]

    assert packs.withdraw(school, again.id)
    assert [each.state for each in packs.versions(school)] == ["in force", "withdrawn", "withdrawn"]
    assert len(packs.series_of(school).versions) == 1
    assert not packs.withdraw(school, packs.versions(school)[0].id)


@pytest.mark.django_db(transaction=True)
def test_a_migration_keeps_what_each_school_ran(file: Path) -> None:
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    triggers.remove()  # on the way back a table goes that one of them asks
    try:
        executor.migrate([("people", "0002_demo_clock")])
        old = executor.loader.project_state([("people", "0002_demo_clock")]).apps.get_model("people", "School")
        answers = {"words": {"promptly": "PT3H"}}
        old.objects.create(slug="old", name="Old", pack=str(file), pack_answers=answers, timezone="Asia/Tokyo")
        old.objects.create(slug="gone", name="Gone", pack="/nowhere", timezone="Asia/Tokyo")
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(newest)
    school = School.objects.get(slug="old")
    try:
        assert promptly(school, date(2026, 5, 11)) == In(Span(minutes=180))
        assert [each.answers for each in packs.versions(school)] == [answers]
        assert packs.versions(School.objects.get(slug="gone")) == []
    finally:
        school.packs_in_force.all().delete()
        PackFiles.objects.all().delete()
        School.objects.filter(slug__in=["old", "gone"]).delete()
        triggers.install()
    assert triggers.missing() == []


def test_a_pack_that_extends_another_keeps_the_version_that_it_was_pinned_to(db: None, file: Path) -> None:
    """extends: pack@version (pinned). Entries merge key by key, lists are replaced, null removes"""
    own = file.with_name("own.yaml")
    head = "id: own\ntitle: Own\nversion: '1'\nin force from: 2025-04-01\nlanguage: en-GB\ntimezone: Asia/Tokyo\n"
    own.write_text(
        f"{head}extends: small@1\nparams: {{words: {{promptly: PT5H}}}}\n"
        "roles: {deputy: {title: Deputy}}\nduties: {tell: {who: [head, deputy]}}\nevents: {seen: {about: [target, actor]}}\n",
        encoding="utf-8",
    )
    school = actions.make_school("uwa", "Uwa", pack=str(own), language="en-GB", timezone="Asia/Tokyo")
    file.write_text(HEAD.format(version="2").replace("records:", "options: {}\nrecords:"), encoding="utf-8")
    packs.forget()

    pack = packs.pack_of(school)
    assert promptly(school, date(2026, 5, 11)) == In(Span(minutes=300))
    assert [getattr(each, "role", "") for each in pack.duties["tell"].who] == ["head", "deputy"]
    assert pack.duties["tell"].clause == ("A-1",)
    assert pack.events["seen"].about == ("target", "actor")

    with pytest.raises(PackErrors, match="in version 2, not 1"):
        packs.put_in_force(school, str(own), None, None, None)
    again = packs.put_in_force(school, packs.versions(school)[0].id, {"words": {"promptly": "PT6H"}}, None, None)
    assert again.answers == {"words": {"promptly": "PT6H"}}
    assert promptly(school, date(2026, 5, 11)) == In(Span(minutes=360))


def test_what_a_clause_fixes_no_answer_changes(school: School, file: Path) -> None:
    """says: clause | school"""
    text = HEAD.format(version="3").replace("says: school, least", "says: clause, least")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PackErrors, match="fixed by its clause"):
        packs.put_in_force(school, str(file), {"params": {"days": 4}}, None, None)


def test_schools_with_the_same_policy_share_what_is_made_of_it(school: School, file: Path) -> None:
    other = actions.make_school("kita", "北", pack=str(file), language="en-GB", timezone="Asia/Tokyo")

    assert packs.series_of(other) is packs.series_of(school)
