"""At the English primary school: a phone with a suspected image from the classroom to the police, and a class's list off line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser import steps
from tests.browser.conftest import Visitor
from tests.browser.test_accessibility import Look

pytestmark = pytest.mark.browser
SCHOOL = "wrenfield"
OWNER = {"owner": "Betony Shaw"}
SUSPECTED = {"device": "phone", "grounds": ["risk"], "reason": "Seen with a crowd around it.", "indecent": "no"}


def phone_of(visitor: Visitor) -> str:
    visitor.go(f"/s/{SCHOOL}/registers/device/")
    link = visitor.page.locator("main a[href*='/records/']", has_text="Betony Shaw").first
    return str(link.get_attribute("href")).rstrip("/")


def test_a_phone_goes_from_the_classroom_to_the_police_and_nobody_looks(visitor: Callable[..., Visitor]) -> None:
    """A teacher presses once; the lead decides and hands it to the police; the line of custody has no gap."""
    teacher = visitor("en-GB", phone=True)
    seen = Look(teacher, "en-GB")
    teacher.be("Mrs Teasel")
    teacher.go(f"/s/{SCHOOL}/registers/device/new/device-suspected")
    steps.name_person(teacher, "owner", "Betony Shaw")
    steps.fill(teacher, SUSPECTED)
    steps.send(teacher)
    phone = phone_of(teacher)
    seen.at(f"{phone}/search")
    assert teacher.page.locator(".spine .is-upcoming").count()
    teacher.press("Stop: it may be an indecent image of a child")
    assert teacher.page.url.endswith("/no-view")
    assert "Nobody looks" in teacher.main()
    seen.here("no view")
    steps.do(teacher, phone, "device-confiscated", {"where": "In my hand", "off": "yes"}, OWNER)
    steps.do(teacher, phone, "told-dsl", {"words": "What was said. Nobody has looked."}, OWNER)

    lead = visitor("en-GB")
    lead.be("Ms Avocet")
    lead.go(f"{phone}/search")
    assert lead.page.url.endswith("/no-view")
    lead.go(f"{phone}/do/file-added")
    assert not lead.page.locator("input[type=file]").count()
    decided = {"steps": ["police", "keep-sealed"], "searching": "yes", "nudes": "yes", "reason": "By both."}
    steps.do(lead, phone, "next-step-decided", decided, OWNER)
    steps.do(lead, phone, "given-to-police", {"receipt": "Constable Vale, ref. 12"}, OWNER)
    shown = Look(lead, "en-GB")
    shown.at(f"{phone}/evidence")
    assert seen.wrong + shown.wrong == []
    line = lead.page.locator(".custody").inner_text()
    assert line.index("Mrs Teasel") < line.index("Constable Vale")
    paper = lead.context.request.get(f"{lead.site.url}{phone}/custody-receipt")
    assert paper.body().startswith(b"%PDF")


def counts(visitor: Visitor) -> tuple[str, ...]:
    return tuple(visitor.page.locator(f"[data-count={each}]").inner_text() for each in ("in", "back", "none"))


def test_a_class_hands_in_without_a_network_and_without_a_script(visitor: Callable[..., Visitor]) -> None:
    """Taps wait in the browser, without names, until the network is back; each is recorded once. Without a script buttons do."""
    teacher = visitor("en-GB", phone=True)
    teacher.be("Mrs Teasel")
    seen = Look(teacher, "en-GB")
    seen.at(f"/s/{SCHOOL}/hand-in")
    assert seen.wrong == []
    page = teacher.page
    assert counts(teacher) == ("0", "0", "4")
    teacher.context.set_offline(True)
    for name in ("Quince Rowe", "Betony Shaw"):
        page.locator("[data-row]", has_text=name).get_by_role("button", name="In").click()
    page.locator("[data-status]", has_text="2").wait_for()
    assert counts(teacher) == ("2", "0", "2")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "in:" in kept
    assert not any(name in kept for name in ("Quince", "Betony"))
    teacher.context.set_offline(False)
    page.locator("[data-status]", has_text="Everything is saved.").wait_for()
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    assert counts(teacher) == ("2", "0", "2")

    plain = visitor("en-GB", phone=True, scripts=False)
    plain.be("Mrs Teasel")
    plain.go(f"/s/{SCHOOL}/hand-in")
    plain.follow(plain.page.locator("[data-row]", has_text="Quince Rowe").get_by_role("button", name="Back"))
    assert counts(plain) == ("1", "1", "2")
