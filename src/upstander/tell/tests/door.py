"""Schools, and a reader without script who walks through the door."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.test import Client

from upstander.people import actions as people
from upstander.people.models import School

WORDS = {
    "en-GB": "After practice my bag was gone.",
    "ja": "部活のあと、かばんがなくなっていた。",
    "nl": "Na de les was mijn tas weg.",
    "zh-Hans": "训练之后我的书包不见了。",
}
LANGUAGES = tuple(WORDS)


def english_school(slug: str = "larkrise") -> School:
    """A school that runs the English pack."""
    return people.make_school(
        slug, "Larkrise Example Academy", pack="gb-secondary", language="en-GB", timezone="Europe/London"
    )


def japanese_school(slug: str = "aoba") -> School:
    """A school that runs the Japanese pack."""
    return people.make_school(
        slug, "見本市立あおば例中学校", pack="jp-junior-high", language="ja", timezone="Asia/Tokyo"
    )


ANSWERS: dict[str, dict[str, Any]] = {
    "openness": {"openness": "anonymous"},
    "who": {"who": "pupil.to-me"},
    "safe": {"safe-now": "yes"},
    "what": {"what": WORDS["en-GB"], "place": ["gym", "unknown"]},
    "when": {"since": "this-week", "before": "before"},
    "people": {"who-was-there": "Two of 8B"},
    "done": {"done-so-far": "Nothing yet"},
    "wish": {"wish": ["not-sure"]},
    "minute": {},
    "send": {},
}


@dataclass
class Reader:
    """Somebody at the door: keeps the last page, answers it, presses its buttons. Has no script and keeps no cookie."""

    slug: str = "larkrise"
    lang: str = "en-GB"
    address: str = "203.0.113.7"
    client: Client = field(default_factory=Client)
    html: str = ""
    status: int = 0

    def get(self, path: str = "tell") -> Reader:
        """Open a page of the school."""
        mark = "&" if "?" in path else "?"
        return self._took(self.client.get(f"/{self.slug}/{path}{mark}lang={self.lang}", REMOTE_ADDR=self.address))

    def post(self, path: str = "tell", **fields: Any) -> Reader:
        """Send a form."""
        return self._took(self.client.post(f"/{self.slug}/{path}?lang={self.lang}", fields, REMOTE_ADDR=self.address))

    def answer(self, go: str = "next", **fields: Any) -> Reader:
        """Answer the page of the door that is open."""
        return self.post(held=self.hidden("held"), page=self.hidden("page"), go=go, **fields)

    def walk(self, answers: dict[str, dict[str, Any]] | None = None, until: str = "") -> Reader:
        """Go from the first page to the receipt (or to a page), skipping what has no answer."""
        given = ANSWERS if answers is None else answers
        self.get()
        while self.html and self.hidden("page") != until:
            page = self.hidden("page")
            self.answer("next" if page in given or page in ("minute", "send") else "skip", **given.get(page, {}))
            assert self.status == 200, (page, self.status, self.errors)
            if page == "send":
                break
        return self

    def hidden(self, name: str) -> str:
        """A hidden field of the page."""
        found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', self.html)
        return unescape(found[1]) if found else ""

    @property
    def words(self) -> list[str]:
        """The receipt's words."""
        part = self.html.partition('id="receipt-words"')[2].partition("</ol>")[0]
        return re.findall(r"<li>([^<]+)</li>", part)

    @property
    def text(self) -> str:
        """What stands on the page, without markup."""
        body = self.html.partition("<main")[2].partition("</main>")[0]
        return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))

    @property
    def errors(self) -> list[str]:
        """What the summary asks for."""
        part = self.html.partition('class="errors')[2].partition("</div>")[0]
        return [unescape(each) for each in re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", part)]

    def _took(self, response: Any) -> Reader:
        self.status, self.html = response.status_code, response.content.decode()
        self.headers = response.headers
        return self
