"""Words that say more than is known yet: while nothing is found, a form offers a neutral one. The writer decides.

What stands in quotation marks is what somebody said, and is left alone. Which words these are, and what may stand instead, says
the pack (``neutral`` of a kind of record).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from upstander.cases.looking import Looking
from upstander.policy.model import EventKind, FieldType, LoadedWord

_QUOTED = re.compile('(「[^」]*」|『[^』]*』|“[^”]*”|„[^”“]*[”“]|‘[^’]*’|"[^"]*"|《[^》]*》)')
WRITTEN = frozenset({FieldType.TEXT, FieldType.LONG_TEXT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A loaded word in a field, and the neutral one."""

    field: str
    label: str
    word: str
    say: str


def words_of(looking: Looking, kind: EventKind) -> Sequence[LoadedWord]:
    """The words to look for in this form; none once something is found, nor in the finding itself."""
    record = looking.pack.records.get(looking.record.kind)
    if record is None or record.neutral is None or looking.found or kind.id == record.definition:
        return ()
    own = looking.pack.language
    return [each for each in record.neutral.words if (each.lang or own) in (own, looking.lang)]


def offers(
    kind: EventKind, values: dict[str, object], labels: dict[str, str], words: Sequence[LoadedWord]
) -> list[Offer]:
    """What can be said more neutrally. ``values``: {field: what was written}; ``labels``: {field: its label}."""
    return [
        Offer(field=name, label=labels.get(name, ""), word=each.word, say=each.say)
        for name, spec in kind.fields.items()
        if spec.type in WRITTEN and isinstance(text := values.get(name), str)
        for each in words
        if any(_pattern(each).search(part) for part in _unquoted(text))
    ]


def neutral(text: str, words: Iterable[LoadedWord]) -> str:
    """``text`` with the neutral words outside its quotation marks."""
    parts = _QUOTED.split(text)
    for number in range(0, len(parts), 2):
        for each in words:
            parts[number] = _pattern(each).sub(each.say, parts[number])
    return "".join(parts)


def _unquoted(text: str) -> list[str]:
    return _QUOTED.split(text)[::2]


def _pattern(word: LoadedWord) -> re.Pattern[str]:
    """The word as it is written: in scripts with spaces as a whole word, else wherever it stands."""
    plain = re.escape(word.word)
    whole = word.word.isascii()
    return re.compile(rf"\b{plain}\b" if whole else plain, re.IGNORECASE)
