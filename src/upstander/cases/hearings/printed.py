"""The table of accounts and its differences as a report prints them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from upstander.cases.hearings import accounts
from upstander.cases.hearings import room as rooms
from upstander.cases.looking import Looking


def for_paper(looking: Looking) -> Mapping[str, object]:
    """``people`` over the columns, ``rows`` of (label, its language, cells), ``differences`` with both versions. Empty where nobody
    has been heard, or the policy knows no such room.
    """
    hearings = rooms.of(looking)
    people = accounts.columns(hearings) if hearings is not None else []
    if hearings is None or not people:
        return {}
    return {
        "title": _("The accounts side by side"),
        "people": [each.name for each in people],
        "rows": [
            {"label": row.label, "lang": row.lang or looking.lang, "cells": [_cell(each) for each in row.cells]}
            for row in accounts.rows(hearings)
        ],
        "differences-title": _("Differences"),
        "differences": [
            {
                "title": each.label,
                "state": each.state,
                "sides": [[name, words or "–"] for _id, name, words in each.sides],
                "notes": [note for note in (each.note, each.end_note) if note],
            }
            for each in accounts.differences_of(hearings)
        ],
    }


def _cell(said: accounts.Said) -> str:
    if said.sealed and not said.words:
        return _("Sealed")
    return "\n".join(words if n == 0 else f"{when}: {words}" for n, (when, words) in enumerate(said.words)) or "–"
