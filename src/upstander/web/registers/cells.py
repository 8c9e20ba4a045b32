"""A register in the look: heads that sort, filters, rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from upstander.access.pages import SchoolRequest
from upstander.cases import addresses, parts, steps
from upstander.cases.words import Words
from upstander.people import queries as people
from upstander.policy.model import FieldType
from upstander.records import registers
from upstander.records.columns import Column
from upstander.records.registers import Found, Register, Row, Wanted
from upstander.records.steps import DutyItem, items_of
from upstander.ui import dates
from upstander.ui import words as ui_words

MOST_CHOICES = 40
"""A longer coded list is no filter; a search finds its words."""


@dataclass(frozen=True, slots=True)
class Head:
    """The title of a column. ``url``: the list sorted by it; ``way``: ``ascending`` or ``descending`` while it is."""

    label: str
    url: str = ""
    way: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """A filter with its choices (value, words, chosen)."""

    name: str
    label: str
    choices: Sequence[tuple[str, str, bool]]
    lang: str = ""


@dataclass(frozen=True)
class Sheet:
    """One register as a page shows it."""

    search: Register
    wanted: Wanted
    words: Words
    url: str

    # --- addresses -----------------------------------------------------------------------------------------------

    def address(self, wanted: Wanted, **more: str) -> str:
        """The list as it would look so."""
        asked = {
            "show": wanted.show if wanted.show != "open" else "",
            "whose": "mine" if wanted.mine else "",
            "q": wanted.q,
            "sort": wanted.sort,
            "down": "1" if wanted.down else "",
            **wanted.coded,
            **more,
        }
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{self.url}?{query}" if query else self.url

    # --- heads -----------------------------------------------------------------------------------------------------

    @property
    def others(self) -> Sequence[str]:
        """The subjects besides the first."""
        return self.search.pack.records[self.search.kind].subjects[1:3]

    def heads(self) -> list[Head]:
        """The titles, in the order of the cells."""
        main = self.words.role(self.search.main) if self.search.main else pgettext("a column of a register", "Record")
        roles = [self._plain(self.words.role(role), f"roles.{role}.title") for role in self.others]
        return [
            self._head("name" if self.search.main else "number", main, f"roles.{self.search.main}.title"),
            self._head("", pgettext("register", "How it stands")),
            Head(_("What comes next")),
            Head(pgettext("register", "Whose step")),
            *roles,
            *(self._head(each.id, each.label, each.label_path) for each in self.search.columns),
            self._head("opened", _("Opened")),
            *([self._head("number", _("Number"))] if self.search.main else []),
        ]

    def _plain(self, label: str, path: str) -> Head:
        return Head(label, lang=self.words.lang_of(path))

    def _head(self, name: str, label: str, path: str = "") -> Head:
        now = self.wanted.sort == name
        turned = replace(self.wanted, sort=name, down=now and not self.wanted.down)
        way = ("descending" if self.wanted.down else "ascending") if now else ""
        return Head(label, self.address(turned), way, self.words.lang_of(path) if path else "")

    # --- filters -----------------------------------------------------------------------------------------------------

    def picks(self) -> list[Pick]:
        """Which, whose, and the coded columns."""
        shows = {
            "open": pgettext("records", "Open"),
            "late": pgettext("records", "Late"),
            "due": pgettext("records", "Due today"),
            "closed": pgettext("records", "Closed"),
            "all": pgettext("records", "All"),
        }
        whose = {"": pgettext("steps", "Everybody’s"), "mine": pgettext("steps", "Mine")}
        return [
            Pick("show", _("Which"), [(value, word, value == self.wanted.show) for value, word in shows.items()]),
            Pick(
                "whose",
                _("Whose step"),
                [(value, word, (value == "mine") is self.wanted.mine) for value, word in whose.items()],
            ),
            *(self._coded(each) for each in self.search.columns if _offers(self.search, each)),
            self._order(),
        ]

    def _order(self) -> Pick:
        """By what the list is sorted: on a telephone there are no headings to press."""
        ways = {
            "": pgettext("order", "What presses"),
            "due": pgettext("order", "When it is due"),
            **({"name": self.words.role(self.search.main)} if self.search.main else {}),
            **{each.id: each.label for each in self.search.columns},
            "opened": _("Opened"),
            "number": _("Number"),
        }
        return Pick("sort", _("Sorted by"), [(value, word, value == self.wanted.sort) for value, word in ways.items()])

    def _coded(self, column: Column) -> Pick:
        chosen = self.wanted.coded.get(column.id, "")
        found = codes(self.search, column, self.words)
        choices = [
            ("", pgettext("records", "All"), not chosen),
            *((code, word, code == chosen) for code, word in found),
        ]
        return Pick(column.id, column.label, choices, self.words.lang_of(column.label_path))

    # --- rows --------------------------------------------------------------------------------------------------------

    def rows(self, found: Found) -> list[dict[str, Any]]:
        """The rows of one page, as the component shows them."""
        search = self.search
        shown = registers.rows(search, found, found.records)
        duties = [row.duty for row in shown if row.duty is not None]
        records = [row.record for row in shown]
        items = items_of(search.viewer, search.school, records, duties, search.now, search.lang)
        named = {each for row in shown for each, _name in row.names}
        classes = {key: each.name for key, each in people.classes_of(search.school, named, search.now.date()).items()}
        heads = [head.label for head in self.heads()]
        return [self._row(row, items.get(row.record.id), classes, heads) for row in shown]

    def title(self, row: Row, classes: dict[str, str]) -> str:
        """Whom or what a record is about, else what it is and its number."""
        names = [parts.with_class(name, classes.get(ident, "")) for ident, name in row.names]
        if names:
            return self.words.joined(names)
        kind = self.words.label(f"records.{self.search.kind}.label")
        return _("%(kind)s %(number)s") % {"kind": kind, "number": row.record.number}

    def _row(self, row: Row, item: DutyItem | None, classes: dict[str, str], heads: list[str]) -> dict[str, Any]:
        search, words = self.search, self.words
        who = words.joined([steps.bearer(words, each) for each in item.step.bearers]) if item else ""
        cells: list[Any] = [
            self.state(row, item),
            item.step.label if item and not row.record.closed else "",
            who if not row.record.closed else "",
            *(words.joined(row.people.get(role, ())) for role in self.others),
            *(words.joined(row.words.get(each.id, ())) for each in search.columns),
            dates.day(row.record.opened_at.date(), search.lang, today=search.now.date(), weekday=False),
            *([row.record.number] if search.main else []),
        ]
        return {
            "head": self.title(row, classes),
            "url": addresses.home(search.school, row.record, search.pack),
            "cells": list(zip(heads[1:], cells, strict=True)),
        }

    def state(self, row: Row, item: DutyItem | None) -> dict[str, str]:
        """How a record stands: shape and word."""
        if row.record.closed:
            return {"state": "met", "word": pgettext("record", "Closed")}
        if item is None:
            return {"state": "waived", "word": _("Nothing open")}
        step, now = item.step, self.search.now
        late = dates.lateness(step.due, now, self.words.lang) if step.late and step.due else ""
        return {"state": step.state, "word": late or ui_words.state_word(step.state, due=step.due, now=now)}


def codes(search: Register, column: Column, words: Words) -> list[tuple[str, str]]:
    """The values that a coded column may have, in the pack's order."""
    if column.spec.type is FieldType.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    return [
        (code, words.option(column.spec.options, code)) for code in search.pack.options.get(column.spec.options, {})
    ]


def _offers(search: Register, column: Column) -> bool:
    if column.spec.type is FieldType.YES_NO:
        return True
    return column.coded and 0 < len(search.pack.options.get(column.spec.options, {})) <= MOST_CHOICES


def sheet(request: SchoolRequest, search: Register, words: Words) -> Sheet:
    """The register that the address asks for."""
    url = reverse("registers:register", args=[request.school.slug, search.kind])
    return Sheet(search, wanted(request.GET, search, words), words, url)


def wanted(asked: QueryDict, search: Register, words: Words) -> Wanted:
    """What an address asks for; what it cannot mean is left out."""
    show = asked.get("show", "open")
    columns = {column.id: column for column in search.columns}
    coded = {
        name: code
        for name, column in columns.items()
        if (code := asked.get(name, "")) and code in dict(codes(search, column, words))
    }
    sort = asked.get("sort", "")
    return Wanted(
        show=show if show in registers.SHOWS else "open",
        mine=asked.get("whose") == "mine",
        q=asked.get("q", "").replace("\0", "")[:80],
        coded=coded,
        sort=sort if sort in {"name", "due", "opened", "number", *columns} else "",
        down=asked.get("down") == "1",
    )
