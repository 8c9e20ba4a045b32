"""A concern as its page shows it: what was told, the wish, the talk with whoever told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from upstander.cases import parts
from upstander.cases.looking import Looking
from upstander.cases.shapes import Line, Wish
from upstander.policy.model import FieldType
from upstander.ui import dates
from upstander.ui.parts import Deed, Fact, Letter

TOLD, WISH_CHANGED = "told", "wish-changed"
IN_THE_HEAD = frozenset({"source-kind", "standing", "openness", "wish", "wish-words", "not-told", "safe-now", "files"})
FROM_THE_TELLER = {"told-more": "what", "withdrawn": "reason", "confirmed": "words", "identity-given": "teller-name"}
"""What comes from whoever told, and the field that holds its words."""
FROM_THE_SCHOOL = {"acknowledged": "words", "asked": "words", "answered": "words", "step-shared": "words"}


def first(looking: Looking) -> Any:
    """The entry with which the concern begins; None while nothing was told."""
    return next((entry for entry in parts.tale(looking) if entry.kind == TOLD and not entry.voided), None)


def value(entry: Any, name: str, looking: Looking) -> str:
    """A field's words; empty where it is blank."""
    found = next((shown for shown in entry.fields if shown.id == name), None) if entry else None
    return looking.words.joined(found.values) if found else ""


def facts(looking: Looking, entry: Any) -> list[Fact]:
    """What was told, question by question; a question without an answer is left out, nobody is blamed for a blank."""
    if entry is None:
        return []
    return [
        Fact(label=shown.label, value=looking.words.joined(shown.values), full=shown.type == FieldType.LONG_TEXT.value)
        for shown in entry.fields
        if shown.values and shown.id not in IN_THE_HEAD
    ]


def files(looking: Looking, entries: Iterable[Any]) -> list[Deed]:
    """The files of some entries, to be opened with a click."""
    return [
        Deed(label=file.name, url=looking.url("file", file.id))
        for entry in entries
        for shown in entry.fields
        for file in shown.files
    ]


def wish(looking: Looking, entry: Any) -> Wish | None:
    """What the teller wishes now, and who must not be told: the latest word counts."""
    if entry is None:
        return None
    changed = [each for each in parts.tale(looking) if each.kind == WISH_CHANGED and not each.voided]
    latest = max([entry, *changed], key=lambda each: (each.at, each.recorded))
    text, codes, not_told = parts.wish_words(looking, latest, "wish")
    if latest is not entry and not not_told:
        not_told = parts.wish_words(looking, entry, "wish")[2]
    when = dates.moment(latest.at, looking.lang, looking.now)
    title = _("What the person who told us wants")
    if not (text or codes or not_told):
        return Wish(title=title, text=_("They said nothing about it."), asked=when)
    return Wish(title=title, text=text, codes=codes, not_told=not_told, asked=when)


def unsafe(looking: Looking, entry: Any) -> Line | None:
    """A warning where the teller is not safe, or not sure of it."""
    if entry is None:
        return None
    said = looking.events[str(entry.id)].fields.get("safe-now")
    if said in (None, "yes", ""):
        return None
    answer = value(entry, "safe-now", looking)
    label = looking.words.field(TOLD, "safe-now")
    head = _("%(question)s: %(answer)s") % {"question": label, "answer": answer}
    return Line(label=head, value=_("Look after this first."))


def how(looking: Looking, entry: Any) -> str:
    """Who told, how they know and with or without a name, in a line."""
    names = ("source-kind", "standing", "openness", "way")
    return " · ".join(said for name in names if (said := value(entry, name, looking))) if entry else ""


def letters(looking: Looking) -> list[Letter]:
    """The talk with whoever told, oldest first."""
    found = []
    for entry in parts.tale(looking):
        mine = entry.kind in FROM_THE_SCHOOL
        field = FROM_THE_SCHOOL.get(entry.kind) or FROM_THE_TELLER.get(entry.kind)
        if field is None or entry.voided:
            continue
        text = value(entry, field, looking)
        found.append(
            Letter(
                who=(entry.by_name or _("The school")) if mine else _("Whoever told us"),
                when=dates.moment(entry.at, looking.lang, looking.now),
                text=text or entry.done,
                mine=mine,
                files=files(looking, [entry]),
            )
        )
    return found
