"""Warnings: what an author should look at, though the pack works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from upstander.policy import labels
from upstander.policy.bindings import bindings
from upstander.policy.lint import writings
from upstander.policy.lint.names import all_names, not_carried
from upstander.policy.model import (
    AgainAfter,
    BecomesTrue,
    Combination,
    Duty,
    FieldType,
    Mark,
    Pack,
    Quiet,
    TrueFrom,
)
from upstander.policy.problems import Problem, problem
from upstander.policy.words import worded

LANGUAGES = ("en-GB", "ja", "nl", "zh-Hans")


def care(pack: Pack, today: date | None) -> Iterator[Problem]:
    """All warnings of one pack. Without ``today`` nothing is said of dates."""
    yield from _rules(pack)
    yield from _clauses(pack)
    yield from _dates(pack, today)
    yield from _papers(pack)
    yield from writings.writings(pack)
    yield from _posts(pack)
    yield from _untranslated(pack)


def _rules(pack: Pack) -> Iterator[Problem]:
    """W1, W2, W11, W12."""
    for sort, rules in (("duty", pack.duties), ("limit", pack.limits)):
        for rule in rules.values():
            if not rule.clause:
                yield problem(
                    rule.mark,
                    "W1",
                    worded("{sort} '{rule}' names no clause", sort=sort, rule=rule.id),
                    worded("what of the document asks for it?"),
                )
    for duty in pack.duties.values():
        if duty.recurrence is not None and duty.until is None:
            yield problem(
                duty.mark,
                "W2",
                worded("duty '{duty}' recurs for ever", duty=duty.id),
                worded("give it an 'until', for example 'until: close'"),
            )
        yield from _not_rearmed(pack, duty)
    for limit in pack.limits.values():
        for pattern in limit.only_after:
            names = all_names(limit.for_each)
            if not names or any(True for _ in not_carried(pack, pattern, names)):
                message = worded(
                    "limit '{limit}': one old '{kind}' satisfies 'only after' for ever",
                    limit=limit.id,
                    kind=pattern.alternatives[0].kind,
                )
                yield problem(
                    pattern.mark, "W12", message, worded("for afresh each time use a fact with 'until' the act")
                )


def _not_rearmed(pack: Pack, duty: Duty) -> Iterator[Problem]:
    """A guard is looked at once: what it held back does not come when the exception ends."""
    if duty.each_trigger or (duty.recurrence is not None and not isinstance(duty.recurrence, AgainAfter)):
        return
    for name in duty.unless:
        if _can_end(pack, name) and not any(
            _rearms(pack, other, name) for other in pack.duties.values() if other is not duty
        ):
            hint = worded("add a duty with 'when: {{becomes true: …}}' of its opposite, or set 'counts: each'")
            yield problem(
                duty.mark,
                "W11",
                worded("duty '{duty}': when '{name}' ends, nothing brings the duty back", duty=duty.id, name=name),
                hint,
            )


def _can_end(pack: Pack, name: str, seen: frozenset[str] = frozenset()) -> bool:
    fact = pack.facts.get(name)
    if fact is None or name in seen:
        return name == "watched"
    match fact.form:
        case TrueFrom() as form:
            return form.until is not None or form.lasts is not None or form.to_date_field is not None
        case Combination(_, parts):
            return any(_can_end(pack, part, seen | {name}) for part in parts)
        case Quiet():
            return True
        case _:
            return False


def _rearms(pack: Pack, duty: Duty, name: str) -> bool:
    if not isinstance(duty.when, BecomesTrue):
        return False
    waiting, seen = [duty.when.fact], set[str]()
    while waiting:
        fact = waiting.pop()
        if fact == name:
            return True
        if fact in pack.facts and fact not in seen and isinstance(form := pack.facts[fact].form, Combination):
            waiting.extend(form.facts)
        seen.add(fact)
    return False


def _clauses(pack: Pack) -> Iterator[Problem]:
    """W4, W9, W10, W15."""
    bound = {each.clause for each in bindings(pack)}
    for clause in pack.clauses.values():
        if clause.id not in bound and not clause.not_automated and not clause.pages:
            hint = worded("a rule, a form, a card or a page may serve it; or say why not: 'not automated: …'")
            yield problem(clause.mark, "W4", worded("nothing serves clause '{clause}'", clause=clause.id), hint)
        if not clause.at:
            yield problem(
                clause.mark,
                "W15",
                worded("clause '{clause}' does not say where it stands in the document", clause=clause.id),
            )
    for law in pack.laws:
        code = "W9" if law.effect == "makes void" else "W10"
        said = "the law makes it void" if code == "W9" else "the law asks for more"
        for name in law.clauses:
            mark = pack.clauses[name].mark if name in pack.clauses else Mark(pack.id, 0, 0)
            yield problem(
                mark,
                code,
                worded("clause '{name}': {said} ({source})", name=name, said=said, source=law.source),
                law.text[:200],
            )


def _dates(pack: Pack, today: date | None) -> Iterator[Problem]:
    if today is not None and pack.review_date is not None and pack.review_date < today:
        yield problem(
            Mark(pack.id, 0, 0), "W6", worded("the review date {review_date} is past", review_date=pack.review_date)
        )


def _papers(pack: Pack) -> Iterator[Problem]:
    """W7, W13, W16."""
    for card in pack.guidance.values():
        for sort, name in re.findall(r"\]\((#|contact:|guidance:)([^)\s]+)\)", card.body):
            known = {"#": pack.clauses, "contact:": pack.contacts, "guidance:": pack.guidance}[sort]
            if name not in known:
                yield problem(
                    card.mark,
                    "W7",
                    worded("guidance '{card}' refers to '{name}', which is not there", card=card.id, name=name),
                )
    for flaw in pack.flaws:
        if not flaw.read_as:
            yield problem(flaw.mark, "W13", worded("'{flaw}' at {at} has no 'read as'", flaw=flaw.flaw, at=flaw.at))
        if flaw.flaw == "gone":
            yield problem(flaw.mark, "W16", worded("what is named at {at} no longer exists", at=flaw.at), flaw.read_as)


def _posts(pack: Pack) -> Iterator[Problem]:
    """W14."""
    titles: dict[str, str] = {}
    for role in pack.roles.values():
        if not role.title or role.of_the_matter or role.any_of:
            continue
        first = titles.setdefault(role.title.casefold(), role.id)
        if first != role.id:
            yield problem(
                role.mark,
                "W14",
                worded("roles '{first}' and '{role}' have one title", first=first, role=role.id),
                worded("one post, or two titles?"),
            )


# --- W8 -----------------------------------------------------------------------------------------------------------


def outward(pack: Pack) -> Iterator[str]:
    """The paths of whatever a teller, a child or a guardian reads."""
    outside = {"teller", "pupil-self", "guardian"}
    for name, kind in pack.events.items():
        told_home = any("guardian" in each.roles for each in kind.tells)
        own = name == "told" or bool(outside & set(kind.recorded_by))
        if not (own or told_home):
            continue
        yield from (f"events.{name}.{part}" for part in ("label", "done"))
        for field in kind.fields.values():
            if not (own or field.id in kind.reads):
                continue
            yield from (f"events.{name}.fields.{field.id}.{part}" for part in ("label", "help"))
            if field.type in (FieldType.ONE_OF, FieldType.SOME_OF, FieldType.PLACE):
                for code in pack.options.get(field.options, {}):
                    yield from (f"options.{field.options}.{code}.{part}" for part in ("label", "help"))
    for name, card in pack.guidance.items():
        if set(card.for_) & {"child", "guardian", "teller"}:
            yield from (f"guidance.{name}.{part}" for part in ("title", "body"))
    for name, contact in pack.contacts.items():
        if contact.on_door:
            yield from (f"contacts.{name}.{part}" for part in ("title", "hours", "note"))
    for each in pack.talk_to:
        yield from (f"roles.{each.role}.title", f"talk-to.{each.role}.place", f"talk-to.{each.role}.hours")
    yield from writings.outward(pack)


def _untranslated(pack: Pack) -> Iterator[Problem]:
    others = [lang for lang in LANGUAGES if lang != pack.language]
    for path in dict.fromkeys(outward(pack)):
        if not labels.lookup(pack, path) or path in pack.builtin_words:
            continue
        missing = [lang for lang in others if not pack.words.get(lang, {}).get(path)]
        if missing:
            yield problem(
                _place(pack, path),
                "W8",
                worded("'{path}' is not translated into {missing}", path=path, missing=", ".join(missing)),
            )


def _place(pack: Pack, path: str) -> Mark:
    section, name, *rest = path.split(".")
    entry = getattr(pack, section, {}).get(name)
    if section == "options" and rest:
        entry = pack.options.get(name, {}).get(rest[0])
    elif section == "events" and len(rest) > 1 and name in pack.events:
        entry = pack.events[name].fields.get(rest[1])
    mark = getattr(entry, "mark", None)
    return mark if isinstance(mark, Mark) else Mark(pack.id, 0, 0)
