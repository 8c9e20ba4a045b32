"""The events of one record under one version of a pack: found by pattern, by key, each looked for when first asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain, product
from operator import attrgetter

from upstander.policy.compiled.days import Days
from upstander.policy.compiled.plans import Names
from upstander.policy.compiled.rules import Rules
from upstander.policy.log import Event
from upstander.policy.model import Pack
from upstander.policy.reference import match
from upstander.policy.verdict import Key

Found = tuple[list[datetime], list[Event]]
"""Events in order with their moments beside them, to search by. Never changed once made."""

NOTHING: Found = ([], [])
NO_EVENTS: list[Event] = []
NO_VALUES: dict[str, Found] = {}
Grouped = tuple[dict[str, Found], list[Event], list[Event]]
"""The events by the value that they carry under a name, those that agree with every value, those that name nobody."""
Steps = list[datetime]
_AT = attrgetter("at")


class View:
    """``kinds``: the events of the record by kind; ``events``: all of them, in order. Both are read, never written."""

    __slots__ = (
        "asked",
        "choices",
        "days",
        "events",
        "found_",
        "grouped_",
        "keys_",
        "kinds",
        "named_",
        "naming_",
        "pack",
        "patterns",
        "place",
        "rules",
        "steps",
        "tables",
    )

    def __init__(
        self, pack: Pack, rules: Rules, days: Days, events: Sequence[Event], kinds: dict[str, list[Event]]
    ) -> None:
        self.pack, self.rules, self.days, self.events, self.kinds = pack, rules, days, events, kinds
        self.choices: list[list[Event] | None] = [None] * len(rules.choices)
        self.patterns = rules.no_hits.copy()
        looking_for, patterns = rules.looking_for, self.patterns
        for kind in kinds.keys() & looking_for.keys():
            of_kind, (plainly, asking) = kinds[kind], looking_for[kind]
            for number in plainly:
                patterns[number] = of_kind
            for number in asking:
                patterns[number] = None
        self.place: dict[int, int] | None = None
        self.found_: list[dict[tuple[Key, Names], Found] | None] = [None] * len(rules.parts)
        self.grouped_: list[dict[str, Grouped] | None] = [None] * len(rules.parts)
        self.named_: tuple[dict[str, list[Event]], dict[str, list[Event]]] | None = None
        self.naming_: dict[str, Found] = {}
        self.keys_: dict[Names, dict[Key, datetime]] = {}
        self.steps: dict[str, dict[Key, Steps]] = {}
        self.asked: dict[str, dict[Key, Steps]] = {}
        self.tables: dict[str, dict[Key, Steps]] = {}

    def hits(self, number: int) -> list[Event]:
        """The events that match a pattern, in order."""
        found = self.patterns[number]
        if found is None:
            parts = self.rules.parts[number]
            found = self.patterns[number] = self.choice(parts[0]) if len(parts) == 1 else self._united(parts)
        return found

    def choice(self, number: int) -> list[Event]:
        """The events of one alternative."""
        found = self.choices[number]
        if found is None:
            kind, select = self.rules.choices[number]
            events = self.kinds.get(kind, NO_EVENTS)
            found = self.choices[number] = select(events, self.days) if select is not None and events else events
        return found

    def _united(self, parts: tuple[int, ...]) -> list[Event]:
        several = [events for events in map(self.choice, parts) if events]
        if len(several) < 2:
            return several[0] if several else NO_EVENTS
        merged = sorted(chain.from_iterable(several), key=_AT)
        if len({event.at for event in merged}) == len(merged):
            return merged
        if self.place is None:
            self.place = {id(event): position for position, event in enumerate(self.events)}
        positions = {self.place[id(event)] for event in merged}
        return [self.events[position] for position in sorted(positions)]

    def values(self, event: Event, name: str) -> tuple[str, ...]:
        """The persons or things that an event carries under a name that its kind declares."""
        if event.kind not in self.rules.carriers(name):
            return ()
        if name not in self.rules.members:
            found = event.about.get(name)
            if found is not None and len(found) == 1:
                return found
        return match.named(self.pack, event, name)

    def found(self, number: int, key: Key, carrying: Names = ()) -> Found:
        """The events that match and agree with a key. ``carrying``: names that may not be empty."""
        hits = self.patterns[number]
        if hits is None:
            hits = self.hits(number)
        if not hits:
            return NOTHING
        if len(key) == 1:
            name, value = key[0]
            by_name = self.grouped_[number]
            grouped = by_name.get(name) if by_name is not None else None
            by_value, free, blank = grouped if grouped is not None else self.grouped(number, name)
            if not free and (carrying or not blank):
                return by_value.get(value, NOTHING)
        of_pattern = self.found_[number]
        if of_pattern is None:
            of_pattern = self.found_[number] = {}
        marker = (key, carrying)
        answer = of_pattern.get(marker)
        if answer is None:
            answer = of_pattern[marker] = self._found(number, key, carrying)
        return answer

    def _found(self, number: int, key: Key, carrying: Names) -> Found:
        events = self.hits(number)
        if len(key) == 1:
            ((name, value),) = key
            by_value, free, blank = self.grouped(number, name)
            if value not in by_value and (carrying or not blank):
                return timed(free)
        if key:
            events = [event for event in events if self._agrees(event, key, carrying)]
        return timed(events)

    def grouped(self, number: int, name: str) -> Grouped:
        """The hits of a pattern by the values of one name."""
        of_pattern = self.grouped_[number]
        if of_pattern is None:
            of_pattern = self.grouped_[number] = {}
        found = of_pattern.get(name)
        if found is None:
            found = of_pattern[name] = self._grouped(self.hits(number), name)
        return found

    def _grouped(self, events: list[Event], name: str) -> Grouped:
        rules, by_value, free, blank = self.rules, dict[str, Found](), list[Event](), list[Event]()
        carriers, plain = rules.carriers(name), name not in rules.members
        for event in events:
            if event.kind in carriers:
                carried = event.about.get(name) if plain else None
                if carried is not None and len(carried) == 1:
                    of_value = by_value.get(carried[0])
                    if of_value is None:
                        by_value[carried[0]] = ([event.at], [event])
                    else:
                        of_value[0].append(event.at)
                        of_value[1].append(event)
                    continue
                carried = match.named(self.pack, event, name)
            else:
                group = rules.group_of(event.kind, name)
                if group is None:
                    free.append(event)
                    continue
                carried = tuple(dict.fromkeys(event.about.get(group, ())))
            if not carried:
                blank.append(event)
            for value in carried:
                times, several = by_value.setdefault(value, ([], []))
                times.append(event.at)
                several.append(event)
        return by_value, free, blank

    def _agrees(self, event: Event, key: Key, carrying: Names) -> bool:
        for name, value in key:
            if event.kind in self.rules.carriers(name):
                carried = self.values(event, name)
            else:
                group = self.rules.group_of(event.kind, name)
                if group is None:
                    continue
                carried = event.about.get(group, ())
            if value not in carried and (carried or name in carrying):
                return False
        return True

    def named(self) -> tuple[dict[str, list[Event]], dict[str, list[Event]]]:
        """The events by the names in their ``about``, and by those among their fields that a rule might ask for."""
        if self.named_ is None:
            about, fields, asked = dict[str, list[Event]](), dict[str, list[Event]](), self.rules.names_asked
            for event in self.events:
                for name in event.about:
                    if name in about:
                        about[name].append(event)
                    else:
                        about[name] = [event]
                if event.fields and not asked.isdisjoint(event.fields):
                    for name in asked.intersection(event.fields):
                        fields.setdefault(name, []).append(event)
            self.named_ = (about, fields)
        return self.named_

    def naming(self, role: str) -> Found:
        """The events that name somebody in a role, whatever their kind declares."""
        found = self.naming_.get(role)
        if found is None:
            about, fields = self.named()
            members = self.rules.members.get(role, ())
            if any(member in about for member in members) or role in fields:
                found = timed([event for event in self.events if match.named(self.pack, event, role)])
            else:
                found = timed([event for event in about.get(role, NO_EVENTS) if event.about[role]])
            self.naming_[role] = found
        return found

    def keys(self, names: Names) -> dict[Key, datetime]:
        """Every key that occurs in one event's names, with the first moment. None of the names is ``of the case``."""
        found = self.keys_.get(names)
        if found is None:
            found = self.keys_[names] = self._keys(names)
        return found

    def _keys(self, names: Names) -> dict[Key, datetime]:
        if not names:
            return {(): self.events[0].at} if self.events else {}
        if len(names) == 1:
            return {((names[0], value),): at for value, at in self._first_named(names[0]).items()}
        found: dict[Key, datetime] = {}
        for event in self.events:
            for key in self.keys_by(event, names):
                found.setdefault(key, event.at)
        return found

    def _first_named(self, name: str) -> dict[str, datetime]:
        """When each value of a name first occurs in an event whose kind declares it."""
        about, fields = self.named()
        carriers, members = self.rules.carriers(name), self.rules.members.get(name, ())
        first: dict[str, datetime] = {}
        for own in (name, *members):
            named = about.get(own)
            if named:  # from the last to the first: the first stays
                found = {
                    value: event.at for event in reversed(named) if event.kind in carriers for value in event.about[own]
                }
                for value in found.keys() & first.keys():
                    found[value] = min(found[value], first[value])
                first.update(found)
        for event in fields.get(name, NO_EVENTS):
            if event.kind in carriers:
                for value in match.named(self.pack, event, name):
                    if value not in first or event.at < first[value]:
                        first[value] = event.at
        return first

    def by_value(self, number: int, name: str, carrying: bool) -> dict[str, Found] | None:
        """The events that match and agree with each value of a name; None where some agree with every value.

        ``carrying``: those that name nobody agree with none."""
        hits = self.patterns[number]
        if hits is None:
            hits = self.hits(number)
        if not hits:
            return NO_VALUES
        by_value, free, blank = self.grouped(number, name)
        return by_value if not free and (carrying or not blank) else None

    def keys_by(self, event: Event, names: Names) -> list[Key]:
        """The keys that one event carries."""
        if len(names) == 1:
            name = names[0]
            return [((name, value),) for value in self.values(event, name)]
        columns = [self.values(event, name) for name in names]
        return [tuple(zip(names, values, strict=True)) for values in product(*columns)]

    def matching(self, event: Event) -> set[int]:
        """The numbers of the patterns that one event matches."""
        rules, found = self.rules, set[int]()
        for number in rules.of_kind.get(event.kind, ()):
            select = rules.choices[number][1]
            if select is None or select([event], self.days):
                found.update(rules.patterns_with[number])
        return found

    def followed(
        self, event: Event, events: Sequence[Event], kinds: dict[str, list[Event]]
    ) -> tuple[View, set[int], bool]:
        """The view of the same record with one event more, the last; what it does not touch is kept.

        Also the numbers of the patterns that the event matches, and whether it names a key that was not there before.
        """
        new = View(self.pack, self.rules, self.days, events, kinds)
        touched = self.matching(event)
        rules = self.rules
        new.choices = list(self.choices)
        for number in rules.of_kind.get(event.kind, ()):
            known = self.choices[number]
            if known is not None and not touched.isdisjoint(rules.patterns_with[number]):
                select = rules.choices[number][1]
                if select is None:
                    new.choices[number] = kinds[event.kind]
                elif select([event], self.days):
                    new.choices[number] = [*known, event]
        new.patterns, new.found_, new.grouped_ = list(self.patterns), list(self.found_), list(self.grouped_)
        for number in touched:
            before = self.patterns[number]
            new.patterns[number] = [*before, event] if before is not None else None
            new.found_[number] = new.grouped_[number] = None
        for role, (times, several) in self.naming_.items():
            names = bool(match.named(self.pack, event, role))
            new.naming_[role] = ([*times, event.at], [*several, event]) if names else (times, several)
        return new, touched, new._take_keys(self, event)

    def _take_keys(self, before: View, event: Event) -> bool:
        """Keep the keys that are known, with those that the event adds; whether it adds any."""
        added = False
        for name in self.rules.case_names:
            before.keys((name,))  # known from now on, so that a newcomer is noticed
        for names, known in before.keys_.items():
            if any(name.endswith("*") for name in names):
                continue  # found anew when asked for
            fresh = {key: event.at for key in self.keys_by(event, names) if key not in known} if names else {}
            self.keys_[names] = known | fresh if fresh else known
            added = added or bool(fresh)
        return added

    def take_steps(self, before: View, touched: set[int], added: bool) -> set[str]:
        """Keep what is known of the facts that the event does not touch; the ids of those it may."""
        rules = self.rules
        changed = {
            plan.fact.id
            for plan in rules.facts.values()
            if plan.moves or not touched.isdisjoint(plan.reads) or (added and (plan.parts or not plan.names))
        }
        if not touched.isdisjoint(rules.closing):
            changed.add("watched")
        for fact_id, known in before.steps.items():
            if fact_id not in changed:
                self.steps[fact_id] = {key: steps for key, steps in known.items() if steps} if added else known
        self.tables = {fact_id: known for fact_id, known in before.tables.items() if fact_id not in changed}
        if not added:
            self.asked = {fact_id: known for fact_id, known in before.asked.items() if fact_id not in changed}
        return changed


def timed(events: list[Event]) -> Found:
    """Events with their moments beside them."""
    return (list(map(_AT, events)), events) if events else NOTHING
