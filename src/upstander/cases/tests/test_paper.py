"""A matter on paper: all of it for those who work on it; for one family with everybody else covered, in free text too."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from upstander.cases import paper, veil
from upstander.cases.looking import Looking
from upstander.cases.tests.story import at, do
from upstander.people.packs import pack_of
from upstander.records.models import Reading

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 11, 12, 0)


def said(place, role, case, child="") -> str:
    with at(place, NOON):
        viewer = place.viewer(role)
        looking = Looking(place.school, viewer, case, pack_of(place.school), NOON, "ja")
        return json.dumps(paper.Paper(looking, child).data(), ensure_ascii=False)


def children(place, role, case) -> dict[str, str]:
    with at(place, NOON):
        looking = Looking(place.school, place.viewer(role), case, pack_of(place.school), NOON, "ja")
        return dict(paper.families(looking))


def test_the_paper_is_a_pdf_and_its_making_is_on_record(aoba, told):
    _concern, case = told

    with at(aoba, NOON):
        client = aoba.client("grade-head")
        asked = client.get(aoba.url(f"cases/{case.id}/paper"))
        made = client.post(aoba.url(f"cases/{case.id}/paper"), {"reader": "all"})
        nobody = client.post(aoba.url(f"cases/{case.id}/paper"), {"reader": "somebody"})

    assert asked.status_code == 200
    assert made.content.startswith(b"%PDF")
    assert made["Content-Disposition"].startswith("attachment")
    assert nobody.status_code == 422
    assert [row.what for row in Reading.objects.filter(record=case)] == ["paper"]


def test_all_of_it_names_everybody_and_keeps_the_order_of_what_happened(aoba, told):
    _concern, case = told

    text = said(aoba, "grade-head", case)

    assert "見本はるか" in text
    assert all(name in text for name in children(aoba, "grade-head", case).values())


def test_for_one_family_every_other_child_stands_under_a_letter(aoba, told):
    _concern, case = told
    found = children(aoba, "grade-head", case)
    mine, others = next(iter(found)), list(found.values())[1:]

    text = said(aoba, "grade-head", case, mine)

    assert others
    assert found[mine] in text
    assert not [name for name in others if name in text]


def test_what_was_done_with_another_child_only_is_left_out_and_counted(aoba, told):
    _concern, case = told
    mine, *others = children(aoba, "grade-head", case)
    safety = list(pack_of(aoba.school).options["safety-measures"])[:1]
    do(
        aoba,
        "nurse",
        case,
        "made-safe",
        datetime(2026, 5, 11, 11, 0),
        about={"target": others},
        fields={"measures": safety},
    )
    with at(aoba, NOON):
        looking = Looking(aoba.school, aoba.viewer("grade-head"), case, pack_of(aoba.school), NOON, "ja")
        whole, part = paper.Paper(looking).data(), paper.Paper(looking, mine).data()
        about = {
            each.id: {ident for ids in looking.events[str(each.id)].about.values() for ident in ids}
            for each in paper.parts.tale(looking)
        }

    apart = [each for each in about.values() if each & set(others) and mine not in each]
    assert apart
    assert len(part["tale"]) == len(whole["tale"]) - len(apart)
    assert str(len(apart)) in part["withheld"]
    assert (part["wish"], part["open"]) == ([], [])


def test_parts_of_a_name_are_covered_where_they_stand_alone():
    cover = veil.over({"1": ("Noor de Wit", "Noortje"), "2": ("山田 太郎", "やまだ たろう")}, "person %(letter)s")

    assert (
        cover.text("noor said NOORTJE, not Noordwijk; de Wit") == "person A said person A, not Noordwijk; de person A"
    )
    assert cover.text("山田君が太郎と、やまだ") == "person B君がperson Bと、person B"
    assert cover.name("2", "山田 太郎") == "person B"


def test_nothing_is_covered_without_a_family():
    assert veil.Veil().text("Noor") == "Noor"
