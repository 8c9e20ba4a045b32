"""A draft tried on what has been: how many past cases would have been late, and in which of them what would have differed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from upstander.access.decide import CONCERN
from upstander.access.viewer import Viewer
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy import labels, replay
from upstander.policy.model import Pack
from upstander.policy.replay import Change, Difference, Replayed
from upstander.policy.verdict import DutyInstance
from upstander.records import kinds, past
from upstander.records import queries as records
from upstander.school.published import Answer, Published
from upstander.ui import dates, words

MOST_RECORDS = 2000
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One duty, counted over all records: asked for and late, as it is and as it would be."""

    label: str
    before: tuple[int, int]
    after: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One record that the viewer may see, with what would have differed in it."""

    number: str
    kind: str
    url: str
    lines: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Tried:
    """``hidden``: in how many more records something differs that this viewer may not see."""

    said: Sequence[str]
    rules: Sequence[RuleLine]
    cases: Sequence[CaseLine]
    hidden: int
    only_newest: bool


def tried(viewer: Viewer, school: School, before: Pack, after: Pack, now: datetime, lang: str) -> Tried:
    """Judge the school's past by both packs. Counts are over everything; single records only those that the viewer may see."""
    found = replay.replay(before, after, past.logs(school, MOST_RECORDS), people.calendar_of(school), now)
    seen = {
        str(row.id): row for row in records.visible(viewer).filter(id__in=[each.record for each in found.differences])
    }
    visible = [each for each in found.differences if each.record in seen]
    cases = [
        CaseLine(
            seen[each.record].number,
            labels.label(after, f"records.{each.kind}.label", lang),
            _address(school, after, each),
            _lines(each, after, now, lang),
        )
        for each in visible[:MOST_SHOWN]
    ]
    return Tried(
        said=replay.in_words(found, lang),
        rules=_rules(found, before, after, lang),
        cases=cases,
        hidden=len(found.differences) - len(cases),
        only_newest=found.records >= MOST_RECORDS,
    )


def _address(school: School, pack: Pack, found: Difference) -> str:
    """The record's own page."""
    of_a_case = "cases:case" if kinds.is_case(pack, found.kind) else "registers:case"
    name = "cases:concern" if found.kind == CONCERN else of_a_case
    return reverse(name, args=[school.slug, found.record])


def _rules(found: Replayed, before: Pack, after: Pack, lang: str) -> list[RuleLine]:
    return [
        RuleLine(
            labels.label(after if rule in after.duties else before, f"duties.{rule}.label", lang),
            (old.opened, old.late),
            (new.opened, new.late),
        )
        for rule, (old, new) in found.rules.items()
    ]


def _lines(found: Difference, pack: Pack, now: datetime, lang: str) -> list[tuple[str, str, str]]:
    return [
        (
            labels.label(pack, f"duties.{each.rule}.label", lang),
            _side(each.before, now, lang),
            _side(each.after, now, lang),
        )
        for each in _distinct(found.changes)
    ]


def _distinct(changes: Sequence[Change]) -> Iterator[Change]:
    """One line for each duty: of many keys and windows the first says enough."""
    seen: set[str] = set()
    for change in changes:
        if change.rule not in seen:
            seen.add(change.rule)
            yield change


def _side(duty: DutyInstance | None, now: datetime, lang: str) -> str:
    if duty is None:
        return "–"
    word = words.state_word(duty.state.value)
    return f"{word}, {dates.by(duty.due, now, lang)}" if duty.due is not None else word


def answers(before: Pack, after: Pack, lang: str) -> Iterator[tuple[Answer | None, Answer]]:
    """(as it is, as it would be) of every word and number whose answer differs."""
    old, new = Published(before, lang), Published(after, lang)
    for name, word in after.vague.items():
        was = before.vague.get(name)
        if was is None or was.means != word.means:
            yield (old.word(was) if was else None), new.word(word)
    for name, param in after.params.items():
        was_param = before.params.get(name)
        if was_param is None or was_param.value != param.value:
            yield (old.param(was_param) if was_param else None), new.param(param)
