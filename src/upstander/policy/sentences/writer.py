"""Names, lists and patterns of events in one language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from upstander.policy import labels, words
from upstander.policy.model import (
    Alternative,
    AtLeast,
    AtMost,
    Both,
    Condition,
    FieldType,
    Includes,
    Is,
    IsNot,
    OneOf,
    Pack,
    Pattern,
    Test,
    Value,
)
from upstander.policy.sentences import phrases

_SPACED = frozenset({"en-GB", "nl"})
_NEUTER = re.compile(r"(?:\w+ )?\w*(?:punt|bestuur|team|hoofd|lid)\b")  # Dutch posts that take "het"
_UNITS = frozenset({"class", "grade", "unit"})  # what the calendar names beside persons
_INNER = str.maketrans("「」“”", "『』‘’")  # quotation marks inside quotation marks


@dataclass(frozen=True)
class Writer:
    """Writes the parts of a sentence about a pack in a language."""

    pack: Pack
    lang: str

    def say(self, pattern: str, **parts: object) -> str:
        """A pattern of this room in the language, filled in."""
        return words.translated(pattern, self.lang) % parts

    def native(self, path: str) -> bool:
        """Whether the text at a path is there in the language itself."""
        if self.lang == self.pack.language or self.pack.words.get(self.lang, {}).get(path):
            return True
        return path in self.pack.builtin_words

    def label(self, path: str) -> str:
        return labels.label(self.pack, path, self.lang).strip().rstrip("。.")

    def quoted(self, text: str) -> str:
        return self.say(phrases.QUOTED, text=text.translate(_INNER))

    def inside(self, text: str) -> str:
        """A label as it stands inside a sentence: its first letter small, where the language does so."""
        first = re.match(r"\w+", text)
        if self.lang not in _SPACED or first is None or not _ordinary(first[0]):
            return text
        return text[0].lower() + text[1:]

    # --- lists

    def join(self, parts: Sequence[str], last: str) -> str:
        """``a, b and c`` with the language's own commas; ``last`` is the pattern between the last two."""
        if not parts:
            return ""
        if len(parts) == 1:
            return parts[0]
        front = parts[0]
        for part in parts[1:-1]:
            front = self.say(phrases.COMMA, first=front, last=part)
        return self.say(last, first=front, last=parts[-1])

    def both(self, parts: Iterable[str]) -> str:
        return self.join(list(parts), phrases.AND)

    def either(self, parts: Iterable[str]) -> str:
        return self.join(list(parts), phrases.OR)

    # --- names

    def fact(self, name: str) -> str:
        if name in phrases.BUILT_IN_FACTS and name not in self.pack.facts:
            return self.quoted(self.say(phrases.BUILT_IN_FACTS[name]))
        return self.quoted(self.label(f"facts.{name}.label"))

    def facts(self, names: Sequence[str], join: Callable[[Iterable[str]], str]) -> str:
        return join([self.fact(name) for name in names])

    def duty(self, name: str) -> str:
        return self.quoted(self.label(f"duties.{name}.label"))

    def limit(self, name: str) -> str:
        if name.startswith("closure."):
            return self.quoted(self.label(f"records.{name.removeprefix('closure.')}.label"))
        return self.quoted(self.label(f"limits.{name}.label"))

    def person(self, name: str) -> str:
        """A name of ``about``: the title of a role, in quotation marks."""
        return self.quoted(self.label(f"roles.{name}.title"))

    def names_people(self, name: str) -> bool:
        """Whether a name of ``for each`` stands for persons, and not for a class or for what a form asks."""
        return name in self.pack.roles and name not in _UNITS

    def thing(self, name: str) -> str:
        """A name of ``for each`` that is nobody: a class by its title, else that field of the first form that has it."""
        if name in self.pack.roles:
            return self.person(name)
        for kind in self.pack.events.values():
            if name in kind.fields:
                return self.quoted(self.label(f"events.{kind.id}.fields.{name}.label").rstrip("?？"))
        return self.quoted(name.replace("-", " "))

    def post(self, role: str) -> str:
        """Whoever holds a post."""
        path = f"roles.{role}.title"
        info = self.pack.roles.get(role)
        if info is not None and info.of_the_matter:
            return self.say(phrases.WHO["key"], name=self.person(role))
        if not self.native(path):
            return self.say(phrases.WHO["quoted"], role=self.quoted(self.label(path)))
        title = self.inside(self.label(path))
        said = self.say(phrases.WHO["role"], role=title)
        return f"het {title}" if self.lang == "nl" and _NEUTER.match(title) else said

    def posts(self, roles: Iterable[str]) -> str:
        return self.either(self.post(role) for role in roles)

    def field(self, kind: str, name: str) -> str:
        return self.inside(self.label(f"events.{kind}.fields.{name}.label"))

    # --- events

    def pattern(self, pattern: Pattern) -> str:
        """The kinds of event of a pattern, each with its conditions."""
        return self.either(dict.fromkeys(self.alternative(each) for each in pattern.alternatives))

    def patterns(self, patterns: Sequence[Pattern]) -> str:
        return self.both(self.pattern(each) for each in patterns)

    def alternative(self, each: Alternative) -> str:
        kind = self.pack.events.get(each.kind)
        path = f"events.{each.kind}.done" if kind is not None and kind.done else f"events.{each.kind}.label"
        event = self.quoted(self.label(path))
        if not each.tests:
            return event
        tests = [self.test(each.kind, test) for test in each.tests]
        return self.say(phrases.WITH_TESTS, event=event, tests=self.join(tests, phrases.ALSO))

    def test(self, kind: str, test: Test) -> str:
        if test.field.startswith("number of "):
            name = self.say(phrases.FIELDS["number"], name=self.person(test.field.removeprefix("number of ")))
        elif test.field in phrases.FIELDS:
            name = self.say(phrases.FIELDS[test.field])
        else:
            name = self.field(kind, test.field).rstrip("?？")
        return self.say(phrases.TEST["is"], field=name, value=self.condition(kind, test.field, test.condition))

    def condition(self, kind: str, field: str, condition: Condition) -> str:
        def values(these: Iterable[Value]) -> list[str]:
            return [self.value(kind, field, each) for each in these]

        match condition:
            case Is(value):
                return self.value(kind, field, value)
            case OneOf(several):
                said = values(several)
                return self.either(self.apart(each) for each in said) if len(said) > 1 else self.either(said)
            case AtLeast(n):
                least = "from" if self.is_time(kind, field) else "least"
                return self.say(phrases.TEST[least], value=self.value(kind, field, n))
            case AtMost(n):
                most = "to" if self.is_time(kind, field) else "most"
                return self.say(phrases.TEST[most], value=self.value(kind, field, n))
            case IsNot(several):
                return self.say(phrases.TEST["not"], value=self.either(values(several)))
            case Includes(several):
                return self.say(phrases.TEST["includes"], value=self.both(values(several)))
            case Both(parts):
                return self.both(self.condition(kind, field, part) for part in parts)

    def is_time(self, kind: str, field: str) -> bool:
        """Whether a field holds a time of day: an hour is early or late, not small or great."""
        asked = self.pack.events[kind].fields.get(field) if kind in self.pack.events else None
        return field == "time of day" or (asked is not None and asked.type is FieldType.TIME)

    def apart(self, text: str) -> str:
        """One answer of several; Japanese puts each in quotation marks, for a verb would run into the word "or"."""
        return self.quoted(text) if self.lang == "ja" and not text.startswith("「") else text

    def value(self, kind: str, field: str, value: Value) -> str:
        """A value as a person says it."""
        asked = self.pack.events[kind].fields.get(field) if kind in self.pack.events else None
        if isinstance(value, Decimal):
            clock = f"{int(value) // 60:02}:{int(value) % 60:02}"
            return clock if self.is_time(kind, field) else f"{value.normalize():f}"
        if asked is not None and asked.options in self.pack.options and value in self.pack.options[asked.options]:
            text = self.inside(self.label(f"options.{asked.options}.{value}.label"))
            return self.quoted(text) if re.search(r"[,:;、，：；]", text) else text
        if field == "role":
            return self.inside(self.label(f"roles.{value}.title"))
        known = {**phrases.YES_NO, **phrases.WEEKDAYS}
        return self.say(known[value]) if value in known else value

    # --- the whole

    def tidy(self, sentence: str) -> str:
        """One sentence without the gaps of parts that are not there."""
        text = re.sub(r"\s+", " ", sentence).strip()
        text = re.sub(r" ([,.;:、。，；：])", r"\1", text)
        text = re.sub(r"([,、，])[,、，]+", r"\1", text)
        text = text.replace(")(", ") (") if self.lang in _SPACED else text
        text = re.sub(r"[,、，]([.。])", r"\1", text)
        text = re.sub(r"^[,、，] ?", "", text)
        return text[:1].upper() + text[1:] if self.lang in _SPACED else text


def _ordinary(word: str) -> bool:
    """Whether a first word is an ordinary one: a capital only because it stands first."""
    return word[:1].isupper() and (len(word) == 1 or word[1:].islower()) and word not in ("I",)
