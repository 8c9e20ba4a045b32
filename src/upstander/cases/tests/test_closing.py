"""A case from the first steps to its end: closed when the criteria hold, opened again when they no longer do."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest

from upstander.cases.tests.story import at, day, do, listened, tell, triage
from upstander.people.packs import pack_of

pytestmark = pytest.mark.django_db


def codes(place, options: str) -> list[str]:
    return list(pack_of(place.school).options[options])


@pytest.fixture
def settled(aoba):
    """A case that was looked into and is no bullying: every step done, the reason explained at home."""
    child = str(aoba.pupils["見本はるか"].id)
    both = [str(aoba.staff[role].id) for role in ("homeroom-teacher", "grade-head")]
    concern = tell(aoba)
    do(aoba, "grade-head", concern, "acknowledged", day(11, 10), fields={"words": "読みました。"})
    case = triage(aoba, "grade-head", concern, day(11, 10, 20), {"target": [child]})
    target, met = {"target": [child]}, {"target": [child], "staff": both}
    visit = {"how": "home-visit", "told": ["facts"]}
    safety = codes(aoba, "safety-measures")[:1]
    do(aoba, "nurse", case, "made-safe", day(11, 11), about=target, fields={"measures": safety})
    do(
        aoba,
        "homeroom-teacher",
        case,
        "talked-with-target",
        day(11, 13),
        about=met,
        fields={"pain": "no", "words": "もう大丈夫。", "said": ["protect", "not-your-fault", "secret"]},
    )
    do(aoba, "homeroom-teacher", case, "parents-told", day(11, 18), about=met, fields=visit)
    do(aoba, "grade-head", case, "grade-conferred", day(11, 17), fields={"first-steps": "見守る", "passed-on": "yes"})
    do(aoba, "grade-head", case, "lead-named", day(12, 9), about={"case-lead": both[:1]})
    times = codes(aoba, "presence-times")[:1]
    do(aoba, "grade-guidance", case, "presence-arranged", day(12, 9), about={"staff": both}, fields={"times": times})
    do(aoba, "grade-guidance", case, "facts-established", day(12, 10), fields={"who": "一人", "complete": "yes"})
    decided = {"relation": "no", "effect": "yes", "pain": "no", "decision": "not-recognised", "reason": "関係がない。"}
    do(aoba, "guidance-lead", case, "definition-decided", day(12, 15), about=target, fields=decided)
    do(
        aoba,
        "homeroom-teacher",
        case,
        "parents-told",
        day(12, 18),
        about=met,
        fields={"how": "home-visit", "told": ["decision", "findings"]},
    )
    return case


def test_it_is_closed_by_whoever_decides_it_and_by_nobody_else(aoba, settled):
    when = day(13, 12)
    data = {"submit_key": uuid4().hex, "reason": "条件がそろった。"}
    with at(aoba, when):
        principal, head = aoba.client("principal"), aoba.client("grade-head")
        page = principal.get(aoba.url(f"cases/{settled.id}/closing"))
        refused = head.post(aoba.url(f"cases/{settled.id}/do/close"), data)
        closed = principal.post(aoba.url(f"cases/{settled.id}/do/close"), data, follow=True)

    assert page.context["closable"], [line.label for line in page.context["criteria"] if not line.holds]
    assert refused.status_code in (403, 409)
    assert closed.status_code == 200
    assert "終結しました" in closed.content.decode()
    settled.refresh_from_db()
    assert settled.closed


def test_a_closed_case_leaves_the_open_register_and_can_be_opened_again(aoba, settled):
    with at(aoba, day(13, 12)):
        principal = aoba.client("principal")
        principal.post(aoba.url(f"cases/{settled.id}/do/close"), {"submit_key": uuid4().hex, "reason": "そろった。"})
        listed = principal.get(aoba.url("cases/"))
        under_closed = principal.get(aoba.url("cases/"), {"show": "closed"})
    with at(aoba, day(14, 9)):
        again = aoba.client("principal").post(
            aoba.url(f"cases/{settled.id}/do/reopen"),
            {"submit_key": uuid4().hex, "reason": "新しい話があった。"},
            follow=True,
        )

    with at(aoba, day(14, 9, 5)):
        aoba.client("principal").get(aoba.url(f"cases/{settled.id}"))
    assert settled.number not in listed.content.decode()
    assert settled.number in under_closed.content.decode()
    assert again.status_code == 200
    assert "に終結しました" not in again.content.decode()
    settled.refresh_from_db()
    assert not settled.closed


def test_a_clock_that_began_anew_says_how_far_it_had_come(aoba, told):
    _concern, case = told
    child = {"target": [str(aoba.pupils["見本はるか"].id)]}
    recognised = {
        "relation": "yes",
        "effect": "yes",
        "pain": "yes",
        "decision": "recognised",
        "reason": "三つがそろう。",
    }
    listened(aoba, case, day(12, 13))
    do(aoba, "guidance-lead", case, "definition-decided", day(14, 16), about=child, fields=recognised)
    new_act = {"harm": codes(aoba, "harm")[:1], "words": "また外された。"}
    do(aoba, "homeroom-teacher", case, "act", datetime(2026, 7, 2, 12, 0), about=child, fields=new_act)

    with at(aoba, datetime(2026, 7, 3, 12, 0)):
        text = aoba.client("principal").get(aoba.url(f"cases/{case.id}/closing")).content.decode()

    assert "48日で中断" in text
    assert "10月2日" in text
