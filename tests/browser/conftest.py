"""A real demo, served by the real server, seen by a real browser.

The demo is made once for a run (by ``upstander demo``, as ``./start`` does it) and copied for each test that changes it, so
that every journey begins on the same Tuesday morning.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Site:
    """A running demo."""

    url: str


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "UPSTANDER_DATABASE_URL"}
    return {**kept, "UPSTANDER_DEMO": "true", "UPSTANDER_MAIL": "file", "UPSTANDER_DATA": str(folder)}


def _upstander(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "upstander.cli", *arguments]
    subprocess.run(command, env=_environment(folder), check=True, capture_output=True)


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo as it is after its first start. With several workers the first makes it, the others wait."""
    base = tmp_path_factory.getbasetemp()
    # Workers share the folder above their own; without workers that one outlives the run, and with it a demo of older code.
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "upstander-demo"
    lock = shared.with_suffix(".making")
    try:
        lock.touch(exist_ok=False)
    except FileExistsError:
        _wait((shared / "ready").exists, "another worker makes the demo", seconds=400)
        return shared
    shared.mkdir(exist_ok=True)
    _upstander(shared, "demo", "--no-serve")
    (shared / "ready").touch()
    return shared


def _wait(done: object, what: str, *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise TimeoutError(what)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:  # noqa: S310 - our own loopback server
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def _served(request: pytest.FixtureRequest, folder: Path) -> Iterator[Site]:
    """A copy of the demo in ``folder``, served on a port of its own; ``UPSTANDER_SITE`` names one that runs already."""
    if os.environ.get("UPSTANDER_SITE"):
        yield Site(os.environ["UPSTANDER_SITE"])
        return
    made_demo: Path = request.getfixturevalue("made_demo")
    shutil.copytree(made_demo, folder)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "upstander.cli", "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(command, env=_environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(lambda: _answers(url), "the server", seconds=60)
        yield Site(url)
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A demo of one test's own."""
    with _served(request, tmp_path / "data") as found:
        yield found


@pytest.fixture(scope="session")
def shared_site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A demo for all tests of this run that only look."""
    with _served(request, tmp_path_factory.mktemp("shared") / "data") as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        path = os.environ.get("UPSTANDER_CHROMIUM", "/usr/bin/chromium")
        found = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield found
        found.close()


class Visitor:
    """Somebody at a browser of their own: ``page`` and short words for what people do."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context, self.site = context, site
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)

    def go(self, path: str) -> None:
        self.page.goto(self.site.url + path)

    def be(self, name: str) -> None:
        """Come in as somebody of the demo, by the tour's button beside their name."""
        self.go("/tour")
        self.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        self.follow(self.page.locator("li", has_text=name).locator("button").first)

    def follow(self, control: Locator) -> None:
        """Press something that leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            control.click()

    def press(self, name: str) -> None:
        self.follow(self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first)

    def main(self) -> str:
        return self.page.locator("main").inner_text()

    def move_clock(self, school: str, to: str) -> None:
        """Move a school's clock to ``YYYY-MM-DDTHH:MM`` on the demo's page."""
        self.go("/demo/clock")
        form = self.page.locator("form", has=self.page.locator("#which"))
        form.locator("select[name=school]").select_option(school)
        day, clock = to.split("T")
        form.locator("[name=to_0]").fill(day)
        form.locator("[name=to_1]").fill(clock)
        self.follow(form.locator("button").last)


@contextmanager
def _visitors(browser: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    contexts: list[BrowserContext] = []

    def make(language: str = "en-GB", *, phone: bool = False, scripts: bool = True, dark: bool = False) -> Visitor:
        context = browser.new_context(
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            locale=language,
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        return Visitor(context, site)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors: ``visitor("nl", phone=True)``."""
    with _visitors(browser, site) as make:
        yield make


@pytest.fixture
def shared_visitor(browser: Browser, shared_site: Site) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors of the shared demo."""
    with _visitors(browser, shared_site) as make:
        yield make
