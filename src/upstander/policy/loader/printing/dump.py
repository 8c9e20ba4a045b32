"""A typed pack as text of one file: printing a pack and loading it gives the same pack (law 10).

What was extended is printed merged; ``{param: …}`` is printed where the model remembers it (deadlines), else its value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from upstander.policy.loader.load import built_in
from upstander.policy.loader.printing import forms_of as write
from upstander.policy.loader.printing.emit import emit
from upstander.policy.loader.printing.writings_of import writings
from upstander.policy.loader.reading.surveys import BY_DEFAULT
from upstander.policy.loader.tree import Map
from upstander.policy.model import (
    EventKind,
    Field,
    FieldType,
    Guidance,
    Pack,
    Param,
    RecordKind,
    RepeatEach,
    RepeatEvery,
    RoleInfo,
    Tell,
    Word,
)
from upstander.policy.model.rooms import Rooms

Entry = dict[str, Any]


def dump(pack: Pack) -> str:
    """The pack as YAML of one file."""
    whole: Entry = {**_head(pack), "params": _params(pack)}
    whole["clauses"] = [_clause(each) for each in pack.clauses.values()]
    whole["roles"] = {name: _role(each) for name, each in pack.roles.items()}
    whole["options"] = {
        name: {
            code: _some(label=each.label, help=each.help, icon=each.icon, clause=each.clause)
            for code, each in options.items()
        }
        for name, options in pack.options.items()
    }
    whole["events"] = {name: _event(pack, each) for name, each in pack.events.items()}
    whole["records"] = {name: _record(each) for name, each in pack.records.items()}
    writer = write.Writer(pack)
    whole["facts"] = {name: writer.fact(each) for name, each in pack.facts.items()}
    whole["duties"] = {name: writer.duty(each) for name, each in pack.duties.items() if name not in pack.plan}
    whole["limits"] = {name: writer.limit(each) for name, each in pack.limits.items()}
    whole["closure"] = {name: writer.closure(each) for name, each in pack.closure.items()}
    whole.update(_papers(pack))
    whole.update(writings(pack, _field))
    _without(built_in(pack.language), whole)
    _as_planned(pack, whole)
    return emit({key: value for key, value in whole.items() if value or key in ("title",)})


def _as_planned(pack: Pack, printed: Entry) -> None:
    """What the loader makes of a plan, or leaves out without one, is not printed."""
    printed["options"].pop("plan", None)
    if not pack.plan and printed["events"].get(BY_DEFAULT, "") is None:
        del printed["events"][BY_DEFAULT]


def _some(**parts: object) -> Entry:
    """The parts that say something, their names as the language writes them."""
    return {
        key.rstrip("_").replace("_", " "): part for key, part in parts.items() if part not in ("", None, (), False, {})
    }


def _without(base: Map, printed: Entry) -> None:
    """Take away, key by key, what every pack has and this one has not."""
    for word, node in base.entries.items():
        if word not in printed:
            printed[word] = None
        elif isinstance(node, Map) and isinstance(printed[word], dict):
            _without(node, printed[word])


def _head(pack: Pack) -> Entry:
    hints = pack.hints
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return {
        "id": pack.id,
        "title": pack.title,
        "version": pack.version,
        "in force from": pack.in_force_from,
        "language": pack.language,
        "timezone": pack.timezone,
        "calendar hints": {
            "first month": hints.first_month,
            "school day": {"starts": write.clock(hints.starts), "ends": write.clock(hints.ends)},
            "weekend": [days[day] for day in hints.weekend],
        },
        "review date": pack.review_date,
        "shares": pack.shares,
    }


def _params(pack: Pack) -> Entry:
    found: Entry = {"words": {name: _word(pack, each) for name, each in pack.vague.items()}}
    found.update({name: _param(each) for name, each in pack.params.items()})
    return found if pack.vague or pack.params else {}


def _word(pack: Pack, word: Word) -> object:
    answer: object = word.answer
    if word.answer == word.word and not isinstance(word.means, RepeatEvery | RepeatEach):
        answer = write.Writer(pack).deadline(word.means)
    if not word.title and word.says == "school" and not word.clause:
        return answer if not isinstance(answer, Mapping) else {"value": answer}
    return {"value": answer, **_some(title=word.title, says=word.says, clause=word.clause)}


def _param(param: Param) -> Entry:
    found: Entry = {"value": param.value, **_some(title=param.title, says=param.says, clause=param.clause)}
    if param.least is not None:
        found["least"] = param.least
    if param.most is not None:
        found["most"] = param.most
    return found


def _clause(clause: Any) -> Entry:
    return {
        "id": clause.id,
        "text": clause.text,
        "strength": clause.strength.value,
        **_some(at=clause.at, kind=clause.kind, not_automated=clause.not_automated, pages=clause.pages),
    }


def _role(role: RoleInfo) -> Entry:
    found = _some(
        title=role.title, named_as=role.named_as, deputies=role.deputies, outside=role.outside, conflicts=role.conflicts
    )
    found.update(_some(any_of=role.any_of))
    many = _some(at_least=role.at_least or None, at_most=role.at_most)
    if role.at_most == 0:
        many["at most"] = 0
    return {
        **found,
        **_some(how_many=many, scope=role.scope, of_the_matter=role.of_the_matter),
        **_some(clause=role.clause),
    }


def _event(pack: Pack, kind: EventKind) -> Entry:
    found = _some(label=kind.label, done=kind.done)
    found["about"] = list(kind.about)
    found["recorded by"] = list(kind.recorded_by)
    found["tells"] = [_tell(each) for each in kind.tells]
    found["echoes"] = [
        _some(to=each.to, as_=each.as_, where=each.where, open=each.open, back=write.span_or_text(each.back))
        for each in kind.echoes
    ]
    found["secret from"] = list(kind.secret_from)
    found["group"] = kind.group
    found["asks at"] = kind.asks_when
    found["reads"] = list(kind.reads)
    found["clause"] = list(kind.clause)
    found["fields"] = {name: _field(each) for name, each in kind.fields.items()}
    kept = ("label", "done", "group", "asks at", *(("about", "recorded by") if kind.built_in else ()))
    return {key: value for key, value in found.items() if value or key in kept}


def _tell(tell: Tell) -> Entry:
    return {"roles": tell.roles, **_some(if_=tell.if_, unless=tell.unless)}


def _field(field: Field) -> Entry:
    found: Entry = {}
    if field.type in (FieldType.ONE_OF, FieldType.SOME_OF, FieldType.PLACE) and field.options:
        found[field.type.value] = field.options
    elif field.type is FieldType.PERSON and field.role:
        found["person"] = field.role
    else:
        found["type"] = field.type.value
    found.update(
        _some(label=field.label, help=field.help, required=field.required, required_while=field.required_while)
    )
    found.update(_some(secret_from=field.secret_from, secret_while=field.secret_while))
    found.update(_some(many=field.many, clause=field.clause))
    if field.least is not None:
        found["min"] = field.least
    if field.most is not None:
        found["max"] = field.most
    return found


def _record(kind: RecordKind) -> Entry:
    found = _some(
        label=kind.label,
        plural=kind.plural,
        subjects=kind.subjects,
        opens_by=kind.opened_by,
        events=kind.events,
        takes=kind.takes,
    )
    found["access"] = [
        {
            "role": each.role,
            "see": each.see,
            **_some(record=each.record, decide=each.decide, if_=each.if_, unless=each.unless, clause=each.clause),
        }
        for each in kind.access
    ]
    found.update(_some(sealed_while=kind.sealed_while))
    found["known"] = [
        {"id": each.id, "label": each.label, "event": each.event, "field": each.field, **_some(clause=each.clause)}
        for each in kind.known
    ]
    if kind.definition is not None:
        found["definition"] = {"event": kind.definition, **_some(intro=kind.definition_intro)}
    if kind.wish is not None:
        found["wish"] = {"event": kind.wish[0], "field": kind.wish[1]}
    if kind.keep is not None:
        found["keep"] = {
            "for": write.distance(kind.keep.lasts),
            "from": kind.keep.from_,
            "says": kind.keep.says,
            **_some(clause=kind.keep.clause),
        }
    if kind.neutral is not None:
        loaded = [_some(word=each.word, say=each.say, lang=each.lang) for each in kind.neutral.words]
        found["neutral"] = {"until": kind.neutral.until, **_some(words=loaded, clause=kind.neutral.clause)}
    found["rooms"] = _rooms(kind.rooms)
    found.update(_some(clause=kind.clause))
    return {key: value for key, value in found.items() if value}


def _rooms(rooms: Rooms) -> Entry:
    """Each room with its keys; the attributes bear the names of the keys, spaces and hyphens apart."""
    found = {part.name: getattr(rooms, part.name) for part in fields(rooms)}
    return {name.replace("_", "-"): _room(room) for name, room in found.items() if room is not None}


def _room(room: Any) -> Entry:
    values = {part.name: getattr(room, part.name) for part in fields(room) if part.compare}
    return {name.replace("_", " "): _part(value) for name, value in values.items() if value not in (None, ())}


def _part(value: Any) -> Any:
    """What stands under a key of a room: rows of their own in a list, everything else as it is."""
    rows = isinstance(value, tuple) and is_dataclass(value[0])
    return [_room(each) for each in value] if rows else value


def _papers(pack: Pack) -> Entry:
    contacts = {
        each.id: {
            "title": each.title,
            **_some(number=each.number, hours=each.hours, note=each.note, for_=each.for_, on_door=each.on_door),
            **_some(urgent=each.urgent, clause=each.clause),
        }
        for each in pack.contacts.values()
    }
    talk = [
        {"role": each.role, **_some(place=each.place, hours=each.hours, clause=each.clause)} for each in pack.talk_to
    ]
    return {
        "directory": _some(contacts=contacts, talk_to=talk) if contacts or talk else {},
        "guidance": {name: _card(each) for name, each in pack.guidance.items()},
        "laws": [
            {"id": each.id, "clauses": each.clauses, "text": each.text, "source": each.source, "effect": each.effect,
             **_some(checked=each.checked)}
            for each in pack.laws
        ],
        "document": [{"flaw": each.flaw, "at": each.at, **_some(read_as=each.read_as)} for each in pack.flaws],
        "i18n": {lang: dict(texts) for lang, texts in pack.words.items() if texts},
    }  # fmt: skip


def _card(card: Guidance) -> Entry:
    found: Entry = {"title": card.title, **_some(body=card.body, say=card.say, never=card.never, clause=card.clause)}
    return {**found, **_some(before=card.before, show_while=card.show_while, on=card.on, for_=card.for_)}
