"""At the English primary school: a phone that nobody looks at, and a search that opens step by step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import steps
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
SCHOOL = "wrenfield"
OWNER = "Quince Rowe"
REASON = "A pupil says that there is a picture of a child without clothes on this phone."
SUSPECTED = {"device": "phone", "grounds": ["risk"], "reason": REASON, "indecent": "yes"}
SEARCHED = {"place": "Corridor, with Mrs Teasel", "found": "yes", "guidance": "yes"}
LOOKED = "I scrolled through the pictures."


def record_of(visitor: Visitor, name: str) -> str:
    """The address of the record of a device, from the register, as the forms of a record need it."""
    visitor.go(f"/s/{SCHOOL}/registers/device/")
    link = visitor.page.locator("main a[href*='/records/']", has_text=name).first
    return str(link.get_attribute("href")).rstrip("/")


def is_refused(visitor: Visitor, record: str, kind: str, fields: dict[str, object], clause: str, owner: str) -> None:
    """The policy stops it: the page names the clause, and nothing is recorded."""
    visitor.go(f"{record}/do/{kind}")
    steps.tick_people(visitor, {"owner": owner})
    steps.fill(visitor, fields)  # type: ignore[arg-type]
    visitor.follow(visitor.page.locator("main form button.main").last)
    guard = visitor.page.locator("section.guard")
    assert guard.count(), visitor.main()[:800]
    assert guard.locator(f"a[href*='{clause}']").count(), visitor.main()
    assert guard.first.bounding_box()["width"] <= visitor.page.viewport_size["width"]  # type: ignore[index]


def test_a_phone_that_nobody_looks_at_and_a_search_that_opens_step_by_step(visitor: Callable[..., Visitor]) -> None:
    """A teacher on a telephone takes the no-view path; the head is refused; a colleague may search once each step is done."""
    teacher = visitor("en-GB", phone=True)
    teacher.be("Mrs Teasel")
    teacher.go(f"/s/{SCHOOL}/registers/device/new/device-suspected")
    assert "Do not look" in teacher.main()
    steps.name_person(teacher, "owner", OWNER)
    steps.fill(teacher, SUSPECTED)
    steps.send(teacher)
    phone = record_of(teacher, OWNER)
    teacher.go(f"{phone}/")
    assert "Go to the DSL and tell them" in teacher.main()
    steps.do(teacher, phone, "device-confiscated", {"where": "In my hand", "off": "yes"}, {"owner": OWNER})
    steps.do(teacher, phone, "told-dsl", {"words": "What the pupil said. Nobody has looked."}, {"owner": OWNER})
    teacher.go(f"{phone}/")
    assert REASON not in teacher.main()

    head = visitor("en-GB")
    head.be("Mrs Linden")
    is_refused(head, phone, "content-examined", {"found": "nothing", "words": LOOKED}, "GBO-6.3.m", OWNER)
    head.go(f"{phone}/")
    assert LOOKED not in head.main()
    safeguarding = visitor("en-GB")
    safeguarding.be("Ms Avocet")
    next_step = {"steps": ["review-meeting", "keep-sealed"], "searching": "yes", "nudes": "yes", "reason": "By both."}
    steps.do(safeguarding, phone, "next-step-decided", next_step, {"owner": OWNER})

    searcher = visitor("en-GB", phone=True)
    searcher.be("Ms Brambling")
    console = record_of(searcher, "Darnel Fell")
    owner = {"owner": "Darnel Fell"}
    is_refused(searcher, console, "device-searched", SEARCHED, "GBO-6.3.d", "Darnel Fell")
    steps.do(searcher, console, "search-explained", {"why": "yes", "how": "yes", "questions": "yes"}, owner)
    is_refused(searcher, console, "device-searched", SEARCHED, "GBO-6.3.e", "Darnel Fell")
    steps.do(searcher, console, "cooperation-sought", {"answer": "agrees"}, owner)
    steps.do(searcher, console, "device-searched", SEARCHED, owner)
    searcher.go(f"{console}/")
    assert SEARCHED["place"] in searcher.main()
