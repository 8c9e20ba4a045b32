"""Recording through the pack's forms: what counts, what does not, what is stopped, what is put right."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest

from upstander.cases.tests.school import staff
from upstander.cases.tests.story import at, day, do, listened, tell

pytestmark = pytest.mark.django_db
AFTERNOON = datetime(2026, 5, 11, 16, 40)


def sent(when: datetime = AFTERNOON, **fields):
    """What a form sends: the moment, a submit key, the fields."""
    return {
        "submit_key": uuid4().hex,
        "at_0": when.date().isoformat(),
        "at_1": when.strftime("%H:%M"),
        **{
            name.replace("_", "-") if name not in ("at_0", "at_1", "submit_key") else name: value
            for name, value in fields.items()
        },
    }


def post(place, role: str, path: str, data, when: datetime = AFTERNOON, follow: bool = False):
    with at(place, when):
        return place.client(role).post(place.url(path), data, follow=follow)


def child(place, name: str = "見本はるか") -> str:
    return str(place.pupils[name].id)


def call(place, **more):
    """A telephone call to the parents of the child."""
    both = [str(place.staff["homeroom-teacher"].id), str(place.staff["grade-head"].id)]
    return sent(how="phone", told=["meeting"], **{"about-target": child(place), "about-staff": both}, **more)


def first_option(place, options: str) -> str:
    from upstander.people.packs import pack_of

    return next(iter(pack_of(place.school).options[options]))


def test_a_phone_call_does_not_count_for_the_visit_and_the_page_says_so(aoba, told):
    _concern, case = told
    data = call(aoba) | {"told": first_option(aoba, "told-points")}

    found = post(aoba, "homeroom-teacher", f"cases/{case.id}/do/parents-told", data, follow=True)
    text = found.content.decode()

    assert found.status_code == 200
    [miss] = found.context["recorded"].misses
    assert "電話" in miss.sentence
    assert "保護者に直接会って伝える" in miss.sentence
    assert miss.clauses[0].id == "JP-F.7a"
    assert miss.deed is not None
    assert "家庭訪問" in miss.counts
    assert miss.sentence in text.replace("&quot;", '"')


def test_a_visit_counts_and_settles_the_step(aoba, told):
    _concern, case = told
    data = call(aoba) | {"how": "home-visit", "told": first_option(aoba, "told-points")}

    found = post(aoba, "homeroom-teacher", f"cases/{case.id}/do/parents-told", data, follow=True)

    assert found.context["recorded"].misses == []
    assert "保護者に直接会って伝える" in found.context["recorded"].lines[0]


def test_sending_a_form_twice_records_once(aoba, told):
    _concern, case = told
    data = sent(note="昼休みに教室を見回った。")

    first = post(aoba, "grade-head", f"cases/{case.id}/do/note-added", data)
    second = post(aoba, "grade-head", f"cases/{case.id}/do/note-added", data)

    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert case.events.filter(kind="note-added").count() == 1


def test_an_error_keeps_everything_that_was_typed(aoba, told):
    _concern, case = told
    data = call(aoba) | {"how": "", "words": "夕方に会う約束をした。"}

    found = post(aoba, "homeroom-teacher", f"cases/{case.id}/do/parents-told", data)

    assert found.status_code == 422
    assert "夕方に会う約束をした。" in found.content.decode()
    assert child(aoba) in [choice.value for name in found.context["names"] for choice in name.choices if choice.checked]
    assert case.events.filter(kind="parents-told").count() == 0


def test_nothing_happens_in_the_future(aoba, told):
    _concern, case = told
    data = sent(datetime(2026, 5, 12, 9, 0), note="明日のこと")

    found = post(aoba, "grade-head", f"cases/{case.id}/do/note-added", data)

    assert found.status_code == 422
    assert found.context["problems"]


def hearing(place, **more):
    names = {
        "about-actor": [child(place, "例田 空"), child(place, "仮名 うみ")],
        "about-staff": str(place.staff["nurse"].id),
    }
    return sent(round="first", apart="yes", account="二人で話した。", read_back="yes", **names, **more)


def test_a_stopped_step_says_why_what_would_do_and_keeps_what_was_written(aoba, told):
    _concern, case = told

    found = post(aoba, "grade-guidance", f"cases/{case.id}/do/hearing-held", hearing(aoba))
    text = found.content.decode()

    assert found.status_code == 409
    assert "複数の生徒を一緒に聴かない" in text
    assert "二人で話した。" in text
    assert found.context["stop"]["limits"][0].clauses
    assert case.events.filter(kind="hearing-held").count() == 0


def test_what_has_already_happened_can_be_recorded_with_a_reason(aoba, told):
    _concern, case = told
    path = f"cases/{case.id}/do/hearing-held"

    without = post(aoba, "grade-guidance", path, hearing(aoba) | {"happened": "1"})
    recorded = post(
        aoba, "grade-guidance", path, hearing(aoba) | {"happened": "1", "anyway": "廊下で二人に会った。"}, follow=True
    )

    assert without.status_code == 409
    assert without.context["anyway_error"]
    assert recorded.status_code == 200
    assert "廊下で二人に会った。" in recorded.content.decode()
    assert "複数の生徒を一緒に聴かない" in recorded.content.decode()


def test_somebody_who_may_only_read_cannot_open_a_form(aoba, told):
    _concern, case = told
    counsellor = staff(aoba, "academic-lead", "教務 主任")

    with at(aoba, AFTERNOON):
        found = aoba.client("academic-lead").get(aoba.url(f"cases/{case.id}/do/parents-told"))

    assert counsellor is not None
    assert found.status_code == 404


def test_a_kind_that_the_post_may_not_record_is_refused(aoba, told):
    _concern, case = told

    with at(aoba, AFTERNOON):
        found = aoba.client("nurse").get(aoba.url(f"cases/{case.id}/do/measure-decided"))

    assert found.status_code == 403


def test_a_correction_shows_both_versions(aoba, told):
    _concern, case = told
    event = do(aoba, "grade-head", case, "note-added", day(11, 13), fields={"note": "体育のあと"})
    data = sent(day(11, 13), note="部活のあと") | {"reason_why": "聞き違い"}

    found = post(aoba, "grade-head", f"cases/{case.id}/events/{event.id}/correct", data, follow=True)
    text = found.content.decode()

    assert "部活のあと" in text
    assert "<s>体育のあと</s>" in text
    assert case.events.filter(kind="void").count() == 1


def test_a_correction_without_a_reason_is_asked_for_one(aoba, told):
    _concern, case = told
    event = do(aoba, "grade-head", case, "note-added", day(11, 13), fields={"note": "体育のあと"})

    found = post(aoba, "grade-head", f"cases/{case.id}/events/{event.id}/correct", sent(day(11, 13), note="部活のあと"))

    assert found.status_code == 422
    assert case.events.filter(kind="void").count() == 0


def test_finding_somebody_sends_the_form_back_with_what_was_typed(aoba, told):
    _concern, case = told
    data = call(aoba) | {"look": "1", "find": "うみ", "words": "まだ途中"}

    found = post(aoba, "homeroom-teacher", f"cases/{case.id}/do/parents-told", data)

    assert found.status_code == 200
    assert "仮名 うみ" in found.content.decode()
    assert "まだ途中" in found.content.decode()
    assert case.events.filter(kind="parents-told").count() == 0


def test_closing_before_its_time_is_stopped_and_says_what_is_missing(aoba, told):
    _concern, case = told

    found = post(aoba, "principal", f"cases/{case.id}/do/close", {"submit_key": uuid4().hex, "reason": "落ち着いた。"})

    assert found.status_code == 409
    assert "行為が止んでいる" in found.content.decode()


def test_the_page_of_closing_says_from_when_the_clock_runs(aoba, told):
    _concern, case = told
    listened(aoba, case, day(12, 13))
    do(
        aoba,
        "guidance-lead",
        case,
        "definition-decided",
        day(14, 16),
        about={"target": [child(aoba)]},
        fields={
            "relation": "yes",
            "effect": "yes",
            "pain": "yes",
            "decision": "recognised",
            "reason": "三つがそろう。",
        },
    )

    with at(aoba, day(20, 12)):
        text = aoba.client("principal").get(aoba.url(f"cases/{case.id}/closing")).content.decode()

    assert "5月14日" in text
    assert "8月14日" in text


def test_triage_can_join_an_open_case_and_is_sent_once(aoba, told):
    _concern, case = told
    second = tell(aoba, day(11, 12))
    do(aoba, "grade-head", second, "acknowledged", day(11, 12, 30), fields={"words": "読みました。"})
    data = {
        "submit_key": uuid4().hex,
        "decision": "joins-case",
        "case": str(case.id),
        "reason": "同じことについてです。",
        "pass-on": ["what"],
        "about-target": child(aoba),
    }

    first = post(aoba, "grade-head", f"concerns/{second.id}/triage", data)
    again = post(aoba, "grade-head", f"concerns/{second.id}/triage", data)

    assert first.status_code == again.status_code == 302
    assert case.events.filter(kind="concern-received").count() == 2


def test_triage_asks_for_what_is_missing_and_keeps_the_rest(aoba):
    concern = tell(aoba)
    do(aoba, "grade-head", concern, "acknowledged", day(11, 10), fields={"words": "読みました。"})

    found = post(
        aoba, "grade-head", f"concerns/{concern.id}/triage", {"decision": "new-case", "reason": "", "pass-on": ["what"]}
    )

    assert found.status_code == 422
    assert {problem.id for problem in found.context["problems"]} == {"id_reason", "id_about_target"}


def test_a_new_case_can_be_opened_about_somebody_from_outside(aoba):
    concern = tell(aoba)
    do(aoba, "grade-head", concern, "acknowledged", day(11, 10), fields={"words": "読みました。"})
    data = {
        "submit_key": uuid4().hex,
        "decision": "new-case",
        "reason": "安全のため",
        "about-target": "",
        "outside_name": "となりの学校の人",
        "outside_role": "actor",
        "outside_relation": "塾が同じ",
    }

    found = post(aoba, "principal", f"concerns/{concern.id}/triage", data, follow=True)

    assert found.status_code == 200
    assert "となりの学校の人" in found.content.decode()


def test_a_step_may_be_put_off_only_by_the_posts_that_the_pack_names(aoba, told):
    _concern, case = told
    path = f"cases/{case.id}/duties/decide-definition/extend"
    data = {"to": "2026-05-20", "reason": "本人が休んでいる。", "submit_key": uuid4().hex}

    refused = post(aoba, "grade-head", path, data)
    allowed = post(aoba, "vice-principal", path, data)

    assert refused.status_code == 404
    assert allowed.status_code == 302
    assert case.events.filter(kind="extend").count() == 1


def test_why_a_step_is_asked_leads_to_clause_and_event(aoba, told):
    _concern, case = told

    with at(aoba, AFTERNOON):
        found = aoba.client("grade-head").get(aoba.url(f"cases/{case.id}/why/meet-parents"))
    text = found.content.decode()

    assert found.status_code == 200
    assert "知らせが届いた" in text
    assert found.context["step"].clauses[0].id == "JP-F.7a"
    others = found.context["not_asked"]
    assert others
    assert all(other.label and other.why for other in others)
    assert others[0].why in text
