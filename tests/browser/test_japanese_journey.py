"""From a telephone to a closed case at the Japanese school, as a newcomer would try it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import steps
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
SCHOOL = "aoba"
NAME = "ひばり"
BOTH = ["仮井 蓮", "見本 榎"]
"""The policy asks for two at a visit."""

TOLD = {
    "openness": "anonymous",
    "who": "pupil.saw-it",
    "safe-now": "yes",
    "place": "classroom",
    "since": "some-weeks",
    "wish": "stop-it",
}


SHEET = {"again": "no", "pain": "no", "place": "yes", "talk": "no"}


def card_words(teacher: Visitor, class_name: str, pupil: str) -> str:
    """Print a card for one pupil, as the class teacher does."""
    teacher.go(f"/s/{SCHOOL}/classes/")
    teacher.page.get_by_role("link", name=class_name).click()
    row = teacher.page.locator("ul.answers li", has_text=pupil)
    teacher.follow(row.locator("button[value=new]"))
    return " ".join(teacher.page.locator("ol.words li").all_inner_texts())


def write_sheet(child: Visitor, words: str) -> None:
    """Come in with the card, write the month's sheet, go out again."""
    child.go(f"/card/?school={SCHOOL}")
    child.page.fill("[name=words]", words)
    child.follow(child.page.locator("main button.main"))
    if not child.page.locator("main [name='pain']").count():
        child.follow(child.page.locator("main a.button").first)
    steps.fill(child, SHEET)
    steps.send(child)


def month_of_watching(at: str, teacher: Visitor, child: Visitor, case: str, words: str) -> None:
    """One month: the child's sheet, the talk about it, the parents asked."""
    teacher.move_clock(SCHOOL, at)
    write_sheet(child, words)
    steps.do(
        teacher, case, "checked-with-child", {"how": ["talk", "sheet"], "again": "no", "pain": "no"}, {"target": NAME}
    )
    steps.do(teacher, case, "checked-with-parents", {"how": "phone", "at-ease": "yes"}, {"target": NAME})


def everybody_does_their_part(visitor: Callable[..., Visitor], head: Visitor, teacher: Visitor, case: str) -> None:
    """What the policy asks of the others, in the first days."""
    lead = visitor("ja")
    lead.be("空見 檀")
    deputy = visitor("ja")
    deputy.be("見本 桐子")
    nurse = visitor("ja")
    nurse.be("空木 芹")
    heard = {"round": "first", "apart": "yes", "account": "「ふざけただけ」", "read-back": "yes"}
    points = ["heard", "background", "never-allowed", "responsibility", "next"]
    for who, kind, fields, people in (
        (head, "grade-conferred", {"first-steps": "一人ずつ話を聴く。", "passed-on": "yes"}, {}),
        (head, "lead-named", {}, {"case-lead": "仮井 蓮"}),
        (lead, "presence-arranged", {"times": ["breaks"]}, {"staff": "仮井 蓮"}),
        (lead, "hearing-held", heard, {"actor": "見本 湊", "staff": ["仮井 蓮", "空見 檀"]}),
        (lead, "facts-established", {"since": "some-weeks", "places": ["classroom"], "complete": "yes"}, {}),
        (lead, "shared-with-staff", {"circle": ["grade"]}, {}),
        (deputy, "committee-met", {"body": "case-meeting", "matter": ["direction"], "decided": "見守りを続ける。"}, {}),
        (
            teacher,
            "actor-parents-told",
            {"how": "school-visit", "told": ["facts", "grave"]},
            {"actor": "見本 湊", "staff": BOTH},
        ),
        (
            teacher,
            "parents-told",
            {"how": "school-visit", "told": ["findings", "support-plan"]},
            {"target": NAME, "staff": BOTH},
        ),
        (
            teacher,
            "support-planned",
            {
                "measures": ["adult-near"],
                "trusted": ["homeroom"],
                "plan": "朝と帰りに話す。",
                "shown-to": ["child", "parents"],
            },
            {"target": NAME},
        ),
        (lead, "guidance-given", {"points": points}, {"actor": "見本 湊"}),
        (teacher, "class-worked", {"scope": "class", "wish-kept": "yes", "words": "学級で話し合った。"}, {}),
        (nurse, "care-arranged", {"answer": "arranged"}, {"target": NAME}),
    ):
        steps.do(who, case, kind, fields, people)
    head.move_clock(SCHOOL, "2026-12-07T12:40")
    steps.do(teacher, case, "effect-checked", {"effect": "better"}, {"actor": "見本 湊"})


def test_from_a_dutch_telephone_to_a_closed_case(visitor: Callable[..., Visitor]) -> None:
    """Told in Dutch without an account, acknowledged, visited, recognised, watched for three months, closed, read back."""
    child = visitor("nl", phone=True)
    receipt = steps.tell(child, SCHOOL, "Ze verstoppen elke dag haar schoenen.", TOLD)
    assert len(receipt) == 8
    assert child.context.cookies() == []

    head = visitor("ja")
    head.be("見本 榎")
    steps.open_newest_concern(head, SCHOOL)
    assert "Ze verstoppen elke dag haar schoenen." in head.main()
    steps.acknowledge(head, "読みました。今日、話を聴きます。")
    steps.open_case(head, "同じ学級で続いている。", {"target": "例原 ひばり", "actor": "見本 湊"}, ["what", "place"])
    case = steps.case_of(head, SCHOOL, NAME)

    head.move_clock(SCHOOL, "2026-11-17T12:50")
    teacher = visitor("ja")
    teacher.be("仮井 蓮")
    teacher.go(case)
    assert "JP-F.7a" in teacher.page.content()
    steps.do(teacher, case, "made-safe", {"measures": ["stayed-with"]}, {"target": "ひばり"})
    said = ["protect", "not-your-fault", "secret"]
    talk = {"pain": "yes", "words": "「毎日つらい」", "said": said}
    steps.do(teacher, case, "talked-with-target", talk, {"target": "ひばり"})

    steps.do(teacher, case, "parents-told", {"how": "phone", "told": ["appointment"]}, {"target": "ひばり"})
    assert "「電話」では「保護者に直接会って伝える」を行ったことになりません" in teacher.main()
    steps.do(
        teacher,
        case,
        "parents-told",
        {"how": "home-visit", "told": ["facts", "line"]},
        {"target": "ひばり", "staff": BOTH},
    )

    definition = {
        "relation": "yes",
        "effect": "yes",
        "pain": "yes",
        "decision": "recognised",
        "reason": "本人がつらい。",
    }
    steps.do(head, case, "definition-decided", definition, {"target": NAME})
    head.go(f"{case}/closing")
    assert not head.page.locator("main form [name=reason]").count(), "nothing may be closable before three quiet months"

    everybody_does_their_part(visitor, head, teacher, case)
    child = visitor("ja", phone=True)
    words = card_words(teacher, "2年2組", NAME)
    deputy = visitor("ja")
    deputy.be("見本 桐子")
    steps.attempt(deputy, case, "close", {"reason": "落ち着いている。"})
    assert "/do/" in deputy.page.url, "before three quiet months the policy stops the closing"
    assert deputy.page.locator(".guard").count()
    for at in ("2026-12-14T15:40", "2027-01-14T15:40", "2027-02-10T15:40", "2027-03-01T15:40"):
        month_of_watching(at, teacher, child, case, words)

    steps.do(deputy, case, "close", {"reason": "三か月のあいだ行為がなく、本人も保護者も苦痛がないと答えている。"})
    deputy.go(f"/s/{SCHOOL}/cases/?show=closed")
    assert NAME in deputy.main()

    concern_reader = visitor("nl", phone=True)
    concern_reader.go(f"/{SCHOOL}/back")
    concern_reader.page.fill("main textarea, main input[type=text]", " ".join(receipt))
    concern_reader.follow(concern_reader.page.locator("main button.main").first)
    assert "読みました" in concern_reader.main()
