"""A case that exists for nobody but the contact point, opens as far as the child allows, and ends with agreements kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.browser import steps
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser
SCHOOL = "korenbloem"
TARGET, ACTOR = "Madelief Zand", "Ties Duin"
WORDS = "In de gang pakken ze steeds mijn tas af. Vertel het alsjeblieft nog aan niemand."
SECRET = ("Madelief", "Ties", "mijn tas")

TOLD = {
    "openness": "confidential",
    "teller-name": "Madelief",
    "who": "pupil.to-me",
    "safe-now": "yes",
    "place": "pegs",
    "since": "some-weeks",
    "before": "before",
    "wish": "tell-me-first",
    "not-told": "nobody-without-asking",
}
SAFE = {"now": "yes", "way-home": "yes", "words": "Haar tas blijft in mijn kamer."}
RECEIVED = {
    "who-came": "pupil",
    "company": "alone",
    "own-words": "Ze pakken mijn tas en gooien hem over de kapstokken.",
    "read-back": "yes",
    "role-understood": ["can-do", "cannot-do", "keep", "pass-on"],
    "comes-safely": "yes",
    "satisfied": "good",
}
AGREED = {
    "who": "Ties",
    "what": "Blijft van de tas af en loopt rustig naar buiten.",
    "look-again": "2026-11-20",
    "confirmed": "yes",
}


def asked(circle: Sequence[str]) -> dict[str, str | Sequence[str]]:
    """What the child wants, and who may know."""
    return {"desired": "Dat mijn tas gewoon blijft hangen.", "circle": circle, "ask-again-on": "2026-11-24"}


def ask_again(contact: Visitor, case: str, day: str, circle: Sequence[str]) -> None:
    """Ask the child once more, another day. What they say counts from the minute after."""
    contact.move_clock(SCHOOL, f"{day}T12:15")
    steps.do(contact, case, "wish-asked", asked(circle), {"target": TARGET})
    contact.move_clock(SCHOOL, f"{day}T12:20")


def sees_nothing(visitor: Visitor, case: str) -> None:
    """Not the case, not its name in a list, not a line in the inbox, no record behind its address."""
    for path in (f"/s/{SCHOOL}/today", f"/s/{SCHOOL}/cases/?show=all", f"/s/{SCHOOL}/registers/"):
        visitor.go(path)
        assert not any(word in visitor.main() for word in SECRET), path
    answer = visitor.page.goto(visitor.site.url + case)
    assert answer is not None
    assert answer.status == 404


def sees(visitor: Visitor, case: str) -> None:
    visitor.go(case)
    assert TARGET in visitor.page.locator("h1").inner_text()


def fits(visitor: Visitor) -> bool:
    """Whether nothing hangs over the edge of the screen."""
    return bool(visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_sealed_case_opens_step_by_step_and_ends_with_agreements_that_were_kept(
    visitor: Callable[..., Visitor],
) -> None:
    """Told in confidence, sealed, opened to the teacher and then to the coordinator by the child's own word, agreed, kept."""
    child = visitor("nl", phone=True, scripts=False)
    receipt = steps.tell(child, SCHOOL, WORDS, TOLD)
    assert len(receipt) == 8

    contact = visitor("nl")
    contact.be("Meneer Vlier")
    coordinator, teacher = visitor("nl"), visitor("nl", phone=True)
    coordinator.be("Mevrouw Merel")
    teacher.be("Meester Els")

    steps.open_newest_concern(contact, SCHOOL)
    assert WORDS in contact.main()
    steps.acknowledge(contact, "Goed dat je het vertelt. Ik ben er om kwart over twaalf. Niemand anders leest dit.")
    concern = contact.page.url.removeprefix(contact.site.url).partition("?")[0].replace("/concerns/", "/cases/")
    steps.open_case(contact, "Het gebeurt al weken.", {"target": TARGET}, ["place", "since"])
    case = steps.case_of(contact, SCHOOL, TARGET)
    steps.do(contact, case, "made-safe", SAFE, {"target": TARGET})
    steps.do(contact, case, "received", RECEIVED, {"target": TARGET})
    steps.do(contact, case, "wish-asked", asked(["nobody"]), {"target": TARGET})
    steps.do(contact, case, "lead-named", {}, {"case-lead": "Meneer Vlier"})

    for somebody in (coordinator, teacher):
        sees_nothing(somebody, case)

    ask_again(contact, case, "2026-11-18", ["mentor"])
    sees(teacher, case)
    assert fits(teacher)
    sees_nothing(coordinator, case)

    ask_again(contact, case, "2026-11-19", ["mentor", "coordinator"])
    sees(coordinator, case)
    assert fits(coordinator)
    assert coordinator.page.goto(coordinator.site.url + concern).status == 404  # type: ignore[union-attr]

    steps.do(teacher, case, "person-added", {}, {"actor": ACTOR})
    steps.do(teacher, case, "agreement-made", AGREED, {"target": TARGET, "actor": ACTOR})
    steps.do(contact, concern, "step-shared", {"words": "Er is iets afgesproken. Vrijdag kijken we samen of het lukt."})

    contact.move_clock(SCHOOL, "2026-11-20T10:00")
    for side in ("target", "other"):
        kept = {"says": side, "kept": "yes", "differs": "no", "words": "De tas bleef hangen."}
        steps.do(teacher, case, "agreement-checked", kept, {"target": TARGET, "actor": ACTOR})
    teacher.go(f"{case}/record")
    assert teacher.main().count("De tas bleef hangen.") == 2

    child.go(f"/{SCHOOL}/back")
    child.page.fill("main textarea", " ".join(receipt))
    child.follow(child.page.locator("main button.main").first)
    told = child.main()
    assert "Vrijdag kijken we samen of het lukt." in told
    assert TARGET not in told
