"""The parts of a record's page: what stands on it about people, knowledge, guidance, access and the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from upstander.cases.looking import CONCERN, Looking
from upstander.cases.phrases import GROUPS, group_title
from upstander.cases.shapes import Line, MenuGroup, Source, Wish
from upstander.people import queries as people
from upstander.policy.model import FieldType
from upstander.records import kinds, queries, reading_log
from upstander.records.knowing import Card as KnownCard
from upstander.ui import dates, markdown
from upstander.ui.parts import Clause, Deed, Fact, PersonCard

SHAPES: Mapping[str, Any] = {"target": "target", "actor": "actor", "bystander": "aside", "teller": "told"}
"""How the roles that every pack has are drawn; other pupils are eyes that saw it, everybody else is staff."""
NOT_IN_MENU = frozenset(
    {"void", "waive", "extend", "close", "reopen", "triaged", "person-named", "concern-received", "passed-on"}
)
"""Kinds that have a place of their own on the page."""


# --- people --------------------------------------------------------------------------------------------------------


def person_cards(looking: Looking) -> list[PersonCard]:
    """Everybody in their roles; whoever told is never among them in a case. A blank where nobody is named yet."""
    cards = [
        PersonCard(
            name=with_class(person.name, person.class_name), role=person.role_title, shape=shape(looking, person.role)
        )
        for person in persons_of(looking)
        if looking.is_concern or person.role != "teller"
    ]
    held = {person.role for person in looking.people}
    if kinds.is_case(looking.pack, looking.record.kind):
        cards += [
            PersonCard(name="", role=looking.words.role(role), shape="aside")
            for role in ("target", "actor")
            if role not in held and role in looking.pack.roles
        ]
    return cards


def persons_of(looking: Looking) -> list[Any]:
    """Everybody in the record, without the numbers under which differences between accounts stand."""
    room = looking.rooms.hearings
    number = room.number if room is not None else None
    return [person for person in looking.people if number is None or person.role != number]


def with_class(name: str, school_class: str) -> str:
    """A name with its class, as the language writes it."""
    return _("%(name)s, %(school_class)s") % {"name": name, "school_class": school_class} if school_class else name


def shape(looking: Looking, role: str) -> Any:
    """How a role is drawn."""
    if role in SHAPES:
        return SHAPES[role]
    pupils = {
        member for kind in looking.pack.records.values() for name in kind.takes for member in looking.pack.members(name)
    }
    return "saw" if role in pupils else "staff"


# --- wish ----------------------------------------------------------------------------------------------------------


def wish(looking: Looking) -> Wish | None:
    """What the child wants, the latest answer; None where the policy knows no such thing."""
    place = looking.pack.records[looking.record.kind].wish
    if place is None:
        return None
    kind, field = place
    names = [person.name for person in looking.people if SHAPES.get(person.role) == "target"]
    title = _("What %(name)s wants") % {"name": names[0]} if len(names) == 1 else _("What the child wants")
    found = latest(looking, kind, field)
    asked = looking.deed(kind)
    if found is None:
        act = Deed(label=_("Ask and write it down"), url=asked.url) if asked else None
        return Wish(title=title, act=act)
    text, codes, not_told = wish_words(looking, found, field)
    act = Deed(label=_("Ask again"), url=asked.url) if asked else None
    return Wish(title=title, text=text, codes=codes, not_told=not_told, asked=asked_line(looking, found), act=act)


def asked_line(looking: Looking, entry: Any) -> str:
    """When it was said, and to whom."""
    when = dates.moment(entry.at, looking.lang, looking.now)
    if not entry.by_name:
        return when
    return _("%(when)s, asked by %(name)s") % {"when": when, "name": entry.by_name}


def wish_words(looking: Looking, entry: Any, field: str) -> tuple[str, Sequence[str], Sequence[str]]:
    """Of an entry that holds a wish: the words, the labels that were ticked, and who must not be told.

    Where the wish itself is words, the other answers of the same form (what may be said at home) belong to it.
    """
    kind = looking.pack.events[entry.kind]
    coded = (FieldType.ONE_OF, FieldType.SOME_OF)
    in_words = field in kind.fields and kind.fields[field].type not in coded
    text, codes, not_told = "", [], []
    for shown in entry.fields:
        spec = kind.fields.get(shown.id)
        if spec is None:
            continue
        if spec.options == "not-told":
            not_told = list(shown.values)
        elif spec.type in coded and (in_words or shown.id == field):
            codes += shown.values
        elif shown.id in (field, f"{field}-words"):
            text = shown.value
    return text, codes, not_told


def latest(looking: Looking, kind: str, field: str) -> Any:
    """The latest standing entry of a kind in which a field is filled; None where there is none."""
    found = [
        entry
        for entry in tale(looking)
        if entry.kind == kind
        and not entry.voided_by
        and any(shown.id == field and shown.value for shown in entry.fields)
    ]
    return max(found, key=lambda entry: (entry.at, entry.recorded), default=None)


def tale(looking: Looking) -> list[Any]:
    """The timeline as ``records`` tells it, asked once for each page."""
    if "tale" not in looking.memo:
        looking.memo["tale"] = queries.timeline(looking.viewer, looking.record, looking.lang)
    found: list[Any] = looking.memo["tale"]
    return found


# --- what we know --------------------------------------------------------------------------------------------------


def known(looking: Looking) -> list[Fact]:
    """What the policy says must be known, with blanks that lead to the form that fills them."""
    facts = []
    for asked in looking.pack.records[looking.record.kind].known:
        entry = latest(looking, asked.event, asked.field)
        shown = next((each for each in entry.fields if each.id == asked.field), None) if entry else None
        value = looking.words.joined(shown.values) if shown else ""
        sealed = not value and looking.is_secret(asked.event, asked.field)
        deed = looking.deed(asked.event) if not value and not sealed else None
        facts.append(
            Fact(
                label=looking.words.label(f"records.{looking.record.kind}.known.{asked.id}.label"),
                value=value,
                blank=not value and not sealed,
                sealed=sealed,
                act=Deed(label=_("Write it down"), url=deed.url) if deed else None,
                full=len(value) > 120,
            )
        )
    return facts


# --- the definition --------------------------------------------------------------------------------------------------


def definition(looking: Looking) -> dict[str, Any] | None:
    """The pack's definition as a checklist: the answers of the latest decision, or the questions still open."""
    record_kind = looking.pack.records[looking.record.kind]
    if record_kind.definition is None:
        return None
    kind = looking.pack.events[record_kind.definition]
    found = [entry for entry in tale(looking) if entry.kind == kind.id and not entry.voided]
    entry = max(found, key=lambda each: (each.at, each.recorded), default=None)
    shown = {each.id: each for each in entry.fields} if entry else {}
    lines, decision, reason = [], "", ""
    for name, spec in kind.fields.items():
        value = looking.words.joined(shown[name].values) if name in shown else ""
        if spec.type is FieldType.YES_NO:
            raw = str(looking.events[str(entry.id)].fields.get(name, "ask")) if entry else "ask"
            path = f"events.{kind.id}.fields.{name}.label"
            lines.append(Line(label=looking.words.label(path), lang=looking.words.lang_of(path), value=value, note=raw))
        elif spec.type is FieldType.ONE_OF and not decision:
            decision = value
        elif spec.type is FieldType.LONG_TEXT and not reason:
            reason = value
    deed = looking.deed(kind.id)
    label = _("Decide again") if decision else _("Go through the questions")
    path = f"records.{looking.record.kind}.definition"
    return {
        "title": looking.words.deed(kind.id),
        "intro": looking.words.label(path) if record_kind.definition_intro else "",
        "lang": looking.words.lang_of(path),
        "lines": lines,
        "decision": decision,
        "reason": reason,
        "when": _by_line(looking, entry) if entry else "",
        "open": "" if decision else _("Not decided yet"),
        "act": Deed(label=label, url=deed.url) if deed else None,
    }


def _by_line(looking: Looking, entry: Any) -> str:
    when = dates.moment(entry.at, looking.lang, looking.now)
    return _("%(when)s, %(name)s") % {"when": when, "name": entry.by_name} if entry.by_name else when


# --- guidance --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """A guidance card as the component shows it."""

    id: str
    title: str
    guidance: markdown.Guidance
    clauses: Sequence[Clause]
    lang: str


def cards(looking: Looking, before: str | None = None) -> list[Card]:
    """The guidance of this moment: on the page, or before a kind of event."""
    found = queries.guidance(looking.viewer, looking.record, looking.now, looking.lang, before=before)
    return [card(looking, each) for each in found]


def card(looking: Looking, found: KnownCard) -> Card:
    """One card, with its clauses as links."""
    return Card(
        id=f"guide-{found.id}",
        title=found.title,
        guidance=markdown.Guidance(
            markdown.render(found.body),
            tuple(markdown.inline(line) for line in found.say),
            tuple(markdown.inline(line) for line in found.never),
        ),
        clauses=looking.words.clauses(found.clauses[:2]),
        lang=looking.words.lang_of(f"guidance.{found.id}.title"),
    )


# --- menu ------------------------------------------------------------------------------------------------------------


def menu(looking: Looking) -> list[MenuGroup]:
    """Every kind of event that the viewer may record here, in the groups of the pack."""
    groups: dict[str, list[Deed]] = {}
    for deed in queries.deeds(looking.viewer, looking.record, looking.lang):
        if deed.kind not in NOT_IN_MENU:
            groups.setdefault(deed.group, []).append(Deed(label=deed.label, url=looking.form_url(deed.kind)))
    order = [*GROUPS, *(group for group in groups if group not in GROUPS)]
    return [MenuGroup(title=group_title(group), deeds=groups[group]) for group in order if group in groups]


# --- access ------------------------------------------------------------------------------------------------------------


def seen(looking: Looking) -> dict[str, Any]:
    """Who may see the record now, role by role, and how often it was read."""
    found = reading_log.stretch(looking.viewer, looking.record, looking.now)
    if not found.rows:
        label = _("Nobody has read it yet")
    else:
        last = dates.moment(found.rows[0].when, looking.lang, looking.now)
        label = ngettext("%(n)d reading. Last: %(when)s", "%(n)d readings. Last: %(when)s", found.count) % {
            "n": found.count,
            "when": last,
        }
        if not found.all_of_them:
            label = _("When you read it yourself")
    return {"lines": viewers(looking), "deed": Deed(label=label, url=looking.url("readings"))}


def viewers(looking: Looking) -> list[Line]:
    """{role: names} of those whom the pack lets see this record, as things stand."""
    held = queries.who_may_see(looking.record, looking.pack, looking.now)
    found = people.names(looking.school, {each for _role, ids in held for each in ids})
    return [
        Line(
            label=looking.words.role(role),
            lang=looking.words.lang_of(f"roles.{role}.title"),
            value=looking.words.joined([found[each] for each in ids if each in found]),
        )
        for role, ids in held
    ]


# --- records that belong together -----------------------------------------------------------------------------------


def sources(looking: Looking) -> list[Source]:
    """The linked records that the viewer may see, with what was told there and has not reached the case."""
    from upstander.cases import passing

    linked = queries.linked(looking.viewer, looking.record)
    added = queries.added_since(linked) if not looking.is_concern else {}
    return [passing.source(looking, record, added.get(record.id, ())) for record in linked]


def sources_title(looking: Looking) -> str:
    """The heading over the linked records."""
    if looking.is_concern:
        return pgettext("heading", "Cases it belongs to")
    if all(record.kind == CONCERN for record in queries.linked(looking.viewer, looking.record)):
        return pgettext("heading", "What was told")
    return pgettext("heading", "What it is linked with")
