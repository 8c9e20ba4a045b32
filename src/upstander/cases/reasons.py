"""The reasons of a duty: its rule in words, the events behind it, the explanation of its state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from upstander.access.decide import NotFound
from upstander.cases import parts, steps, tale
from upstander.cases.looking import Looking
from upstander.people import queries as people
from upstander.people.packs import series_of
from upstander.policy import explain, sentences
from upstander.policy.model import Said
from upstander.policy.verdict import DutyInstance
from upstander.records import queries, reading
from upstander.records.steps import Step as Duty
from upstander.ui.parts import Deed


class NotAsked(NamedTuple):
    """A duty that has not arisen: its label, the clauses that ask for it, and why not."""

    label: str
    clauses: str
    why: str


def context(looking: Looking, rule: str, asked: QueryDict) -> dict[str, Any]:
    """What the page shows. Raises NotFound where the record has no such duty."""
    instance = _instance(looking, rule, asked)
    duty = _step(looking, instance)
    pack = looking.versions[instance.version]
    return {
        "looking": looking,
        "back": looking.back,
        "of_record": looking.of_record,
        "step": steps.step(looking.words, looking.school, duty, looking.now),
        "sentence": sentences.sentence(pack, replace(pack.duties[rule], clause=()), looking.lang),
        "said": _said(looking, rule),
        "lines": _lines(looking, instance),
        "because": _entries(looking, instance.because),
        "settled": _entries(looking, (instance.settled.event,) if instance.settled else ()),
        "deeds": _deeds(looking, duty),
        "not_asked": _not_asked(looking),
    }


def _instance(looking: Looking, rule: str, asked: QueryDict) -> DutyInstance:
    if rule not in looking.pack.duties:
        raise NotFound
    found = [each for each in looking.picture.duties if each.rule == rule]
    found = [each for each in found if all(asked.get(name, value) == value for name, value in each.key)]
    number = asked.get("n", "")
    exact = [each for each in found if str(each.occurrence) == number]
    chosen = exact or found
    if not chosen:
        raise NotFound
    return chosen[-1]


def _step(looking: Looking, instance: DutyInstance) -> Duty:
    both = [
        *steps.open_duties(looking),
        *queries.done_steps(looking.viewer, looking.record, looking.now, looking.lang),
    ]
    key = [value for _name, value in instance.key]
    for duty in both:
        same = duty.rule == instance.rule and duty.occurrence == instance.occurrence
        if same and [ident for _role, _title, ident, _name in duty.key] == key:
            return duty
    raise NotFound


def _said(looking: Looking, rule: str) -> str:
    """The document's vague word and what the school has answered."""
    by = looking.pack.duties[rule].by
    if not isinstance(by, Said):
        return ""
    words = looking.words
    known = by.said in looking.pack.vague
    path = f"params.words.{by.said}.title" if known else f"params.{by.said}.title"
    answer = sentences.deadline_words(looking.pack, by.means, looking.lang)
    return _("“%(word)s” means here: %(answer)s.") % {"word": words.label(path), "answer": answer}


def _lines(looking: Looking, instance: DutyInstance) -> list[str]:
    """The engine's explanation, without statements about events that the viewer may not read."""
    found = explain.duty(
        series_of(looking.school),
        looking.log,
        people.calendar_of(looking.school),
        looking.now,
        instance,
        looking.lang,
        kind=looking.record.kind,
    )
    return [part.words for part in _readable(looking, found)]


def _readable(looking: Looking, found: explain.Explanation) -> list[explain.Part]:
    """The statements that speak of nothing that is secret from the viewer, neither as events nor through facts."""
    secret = reading.secret_kinds(looking.viewer)
    hidden = {event.id for event in looking.log if event.kind in secret}
    return [
        part
        for part in found.parts
        if hidden.isdisjoint(part.events) and secret.isdisjoint(explain.kinds_behind(looking.pack, part))
    ]


def _not_asked(looking: Looking) -> list[NotAsked]:
    """The duties that have not arisen here, each with the first condition that failed."""
    several = explain.all_not_arisen(
        series_of(looking.school),
        looking.log,
        people.calendar_of(looking.school),
        looking.now,
        looking.lang,
        kind=looking.record.kind,
    )
    return [
        NotAsked(looking.words.label(f"duties.{found.rule}.label"), " ".join(found.clauses), found.joint.join(lines))
        for found in several
        if (lines := [part.words for part in _readable(looking, found)])
    ]


def _entries(looking: Looking, ids: tuple[str, ...]) -> list[Any]:
    by_id = {str(each.id): each for each in parts.tale(looking)}
    return [tale.entry(looking, by_id[each], by_id) for each in ids if each in by_id]


def _deeds(looking: Looking, duty: Duty) -> list[Deed]:
    """What the viewer may do about it: the forms that settle it, waiving, putting off."""
    if not duty.open:
        return []
    deeds = [Deed(label=each.label, url=steps.deed_url(looking.school, duty, each)) for each in duty.deeds if each.may]
    key = {role: ident for role, _title, ident, _name in duty.key}
    if duty.waivable and looking.may("waive"):
        deeds.append(Deed(label=_("Waive it, with a reason"), url=looking.url("duty", duty.rule, "waive", **key)))
    if duty.extendable and looking.may("extend"):
        deeds.append(Deed(label=_("Put it off, with a reason"), url=looking.url("duty", duty.rule, "extend", **key)))
    return deeds
