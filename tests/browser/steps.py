"""What people do on the pages, in words: shared by the journeys. Selectors are names of fields, the same in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.browser.conftest import Visitor


def choose(visitor: Visitor, name: str, value: str) -> None:
    """Choose one of several answers, however they are drawn."""
    found = visitor.page.locator(f"main [name='{name}'][value='{value}']")
    found.first.check(force=True)


def fill(visitor: Visitor, fields: Mapping[str, str | Sequence[str]]) -> None:
    """Fill a form: a text for a text, one code for a choice, several for several."""
    for name, value in fields.items():
        box = visitor.page.locator(
            f"main textarea[name='{name}'], main input[name='{name}']:not([type=radio]):not([type=checkbox])"
        )
        if isinstance(value, str) and box.count():
            box.first.fill(value)
            continue
        for code in [value] if isinstance(value, str) else value:
            choose(visitor, name, code)


def send(visitor: Visitor) -> None:
    """Press the form's one filled button."""
    visitor.follow(visitor.page.locator("main form button.main").last)
    problems = visitor.page.locator("main .errors")
    assert not problems.count(), problems.first.inner_text()


def name_person(visitor: Visitor, role: str, name: str) -> None:
    """Find somebody and tick them in a role."""
    page = visitor.page
    if not page.locator("#id_find").is_visible():
        page.locator("details.finder summary").click()
    page.fill("#id_find", name)
    visitor.follow(visitor.page.locator("button[name=look]"))
    row = page.locator(f"label:has(input[name='about-{role}'])", has_text=name)
    assert row.count(), f"{name} cannot be named as {role} on {page.url}"
    row.locator("input").first.check(force=True)


def tell(visitor: Visitor, school: str, text: str, answers: Mapping[str, str]) -> list[str]:
    """Tell something at the door, page by page, and return the words of the receipt."""
    page = visitor.page
    visitor.go(f"/{school}/tell")
    for _ in range(14):
        if page.locator(".receipt").count():
            break
        for name, value in answers.items():
            if page.locator(f"main [name='{name}'][value='{value}']").count():
                choose(visitor, name, value)
            elif page.locator(f"main input[type=text][name='{name}']").count():
                page.fill(f"main input[type=text][name='{name}']", value)
        if page.locator("main textarea[name='what']").count():
            page.fill("main textarea[name='what']", text)
        visitor.follow(visitor.page.locator("main button.main").first)
    return page.locator("#receipt-words li").all_inner_texts()


def open_newest_concern(visitor: Visitor, school: str) -> None:
    """From the inbox to the concern that came in last."""
    visitor.go(f"/s/{school}/today")
    visitor.follow(visitor.page.locator("main .banner a[href*='/concerns/']").first)


def acknowledge(visitor: Visitor, words: str) -> None:
    visitor.page.fill("[id='id_words_acknowledged']", words)
    form = visitor.page.locator("form", has=visitor.page.locator("[id='id_words_acknowledged']"))
    visitor.follow(form.locator("button").last)


def open_case(visitor: Visitor, reason: str, people: Mapping[str, str], passed: Sequence[str]) -> None:
    """Decide that a concern is a new case, name the people, and go to the case."""
    visitor.follow(visitor.page.locator("main a[href$='/triage']").first)
    choose(visitor, "decision", "new-case")
    for role, name in people.items():
        name_person(visitor, role, name)
    fill(visitor, {"pass-on": list(passed), "reason": reason})
    send(visitor)


def case_of(visitor: Visitor, school: str, name: str) -> str:
    """The address of the case that names somebody, from the register."""
    visitor.go(f"/s/{school}/cases/")
    link = visitor.page.locator("main a[href*='/cases/']", has_text=name).first
    return str(link.get_attribute("href"))


People = Mapping[str, str | Sequence[str]]


def tick_people(visitor: Visitor, people: People) -> None:
    """Tick people in their roles; who is not offered is looked for."""
    for role, names in people.items():
        for name in [names] if isinstance(names, str) else names:
            row = visitor.page.locator(f"label:has(input[name='about-{role}'])", has_text=name)
            if row.count():
                row.locator("input").first.check(force=True)
            else:
                name_person(visitor, role, name)


def do(
    visitor: Visitor, case: str, kind: str, fields: Mapping[str, str | Sequence[str]], people: People | None = None
) -> None:
    """Fill the form of a kind of event of a case and send it; it is recorded."""
    attempt(visitor, case, kind, fields, people)
    assert "recorded=" in visitor.page.url or "/do/" not in visitor.page.url, f"{kind}: {visitor.main()[:800]}"


def attempt(
    visitor: Visitor, case: str, kind: str, fields: Mapping[str, str | Sequence[str]], people: People | None = None
) -> None:
    """The same where the policy may stop it."""
    visitor.go(f"{case}/do/{kind}")
    tick_people(visitor, people or {})
    fill(visitor, fields)
    send(visitor)
