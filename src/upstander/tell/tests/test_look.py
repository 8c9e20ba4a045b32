"""The door in a browser: without script, on a narrow screen, with a QR code, and in a hurry to leave."""

from __future__ import annotations

import os

import pytest

from upstander.tell import flood, proof
from upstander.tell.tests.door import LANGUAGES, WORDS, english_school
from upstander.vault import codewords

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    program = os.environ.get("UPSTANDER_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server, settings) -> str:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    flood.SEND._held.clear()
    school = english_school()
    school.exit_url = f"{live_server.url}/health"
    school.save()
    return f"{live_server.url}/larkrise"


def walk(page, site: str, lang: str) -> list[str]:
    """From the first page to the receipt; on each page nothing scrolls sideways."""
    page.goto(f"{site}/tell?lang={lang}")
    answers = {
        "openness": lambda: page.check("input[value=anonymous]"),
        "who": lambda: page.check("input[value='pupil.to-me']"),
        "safe": lambda: page.check("input[value=yes]"),
        "what": lambda: (page.fill("textarea[name=what]", WORDS[lang]), page.check("input[value=gym]")),
    }
    while page.locator("input[name=page]").count():
        here = page.input_value("input[name=page]")
        skip = page.locator("button[value=skip]")
        if here in answers:
            answers[here]()
        box = page.locator("main").bounding_box()
        assert box is not None
        assert box["width"] <= page.viewport_size["width"], here
        with page.expect_navigation():
            (skip if here not in answers and skip.count() else page.locator("#f .button.main")).click()
    return page.locator("#receipt-words li").all_text_contents()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_whole_way_works_on_a_small_telephone_without_script(chromium, site: str, lang: str) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()

    words = walk(page, site, lang)
    page.goto(f"{site}/back?lang={lang}")
    page.fill("textarea", " ".join(words))
    with page.expect_navigation():
        page.click("#f .button.main")

    assert len(words) == 8
    assert WORDS[lang] in page.content()
    assert context.cookies() == []


def test_the_qr_code_fills_in_the_form_and_leaves_no_trace_in_the_address(chromium, site: str) -> None:
    page = chromium.new_context().new_page()
    words = walk(page, site, "en-GB")
    code = codewords.signs_of(codewords.read(" ".join(words))[0])

    page.goto(f"{site}/back#{code}")
    page.wait_for_function("document.querySelector('textarea').value !== ''")
    assert page.input_value("textarea") == code
    assert page.url.endswith("/back")
    page.click("#f .button.main")

    assert WORDS["en-GB"] in page.content()


def test_loading_the_receipt_again_shows_the_same_one(chromium, site: str) -> None:
    page = chromium.new_context().new_page()
    words = walk(page, site, "en-GB")

    page.reload()

    assert page.locator("#receipt-words li").all_text_contents() == words


def test_the_way_out_leaves_for_a_harmless_place_and_back_does_not_show_the_page(chromium, site: str) -> None:
    page = chromium.new_context().new_page()
    page.goto("about:blank")
    page.goto(f"{site}/tell?lang=en-GB")
    page.check("input[value=anonymous]")

    page.click("[data-exit]")
    page.wait_for_url("**/health")
    page.go_back()

    assert page.url == "about:blank"


def test_escape_three_times_leaves(chromium, site: str) -> None:
    page = chromium.new_context().new_page()
    page.goto(f"{site}/tell?lang=en-GB")

    for _ in range(3):
        page.keyboard.press("Escape")

    page.wait_for_url("**/health")


def test_a_page_with_all_its_files_stays_under_fifty_kilobytes(chromium, site: str) -> None:
    page = chromium.new_context().new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.__setitem__(answer.url, len(answer.body())))

    page.goto(f"{site}/tell?lang=ja", wait_until="networkidle")

    assert sum(sizes.values()) < 50_000, sizes
    assert all(address.startswith(site.rpartition("/")[0]) for address in sizes)


def test_a_browser_reckons_instead_of_waiting(chromium, site: str, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"proof_of_work": True})
    monkeypatch.setattr(flood.SEND, "burst", 0)
    monkeypatch.setattr(proof, "MOST", 3000)
    page = chromium.new_context().new_page()

    assert walk_until_slowed(page, site) == []
    page.wait_for_selector("[data-proof-done]:not([hidden])")
    page.click("#f .button.main")

    assert len(page.locator("#receipt-words li").all_text_contents()) == 8


def walk_until_slowed(page, site: str) -> list[str]:
    """All questions on one page, sent, and answered with a request to wait."""
    page.goto(f"{site}/tell?all&lang=en-GB")
    page.check("input[value=anonymous]")
    page.fill("textarea[name=what]", WORDS["en-GB"])
    page.click("#f .button.main")
    page.wait_for_selector("input[data-challenge]", state="attached")
    return page.locator("#receipt-words li").all_text_contents()
