"""One policy of several: what is common is laid together, and what cannot be is said (``E17``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from upstander.policy import labels
from upstander.policy.durations import about_minutes
from upstander.policy.model import Closure, EventKind, Field, Mark, Option, Pack, RecordKind, RoleInfo
from upstander.policy.model.rooms import Rooms
from upstander.policy.problems import Problem, problem
from upstander.policy.together.renaming import DOOR_LISTS, prefixed
from upstander.policy.words import worded

LONGEST_LABEL = 60


def merged(
    packs: Sequence[Pack], *, came_before: Mapping[str, Sequence[Pack]] | None = None
) -> tuple[Pack, list[Problem]]:
    """The packs as one, the first of them first; and what of them cannot stand together.

    ``came_before``: {pack's id: the packs that the school ran before it}, where that is not their order here: a pack that is
    alone today keeps the names that it has beside others. The result has the first pack's language, time zone and calendar
    hints; one pack alone, among no others, is itself.
    """
    before = came_before or {pack.id: packs[:number] for number, pack in enumerate(packs)}
    if len(packs) == 1 and came_before is None:
        return packs[0], []
    merging = _Merging()
    whole, *more = (prefixed(pack, before[pack.id]) for pack in packs)
    for added in more:
        whole = merging.two(whole, added)
    names = [f"{each.id}@{each.version}" for each in packs[1:]]
    return (
        replace(
            whole,
            id="+".join(each.id for each in packs),
            title=" · ".join(each.title for each in packs),
            version="+".join([packs[0].version, *names])[:LONGEST_LABEL],
        ),
        sorted(set(merging.problems)),
    )


class _Merging:
    """Collects what does not fit while packs are laid together."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def differ(self, mark: Mark, pack: Pack, text: str) -> None:
        self.problems.append(problem(mark if mark.line else Mark(pack.id, 0, 0), "E17", text))

    def two(self, first: Pack, second: Pack) -> Pack:
        self.fit(first, second)
        options = self.lists(first, second)
        merged_words = {
            language: {**second.words.get(language, {}), **first.words.get(language, {})}
            for language in (*first.words, *(each for each in second.words if each not in first.words))
        }
        simple: dict[str, Any] = {
            name: {**getattr(first, name), **getattr(second, name)}
            for name in (
                *("facts", "duties", "limits", "params", "vague", "clauses", "plan"),
                *("guidance", "contacts", "letters", "surveys", "agreements", "questions"),
            )
        }
        return replace(
            first,
            **simple,
            roles=self.each(first.roles, second.roles, lambda a, b: self.role(second, a, b)),
            events=self.each(first.events, second.events, lambda a, b: self.event(second, a, b, options)),
            records=self.each(first.records, second.records, lambda a, b: self.record(second, a, b)),
            closure=self.each(first.closure, second.closure, lambda a, b: self.closure(second, a, b)),
            options=options,
            talk_to=tuple(dict.fromkeys([*first.talk_to, *second.talk_to])),
            laws=(*first.laws, *second.laws),
            flaws=(*first.flaws, *second.flaws),
            shares=tuple(dict.fromkeys([*first.shares, *second.shares])),
            words=merged_words,
            builtin_words=_builtin(first, second),
            review_date=min((day for day in (first.review_date, second.review_date) if day), default=None),
        )

    def fit(self, first: Pack, second: Pack) -> None:
        """What of two packs as a whole cannot stand together."""
        if (first.language, first.timezone) != (second.language, second.timezone):
            said = worded("packs of one school have one language and one time zone")
            self.differ(Mark(second.id, 0, 0), second, said)
        for name in first.clauses.keys() & second.clauses.keys():
            if first.clauses[name] == second.clauses[name]:
                continue
            self.differ(
                second.clauses[name].mark,
                second,
                worded("clause '{name}' stands in pack '{pack}', too", name=name, pack=first.id),
            )

    def each(self, first: Mapping[str, Any], second: Mapping[str, Any], both: Any) -> dict[str, Any]:
        found = dict(first)
        for name, entry in second.items():
            found[name] = both(found[name], entry) if name in found else entry
        return found

    def lists(self, first: Pack, second: Pack) -> dict[str, Mapping[str, Option]]:
        found = dict(first.options)
        for name, options in second.options.items():
            mine = found.get(name, {})
            found[name] = {**mine, **{code: each for code, each in options.items() if code not in mine}}
        return found

    def role(self, pack: Pack, first: RoleInfo, second: RoleInfo) -> RoleInfo:
        """One post: held once, with the deputies of both."""
        for attribute in ("scope", "of_the_matter", "outside"):
            if getattr(first, attribute) != getattr(second, attribute):
                word = attribute.replace("_", " ")
                self.differ(
                    second.mark,
                    pack,
                    worded("role '{name}' differs in '{word}' from the other pack's", name=first.id, word=word),
                )
        if set(first.any_of) != set(second.any_of):
            self.differ(
                second.mark, pack, worded("group '{name}' has other members than the other pack's", name=first.id)
            )
        return replace(
            first,
            title=first.title or second.title,
            deputies=_both(first.deputies, second.deputies),
            conflicts=_both(first.conflicts, second.conflicts),
            at_least=max(first.at_least, second.at_least),
            at_most=min((each for each in (first.at_most, second.at_most) if each is not None), default=None),
            clause=_both(first.clause, second.clause),
        )

    def event(self, pack: Pack, first: EventKind, second: EventKind, options: Mapping[str, Any]) -> EventKind:
        """A kind that both have: one form, told to and echoed for both."""
        common = first.fields.keys() & second.fields.keys()
        missing = first.fields.keys() ^ second.fields.keys()
        if missing and not first.built_in:
            names = ", ".join(sorted(missing))
            self.differ(
                second.mark,
                pack,
                worded(
                    "shared kind of event '{name}' has other fields in each pack: {names}", name=first.id, names=names
                ),
            )
        for name in sorted(common):
            if _shape(first.fields[name]) != _shape(second.fields[name]):
                self.differ(
                    second.fields[name].mark,
                    pack,
                    worded("field '{name}' of the shared kind '{kind}' differs", name=name, kind=first.id),
                )
        recorded_by = _both(first.recorded_by, second.recorded_by) if first.recorded_by and second.recorded_by else ()
        fields = self.each(first.fields, second.fields, _field)
        return replace(
            first,
            label=first.label or second.label,
            done=first.done or second.done,
            about=_both(first.about, second.about),
            fields=fields,
            recorded_by=recorded_by,
            tells=_both(first.tells, second.tells),
            echoes=_both(first.echoes, second.echoes),
            secret_from=_both(first.secret_from, second.secret_from),
            reads=_both(first.reads, second.reads),
            clause=_both(first.clause, second.clause),
        )

    def record(self, pack: Pack, first: RecordKind, second: RecordKind) -> RecordKind:
        """A kind of record that both have: who may do what by either pack may do it."""
        for attribute in ("sealed_while", "definition", "wish", "keep"):
            mine, theirs = getattr(first, attribute), getattr(second, attribute)
            if mine is not None and theirs is not None and mine != theirs:
                word = attribute.replace("_", " ")
                self.differ(
                    second.mark,
                    pack,
                    worded("both packs say '{word}' of the shared kind of record '{name}'", word=word, name=first.id),
                )
        takes = {
            name: _both(first.takes.get(name, ()), second.takes.get(name, ())) for name in (*first.takes, *second.takes)
        }
        known = {each.id: each for each in (*second.known, *first.known)}
        return replace(
            first,
            subjects=_both(first.subjects, second.subjects),
            opened_by=_both(first.opened_by, second.opened_by),
            events=_both(first.events, second.events) if first.events and second.events else (),
            takes=takes,
            access=_both(first.access, second.access),
            sealed_while=first.sealed_while or second.sealed_while,
            known=tuple(known[name] for name in dict.fromkeys(each.id for each in (*first.known, *second.known))),
            definition=first.definition or second.definition,
            definition_intro=first.definition_intro or second.definition_intro,
            wish=first.wish or second.wish,
            keep=first.keep or second.keep,
            neutral=first.neutral or second.neutral,
            rooms=_rooms(first.rooms, second.rooms),
            clause=_both(first.clause, second.clause),
        )

    def closure(self, pack: Pack, first: Closure, second: Closure) -> Closure:
        """Closable when both packs would close it, by whom both let decide."""
        if first.for_each != second.for_each:
            self.differ(
                second.mark,
                pack,
                worded("closure of '{name}' asks 'for each' of others than the other pack's", name=first.kind),
            )
        decided_by = first.decided_by or second.decided_by
        if first.decided_by and second.decided_by:
            decided_by = tuple(role for role in first.decided_by if role in second.decided_by)
            if not decided_by:
                self.differ(second.mark, pack, worded("nobody may close '{name}' by both packs", name=first.kind))
        settled: Any = "all"
        if first.settled != "all" and second.settled != "all":
            settled = _both(first.settled, second.settled)
        watches = [each for each in (first.watch_for, second.watch_for) if each is not None]
        return replace(
            first,
            needs=_both(first.needs, second.needs),
            settled=settled,
            decided_by=decided_by,
            watch_for=max(watches, key=about_minutes, default=None),
            clause=_both(first.clause, second.clause),
        )


def _both(first: Sequence[Any], second: Sequence[Any]) -> tuple[Any, ...]:
    return (*first, *(each for each in second if each not in first))


def _shape(field: Field) -> tuple[object, ...]:
    """What makes two fields equal: type, list, role, bounds."""
    options = "" if field.options in DOOR_LISTS else field.options
    return field.type, options, field.role, field.many, field.least, field.most


def _field(first: Field, second: Field) -> Field:
    return replace(
        first,
        label=first.label or second.label,
        help=first.help or second.help,
        required=first.required or second.required,
        required_while=first.required_while or second.required_while,
        secret_from=_both(first.secret_from, second.secret_from),
        secret_while=first.secret_while or second.secret_while,
        clause=_both(first.clause, second.clause),
    )


def _builtin(first: Pack, second: Pack) -> dict[str, str]:
    """The texts of what every pack has, where the pack whose text is shown has not reworded it."""
    own = labels.sources(first)
    return {**{path: text for path, text in second.builtin_words.items() if path not in own}, **first.builtin_words}


def _rooms(first: Rooms, second: Rooms) -> Rooms:
    """Each room as the first of two packs has it, else as the second."""
    return Rooms(**{part.name: getattr(first, part.name) or getattr(second, part.name) for part in fields(Rooms)})
