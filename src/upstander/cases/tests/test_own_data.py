"""Somebody's own data: all of theirs, and nobody else's name or contact in any byte of it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander import cli
from upstander.access.models import OfficeEntry
from upstander.cases.owndata import covering
from upstander.cases.owndata.covering import Other, Said, plain
from upstander.cases.tests.pdf_text import text_of
from upstander.cases.tests.story import at, do
from upstander.people import actions as people
from upstander.people import written
from upstander.people.models import Person
from upstander.people.packs import pack_of
from upstander.records.models import Reading

NOON = datetime(2026, 5, 11, 12, 0)

FAMILY = ["de Wit", "Okafor", "García", "山田", "见本", "O’Neill", "van den Berg"]
GIVEN = ["Noor", "Emma", "Juniper", "太郎", "はるか", "小明", "Anne-Marie", "Will"]
names = st.one_of(
    st.builds("{} {}".format, st.sampled_from(GIVEN), st.sampled_from(FAMILY)),
    st.builds("{}{}".format, st.sampled_from(FAMILY[3:5]), st.sampled_from(GIVEN[3:6])),
)
digits = st.text("0123456789", min_size=8, max_size=9).map("0{}".format)
between = st.sampled_from(["", " ", "-", " (", "."])
texts = st.sampled_from(
    ["Then %s hit me.", "%sがわたしを押した", "Ask %s's friend", "昨天%s没来", "see (%s), again", "%s"]
)


def spaced(number: str, sign: str) -> str:
    return number[:3] + sign + number[3:6] + sign + number[6:]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_no_name_and_no_contact_of_anybody_else_is_left(data):
    mine = Other((data.draw(names), ""), ("me@school.example", data.draw(digits)))
    others = {
        str(n): Other((name, ""), (f"{n}.x@home.example", data.draw(digits)))
        for n, name in enumerate(data.draw(st.lists(names, min_size=1, max_size=4, unique=True)))
    }
    said = []
    for other in others.values():
        ways = sorted({*written.ways(other.names), other.names[0].upper(), other.names[0].replace(" ", "")})
        said += [data.draw(texts) % data.draw(st.sampled_from(ways)), data.draw(texts) % other.contacts[0]]
        said.append(data.draw(texts) % f" {spaced(other.contacts[1], data.draw(between))} ")
    said += [data.draw(texts) % mine.names[0], *mine.contacts]
    raw = {"free": [Said(each) for each in said], "ours": "Will"}
    split = data.draw(st.integers(0, len(others)))
    named = dict(list(others.items())[:split])

    found = covering.cover(raw, mine, named, others, call="person %(letter)s", contact="[contact]").data(raw)

    text = "\n".join(found["free"])
    own = {each.casefold() for each in written.ways(mine.names)}
    for other in others.values():
        for way in written.ways(other.names):
            if way.casefold() not in own and not any(way.casefold() in each for each in own):
                assert not written.pattern([way]).search(text), (way, text)
        assert other.contacts[0] not in text
        if plain(other.contacts[1]) != plain(mine.contacts[1]):
            assert other.contacts[1] not in re.sub(r"[\s().-]", "", text)
    assert mine.contacts[0] in text
    assert found["ours"] == "Will"


@pytest.mark.django_db
def test_the_file_holds_what_is_theirs_and_no_byte_of_anybody_else(aoba, told):
    _concern, case = told
    haruka, sora = aoba.pupils["見本はるか"], aoba.pupils["例田 空"]
    mother = people.add_person(aoba.school, Person.Kind.GUARDIAN, "見本 花子", email="hanako@home.example")
    mother.phone = "090-1234-5678"
    mother.save()
    people.look_after(mother, haruka, "母")
    note = "見本はるかさんは、例田君と仮名うみさんのことを話した。連絡は 090 1234 5678、hanako@home.example へ。試案先生にも。"
    do(aoba, "grade-head", case, "note-added", NOON, about={}, fields={"note": note})
    safe = {
        "about": {"target": [str(sora.id)]},
        "fields": {"measures": list(pack_of(aoba.school).options["safety-measures"])[:1]},
    }
    do(aoba, "nurse", case, "made-safe", datetime(2026, 5, 11, 11, 0), **safe)
    path = aoba.url(f"own-data/{haruka.id}")
    with at(aoba, NOON):
        head = aoba.client("principal")
        asked = head.post(aoba.url("own-data"), {"q": "はるか"})
        assert path in asked.content.decode()
        form = head.get(path).context["form"]
        chosen = form.initial["record"]
        assert str(case.id) in chosen
        assert head.post(path, {"asked_by": haruka.name}).status_code == 422
        made = head.post(path, {"asked_by": haruka.name, "record": chosen, "reason": "他の人から聞いたこと"})
    assert made.status_code == 200
    zipped = zipfile.ZipFile(io.BytesIO(made.content))
    data = json.loads(zipped.read("own-data.json"))
    paper = text_of(zipped.read("own-data.pdf"))
    assert data["person"]["name"] == haruka.name
    assert [each["number"] for each in data["records"]] == [case.number]
    assert case.number in paper
    assert "は、" in paper
    # A name that is also a word of the policy ("窓口") stands where the policy says it.
    titles = " ".join(role.title for role in pack_of(aoba.school).roles.values())
    everything = {"json": json.dumps(data, ensure_ascii=False), "pdf": paper}
    for person in Person.objects.filter(school=aoba.school).exclude(id=haruka.id):
        ways = {each for each in written.ways((person.name, person.reading)) if each not in haruka.name + titles}
        contacts = {person.email, person.phone, person.phone.replace("-", " "), str(person.id)} - {""}
        for name, text in everything.items():
            assert not [each for each in ways | contacts if each in text], (name, person.name)
    assert sora.name.encode() not in made.content
    assert data["withheld"] == {"others": 1}
    assert {row.what for row in Reading.objects.filter(record=case)} == {f"own-data:{haruka.id}"}
    assert OfficeEntry.objects.get(deed="own-data-made").person == haruka.id


@pytest.mark.django_db
def test_neither_whom_it_is_about_nor_their_parent_nor_whoever_runs_no_office_makes_it(aoba, told):
    haruka, head = aoba.pupils["見本はるか"], aoba.staff["principal"]
    with at(aoba, NOON):
        assert aoba.client("principal").get(aoba.url(f"own-data/{head.id}")).status_code == 403
        assert aoba.client("grade-head").get(aoba.url(f"own-data/{haruka.id}")).status_code == 403
        people.look_after(head, haruka, "父")
        assert aoba.client("principal").get(aoba.url(f"own-data/{haruka.id}")).status_code == 403


@pytest.mark.django_db
def test_the_command_says_what_it_leaves_out_and_writes_the_same(aoba, told, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("UPSTANDER_LANG", "en-GB")
    concern, _case = told
    sora, file = aoba.pupils["例田 空"], tmp_path / "own.zip"
    do(aoba, "grade-head", concern, "note-added", NOON, about={}, fields={"note": "例田 空のことかもしれない"})
    with at(aoba, NOON):
        assert cli.main(["own-data", sora.name, str(file)]) == 2
        assert "would be left out" in capsys.readouterr().err
        assert cli.main(["own-data", sora.name, str(file), "--reason", "told in confidence"]) == 0
        assert cli.main(["own-data", "nobody", str(file)]) == 2
    data = json.loads(zipfile.ZipFile(file).read("own-data.json"))
    assert data["records left out"] == {"number": 1, "reason": "told in confidence"}
    assert [each["number"] for each in data["records"]] == [told[1].number]
