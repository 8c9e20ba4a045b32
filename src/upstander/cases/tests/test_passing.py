"""What a teller adds after the decision: the case hears at once that it came, and what, once somebody read it; never from whom."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from upstander.access import viewer as viewers
from upstander.cases.tests.story import at, day, do
from upstander.records import actions, queries
from upstander.records.models import Event, Notice, StoredFile

pytestmark = pytest.mark.django_db
WORDS = "きょうもありました。わたしは同じクラスのさくらです。"
CLEAN = "きょうもありました。"


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "#336699").save(out, format="PNG")
    return SimpleUploadedFile("shot.png", out.getvalue(), content_type="image/png")


def add(place, concern, when):
    with at(place, when):
        teller = viewers.teller(place.school, when.date(), concern.id)
        actions.record(teller, concern, "told-more", fields={"what": WORDS}, files=[picture()])


def open_rules(place, record, when):
    with at(place, when):
        return {duty.rule for duty in queries.picture_of(record, when).duties if duty.state.open}


def test_the_case_hears_at_once_that_more_was_told_and_not_what(aoba, told):
    concern, case = told
    add(aoba, concern, day(11, 15))

    came = case.events.get(kind="more-told")
    with at(aoba, day(11, 15)):
        lead = aoba.client("homeroom-teacher").get(aoba.url(f"cases/{case.id}"))

    assert (came.by_person, came.by_role, came.about, came.fields, came.sealed) == (None, "teller", {}, {}, {})
    assert "pass-on-more" in open_rules(aoba, concern, day(11, 15))
    assert Notice.objects.filter(record=case, event=came.id, person=aoba.staff["grade-head"].id).exists()
    assert "さくら" not in lead.content.decode()


def test_who_may_read_the_concern_reads_what_was_added_beside_the_case_and_it_is_a_reading_of_the_concern(aoba, told):
    concern, case = told
    add(aoba, concern, day(11, 15))

    with at(aoba, day(11, 15, 10)):
        page = aoba.client("grade-head").get(aoba.url(f"cases/{case.id}"))
    [source] = page.context["sources"]
    [added] = source.added

    assert (added.text, [file.label for file in added.files]) == (WORDS, ["shot.png"])
    assert source.act.url == aoba.url(f"cases/{concern.id}/do/passed-on")
    assert concern.readings.filter(person=aoba.staff["grade-head"].id).exists()


def test_passed_on_it_stands_in_the_case_with_its_file_and_without_its_source(aoba, told):
    concern, case = told
    add(aoba, concern, day(11, 15))
    address = aoba.url(f"cases/{concern.id}/do/passed-on")
    with at(aoba, day(11, 16)):
        client = aoba.client("contact")
        form = client.get(address)
        sent = {
            "what": CLEAN,
            "staying_asked": "1",
            "staying": [each.id for each in form.context["staying"]],
            "submit_key": form.context["submit_key"],
        }
        answer = client.post(address, sent)
        lead = aoba.client("homeroom-teacher").get(aoba.url(f"cases/{case.id}/record"))
        case.refresh_from_db()
        came = case.events.get(kind="more-received")
        copied = StoredFile.objects.get(event=came)
        shown = aoba.client("homeroom-teacher").get(aoba.url(f"cases/{case.id}/files/{copied.id}"))
        again = aoba.client("grade-head").get(aoba.url(f"cases/{case.id}"))

    assert (form.context["form"]["what"].value(), answer.status_code) == (WORDS, 302)
    assert queries.opened(case, came, "what") == CLEAN
    assert "さくら" not in lead.content.decode()
    assert CLEAN in lead.content.decode()
    assert "source-kind" not in came.fields
    assert came.by_person == aoba.staff["contact"].id
    assert shown.getvalue().startswith(b"\x89PNG")
    assert [source.added for source in again.context["sources"]] == [()]
    assert "heed-more" in open_rules(aoba, case, day(11, 16))
    assert "pass-on-more" not in open_rules(aoba, concern, day(11, 16))
    do(aoba, "homeroom-teacher", case, "note-added", day(11, 17), fields={"note": "今日も休み時間に声をかけた。"})
    assert "heed-more" not in open_rules(aoba, case, day(11, 17))


def test_what_was_added_before_the_decision_goes_along_with_it(aoba):
    from upstander.cases import actions as cases
    from upstander.cases.tests.story import tell
    from upstander.people.packs import pack_of

    concern = tell(aoba)
    add(aoba, concern, day(11, 10))
    with at(aoba, day(11, 11)):
        viewer = aoba.viewer("grade-head", day(11).date())
        about = {"target": [str(aoba.pupils["見本はるか"].id)]}
        decided = cases.Triage(decision="new-case", reason="安全のため", pass_on=["what", "files"], about=about)
        found = queries.get(viewer, concern.id, log=False)
        case = cases.triage(viewer, aoba.school, pack_of(aoba.school, day(11).date()), found, decided)
    came = Event.objects.get(record=case, kind="concern-received")

    assert queries.opened(case, came, "what").endswith(WORDS)
    assert StoredFile.objects.filter(event=came).count() == 1
    assert queries.added_since([concern]) == {}
