"""A school that runs two packs: every page works, the rules of both are at work, one form serves each."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from upstander.cases.tests import story
from upstander.cases.tests.school import Place
from upstander.people import actions as people
from upstander.people import packs
from upstander.records import actions, queries
from upstander.records.models import DutyRow, Record

SECOND = """
id: devices
title: Devices in school
version: "1"
in force from: 2025-09-01
language: en-GB
timezone: Europe/London
clauses: [{id: D-1, at: "1", text: What is taken from a student goes back the same day.}]
roles: {behaviour-lead: {title: Behaviour lead}, it-lead: {title: IT lead}}
records:
  tablet:
    label: Tablet
    plural: Tablets
    subjects: [owner]
    opens by: [handed-in]
    events: [handed-in, given-back]
    access: [{role: it-lead, record: all, decide: all}, {role: behaviour-lead, record: all}]
events:
  handed-in: {label: Take a device in, done: Taken in, about: [owner], recorded by: [it-lead, behaviour-lead]}
  given-back: {label: Give it back, done: Given back, about: [owner], recorded by: [it-lead, behaviour-lead]}
duties:
  give-back: {clause: D-1, label: Give it back, when: handed-in, for each: owner, must: given-back, by: same day, who: it-lead}
"""
PAGES = ("today", "cases/", "registers/", "registers/tablet/", "policy/")


@pytest.fixture
def both(larkrise: Place, tmp_path: Path) -> Place:
    path = tmp_path / "devices.yaml"
    path.write_text(SECOND, encoding="utf-8")
    packs.put_in_force(larkrise.school, path, None, None, None)
    people.give_role(larkrise.staff["behaviour-lead"], "it-lead", story.TOLD_AT.date())
    return larkrise


def test_every_page_of_a_school_with_two_packs_works(both: Place) -> None:
    concern = story.tell(both, place=["corridor"], wish=["stop"], **{"not-told": ["parents"]})
    about = {"target": [str(both.pupils["Juniper Vale"].id)], "actor": [str(both.pupils["Bram Lark"].id)]}
    case = story.triage(both, "behaviour-lead", concern, story.day(11, 10), about)
    with story.at(both, story.day(11, 11)):
        viewer = both.viewer("behaviour-lead")
        device = actions.open_record(viewer, both.school, "tablet")
        actions.record(viewer, device, "handed-in", about={"owner": [str(both.pupils["Bram Lark"].id)]})
        client = both.client("behaviour-lead")
        for path in (*PAGES, f"cases/{case.id}", f"cases/{case.id}/record", f"records/{device.id}/"):
            assert client.get(both.url(path)).status_code == 200, path
        for path in ("tell", "talk", "policy"):
            assert Client().get(f"/{both.school.slug}/{path}").status_code in (200, 301, 302), path
        step = next(
            each for each in queries.duties_for(viewer, story.day(11, 11), "en-GB").mine if each.record == device
        )
        assert (step.step.rule, step.step.label) == ("devices-give-back", "Give it back")
        assert client.get(both.url(f"records/{device.id}/why/{step.step.rule}")).status_code == 200
        text = client.get(both.url("policy/")).content.decode()
        assert "What is taken from a student goes back the same day." in text

    rules = set(DutyRow.objects.filter(school=both.school).values_list("rule", flat=True))
    assert {rule.split("-", 1)[0] for rule in rules} == {"gb", "devices"}
    assert Record.objects.get(id=device.id).pack_version.startswith("gb-secondary+devices@")
