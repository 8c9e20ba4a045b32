"""The demo's stories as data: people, posts, classes and what happened, read from ``stories/*.yaml``.

A moment is written as weeks before or after the demo's first day, weekday and time: ``-13 mon 10:20``. The demo begins on
``ANCHOR``, a Tuesday in term in every country, so that the story reads the same whenever somebody starts it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from upstander.people import clock
from upstander.people import queries as people
from upstander.people.models import Person, School
from upstander.people.packs import pack_of
from upstander.school import office

STORIES = Path(__file__).parent / "stories"
ANCHOR = date(2026, 11, 17)
FIRST_LOOK = time(9, 20)
"""When the visitor comes in on the first day."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOMENT = re.compile(r"(?P<week>[+-]?\d+) (?P<day>mon|tue|wed|thu|fri|sat|sun) (?P<hour>\d\d):(?P<minute>\d\d)")

Story = dict[str, Any]


@lru_cache(maxsize=8)
def story(slug: str) -> Story:
    """One school's story."""
    found: Story = yaml.safe_load((STORIES / f"{slug}.yaml").read_text(encoding="utf-8"))
    return found


def slugs() -> list[str]:
    """The schools of the demo."""
    return sorted(path.stem for path in STORIES.glob("*.yaml"))


def moment(text: str) -> datetime:
    """``-13 mon 10:20`` as a civil minute. Raises ValueError."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise ValueError(f"no moment: {text}")
    monday = ANCHOR - timedelta(days=ANCHOR.weekday())
    day = monday + timedelta(weeks=int(match["week"]), days=_DAYS.index(match["day"]))
    return datetime.combine(day, time(int(match["hour"]), int(match["minute"])))


def first_look() -> datetime:
    """The civil minute at which the demo opens."""
    return datetime.combine(ANCHOR, FIRST_LOOK)


def happenings(found: Story) -> Iterator[tuple[datetime, dict[str, Any]]]:
    """What happened, in the order in which it was written down."""
    told = [*found["happenings"], *found.get("year", [])]
    rows = [(moment(row["written"] if "written" in row else row["at"]), row) for row in told]
    yield from sorted(rows, key=lambda pair: pair[0])


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody whom the visitor can be, and what to try as them. ``way``: staff or card."""

    person: Person
    post: str
    text: str
    way: str


@dataclass(frozen=True, slots=True)
class Stop:
    """One school on the tour. ``others``: the rest of its staff; ``steps``: the whole journey, in the reader's language."""

    school: School
    intro: str
    parts: tuple[Part, ...]
    others: tuple[Part, ...]
    steps: tuple[str, ...]

    @property
    def staff(self) -> list[Part]:
        """Everybody who signs in with a password and six digits."""
        return [part for part in (*self.parts, *self.others) if part.person.account_id]


def _said(texts: dict[str, Any], lang: str) -> Any:
    return texts.get(lang) or texts["en-GB"]


def tour_of(school: School, lang: str) -> Stop | None:
    """The tour's stop at a school, None for a school without a story."""
    if school.slug not in slugs():
        return None
    found = story(school.slug)
    by_number = {person.number: person for person in people.everybody(school)}
    parts = tuple(
        Part(by_number[part["person"]], _said(part["post"], lang), _said(part["text"], lang), part.get("way", "staff"))
        for part in found["tour"]["parts"]
        if part["person"] in by_number
    )
    shown = {part.person.id for part in parts}
    others = tuple(part for part in _staff(school, lang) if part.person.id not in shown)
    return Stop(school, _said(found["tour"]["intro"], lang), parts, others, tuple(_said(found["tour"]["steps"], lang)))


def _staff(school: School, lang: str) -> Iterator[Part]:
    """Everybody on the staff with the titles of their posts."""
    on = clock.now(school).date()
    pack = pack_of(school)
    for member in office.members(school, pack, on, lang):
        posts = ", ".join(f"{post.title} {post.where}".strip() for post in member.posts)
        yield Part(member.person, posts, "", "staff")
