"""What pages hand to the components: small frozen values, already in the reader's language.

A room builds these from its own objects; the templates in ``ui/components`` show them. Nothing here
decides anything. Texts are plain strings (escaped by the templates) unless they are ``SafeString``.
``lang`` fields are BCP 47 tags, set where a text is not in the page's language, so that it is read out and set rightly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Shape = Literal["target", "actor", "saw", "aside", "told", "sealed", "staff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something to press: its word and where it leads."""

    label: str
    url: str
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause of the school's policy, quoted in serif with its number as a link."""

    id: str
    text: str = ""
    url: str = ""
    at: str = ""
    lang: str = ""

    @property
    def number(self) -> str:
        """The document's own numbering where it has one, else the id."""
        return self.at or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A duty on the spine. ``margin`` holds the lines under the state's word (see ``dates.margin``).

    ``word`` replaces the state's usual word. ``main`` fills the button: only for what is late.
    """

    state: str
    label: str
    url: str = ""
    word: str = ""
    margin: Sequence[str] = ()
    notes: Sequence[str] = ()
    clauses: Sequence[Clause] = ()
    deed: Deed | None = None
    explain_url: str = ""
    lang: str = ""

    @property
    def main(self) -> bool:
        """Whether the deed has the filled button."""
        return self.state == "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that happened, on the spine of the past; the newest comes first.

    ``was`` is what stood there before a correction, ``was_by`` who corrected it and when;
    ``late`` says that it was written down later than it happened.
    """

    when: str
    title: str
    details: Sequence[str] = ()
    by: Sequence[str] = ()
    was: str = ""
    was_by: str = ""
    late: str = ""
    url: str = ""
    id: str = ""
    strong: bool = False
    void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that must be known. A blank shows as a dashed line with the way to fill it."""

    label: str
    value: str = ""
    blank: bool = False
    sealed: bool = False
    word: str = ""
    act: Deed | None = None
    full: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCard:
    """A person in a matter; ``shape`` tells the role without colour. ``name`` is empty where not known."""

    name: str
    role: str
    shape: Shape = "aside"
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpline:
    """Somebody who helps: what they are, the number as it is written, and their hours."""

    title: str
    number: str = ""
    hours: str = ""
    note: str = ""
    lang: str = ""

    @property
    def tel(self) -> str:
        """The number as a ``tel:`` address: digits, and a leading plus."""
        lead = "+" if self.number.strip().startswith("+") else ""
        return lead + "".join(sign for sign in self.number if sign.isdigit() and sign.isascii())


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message of a two-way talk. ``mine`` is the reader's own."""

    who: str
    when: str
    text: str
    mine: bool = False
    files: Sequence[Deed] = ()
    lang: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """A way through the house. ``wide`` ones stand under "More" on a phone."""

    label: str
    url: str
    icon: str
    current: bool = False
    count: int = 0
    wide: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What every staff page shows around its content. Rooms set it as ``request.house``."""

    school_name: str
    home_url: str
    nav: Sequence[NavItem] = ()
    person_name: str = ""
    account_url: str = ""
    strip: str = ""
    strip_deed: Deed | None = None
    school_lang: str = ""

    @property
    def hidden_nav(self) -> list[NavItem]:
        """What a phone shows under "More"."""
        return [item for item in self.nav if item.wide]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What every public page of a school shows around its content. Rooms set it as ``request.door``."""

    school_name: str
    home_url: str
    exit_url: str
    helplines: Sequence[Helpline] = ()
    help_title: str = ""
    help_text: str = ""
    strip: str = ""
    strip_deed: Deed | None = None
    school_lang: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One stretch of a long list. ``numbers`` holds page numbers, 0 for a gap."""

    number: int
    pages: int
    base: str = "?"
    numbers: Sequence[int] = field(default_factory=tuple)


def paged(number: int, pages: int, base: str = "?") -> Page:
    """Return the pagination for page ``number`` of ``pages``; ``base`` is the address up to ``page=``."""
    near = {1, pages, *range(max(1, number - 1), min(pages, number + 1) + 1)}
    numbers: list[int] = []
    for each in sorted(near):
        if numbers and each - numbers[-1] > 1:
            numbers.append(0)
        numbers.append(each)
    return Page(number=number, pages=pages, base=base, numbers=tuple(numbers))
