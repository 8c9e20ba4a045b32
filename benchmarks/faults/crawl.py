"""A crawler with ill will: every form and every address, as everybody, with what attackers send.

    nice -n 10 .venv/bin/python benchmarks/faults/crawl.py [--who head teacher …] [--routes SUBSTRING] [--seed 0]

In the world of the route matrix (two schools, a case each, everybody signed in) it opens every page as every role, takes the forms
that stand there, and sends each with hostile words in every field: markup, template signs, SQL, line breaks for headers, paths,
numbers out of every range, ids of the other school, fields that no form has, and the same form twice. Then it sends each without
its CSRF token, and puts the same words into the address. Each answer is looked at: no error of ours (5xx), nothing of the hostile
words given back as markup or as a header, nothing of the other school. Ends with 1 if anything was found.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

MARK = "zq7x"
"""Stands in every hostile word, so that its echo is known again."""
HOSTILE = (
    f"<script>{MARK}(1)</script>",
    f"\"'><img src=x onerror={MARK}()>",
    f"{{{{ {MARK} }}}}{{% debug %}}${{{MARK}}}#{{{MARK}}}",
    f"' OR 1=1; DROP TABLE records_event; -- {MARK}",
    f"{MARK}\r\nSet-Cookie: {MARK}=1\r\n\r\n<b>{MARK}",
    f"../../../../etc/passwd\x00{MARK}",
    f"javascript:{MARK}()//",
    "\u202e" + MARK + "\u0000\ufeff\ud7ff🙈" * 40,
    "9" * 400,
    "-1e309",
    "0000-00-00T99:99",
    "",
)
RAW = (f"<script>{MARK}".encode(), f"<img src=x onerror={MARK}".encode(), f"<b>{MARK}".encode())
PUSHED_IN = (
    "is_staff",
    "is_superuser",
    "role",
    "school",
    "school_id",
    "person",
    "account",
    "by_person",
    "recorded_at",
    "kind",
)
"""Fields that no form of ours has: sent along to see that none is believed."""


@dataclass
class Found:
    """A form of a page: where it goes, how, and what it sends when nobody touches it."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Found] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Found(said.get("action", ""), said.get("method", "get").lower()))
        elif self.found and said.get("name"):
            self._field(tag, said)
        elif self.found and tag == "option" and self._select and "selected" in said:
            self.found[-1].fields.append((self._select, said.get("value", "")))

    def _field(self, tag: str, said: dict[str, str]) -> None:
        form, kind = self.found[-1], said.get("type", "text")
        if tag == "select":
            self._select = said["name"]
            form.fields.append((said["name"], ""))
        elif kind == "file":
            form.files.append(said["name"])
        elif tag in ("input", "textarea", "button"):
            form.fields.append((said["name"], said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


@dataclass
class Crawl:
    """The walk of one role; what is wrong goes into ``wrong``."""

    world: Any
    who: str
    draw: random.Random
    foreign: tuple[bytes, ...]
    seen: Counter[str]
    wrong: list[str] = field(default_factory=list)

    def walk(self, routes: list[str]) -> None:
        self.client = self.world.browser(self.who)
        self.strict = self.world.browser("anonymous", checks=True)
        self.strict.cookies = SimpleCookie(self.client.cookies)
        for route in routes:
            path = self.world.path(route)
            with self.taken_back():
                page = self.look(f"GET {path}", self.client.get(path))
            forms = Forms()
            if "html" in page.headers.get("Content-Type", ""):
                forms.feed(page.content.decode("utf-8", "replace"))
            for form in forms.found:
                self.form(urljoin(path, form.action), form)
            self.address(path)

    def form(self, action: str, form: Found) -> None:
        self.seen["forms"] += 1
        path = urlsplit(action)._replace(fragment="").geturl()
        if not path.startswith("/"):
            return
        names = list(dict.fromkeys(name for name, _ in form.fields if name != "csrfmiddlewaretoken"))
        for hostile in HOSTILE:
            self.send(path, form, dict.fromkeys(names, hostile), f"all fields {hostile[:24]!r}")
        for name in names:
            self.send(path, form, {name: self.draw.choice(HOSTILE)}, f"field {name}")
        self.send(path, form, {name: str(self.world.foreign.id) for name in names}, "ids of the other school")
        self.send(path, form, dict.fromkeys(PUSHED_IN, "1"), "fields that no form has")
        if form.method == "post":
            self.without_token(path, form)

    def send(self, path: str, form: Found, changed: dict[str, str], how: str) -> None:
        data = dict(form.fields) | changed
        label = f"{form.method.upper()} {path} ({how})"
        for _again in range(2 if "no form has" in how else 1):
            with self.taken_back():
                answer = self.client.post(path, data) if form.method == "post" else self.client.get(path, data)
                self.look(label, answer)

    def without_token(self, path: str, form: Found) -> None:
        data = {name: value for name, value in form.fields if name != "csrfmiddlewaretoken"}
        with self.taken_back():
            answer = self.look(f"POST {path} (no token)", self.strict.post(path, data))
        # The public door needs no session, so there is nothing that another site could ride on (decision 3).
        door = path.startswith((f"/{self.world.home.school.slug}/", "/language"))
        if answer.status_code not in (403, 404, 405, 302) and not door:
            self.wrong.append(f"{self.who}: {path} took a form without its token: {answer.status_code}")

    def address(self, path: str) -> None:
        for hostile in HOSTILE[:8]:
            asked = quote(hostile, safe="", errors="replace")
            for target in (
                f"{path}?q={asked}&page={asked}&lang={asked}&next={asked}&about-target={asked}",
                f"{path}{asked}",
            ):
                with self.taken_back():
                    self.look(f"GET {target[:120]}", self.client.get(target))

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Whatever the request did is undone, a signing out too, so that every request meets the same world."""
        from django.db import transaction

        came_with = SimpleCookie(self.client.cookies), SimpleCookie(self.strict.cookies)
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        self.client.cookies, self.strict.cookies = came_with

    def look(self, what: str, answer: Any) -> Any:
        self.seen["requests"] += 1
        self.seen[f"{answer.status_code // 100}xx"] += 1
        content = answer.content if not answer.streaming else b""
        if answer.status_code >= 500:
            self.wrong.append(f"{self.who}: {what}: {answer.status_code}")
        if any(raw in content for raw in RAW) and "html" in answer.headers.get("Content-Type", ""):
            self.wrong.append(f"{self.who}: {what}: given back as markup")
        if any(MARK in value for name, value in answer.headers.items() if name != "Location") or MARK in str(
            answer.cookies
        ):
            self.wrong.append(f"{self.who}: {what}: given back as a header")
        if answer.headers.get("Location", "").lower().startswith(("javascript:", "//", "http://zq", "data:")):
            self.wrong.append(f"{self.who}: {what}: sent on to {answer.headers['Location'][:60]}")
        # Whom one can talk to is there for everybody, as are the invented people of the demo.
        public = any(part in what for part in ("/demo/", "/tour", "/talk"))
        if not public and any(each in content for each in self.foreign):
            self.wrong.append(f"{self.who}: {what}: shows something of the other school")
        return answer


def foreign_words(world: Any, who: str) -> tuple[bytes, ...]:
    """Names and numbers of the school that is not theirs."""
    other, case = (world.home, world.case) if who == "other-school" else (world.away, world.foreign)
    names = [person.name for person in [*other.pupils.values(), *other.staff.values()]]
    return tuple(each.encode() for each in [*names, case.number])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--who", nargs="*", help="only these roles of the matrix")
    parser.add_argument("--routes", default="", help="only addresses that hold this")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"UPSTANDER_DATA": data, "DJANGO_SETTINGS_MODULE": "upstander.web.settings"}
        os.environ.pop("UPSTANDER_DATABASE_URL", None)
        return crawl(asked)


def crawl(asked: argparse.Namespace) -> int:
    import logging

    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    setup_test_environment()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from tests.decided import WHO
    from tests.world import ROUTES, made

    begun, seen, wrong = time.monotonic(), Counter[str](), list[str]()
    routes = [route for route in ROUTES if asked.routes in route]
    with made() as world:
        for who in asked.who or WHO:
            walk = Crawl(world, who, random.Random(asked.seed), foreign_words(world, who), seen)
            walk.walk(routes)
            wrong += walk.wrong
            print(f"{who}: {seen['requests']} requests, {seen['forms']} forms, {len(wrong)} findings", flush=True)
    for each in dict.fromkeys(wrong):
        print(each)
    print(f"{dict(seen)} in {time.monotonic() - begun:.0f} s; {len(wrong)} findings")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
