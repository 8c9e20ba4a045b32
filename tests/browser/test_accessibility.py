"""Every page of the site, looked at by axe: on a telephone and at a desk, light and dark, in the four languages.

Beside axe: no page scrolls sideways at 320 pixels (which is 1280 at 400 %), each has one ``h1`` and says its language, none
writes an error to the browser's console or breaks its own content policy, and the door can be walked by keyboard alone.
The pages of one language share one browser context and one server; what they change is a copy of the demo.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage

from tests.browser import steps
from tests.browser.conftest import DESK, PHONE, Visitor

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": STANDARD}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
AXE = Axe().axe_script
LOOK = """options => axe.run(document, options).then(found => found.violations.map(rule => ({id: rule.id, help: rule.help,
  nodes: rule.nodes.slice(0, 3).map(node => node.target + ' ' + node.html.slice(0, 160))})))"""
AT_A_DESK = ("en-GB", "ja")
"""The wide layout differs by its columns, not by its words: two languages show them, one of them without spaces."""
LANGUAGES = ("en-GB", "ja", "nl", "zh-Hans")
ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of (404|403|409|422)")
"""What Chromium says about a page that is an answer of its own: a form with errors, a page that is not there."""


@dataclass
class Look:
    """Somebody going through pages with all the checks. ``wrong``: everything that was found, with the page's name."""

    visitor: Visitor
    lang: str
    dark: bool = False
    wrong: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.visitor.page.emulate_media(reduced_motion="reduce")  # colours change at once
        self.visitor.page.on("console", self._heard)
        self.visitor.page.on("pageerror", lambda error: self.said.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not ANSWERED.match(message.text):
            self.said.append(message.text)

    def at(self, path: str, name: str = "") -> None:
        """Open a page and check it."""
        self.visitor.page.goto(self.visitor.site.url + path)
        self.here(name or path)

    def here(self, name: str) -> None:
        """Check the page that is open."""
        page = self.visitor.page
        if self.said:
            self.wrong += [f"{name}: console: {text[:200]}" for text in self.said]
            self.said.clear()
        self._plain(name)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        self._axe(name, "360", EVERYTHING)
        if self.dark:
            page.emulate_media(color_scheme="dark")
            self._axe(name, "dark", COLOURS)
            page.emulate_media(color_scheme="light")
        if self.lang in AT_A_DESK:
            page.set_viewport_size(DESK)  # type: ignore[arg-type]
            self._axe(name, "1280", EVERYTHING)

    def _plain(self, name: str) -> None:
        page = self.visitor.page
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        found = page.evaluate(
            "() => ({wide: document.documentElement.scrollWidth, headings: document.querySelectorAll('h1').length,"
            " lang: document.documentElement.lang})"
        )
        if found["wide"] > NARROW["width"]:
            self.wrong.append(f"{name}: scrolls sideways at 320 px: {found['wide']} px wide")
        if found["headings"] != 1:
            self.wrong.append(f"{name}: {found['headings']} h1")
        if found["lang"] != self.lang:
            self.wrong.append(f"{name}: lang is {found['lang']}")

    def _axe(self, name: str, how: str, options: dict[str, Any]) -> None:
        page = self.visitor.page
        if not page.evaluate("() => Boolean(window.axe)"):
            page.evaluate(AXE)
        for rule in page.evaluate(LOOK, options):
            self.wrong.append(f"{name} ({how}): {rule['id']}: {rule['help']}: {'; '.join(rule['nodes'])}")

    def done(self) -> None:
        """Fail with the whole list."""
        assert not self.wrong, "\n".join(dict.fromkeys(self.wrong))


@pytest.fixture
def look(shared_visitor: Callable[..., Visitor]) -> Callable[..., Look]:
    """Makes lookers: ``look("nl")``."""

    def make(lang: str, *, dark: bool = False) -> Look:
        return Look(shared_visitor("zh-CN" if lang == "zh-Hans" else lang), lang, dark)

    return make


def ids(visitor: Visitor, path: str, pattern: str) -> list[str]:
    """Addresses on a page that match a pattern, each once, in order."""
    visitor.go(path)
    hrefs: list[str] = visitor.page.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))")
    return list(dict.fromkeys(found.group(0) for href in hrefs if (found := re.match(pattern, href))))


# --- the public side -------------------------------------------------------------------------------------------------


def walk(looker: Look, school: str, *, with_name: bool) -> list[str]:
    """Through the whole form, each page empty, wrong and answered; returns the receipt's words."""
    page = looker.visitor.page
    answers = {"openness": "named" if with_name else "anonymous", "who": "parent", "safe-now": "no", "since": "today"}
    looker.visitor.go(f"/{school}/tell?lang={looker.lang}")
    for number in range(16):
        if page.locator(".receipt").count():
            break
        here = page.locator("main input[name='page']").first.get_attribute("value")
        looker.here(f"tell {here} ({number})")
        for name, value in answers.items():
            if page.locator(f"main [name='{name}'][value='{value}']").count():
                steps.choose(looker.visitor, name, value)
        for radio in ("standing", "place", "before"):
            if page.locator(f"main [name='{radio}']").count():
                page.locator(f"main [name='{radio}']").first.check(force=True)
        if page.locator("main [name='teller-name']").count():
            page.fill("main [name='teller-name']", "Rowan")
        if page.locator("main textarea[name='what']").count():
            page.locator("main button.main").first.click()
            looker.here("tell with an error")
            page.fill("main textarea[name='what']", "x")
        page.locator("main button.main").first.click()
        page.wait_for_load_state()
    return page.locator("#receipt-words li").all_inner_texts()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_door(look: Callable[..., Look], lang: str) -> None:
    """Telling something page by page, the receipt, coming back, whom to talk to, the policy."""
    school = "aoba" if lang in ("ja", "nl") else "larkrise"
    looker = look(lang, dark=lang in ("ja", "en-GB"))
    words = walk(looker, school, with_name=lang in ("nl", "en-GB"))
    assert len(words) == 8, looker.visitor.main()
    looker.here("receipt")
    looker.at(f"/{school}/back?lang={lang}", "back")
    looker.visitor.page.fill("main textarea", " ".join(words))
    looker.visitor.page.locator("main button.main").first.click()
    looker.here("the concern, read by whoever told")
    looker.visitor.page.goto(f"{looker.visitor.site.url}/{school}/back?lang={lang}")
    looker.visitor.page.fill("main textarea", "rust rust rust")
    looker.visitor.page.locator("main button.main").first.click()
    looker.here("back with wrong words")
    for path in ("tell?all=1&", "talk?", "policy?"):
        looker.at(f"/{school}/{path}lang={lang}")
    for path in ("/?", "/in/account/login/?", "/card/?", f"/card/{school}/some-words?", "/nowhere/at/all?", "/tour?"):
        looker.at(f"{path}lang={lang}")
    looker.done()


def test_the_door_without_a_mouse(shared_visitor: Callable[..., Visitor]) -> None:
    """The tab key reaches every control of a page of the form, each shows where it is, and Enter sends it."""
    visitor = shared_visitor("en-GB", phone=True)
    visitor.go("/larkrise/tell")
    for _ in range(4):
        reached = tab_through(visitor)
        missing = visitor.page.evaluate(CONTROLS_NOT_IN, reached)
        assert missing == [], visitor.page.url
        first = visitor.page.locator("main input[type=radio]").first
        if first.count():
            first.focus()
            visitor.page.keyboard.press("Space")
        visitor.page.locator("main button.main").first.focus()
        with visitor.page.expect_navigation():
            visitor.page.keyboard.press("Enter")
    assert visitor.page.locator("main input[name='page']").first.get_attribute("value") != "openness"


NUMBERED = """() => { document.querySelectorAll('a[href],button,input,select,textarea,summary').forEach((one, n) => {
  one.dataset.n = n; }); }"""
SEEN = """() => { const one = document.activeElement; if (!one || one === document.body) return null;
  const box = one.type === 'radio' || one.type === 'checkbox' || one.type === 'file' ? one.closest('label') || one : one;
  const look = each => [null, '::before'].some(part => { const s = getComputedStyle(each, part);
    return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; });
  const shown = look(one) || look(box) || [...box.querySelectorAll('*')].some(look);
  return {n: one.dataset.n, group: one.type === 'radio' ? one.name : '', shown, html: one.outerHTML.slice(0, 120)}; }"""
CONTROLS_NOT_IN = """reached => [...document.querySelectorAll('a[href],button,input,select,textarea,summary')].filter(one => {
  if (one.type === 'hidden' || one.disabled || one.tabIndex < 0 || one.closest('details:not([open]) > :not(summary)')) return false;
  if (!one.getClientRects().length) return false;
  return !reached.some(each => each.n === one.dataset.n || (each.group && each.group === one.name));
}).map(one => one.outerHTML.slice(0, 120))"""


def tab_through(visitor: Visitor) -> list[dict[str, Any]]:
    """Press tab until the round is over; every stop must be seen."""
    page = visitor.page
    page.evaluate(NUMBERED)
    page.evaluate("() => { document.activeElement && document.activeElement.blur(); window.scrollTo(0, 0); }")
    reached: list[dict[str, Any]] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        found = page.evaluate(SEEN)
        if found is None:  # past the last one the round goes on at the top
            continue
        if any(each["n"] == found["n"] for each in reached):
            break
        assert found["shown"], f"no sign of focus: {found['html']}"
        reached.append(found)
    return reached


# --- the staff's side ------------------------------------------------------------------------------------------------


def the_case(looker: Look, school: str, name: str) -> str:
    return steps.case_of(looker.visitor, school, name)


def of_a_record(looker: Look, school: str, case: str, kinds: tuple[str, ...]) -> None:
    """The pages of a case: itself, everything, closing, readings, one entry and its correction, why, forms."""
    for path in ("", "/record", "/closing", "/readings"):
        looker.at(f"{case}{path}", f"case{path}")
    for pattern in (rf"{case}/events/[-0-9a-f]+$", rf"{case}/why/[-a-z]+[^#]*", rf"{case}/duties/[-a-z/]+[^#]*"):
        for place in (f"{case}/record", case):
            found = ids(looker.visitor, place, pattern)
            if found:
                looker.at(found[0], pattern.removeprefix(case))
                break
    for kind in kinds:
        looker.at(f"{case}/do/{kind}", f"do {kind}")
    looker.visitor.page.locator("main form button.main").last.click()
    looker.here(f"do {kinds[-1]} with errors")
    del school


@pytest.fixture(params=("en-GB", "zh-Hans"))
def english(request: pytest.FixtureRequest, look: Callable[..., Look]) -> Iterator[Look]:
    """Ms Quill, who leads behaviour, in two languages."""
    looker = look(request.param, dark=request.param == "en-GB")
    looker.visitor.be("Ms Quill")
    looker.visitor.go(f"/s/larkrise/today?lang={request.param}")
    yield looker
    looker.done()


@pytest.fixture(params=("ja", "nl"))
def japanese(request: pytest.FixtureRequest, look: Callable[..., Look]) -> Iterator[Look]:
    """The head of the second grade, in two languages."""
    looker = look(request.param, dark=request.param == "ja")
    looker.visitor.be("見本 榎")
    looker.visitor.go(f"/s/aoba/today?lang={request.param}")
    yield looker
    looker.done()


def rooms(looker: Look, school: str) -> None:
    """The pages of the house that belong to no record."""
    for path in ("today", "cases/", "cases/?show=all", "cases/?q=nobody-is-called-so", "note", "policy/"):
        looker.at(f"/s/{school}/{path}")
    for path in ("registers/", "registers/concern/?show=all&sort=name", "account/keys"):
        looker.at(f"/s/{school}/{path}")
    year = ids(looker.visitor, f"/s/{school}/registers/school-year/?show=all", rf"/s/{school}/records/[-0-9a-f]+/$")
    for path in year[:1]:
        looker.at(path, "school year")
        looker.at(f"{path}record", "all of the school year")
    looker.at(f"/s/{school}/not-there", "not found, signed in")


def concern(looker: Look, school: str) -> None:
    """A concern, the decision on it, and a form with errors."""
    looker.visitor.go(f"/s/{school}/today")
    link = looker.visitor.page.locator("main .banner a[href*='/concerns/']").first.get_attribute("href")
    assert link
    looker.at(link, "concern")
    looker.at(f"{link}/triage", "triage")
    looker.visitor.page.locator("main form button.main").last.click()
    looker.here("triage with errors")
    looker.visitor.go(f"{link}/triage")
    steps.name_person(looker.visitor, "target", "Juniper" if school == "larkrise" else "ひばり")
    looker.here("triage with somebody found")


def test_the_english_house(english: Look) -> None:
    """Every page of the staff at the English school."""
    rooms(english, "larkrise")
    concern(english, "larkrise")
    case = the_case(english, "larkrise", "Juniper")
    kinds = ("note-added", "listened", "definition-decided", "lead-named", "incident-recorded", "sanction-decided")
    of_a_record(english, "larkrise", case, kinds)
    english.visitor.go(f"{case}/do/parents-told")
    row = english.visitor.page.locator("label:has(input[name='about-target'])", has_text="Juniper")
    row.locator("input").first.check(force=True)
    steps.fill(english.visitor, {"stage": "concern", "how": "phone", "told": "What we know."})
    english.visitor.page.locator("main form button.main").last.click()
    assert english.visitor.page.locator("section.guard").count()
    english.here("a step that the policy stops")


def test_the_japanese_house(japanese: Look) -> None:
    """Every page of the staff at the Japanese school."""
    rooms(japanese, "aoba")
    concern(japanese, "aoba")
    japanese.visitor.go("/s/aoba/cases/?show=open")
    case = japanese.visitor.page.locator("main a[href*='/cases/']:not([href*='?'])").first.get_attribute("href")
    assert case
    of_a_record(
        japanese, "aoba", case, ("note-added", "made-safe", "talked-with-target", "hearing-held", "parents-told")
    )


@pytest.mark.parametrize("lang", ["ja", "en-GB"])
def test_the_office(look: Callable[..., Look], lang: str) -> None:
    """People, posts, classes, cards and the roster file, as the head sees them."""
    school, head = ("aoba", "例山 楓") if lang == "ja" else ("larkrise", "Mrs Larkspur")
    looker = look(lang)
    looker.visitor.be(head)
    looker.visitor.go(f"/s/{school}/today?lang={lang}")
    for path in ("people/", "people/new", "people/from-file", "classes/", "keeping/", "keeping/destroy", "own-data"):
        looker.at(f"/s/{school}/{path}")
    case = ids(looker.visitor, f"/s/{school}/cases/?show=all", rf"/s/{school}/cases/[-0-9a-f]{{36}}$")[0]
    for part in ("keeping", "bundle", "hand-over"):
        looker.at(f"{case}/{part}")
    rule = f"studio/rules/duties/{'meet-parents' if lang == 'ja' else 'acknowledge'}"
    for path in ("studio/", "studio/?show=law", rule, "studio/draft", "studio/check"):
        looker.at(f"/s/{school}/{path}")
    for path in (
        "adopt/",
        "adopt/words",
        "adopt/numbers",
        "adopt/posts",
        "adopt/calendar",
        "adopt/document",
        "adopt/law",
    ):
        looker.at(f"/s/{school}/{path}")
    looker.visitor.go(f"/s/{school}/people/new")
    if looker.visitor.page.locator("main form button.main").count():
        looker.visitor.page.locator("main form button.main").last.click()
        looker.here("people/new with errors")
    for place, pattern in (
        ("people/", rf"/s/{school}/people/[-0-9a-f]{{36}}$"),
        ("classes/", rf"/s/{school}/classes/.+"),
    ):
        looker.at(ids(looker.visitor, f"/s/{school}/{place}", pattern)[0], pattern)
    button = looker.visitor.page.locator("button[value=new]")
    assert button.count()
    button.first.click()
    looker.visitor.page.wait_for_load_state()
    looker.here("cards")
    looker.done()


@pytest.mark.parametrize("lang", ["ja", "en-GB"])
def test_the_demo_and_the_account(look: Callable[..., Look], lang: str) -> None:
    """The clock, the mails, the six digits, and the pages of one's own account."""
    looker = look(lang, dark=True)
    looker.visitor.be("見本 榎")
    looker.visitor.go(f"/s/aoba/today?lang={lang}")
    for path in ("/demo/clock", "/demo/mail", "/tour", "/demo/patterns", "/demo/patterns/door"):
        looker.at(f"{path}?lang={lang}", path)
    looker.at(f"/in/account/2fa/?lang={lang}", "second factor")
    looker.at(f"/in/account/password/change/?lang={lang}", "password")
    looker.at(f"/in/account/logout/?lang={lang}", "sign out")
    looker.at(f"/api/v1/?lang={lang}", "the interface")
    looker.done()


def come_in(looker: Look) -> None:
    """Linnet comes in with her card: on the demo's first day she is asked how it is going."""
    looker.visitor.go("/tour?lang=en-GB")
    looker.visitor.page.locator("li", has_text=re.compile(r"^\s*Linnet Brook")).locator("button").first.click()
    looker.visitor.page.wait_for_url("**/me/larkrise/**")
    looker.visitor.page.goto(looker.visitor.page.url.partition("?")[0] + f"?lang={looker.lang}")


def open_check_in(looker: Look) -> None:
    looker.at(f"/me/larkrise/?lang={looker.lang}", "portal")
    found = ids(looker.visitor, "/me/larkrise/", r"/me/larkrise/check/.+")
    assert found, looker.visitor.main()
    looker.at(found[0], "check-in")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_childs_page(look: Callable[..., Look], lang: str) -> None:
    """What a pupil with a card sees: the way in, home, the questions, and the questions with errors."""
    looker = look(lang, dark=lang == "nl")
    looker.visitor.go(f"/card/?school=larkrise&lang={looker.lang}#0123-4567-89ab-cdef")
    looker.visitor.page.wait_for_selector("h1 [data-scanned]:visible")
    looker.here("card")
    come_in(looker)
    open_check_in(looker)
    looker.visitor.page.locator("main button.main").last.click()
    looker.visitor.page.wait_for_selector("main .errors")
    looker.here("check-in with errors")
    looker.done()


def test_the_child_is_thanked(visitor: Callable[..., Visitor]) -> None:
    """The page after sending, on a demo of its own: once sent, nothing is asked any more."""
    looker = Look(visitor("ja"), "ja")
    come_in(looker)
    open_check_in(looker)
    steps.fill(looker.visitor, {"feels": "good", "again": "no", "talk": "no"})
    steps.send(looker.visitor)
    looker.here("thanks")
    looker.done()
