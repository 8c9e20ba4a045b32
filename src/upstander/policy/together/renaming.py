"""A pack under other names: every place that names a rule, a kind, a list, a word or a paper follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Literal

from upstander.policy.model import Blank, Pack

Map = Mapping[str, str]


@dataclass(frozen=True)
class Names:
    """{old: new}, by what is named; whatever is not listed keeps its name."""

    facts: Map = field(default_factory=dict)
    duties: Map = field(default_factory=dict)
    limits: Map = field(default_factory=dict)
    params: Map = field(default_factory=dict)
    vague: Map = field(default_factory=dict)
    events: Map = field(default_factory=dict)
    records: Map = field(default_factory=dict)
    options: Map = field(default_factory=dict)
    papers: Map = field(default_factory=dict)

    @property
    def said(self) -> Map:
        """What a deadline says: a vague word, or a param."""
        return {**self.params, **self.vague}

    def limit(self, name: str) -> str:
        """A limit, that of a closure included (``closure.case``)."""
        kind = name.removeprefix("closure.")
        return f"closure.{self.records.get(kind, kind)}" if kind != name else self.limits.get(name, name)


_PLACES: Mapping[tuple[str, str], str] = {
    ("Alternative", "kind"): "events",
    ("BecomesTrue", "fact"): "facts",
    ("WhenOverdue", "duty"): "duties",
    ("Overdue", "duty"): "duties",
    ("Combination", "facts"): "facts",
    ("Said", "said"): "said",
    ("Word", "word"): "vague",
    ("Param", "id"): "params",
    ("Fact", "id"): "facts",
    ("Duty", "id"): "duties",
    ("Duty", "if_"): "facts",
    ("Duty", "unless"): "facts",
    ("Duty", "paused_while"): "facts",
    ("Duty", "recurrence_said"): "said",
    ("Limit", "id"): "limits",
    ("Limit", "only_while"): "facts",
    ("Limit", "while_"): "facts",
    ("Limit", "unless"): "facts",
    ("Limit", "not_by"): "events",
    ("Closure", "kind"): "records",
    ("Closure", "needs"): "facts",
    ("Closure", "settled"): "duties",
    ("EventKind", "id"): "events",
    ("Echo", "to"): "records",
    ("Echo", "as_"): "events",
    ("Tell", "if_"): "facts",
    ("Tell", "unless"): "facts",
    ("Field", "options"): "options",
    ("Field", "required_while"): "facts",
    ("Field", "secret_while"): "facts",
    ("RecordKind", "id"): "records",
    ("RecordKind", "opened_by"): "events",
    ("RecordKind", "events"): "events",
    ("RecordKind", "sealed_while"): "facts",
    ("RecordKind", "definition"): "events",
    **{
        ("HearingRoom", part): "events"
        for part in ("heard", "planned", "confirmed", "difference", "settled", "excused")
    },
    ("HearingRoom", "questions"): "papers",
    ("SeriousRoom", "begins"): "facts",
    ("SeriousRoom", "watches"): "facts",
    ("SeriousRoom", "steps"): "duties",
    ("SeriousRoom", "authority"): "papers",
    **{
        ("SeriousRoom", part): "events"
        for part in ("begun_with", "first_report", "final_report", "inquiry", "told_family")
    },
    ("AbsenceRoom", "noted"): "events",
    **{
        ("PlansRoom", part): "events"
        for part in ("planned", "looked_back", "agreed", "checked", "measure", "alike_in", "restorative")
    },
    ("Hand", "event"): "events",
    ("Shown", "event"): "events",
    ("SearchRoom", "steps"): "events",
    **{("HandInRoom", part): "events" for part in ("taken", "back", "cleared")},
    **{("NoViewRoom", part): of for part, of in (("suspected", "facts"), ("switch", "events"), ("steps", "events"))},
    ("NoViewRoom", "call"): "papers",
    ("TakedownRoom", "still_there"): "facts",
    **{("TakedownRoom", part): "events" for part in ("reported", "answered", "looked")},
    ("Access", "record"): "events",
    ("Access", "decide"): "events",
    ("Access", "if_"): "facts",
    ("Access", "unless"): "facts",
    ("Known", "event"): "events",
    ("Keep", "from_"): "facts",
    ("Neutral", "until"): "facts",
    ("Guidance", "id"): "papers",
    ("Guidance", "before"): "events",
    ("Guidance", "show_while"): "facts",
    ("Contact", "id"): "papers",
    ("Letter", "id"): "papers",
    ("Letter", "on"): "records",
    ("Letter", "before"): "events",
    ("Letter", "if_"): "facts",
    ("Letter", "unless"): "facts",
    ("Survey", "id"): "papers",
    ("Survey", "worry_opens"): "events",
    ("Agreement", "id"): "papers",
    ("Agreement", "on"): "records",
    ("Agreement", "attach"): "papers",
    ("Questions", "id"): "papers",
    ("Questions", "before"): "events",
    ("PlanEntry", "id"): "duties",
}
"""{(class, attribute): which names stand there}."""


def renamed(pack: Pack, names: Names) -> Pack:
    """The same pack under other names, its translations with it."""
    changed: dict[str, Any] = {}
    sections: Mapping[str, Map] = {
        "facts": names.facts,
        "duties": names.duties,
        "limits": names.limits,
        "closure": names.records,
        "events": names.events,
        "records": names.records,
        "options": names.options,
        "params": names.params,
        "vague": names.vague,
        "plan": names.duties,
        **dict.fromkeys(("guidance", "contacts", "letters", "surveys", "agreements", "questions"), names.papers),
    }
    for section, of in sections.items():
        entries: Mapping[str, Any] = getattr(pack, section)
        changed[section] = {of.get(name, name): _walk(each, names) for name, each in entries.items()}
    paths = {"vague": "params.words"}
    by_path = {paths.get(section, section): of for section, of in sections.items()}
    changed["words"] = {
        language: {_path(path, by_path): text for path, text in texts.items()} for language, texts in pack.words.items()
    }
    changed["builtin_words"] = {_path(path, by_path): text for path, text in pack.builtin_words.items()}
    return replace(pack, **changed)


def _walk(value: Any, names: Names) -> Any:
    if isinstance(value, Mapping):
        return {key: _walk(each, names) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(_walk(each, names) for each in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    if isinstance(value, Blank):
        of = {"param": names.params, "field": names.events}.get(value.sort, {})
        return replace(value, name=of.get(value.name, value.name))
    changed: dict[str, Any] = {}
    for part in fields(value):
        old = getattr(value, part.name)
        new = _part(type(value).__name__, part.name, old, names)
        if new is not old:
            changed[part.name] = new
    return replace(value, **changed) if changed else value


def _part(owner: str, attribute: str, old: Any, names: Names) -> Any:
    if (owner, attribute) == ("WhenBreach", "limit"):
        return names.limit(old)
    if (owner, attribute) == ("RecordKind", "wish") and old is not None:
        return names.events.get(old[0], old[0]), old[1]
    of = _PLACES.get((owner, attribute))
    if of is None:
        return _walk(old, names) if not isinstance(old, str) else old
    known: Map = getattr(names, of)
    if isinstance(old, tuple):
        return tuple(known.get(each, each) for each in old)
    return known.get(old, old) if isinstance(old, str) else old


def _path(path: str, by_path: Mapping[str, Map]) -> str:
    """``duties.tell.label`` under the new name of the duty; words may hold dots of their own."""
    for section in ("params.words", *by_path):
        rest = path.removeprefix(f"{section}.")
        if rest == path or section not in by_path:
            continue
        known = by_path[section]
        old = next((name for name in sorted(known, key=len, reverse=True) if rest.startswith(f"{name}.")), None)
        return f"{section}.{known[old]}{rest[len(old) :]}" if old is not None else path
    return path


def prefixed(pack: Pack, taken: Iterable[Pack] = ()) -> Pack:
    """The pack as one of several: its rules and params under its own id, and what would be confused with another pack's.

    ``taken``: the packs that came before it; of kinds, lists and papers of one name its own give way to theirs.
    """
    before = list(taken)

    def own(section: str) -> dict[str, str]:
        return {name: f"{pack.id}-{name}" for name in getattr(pack, section)}

    def clashing(section: str, same: Callable[[Pack, str], bool]) -> dict[str, str]:
        return {
            name: f"{pack.id}-{name}"
            for name in getattr(pack, section)
            if any(name in getattr(other, section) and not same(other, name) for other in before)
        }

    papers = {
        name: new
        for section in ("guidance", "contacts", "letters", "surveys", "agreements", "questions")
        for name, new in clashing(section, lambda _other, _name: False).items()
    }
    words = clashing("vague", lambda other, name: other.vague[name].answer == pack.vague[name].answer)
    names = Names(
        facts=own("facts"),
        duties=own("duties"),
        limits=own("limits"),
        params=own("params"),
        vague={name: f"{name} ({pack.id})" for name in words},
        events=kinds_given_way(pack, before, "events"),
        records=kinds_given_way(pack, before, "records"),
        options=clashing("options", lambda other, name: _open_list(pack, other, name)),
        papers=papers,
    )
    return renamed(pack, names)


def kinds_given_way(pack: Pack, taken: Iterable[Pack], section: Literal["events", "records"]) -> dict[str, str]:
    """{kind: its name beside others} of those kinds of event or record that an earlier pack has under the same name."""
    found: dict[str, str] = {}
    for name, kind in getattr(pack, section).items():
        for other in taken:
            shared = kind.built_in or (name in pack.shares and name in other.shares)
            if name in getattr(other, section) and not shared:
                found[name] = f"{pack.id}-{name}"
    return found


def _open_list(pack: Pack, other: Pack, name: str) -> bool:
    """Whether a list of this name may be one: the same codes, or one that every pack has and fills for itself."""
    mine, theirs = pack.options[name], other.options[name]
    built_in = f"options.{name}" in {path.rsplit(".", 2)[0] for path in pack.builtin_words}
    return set(mine) == set(theirs) or built_in or name in DOOR_LISTS


DOOR_LISTS = frozenset(
    {"places", "since", "wishes", "not-told", "ways", "harm", "duties", "entries", "classes", "plan"}
)
"""Lists that every pack fills for itself and the software asks for by name: several packs' codes stand in one list."""
