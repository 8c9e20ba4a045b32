"""The pattern book and the error pages: whole pages, in every language, seen by a browser and by axe."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from django.utils import translation
from lxml import html
from playwright.sync_api import ConsoleMessage

from upstander.ui import errors, languages
from upstander.ui.parts import Door
from upstander.web import errors as web_errors


def error_page(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer with one of the error pages."""
    match kind:
        case "429":
            return errors.too_many(request, minutes=2)
        case "csrf":
            return web_errors.csrf_failure(request)
        case "400":
            return web_errors.bad_request(request)
        case "403":
            return web_errors.denied(request)
        case "404":
            return web_errors.not_found(request)
        case _:
            return web_errors.server_error(request)


urlpatterns = [path("", include("upstander.ui.urls")), path("error/<str:kind>", error_page)]
KINDS = ("400", "403", "404", "429", "500", "csrf")
PAGES = ("/demo/patterns", "/demo/patterns/door", *(f"/error/{kind}" for kind in KINDS))
LANGUAGES = [language.tag for language in languages.ALL]


def by_query(handler: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Speak the language of ``?lang=``: the site's own middleware without its sessions, which need tables."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with translation.override(languages.get(request.GET.get("lang")).code):
            return handler(request)

    return middleware


@pytest.fixture(autouse=True)
def only_this_room(settings: pytest.FixtureRequest) -> None:
    """Serve this room's pages alone: no session, no table."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [
        "csp.middleware.CSPMiddleware",
        f"{__name__}.by_query",
        "django.middleware.csrf.CsrfViewMiddleware",
    ]
    settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.ALLOWED_HOSTS = ["*"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_whole(address: str, lang: str) -> None:
    answer = Client().get(address, {"lang": lang})
    page = html.fromstring(answer.content)
    assert page.get("lang") == lang
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("//title")[0].text.strip()
    assert page.xpath("//a[@class='skip']")[0].get("href") == "#main"
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(wanted in ids for wanted in page.xpath("//@aria-labelledby"))
    assert page.xpath("//*[@style]") == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["ja", "zh-Hans"])
def test_an_error_page_speaks_the_readers_language(kind: str, lang: str) -> None:
    answer = Client().get(f"/error/{kind}", {"lang": lang})
    said = html.fromstring(answer.content).xpath("//main")[0].text_content()
    assert not any(word.isascii() and len(word) > 2 for word in said.split())
    assert answer.status_code == {"csrf": 403}.get(kind, 0) or answer.status_code == int(kind)


def test_too_many_says_when_to_come_back() -> None:
    answer = errors.too_many(RequestFactory().get("/"), minutes=3)
    assert answer["Retry-After"] == "180"
    assert "Wait 3 minutes" in answer.content.decode()


def test_what_is_not_there_keeps_the_schools_way_out() -> None:
    request = RequestFactory().get("/x")
    request.door = Door(school_name="Larkrise", home_url="/larkrise/tell/", exit_url="https://www.example.org/")  # type: ignore[attr-defined]
    page = html.fromstring(web_errors.not_found(request).content)
    assert page.xpath("//a[@data-exit]/@href") == ["https://www.example.org/"]
    assert "/larkrise/tell/" in page.xpath("//main//a/@href")
    assert page.xpath("//main//p")[0].text == "The page does not exist, or it is not for you."


def test_the_door_keeps_the_readers_language_in_its_links() -> None:
    page = html.fromstring(Client().get("/demo/patterns/door", {"lang": "nl", "q": "a&b"}).content)
    assert page.xpath("//form//input[@name='lang']/@value") == ["nl"]
    assert page.xpath("//a[@class='door-school']/@href") == ["#home?lang=nl"]
    others = {link.get("hreflang"): link.get("href") for link in page.xpath("//nav[contains(@class, 'languages')]//a")}
    assert others == {tag: f"?lang={tag}&q=a%26b" for tag in ("en-GB", "ja", "zh-Hans")}


# --- in a browser --------------------------------------------------------------------------------------


@pytest.fixture
def address(only_this_room: None) -> Iterator[str]:
    """Serve the pages on a free port of this machine."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test.testcases import LiveServerThread

    server = LiveServerThread("127.0.0.1", StaticFilesHandler, port=0)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


def loud(said: ConsoleMessage) -> bool:
    """Whether a message of the console is a complaint, other than that an error page is an error."""
    return said.type == "error" and "404" not in said.text


@pytest.mark.browser
def test_no_page_has_a_barrier_or_scrolls_sideways(address: str) -> None:
    """axe finds nothing at 320, 360 and 1280 px, light and dark; no page is wider than its window; no script complains."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as tools:
        path_of = os.environ.get("UPSTANDER_CHROMIUM", "/usr/bin/chromium")
        browser = tools.chromium.launch(executable_path=path_of, args=[*flags, "--disable-component-update"])
        found: list[str] = []
        for width, theme in ((320, "light"), (360, "dark"), (1280, "light"), (1280, "dark")):
            context = browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme=theme, bypass_csp=True, reduced_motion="reduce"
            )
            page = context.new_page()
            page.on("console", lambda said: found.append(said.text) if loud(said) else None)
            page.on("pageerror", lambda said: found.append(str(said)))
            for where, lang in (("/demo/patterns", "en-GB"), ("/demo/patterns/door", "ja"), ("/error/404", "nl")):
                page.goto(f"{address}{where}?lang={lang}")
                result = Axe().run(page).response["violations"]
                for each in result:
                    nodes = [node["html"][:150] for node in each["nodes"][:3]]
                    found.append(f"{where} {width} {theme}: {each['id']}: {nodes}")
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    found.append(f"{where} {width}: wider than the window")
            context.close()
        browser.close()
    assert found == []


@pytest.mark.browser
def test_leaving_empties_the_page_and_its_forms(address: str) -> None:
    """The button and Esc three times lead to the harmless site; going back shows nothing that was written."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        path_of = os.environ.get("UPSTANDER_CHROMIUM", "/usr/bin/chromium")
        browser = tools.chromium.launch(executable_path=path_of, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context().new_page()
        page.route("https://www.example.org/**", lambda route: route.fulfill(body="<title>Weather</title>"))
        for way in ("button", "escape"):
            page.goto(f"{address}/error/404")
            page.goto(f"{address}/demo/patterns/door")
            page.fill("#id_what", "nobody may see this")
            if way == "button":
                page.click("a[data-exit]")
            else:
                for _ in range(3):
                    page.keyboard.press("Escape")
            page.wait_for_url("https://www.example.org/weather")
            page.go_back()
            page.wait_for_load_state()
            assert "nobody may see this" not in page.content()
            assert page.url.endswith("/error/404")
        page.goto(f"{address}/demo/patterns/door")
        page.fill("#id_what", "still here")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        assert page.input_value("#id_what") == "still here"
        browser.close()


@pytest.mark.browser
def test_the_receipt_is_copied_and_saved_as_a_picture(address: str) -> None:
    """The buttons appear only with script; the picture holds the code, and the page's policy allows it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        path_of = os.environ.get("UPSTANDER_CHROMIUM", "/usr/bin/chromium")
        browser = tools.chromium.launch(executable_path=path_of, args=["--no-sandbox", "--disable-gpu"])
        plain = browser.new_context(java_script_enabled=False).new_page()
        plain.goto(f"{address}/demo/patterns/door")
        assert not plain.locator("[data-copy]").is_visible()
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(f"{address}/demo/patterns/door")
        page.click("[data-copy]")
        assert (
            page.evaluate("navigator.clipboard.readText()") == "lantern cherry bicycle cloud apple bridge silver mill"
        )
        assert page.locator("[data-done]").text_content() == "Copied"
        with page.expect_download() as waiting:
            page.click("[data-save]")
        saved = waiting.value
        assert saved.suggested_filename == "receipt.png"
        assert saved.path().read_bytes().startswith(b"\x89PNG")
        browser.close()


@pytest.mark.browser
def test_a_form_is_sent_once_and_not_left_by_accident(address: str) -> None:
    """A second press sends nothing twice, a half-written form of staff asks before it is left, a text box grows."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        path_of = os.environ.get("UPSTANDER_CHROMIUM", "/usr/bin/chromium")
        browser = tools.chromium.launch(executable_path=path_of, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context().new_page()
        page.goto(f"{address}/demo/patterns")
        asked: list[str] = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto(f"{address}/demo/patterns/door")
        assert asked == []
        page.goto(f"{address}/demo/patterns")
        box = page.locator("#id_what")
        before = box.bounding_box()["height"]
        box.fill("\n".join(["line"] * 12))
        assert box.bounding_box()["height"] > before * 1.5
        box.fill("x" * 195)
        assert page.locator("#id_what + .hint").text_content() == "195 / 200"
        page.goto(f"{address}/demo/patterns/door")
        assert asked == ["beforeunload"]
        posts: list[str] = []
        page.route("**/door", lambda route: (posts.append(route.request.method), route.abort()))
        page.evaluate("() => { const f = document.forms[0]; f.requestSubmit(); f.requestSubmit(); }")
        page.wait_for_timeout(300)
        assert posts == ["POST"]
        browser.close()
