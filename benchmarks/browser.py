"""A browser without script, as ``journeys.py`` needs many: it gets the form, fills it in, sends it and reads the receipt."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

TRIES = 40
HELD = re.compile(r'name="held" value="([^"]+)"')
PAGE = re.compile(r'name="page" value="([^"]+)"')
WORDS = re.compile(r'id="receipt-words"[^>]*>(.*?)</ol>', re.S)
ANSWERS = {
    "openness": {"openness": "anonymous"},
    "who": {"who": "pupil.to-me"},
    "safe": {"safe-now": "yes"},
    "what": {"place": "gym"},
    "when": {"since": "this-week", "before": "before"},
    "people": {"who-was-there": "Two of the other class, and somebody who looked on."},
    "done": {"done-so-far": "I told a friend."},
    "wish": {"wish": "stop", "not-told": "classmates"},
    "send": {},
}


@dataclass
class Journey:
    """One report: what was written in it, its receipt, how long it took."""

    school: str
    text: str
    words: str = ""
    seconds: float = 0.0
    retries: int = 0


class Browser:
    """One connection that is kept open; a request without an answer is sent again."""

    def __init__(self, port: int, number: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        # Each browser comes from an address of its own; one address for all would be slowed, as it should.
        self.headers = {
            "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            "Accept-Language": "en-GB",
        }
        self.retries = 0

    def ask(self, method: str, path: str, fields: dict[str, object] | None = None) -> str:
        body = urlencode(fields, doseq=True) if fields is not None else None
        headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"} if body else self.headers
        last = ""
        for _ in range(TRIES):
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                page = answer.read().decode()
            except (OSError, http.client.HTTPException) as error:
                last = repr(error)
                self.connection.close()
                self.retries += 1
                time.sleep(0.05)
                continue
            if answer.status == 200:
                return page
            if answer.status in (429, 500, 502, 503):
                last = f"{answer.status}: {page[-600:]}"
                self.retries += 1
                time.sleep(0.2)
                continue
            raise RuntimeError(f"{method} {path}: {answer.status}\n{page[:2000]}")
        raise RuntimeError(f"{method} {path}: no answer after {TRIES} tries; the last: {last}")


def tell(browser: Browser, journey: Journey, walk: bool) -> None:
    """From the form to the receipt."""
    path = f"/{journey.school}/tell"
    if walk:
        page = browser.ask("GET", path)
        while (here := found(PAGE, page)) is not None:
            given = {**ANSWERS[here], **({"what": journey.text} if here == "what" else {})}
            page = browser.ask(
                "POST", path, {"held": unescape(found(HELD, page) or ""), "page": here, "go": "next", **given}
            )
            if here == "send":
                break
    else:
        page = browser.ask("GET", f"{path}?all")
        every: dict[str, object] = {name: value for answers in ANSWERS.values() for name, value in answers.items()}
        form = {**every, "what": journey.text, "held": unescape(found(HELD, page) or ""), "page": "all", "go": "next"}
        page = browser.ask("POST", path, form)
    words = re.findall(r"<li>([^<]+)</li>", found(WORDS, page) or "")
    if len(words) != 8:
        raise RuntimeError("no receipt")
    journey.words = " ".join(words)


def found(pattern: re.Pattern[str], page: str) -> str | None:
    match = pattern.search(page)
    return match[1] if match else None
