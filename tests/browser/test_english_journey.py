"""From a telephone without JavaScript to a closed case at the English school, and a new act that opens it again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import steps
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
SCHOOL = "larkrise"
TARGET = "Sage Hollow"
ACTOR = "Perry Wold"
WORDS = "They wait at the lockers and say things about me every day."

TOLD = {
    "openness": "anonymous",
    "who": "pupil.to-me",
    "safe-now": "yes",
    "place": "corridor",
    "since": "some-weeks",
    "before": "before",
    "wish": "stop",
}
SAFE = {"now": "yes", "until-home": "yes", "way-home": "yes", "measures": ["stayed-with"]}
LISTENED = {
    "apart": "yes",
    "right-to-tell": "yes",
    "not-to-blame": "yes",
    "what": "Names at the lockers, every day for three weeks.",
    "before": "before",
    "where": ["corridor"],
}
HOME = {"stage": "concern", "how": "phone", "told": "What we have heard, in the words that we agreed."}
INCIDENT = {
    "account": "Names at the lockers, several times a week.",
    "forms": ["words"],
    "where-when": "in-school",
    "online": "no",
    "possible-offence": "no",
}
DEFINITION = {
    "hurt": "yes",
    "intended": "yes",
    "repeated": "yes",
    "imbalance": "yes",
    "decision": "bullying",
    "reason": "Two accounts agree; it was meant and it went on for weeks.",
}
SUPPORT = {
    "measures": ["regular-talk"],
    "agreed-with": ["tutor"],
    "review-on": "2026-12-08",
}


def write_incident(lead: Visitor, case: str) -> None:
    """What is known so far. Whoever writes it has not seen it."""
    lead.go(f"{case}/do/incident-recorded")
    steps.tick_people(lead, {"target": TARGET, "actor": ACTOR})
    for box in lead.page.locator("input[name='about-staff-witness']:checked").all():
        box.uncheck(force=True)
    steps.fill(lead, INCIDENT)
    steps.send(lead)


def hear_and_decide(lead: Visitor, case: str) -> None:
    """What the lead of the case does until it is decided: colleagues, the account of the other side, the definition."""
    for kind, fields, people in (
        ("staff-informed", {"who": ["tutor", "teachers"], "brief": "Be at the lockers at change of lessons."}, {}),
        (
            "account-taken",
            {"account": "“It was only banter.”", "statement": "noted", "checked-together": "yes"},
            {"actor": ACTOR},
        ),
        ("definition-decided", DEFINITION, {"target": TARGET, "actor": ACTOR}),
    ):
        steps.do(lead, case, kind, fields, people)


def put_right(lead: Visitor, case: str) -> None:
    """What follows from the decision, for the one and for the other."""
    for kind, fields, people in (
        ("next-steps-explained", {"words": "We have decided that it is bullying and it stops."}, {"target": TARGET}),
        ("parents-told", {**HOME, "stage": "decision"}, {"target": TARGET}),
        ("actor-talked", {"behaviour": "The names at the lockers.", "not-acceptable": "yes"}, {"actor": ACTOR}),
        ("parents-told", {**HOME, "stage": "decision"}, {"actor": ACTOR}),
        ("support-planned", SUPPORT, {"target": TARGET}),
        (
            "sanction-decided",
            {"sanction": "detention", "consulted": ["target", "actor"], "reason": "As in like cases."},
            {"actor": ACTOR},
        ),
        ("change-planned", {"measures": ["talks"]}, {"actor": ACTOR}),
        ("restorative-prepared", {"agrees": "no"}, {"target": TARGET}),
    ):
        steps.do(lead, case, kind, fields, people)


def watch(lead: Visitor, case: str) -> None:
    """Seven weeks of asking whether it has stopped."""
    asked = {"again": "no", "feels": "all-right", "way": "talk"}
    for at in ("2026-12-01T10:00", "2026-12-15T10:00", "2026-12-29T10:00", "2027-01-05T10:00"):
        lead.move_clock(SCHOOL, at)
        if at == "2026-12-15T10:00":
            reviewed = {"helps": "yes", "words": "It is good to have somebody.", "goes-on": "no"}
            steps.do(lead, case, "support-reviewed", reviewed, {"target": TARGET})
        steps.do(lead, case, "checked-with-pupil", asked, {"target": TARGET})


def is_stopped_from_telling_home(teacher: Visitor, case: str) -> None:
    """What stands against the pupil's confidence is not recorded; the page names the clause and keeps what was written."""
    page = teacher.page
    teacher.go(f"{case}/do/parents-told")
    row = page.locator("label:has(input[name='about-target'])", has_text=TARGET)
    row.locator("input").first.check(force=True)
    steps.fill(teacher, HOME)
    page.locator("main form button.main").last.click()
    page.wait_for_load_state()
    guard = page.locator("section.guard")
    assert guard.count() == 1
    assert guard.locator("a[href*='GBS-9.15']").count()
    assert page.locator("textarea[name='told']").input_value() == HOME["told"]
    teacher.go(f"{case}/record")
    assert HOME["told"] not in teacher.main()


def may_not_be_closed(lead: Visitor, case: str) -> None:
    """Before six quiet weeks the page says what is missing, and closing is stopped."""
    lead.go(f"{case}/closing")
    assert "It cannot be closed yet." in lead.main()
    lead.go(f"{case}/do/close")
    steps.fill(lead, {"reason": "It is quiet now."})
    lead.follow(lead.page.locator("main form button.main").last)
    assert lead.page.locator("section.guard a[href*='GBS-9.7']").count()


def read_back(child: Visitor, receipt: list[str]) -> str:
    """Come back with the receipt; returns what the page says."""
    child.go(f"/{SCHOOL}/back")
    child.page.fill("main textarea", " ".join(receipt))
    child.follow(child.page.locator("main button.main").first)
    return child.main()


def test_from_a_telephone_without_script_to_a_case_that_opens_again(visitor: Callable[..., Visitor]) -> None:
    """Told, answered, listened to, not outed at home, decided, watched for six quiet weeks, closed, and opened again."""
    child = visitor("en-GB", phone=True, scripts=False)
    receipt = steps.tell(child, SCHOOL, WORDS, TOLD)
    assert len(receipt) == 8
    assert child.context.cookies() == []

    lead = visitor("en-GB")
    lead.be("Ms Quill")
    steps.open_newest_concern(lead, SCHOOL)
    assert WORDS in lead.main()
    steps.acknowledge(lead, "Thank you for telling us. Mr Thistle finds you before lunch.")
    concern = lead.page.url.removeprefix(lead.site.url).partition("?")[0].replace("/concerns/", "/cases/")
    people = {"target": TARGET, "actor": ACTOR}
    steps.open_case(lead, "Every day for weeks.", people, ["what", "place", "since"])
    case = steps.case_of(lead, SCHOOL, TARGET)

    teacher = visitor("en-GB", phone=True)
    teacher.be("Mr Thistle")
    steps.do(teacher, case, "safety-settled", SAFE, {"target": TARGET})
    steps.do(teacher, case, "listened", LISTENED, {"target": TARGET})
    wish = {"wish": "That it stops, and that nobody at home hears why.", "at-home": "not-why"}
    steps.do(teacher, case, "wish-recorded", wish, {"target": TARGET})
    explained = {"words": "We hear Perry alone. We agree with you what is said at home."}
    steps.do(teacher, case, "next-steps-explained", explained, {"target": TARGET})

    is_stopped_from_telling_home(teacher, case)
    agreed = {"agreed": "yes", "words": "There was unkindness at the lockers and it is being dealt with."}
    steps.do(teacher, case, "home-words-agreed", agreed, {"target": TARGET})
    steps.do(teacher, case, "parents-told", HOME, {"target": TARGET})
    teacher.go(f"{case}/record")
    assert HOME["told"] in teacher.main()

    steps.do(lead, case, "lead-named", {}, {"case-lead": "Ms Quill"})
    write_incident(lead, case)
    safeguarding = visitor("en-GB")
    safeguarding.be("Dr Fennel")
    looked = {"answer": "together", "significant-harm": "no", "reason": "What is said at home needs care."}
    steps.do(safeguarding, case, "safeguarding-looked", looked)
    hear_and_decide(lead, case)
    put_right(teacher, case)
    steps.do(lead, concern, "step-shared", {"words": "Everybody was heard, and it has been made clear that it stops."})

    may_not_be_closed(lead, case)
    watch(teacher, case)
    steps.do(lead, case, "close", {"reason": "Seven weeks without a new act, and Sage says that it has stopped."})
    lead.go(f"/s/{SCHOOL}/cases/?show=closed")
    assert TARGET in lead.main()
    assert "made clear that it stops" in read_back(child, receipt)

    lead.move_clock(SCHOOL, "2027-01-18T10:00")
    again = {"what": "The same words at the lockers again.", "forms": ["words"]}
    steps.do(teacher, case, "act-reported", again, {"target": TARGET, "actor": ACTOR})
    lead.go(case)
    assert "Open the case again" in lead.main()
    steps.do(lead, case, "reopen", {"reason": "It has begun again."})
    lead.move_clock(SCHOOL, "2027-01-18T10:30")
    lead.go(f"/s/{SCHOOL}/cases/?show=open")
    assert TARGET in lead.main()
