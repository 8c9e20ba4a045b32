"""The end of a record's time on its pages: held with a reason, destroyed with a certificate, handed over with a receipt."""

from __future__ import annotations

import io
import json
import re
from datetime import datetime

import pytest

from upstander.access.models import OfficeEntry
from upstander.cases.tests.story import at
from upstander.records import actions
from upstander.records.bundle import verify_bundle
from upstander.records.keeping import periods, telling
from upstander.records.models import Destruction, HandOver, Hold, Reading, Record
from upstander.vault import age

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 11, 12, 0)


@pytest.fixture
def over(aoba, told) -> datetime:
    """The minute after the time of a closed case."""
    _concern, case = told
    with at(aoba, NOON):
        actions.record(aoba.viewer("principal"), case, "close", fields=_fields(), happened_anyway="for this test")
        (standing,) = (each for each in periods.look(aoba.school, NOON) if each.record.id == case.id)
    return standing.until


def _fields() -> dict[str, str]:
    return {"reason": "over"}


def text(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def test_what_ends_is_announced_held_let_go_and_destroyed_with_a_certificate(aoba, told, over):
    concern, case = told
    own = aoba.url(f"cases/{case.id}/keeping")
    with at(aoba, over):
        telling.tell(aoba.school)
        head = aoba.client("principal")
        assert aoba.url("keeping/") in text(head, aoba.url("today"))
        assert aoba.url("keeping/") not in text(aoba.client("teacher"), aoba.url("today"))
        assert case.number in text(head, aoba.url("keeping/"))

        assert head.post(own, {"deed": "hold", "reason": "裁判"}).status_code == 422
        assert head.post(own, {"deed": "hold", "reason": "裁判所からの求めがあります"}).status_code == 302
        held = Hold.objects.get(record=case)
        assert "裁判所からの求めがあります" in text(head, aoba.url("keeping/"))
        value = value_of(case)
        head.post(aoba.url("keeping/destroy"), {"record": value})
        assert Record.objects.filter(id=case.id).exists()

        assert head.post(own, {"deed": f"end:{held.id}", "because": "裁判が終わりました"}).status_code == 302
        assert value in text(head, aoba.url("keeping/destroy"))
        assert head.post(aoba.url("keeping/destroy")).status_code == 422
        assert head.post(aoba.url("keeping/destroy"), {"record": value}).status_code == 302
        certificates = Destruction.objects.all()
        assert {each.record_id for each in certificates} == {case.id, concern.id}
        page = text(head, aoba.url("keeping/"))
        for each in certificates:
            assert each.said["by"] == aoba.staff["principal"].name
            assert str(each.id) in page
            paper = head.get(aoba.url(f"keeping/certificates/{each.id}"))
            assert paper.content.startswith(b"%PDF")
            signed = json.loads(head.get(aoba.url(f"keeping/certificates/{each.id}?form=json")).content)
            assert signed["said"] == each.said
        assert head.get(own).status_code == 404
        assert telling.waiting_for(aoba.viewer("principal", over.date())) == telling.Waiting()
    done = [row.deed for row in OfficeEntry.objects.order_by("at", "id") if row.deed.startswith("record-")]
    assert sorted(done) == ["record-destroyed", "record-destroyed", "record-held", "record-let-go"]


def value_of(case) -> str:
    found = Record.objects.get(id=case.id)
    return f"{found.id}:{found.head}"


def test_the_sealed_file_and_the_hand_over_hold_and_their_making_is_on_record(aoba, told, tmp_path):
    _concern, case = told
    key = tmp_path / "their.key"
    public = age.new_identity(key)
    with at(aoba, NOON):
        head = aoba.client("principal")
        made = head.post(aoba.url(f"cases/{case.id}/bundle"), {"reader": "own"})
        assert verify_bundle.check(made.content)[0] == []
        wrong = head.post(aoba.url(f"cases/{case.id}/hand-over"), {"receiver": "例第二中", "key": "age1nothing"})
        assert wrong.status_code == 422
        sealed = head.post(aoba.url(f"cases/{case.id}/hand-over"), {"receiver": "例第二中", "key": public})
        out = io.BytesIO()
        age.decrypt(io.BytesIO(sealed.content), out, age.identities(key))
        assert verify_bundle.check(out.getvalue())[0] == []
        own = aoba.url(f"cases/{case.id}/keeping")
        handed = HandOver.objects.get()
        page = text(head, own)
        assert "例第二中" in page
        (receipt,) = re.findall(r'href="([^"]*/receipts/[^"]*)"', page)
        assert json.loads(head.get(receipt).content)["said"]["to"] == public
        assert head.post(own, {"deed": f"arrived:{handed.id}", "said": "例第二中の教頭"}).status_code == 302
        assert "例第二中の教頭" in text(head, own)
        assert "bundle" in {row.what for row in Reading.objects.filter(record=case)}
        assert f"handover:{public}" in {row.what for row in Reading.objects.filter(record=case)}
    assert [row.deed for row in OfficeEntry.objects.filter(deed__startswith="record-").order_by("at", "id")] != []


@pytest.mark.parametrize("path", ["keeping", "bundle", "hand-over"])
def test_whoever_only_works_in_a_case_neither_takes_it_out_nor_keeps_it(aoba, told, path):
    _concern, case = told
    with at(aoba, NOON):
        assert aoba.client("homeroom-teacher").get(aoba.url(f"cases/{case.id}/{path}")).status_code == 403
        assert aoba.client("teacher").get(aoba.url(f"cases/{case.id}/{path}")).status_code == 404
        assert (
            aoba.client("grade-head").post(aoba.url("keeping/destroy"), {"record": value_of(case)}).status_code == 403
        )
