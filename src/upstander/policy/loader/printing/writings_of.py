"""Letters, surveys, agreements, questions and the plan in the words of the language, written back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from upstander.policy.loader.printing import forms_of as write
from upstander.policy.loader.reading.surveys import BY_DEFAULT
from upstander.policy.model import (
    Agreement,
    Field,
    Letter,
    Option,
    Pack,
    PlanEntry,
    Point,
    Questions,
    Survey,
    SurveyQuestion,
    WhenEvent,
)

Entry = dict[str, Any]


def writings(pack: Pack, field: Callable[[Field], Entry]) -> Entry:
    """All of them, by section. ``field`` prints a field of a form."""
    writer = write.Writer(pack)
    return {
        "letters": {each.id: _letter(writer, each, field) for each in pack.letters.values()},
        "surveys": {each.id: _survey(writer, each, field) for each in pack.surveys.values()},
        "agreements": {each.id: _agreement(writer, each, field) for each in pack.agreements.values()},
        "questions": {each.id: _questions(each) for each in pack.questions.values()},
        "plan": [_plan(pack, writer, each) for each in pack.plan.values()],
    }


def _some(**parts: object) -> Entry:
    return {
        key.rstrip("_").replace("_", " "): part for key, part in parts.items() if part not in ("", None, (), False, {})
    }


def _fields(fields: Mapping[str, Field], field: Callable[[Field], Entry]) -> Entry:
    return {name: field(each) for name, each in fields.items()}


def _events(writer: write.Writer, **patterns: Any) -> Entry:
    return {name.replace("_", " "): writer.pattern(each) for name, each in patterns.items() if each is not None}


def _letter(writer: write.Writer, letter: Letter, field: Callable[[Field], Entry]) -> Entry:
    found = {"title": letter.title, "to": letter.to, "body": letter.body}
    found |= _some(on=letter.on, before=letter.before, if_=letter.if_, unless=letter.unless)
    found |= _events(writer, sent_with=letter.sent_with)
    found |= _some(never_say=letter.never_say, never_name=letter.never_name, let_through_by=letter.let_through_by)
    found |= _some(clause=letter.clause)
    return {**found, **_some(asks=_fields(letter.asks, field))}


def _survey(writer: write.Writer, survey: Survey, field: Callable[[Field], Entry]) -> Entry:
    found: Entry = {"title": survey.title, "how": survey.how, "for": survey.for_, "least shown": survey.least_shown}
    found |= _some(intro=survey.intro, thanks=survey.thanks, seen_by=survey.seen_by, clause=survey.clause)
    found |= _events(writer, opens_with=survey.opens_with, closes_with=survey.closes_with)
    found |= _some(worry_opens=survey.worry_opens, worry_names=survey.worry_names)
    sections = [{"id": each.id, "title": each.title, **_some(intro=each.intro)} for each in survey.sections.values()]
    found |= _some(sections=tuple(sections))
    found["questions"] = [_question(writer, each, survey, field) for each in survey.questions.values()]
    return found


def _question(writer: write.Writer, question: SurveyQuestion, survey: Survey, field: Callable[[Field], Entry]) -> Entry:
    answer = field(question.answer)
    answer.pop("label", None)
    found: Entry = {"id": question.id, "text": question.text, **answer}
    if question.own_choices:
        found["options"] = {code: _option(each) for code, each in question.choices.items()}
    found |= _some(section=question.section, aspect=question.aspect, clause=question.clause)
    if question.only_if is not None:
        asked = survey.questions[question.only_if.question].answer
        found["only if"] = {asked.id: writer.condition(asked, question.only_if.condition)}
    if question.worry is not None:
        found["worry"] = writer.condition(question.answer, question.worry)
    return found


def _option(option: Option) -> Entry:
    return {"label": option.label, **_some(help=option.help, icon=option.icon, clause=option.clause)}


def _agreement(writer: write.Writer, found_one: Agreement, field: Callable[[Field], Entry]) -> Entry:
    found: Entry = {"title": found_one.title, "copies": found_one.copies}
    found |= _some(purpose=found_one.purpose, intro=found_one.intro, about=found_one.about, on=found_one.on)
    found["parties"] = {
        each.id: {
            "title": each.title,
            "signs": each.signs,
            "needed": each.needed,
            **_some(role=each.roles, clause=each.clause),
        }
        for each in found_one.parties.values()
    }
    found["points"] = [_point(each) for each in found_one.points.values()]
    holds = found_one.holds
    lasts = write.distance(holds.lasts) if holds.lasts is not None else None
    found |= _some(holds=_some(from_=holds.from_field, for_=lasts, until=holds.until))
    if found_one.renew is not None:
        found["renew"] = write.distance(found_one.renew)
    found |= _events(
        writer,
        signed_with=found_one.signed_with,
        declined_with=found_one.declined_with,
        ended_with=found_one.ended_with,
    )
    found |= _some(asks=_fields(found_one.asks, field), choices=_fields(found_one.choices, field))
    return {**found, **_some(attach=found_one.attach, yields_to=found_one.yields_to, clause=found_one.clause)}


def _point(point: Point) -> Entry:
    found = {"id": point.id, "text": point.text, "kind": point.kind}
    return {**found, **_some(at=point.at, bearer=point.bearer, clause=point.clause)}


def _questions(found_ones: Questions) -> Entry:
    several = [
        {
            "id": each.id,
            "text": each.text,
            **_some(help=each.help, topic=each.topic, for_=each.for_, clause=each.clause),
        }
        for each in found_ones.questions.values()
    ]
    found = {"title": found_ones.title, "questions": several}
    found |= _some(intro=found_ones.intro, before=found_ones.before, for_=found_ones.for_)
    return {**found, **_some(never_ask=found_ones.never_ask, clause=found_ones.clause)}


def _plan(pack: Pack, writer: write.Writer, entry: PlanEntry) -> Entry:
    found: Entry = {"id": entry.id, "title": entry.title}
    found |= _some(topic=entry.topic, note=entry.note, grades=entry.grades)
    duty = pack.duties[entry.id]
    printed = writer.duty(duty)
    printed.pop("label", None)
    by_default = printed.get("must") == {BY_DEFAULT: {"item": entry.id}}
    if by_default:
        printed.pop("must")
    if isinstance(duty.when, WhenEvent) and printed.get("when") == "year-opened":
        printed.pop("when")
    if printed.get("until") == "year-closed":
        printed.pop("until")
    return {**found, **printed}
