"""Why: for each duty its clause, what started it, the arithmetic of its deadline and what would settle it; for each limit what
would lift it; for a duty that did not arise the first condition that failed. Structured parts with words, in four languages.

An explanation may itself say what somebody must not know: whoever shows it applies the viewer's rights to ``Part.events`` and
``Part.facts``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from upstander.policy.calendar import Calendar
from upstander.policy.compiled.case import Case, make
from upstander.policy.compiled.duties import instances
from upstander.policy.explain import absent, phrases
from upstander.policy.explain import duty as duties
from upstander.policy.explain.telling import Explanation, Part, Pen
from upstander.policy.guard import lift
from upstander.policy.log import Event
from upstander.policy.model import Pack, Series
from upstander.policy.sentences import sentence
from upstander.policy.verdict import Breach, DutyInstance, Key

__all__ = ["Explanation", "Part", "all_not_arisen", "breach", "duty", "kinds_behind", "not_arisen"]


def duty(
    series: Series,
    log: Sequence[Event],
    calendar: Calendar | None,
    now: datetime,
    instance: DutyInstance,
    lang: str,
    *,
    kind: str = "case",
) -> Explanation:
    """Why this duty is there and why it stands as it does. ``instance``: as the picture at ``now`` lists it.

    Raises LookupError if the log has no such instance at ``now``.
    """
    case = make(series, log, calendar, now, kind, None)
    of_key = [one for one in instances(case, instance.rule) if one.key == instance.key]
    if instance.occurrence >= len(of_key):
        raise LookupError(f"{instance.rule} {instance.key} {instance.occurrence}")
    found = of_key[instance.occurrence]
    pen = _pen(found.pack, lang, case)
    duties.tell(pen, case, found)
    return pen.explanation(instance.rule, sentence(found.pack, found.rule, lang), found.rule.clause)


def not_arisen(
    series: Series,
    log: Sequence[Event],
    calendar: Calendar | None,
    now: datetime,
    rule: str,
    lang: str,
    *,
    kind: str = "case",
    key: Key | None = None,
) -> Explanation:
    """Why a duty did not arise (for this key): the first condition that failed."""
    case = make(series, log, calendar, now, kind, None)
    pack = case.version(now)
    pen = _pen(pack, lang, case)
    found = pack.duties.get(rule)
    if found is None:
        pen.tell("absent.version", phrases.ABSENT["version"])
        return pen.explanation(rule, "", ())
    absent.tell(pen, case, found, key)
    return pen.explanation(rule, sentence(pack, found, lang), found.clause)


def all_not_arisen(
    series: Series, log: Sequence[Event], calendar: Calendar | None, now: datetime, lang: str, *, kind: str = "case"
) -> list[Explanation]:
    """Each duty of the policy in force that could arise on this kind of record and has not: the first condition that failed."""
    case = make(series, log, calendar, now, kind, None)
    pack = case.version(now)
    found = []
    for rule in pack.duties.values():
        if instances(case, rule.id) or not absent.possible(case, rule, kind):
            continue
        pen = _pen(pack, lang, case)
        absent.tell(pen, case, rule, None)
        found.append(pen.explanation(rule.id, sentence(pack, rule, lang), rule.clause))
    return found


def kinds_behind(pack: Pack, part: Part) -> frozenset[str]:
    """The kinds of event that the facts of a statement look at: whoever may not know of those may not read it."""
    return frozenset(kind for fact in part.facts for kind in absent.kinds_of_fact(pack, fact))


def breach(series: Series, found: Breach, lang: str, *, kind: str = "case", log: Sequence[Event] = ()) -> Explanation:
    """What a limit asks for and what would lift it; of closing too early, what is still missing."""
    pack = series.at(found.at.date()) if found.at is not None else series.versions[-1]
    pen = Pen(pack, lang, {event.id: event for event in log})
    lifted, say, writer = lift(series, found, kind), phrases.LIFT, pen.writer
    if lifted.never and not lifted.while_not:
        pen.tell("lift.never", say["never"])
    if lifted.while_not:
        held = writer.facts(lifted.while_not, writer.both)
        pen.tell("lift.while", say["while"], facts=lifted.while_not, held=held)
    if lifted.facts:
        pen.tell("lift.facts", say["facts"], facts=lifted.facts, held=writer.facts(lifted.facts, writer.both))
    if lifted.records:
        deeds = [writer.either(writer.label(f"events.{kind_}.label") for kind_ in kinds) for kinds in lifted.records]
        pen.tell("lift.records", say["records"], deeds=writer.both(deeds))
    if lifted.duties:
        pen.tell("lift.duties", say["duties"], duties=writer.both(writer.duty(rule) for rule in lifted.duties))
    if lifted.roles:
        pen.tell("lift.roles", say["roles"], roles=lifted.roles, posts=writer.posts(lifted.roles))
    if lifted.others:
        names = writer.both(_excluded(pen, name) for name in lifted.others)
        pen.tell("lift.others", say["others"], roles=lifted.others, names=names)
    if lifted.unless:
        pen.tell("lift.unless", say["unless"], facts=lifted.unless, held=writer.facts(lifted.unless, writer.either))
    rule = pack.limits.get(found.rule) or pack.closure.get(found.rule.removeprefix("closure."))
    return pen.explanation(found.rule, sentence(pack, rule, lang) if rule is not None else "", found.clause)


def _excluded(pen: Pen, name: str) -> str:
    """A role of the matter or a kind of event that ``not by`` names."""
    path = f"roles.{name}.title" if name in pen.pack.roles else f"events.{name}.label"
    return pen.writer.quoted(pen.writer.label(path))


def _pen(pack: Pack, lang: str, case: Case) -> Pen:
    return Pen(pack, lang, {event.id: event for event in case.everything})
