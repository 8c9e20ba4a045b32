"""What is asked of a pupil, or of a parent about their child, their earlier answers, whom they can talk to. Never a record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from upstander.access import decide, families
from upstander.access.decide import NotFound
from upstander.access.viewer import Viewer
from upstander.cases.words import Words
from upstander.people import queries as people
from upstander.people.models import School
from upstander.policy.arithmetic import LAST_MOMENT
from upstander.policy.model import EventKind
from upstander.records import families as families_of
from upstander.records import queries, subjects
from upstander.records.models import Record
from upstander.ui import dates, markdown

SELF = {"pupil": "pupil-self", "guardian": families.GUARDIAN}
"""The role in which each answers."""
MOST_EARLIER = 6


@dataclass(frozen=True)
class Check:
    """An open check-in: the record and kind (never named to the pupil), the questions, whom it is about, who reads it."""

    record: Record
    kind: str
    label: str
    note: str
    url: str
    fields: Sequence[str]
    about: dict[str, list[str]]
    lang: str = ""
    readers: str = ""
    cards: Sequence[Any] = ()


@dataclass(frozen=True)
class Told:
    """A question and the pupil's own answer; or a role and who holds it."""

    label: str
    value: str
    note: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Answers:
    when: str
    lines: Sequence[Told]


@dataclass(frozen=True)
class Help:
    """A text for children that belongs to the check-in."""

    guidance: markdown.Guidance
    lang: str


def own_kinds(viewer: Viewer) -> list[EventKind]:
    """The kinds of event that a pupil, or a guardian, records themselves."""
    return [kind for kind in viewer.pack.events.values() if SELF.get(viewer.kind) in kind.recorded_by]


def own_people(viewer: Viewer) -> frozenset[str]:
    """Of whom the viewer speaks: a pupil of themselves, a guardian of the children they look after."""
    return viewer.guards if viewer.kind == families.GUARDIAN else frozenset({str(viewer.person_id)})


def own_records(viewer: Viewer, school: School, now: datetime) -> list[Record]:
    """The records that name the pupil. Never shown; only the pupil's own answers in them are.

    A guardian is asked nothing of a matter of which the school has told them nothing: the question itself would tell it.
    Nothing of a matter comes up behind a card made by somebody who is a party to it, or whose child is: whoever made
    the card has read its words.
    """
    if viewer.kind == families.GUARDIAN:
        heard = [each for each in families_of.matters(viewer, school, now) if families_of.told(viewer, each, "", now)]
        return list({each.record.id: each.record for each in heard}.values())
    if viewer.kind != "pupil" or viewer.person_id is None:
        return []
    found = list(queries.records_naming(school, str(viewer.person_id)).select_related("school"))
    maker = people.person(school, viewer.let_in_by) if viewer.let_in_by else None
    if maker is None:
        return found
    shut_out = {str(maker.id)} | people.wards_of(maker)
    return [record for record in found if not shut_out & _parties(viewer, record)]


def _parties(viewer: Viewer, record: Record) -> set[str]:
    kind = viewer.pack.records.get(record.kind)
    roles = decide.party_roles(viewer.pack, kind) if kind else decide.PARTIES
    return {person for role, ids in queries.named_ids(record).items() if role in roles for person in ids}


def checks(viewer: Viewer, school: School, now: datetime, lang: str) -> list[Check]:
    """The check-ins that are open now, the most pressing first."""
    found = []
    words = Words(viewer.pack, lang, school.slug)
    for record in own_records(viewer, school, now):
        subject = subjects.subject_of(record, viewer.pack, now)
        for kind in own_kinds(viewer):
            due = _open(viewer, record, kind, now)
            if due is not None and decide.may(viewer, f"record:{kind.id}", subject):
                found.append(
                    (
                        due[0] or LAST_MOMENT,
                        _check(words, viewer, school, record, kind, due, now),
                    )
                )
    return [check for _due, check in sorted(found, key=lambda pair: pair[0])]


def check(viewer: Viewer, school: School, now: datetime, lang: str, record: UUID, kind: str) -> Check:
    """One open check-in of the pupil. Raises NotFound for anything else."""
    for each in checks(viewer, school, now, lang):
        if each.record.id == record and each.kind == kind:
            return each
    raise NotFound


def _open(viewer: Viewer, record: Record, kind: EventKind, now: datetime) -> tuple[datetime | None] | None:
    """When the pupil's open duty that this kind settles is due; None where nothing is asked of them now."""
    mine = own_people(viewer)
    for duty in queries.picture_of(record, now).duties:
        rule = viewer.pack.duties.get(duty.rule)
        if (
            rule is None
            or not duty.state.open
            or duty.state.value == "paused"
            or mine.isdisjoint(value for _name, value in duty.key)
        ):
            continue
        kinds = {alternative.kind for pattern in rule.must for alternative in pattern.alternatives}
        early = duty.state.value == "upcoming" and not rule.early_counts
        if kind.id in kinds and not early and (duty.state.value != "upcoming" or _soon(duty.due, now)):
            return (duty.due,)
    return None


def _soon(due: datetime | None, now: datetime) -> bool:
    return due is not None and (due - now).days <= 20


def _check(
    words: Words,
    viewer: Viewer,
    school: School,
    record: Record,
    kind: EventKind,
    due: tuple[datetime | None],
    now: datetime,
) -> Check:
    named = queries.named_ids(record)
    own = own_people(viewer)
    about = {role: found for role in kind.about if (found := [each for each in named.get(role, ()) if each in own])}
    note = _("A few questions. It takes about two minutes.")
    if due[0] is not None:
        day = dates.spoken_day(due[0].date(), words.lang, today=now.date())
        note = _("A few questions. It takes about two minutes. You have until %(day)s.") % {"day": day}
    return Check(
        record=record,
        kind=kind.id,
        label=words.deed(kind.id),
        note=note,
        url=reverse("portal:check_in", args=[school.slug, record.id, kind.id]),
        fields=kind.reads or tuple(kind.fields),
        about=about,
        lang=words.lang_of(f"events.{kind.id}.label"),
        readers=_readers(words, viewer, school, record, now),
        cards=_cards(words, viewer),
    )


def _readers(words: Words, viewer: Viewer, school: School, record: Record, now: datetime) -> str:
    """Who reads the answers, said honestly: everybody whom the policy lets see the record."""
    seen_by = [
        (role, ids)
        for role, ids in queries.who_may_see(record, viewer.pack, now)
        if (info := viewer.pack.roles.get(role)) is not None and not info.of_the_matter
    ]
    names = people.names(school, {each for _role, ids in seen_by for each in ids})
    lines = [
        _("%(name)s (%(role)s)")
        % {"name": words.joined([names[each] for each in ids if each in names]), "role": words.role(role)}
        for role, ids in seen_by
        if ids
    ]
    return words.joined(list(dict.fromkeys(lines)))


def _cards(words: Words, viewer: Viewer) -> list[Help]:
    """What the pack says to a child before a check-in."""
    return [
        Help(
            markdown.Guidance(markdown.render(words.label(f"guidance.{card.id}.body")), (), ()),
            words.lang_of(f"guidance.{card.id}.body"),
        )
        for card in viewer.pack.guidance.values()
        if "checkin" in card.on and _audience(viewer) in card.for_ and card.body
    ]


def _audience(viewer: Viewer) -> str:
    return "guardian" if viewer.kind == families.GUARDIAN else "child"


# --- the pupil's own answers ---------------------------------------------------------------------------------------


def earlier(viewer: Viewer, school: School, now: datetime, lang: str) -> list[Answers]:
    """What the pupil answered before, only the fields that the pack lets them read."""
    words = Words(viewer.pack, lang, school.slug)
    kinds = {kind.id: kind for kind in own_kinds(viewer)}
    found = [
        (event.at, _answers(words, record, event, kinds[event.kind], now))
        for record in own_records(viewer, school, now)
        for event in queries.standing_log(record)
        if event.kind in kinds and event.by_person == viewer.person_id and event.by_role == SELF[viewer.kind]
    ]
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [answers for _at, answers in found[:MOST_EARLIER]]


def _answers(words: Words, record: Record, event: Any, kind: EventKind, now: datetime) -> Answers:
    lines = []
    for name in kind.reads:
        spec = kind.fields.get(name)
        if spec is None:
            continue
        value = event.fields.get(name)
        said = words.value(spec, value, {}) if value is not None else queries.opened(record, event, name)
        if said:
            path = f"events.{kind.id}.fields.{name}.label"
            lines.append(Told(words.label(path), said, lang=words.lang_of(path)))
    return Answers(dates.long_day(event.at.date(), words.lang), lines)


def what_next(viewer: Viewer, school: School, now: datetime, lang: str, record: UUID, event: UUID) -> str:
    """What happens with an answer that has just arrived. Raises NotFound for what is not the pupil's own."""
    found = next((each for each in own_records(viewer, school, now) if each.id == record), None)
    mine = found.events.filter(id=event, by_person=viewer.person_id).first() if found else None
    if found is None or mine is None:
        raise NotFound
    raised = [
        duty
        for duty in queries.picture_of(found, now).duties
        if str(event) in duty.because and duty.state.open and duty.due
    ]
    if raised:
        due = min(duty.due for duty in raised if duty.due is not None)
        day = dates.spoken_day(due.date(), lang, today=now.date())
        return _("Somebody at school reads it and looks after it, at the latest %(day)s.") % {"day": day}
    if viewer.kind == families.GUARDIAN:
        return _("Somebody at school reads it.")
    return _("Somebody at school reads it. You can tell us more at any time.")


def talk_to(viewer: Viewer, school: School, now: datetime, lang: str) -> list[Told]:
    """Whom the school names to talk to, the pupil's own teachers among them."""
    words = Words(viewer.pack, lang, school.slug)
    directory = people.directory(school, now.date(), viewer.pack)
    mine = sorted(own_people(viewer)) if viewer.person_id else []
    lines = []
    for each in viewer.pack.talk_to:
        names = people.names(school, directory.holders(each.role, mine))
        # Parted as on the page of whom to talk to: a place or its hours may be lists themselves.
        where = " · ".join(
            words.label(f"talk-to.{each.role}.{part}") for part in ("place", "hours") if getattr(each, part)
        )
        lines.append(
            Told(
                words.role(each.role),
                words.joined(list(names.values())[:4]),
                note=where,
                lang=words.lang_of(f"roles.{each.role}.title"),
            )
        )
    return lines
