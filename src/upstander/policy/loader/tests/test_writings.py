"""Letters, surveys, agreements, questions and the plan: every key read, every reference checked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from upstander.policy import labels, loader, sentences
from upstander.policy.bindings import bindings
from upstander.policy.model import AtLeast, InMonths, Is, Pack
from upstander.policy.writing import fill, forbidden

WHOLE = """
id: written
title: What people write
version: "1"
in force from: 2025-09-01
language: en-GB
timezone: Europe/London
params: {reply: {value: 3 school days, title: time for an answer, says: school}}
clauses:
  - {id: A-1, at: "1", text: A letter goes home.}
  - {id: A-2, at: "2", text: Pupils are asked.}
  - {id: A-3, at: "3", text: The agreement is signed.}
  - {id: A-4, at: "4", text: There is an assembly.}
  - {id: A-5, at: "5", text: Hearings ask the same.}
roles:
  head: {title: Head}
  class-teacher: {title: Class teacher, scope: class}
options:
  ways: {letter: By letter, visit: At home}
records:
  case: {label: Case, opens by: [came-to-light], events: [came-to-light, parents-told, heard]}
  agreement: {label: Agreement, opens by: [agreed], events: [agreed]}
events:
  came-to-light: {about: [target]}
  parents-told: {about: [target], fields: {how: {one-of: ways}, words: long-text, on: date}}
  heard: {about: [target, actor]}
  agreed: {about: [pupil-self], fields: {party: {one-of: ways}}}
  survey-opened: {fields: {instrument: {one-of: ways}}}
  wondered: {about: [target], recorded by: [pupil-self]}
letters:
  invitation:
    title: Invitation to a talk
    to: [guardian]
    on: [case]
    before: [parents-told]
    sent with: {parents-told: {how: letter}}
    if: []
    never say: [it takes two]
    never name: [actor]
    asks: {meeting: {type: date, label: When we meet, required: yes}}
    clause: A-1
    body: |
      Dear {reader},
      on {parents-told.on} we heard about {name of target}. Please come on **{meeting}**; we answer within {param: reply}. {school}
surveys:
  may:
    title: How is it in class?
    intro: It takes five minutes.
    thanks: Thank you.
    for: [pupil-self]
    how: confidential
    least shown: 8
    seen by: [head]
    opens with: {survey-opened: {instrument: letter}}
    worry opens: wondered
    clause: A-2
    sections: [{id: you, title: About you, intro: Only you see this now.}]
    questions:
      - id: safe
        text: Do you feel safe?
        options: {always: Always, never: {label: Never, help: Not once}}
        section: you
        aspect: safety
        worry: never
      - {id: often, text: How often?, type: number, min: 0, max: 20, only if: {safe: never}, worry: {at least: 3}}
      - {id: way, text: How should we tell you?, same as: parents-told.how}
      - {id: more, text: Anything else?, type: long-text, help: In your own words}
agreements:
  pick-up:
    title: Who may pick up
    purpose: safety
    intro: Made between {school} and {name of pupil-self}'s family.
    about: pupil-self
    on: agreement
    parties:
      school: {title: The school, role: [class-teacher], signs: seal}
      family: {title: The family, role: [guardian]}
      child: {title: The child, signs: no, needed: no}
    points:
      - {id: gate, at: "1", text: "Lessons begin at {begins}.", kind: notice, bearer: [school], clause: A-3}
      - {id: list, text: Only those on the list pick up., bearer: [school, family]}
    asks: {begins: {type: time, label: Beginning of lessons}, from: {type: date, label: From}}
    choices: {pictures: {type: yes-no, label: May we publish a picture?}}
    holds: {from: from, for: P1Y, until: leaving}
    renew: P30D
    copies: 2
    signed with: {agreed: {party: letter}}
    yields to: [measures]
questions:
  hearing:
    title: A hearing
    intro: Sit beside, not opposite.
    before: [heard]
    for: [target, actor]
    never ask: [why did you not]
    clause: A-5
    questions:
      - {id: what, text: What happened?, help: From the beginning, topic: what}
      - {id: who, text: Who was there?, for: [target], clause: A-5}
plan:
  - {id: assembly, title: Assembly against bullying, topic: friendship, grades: ["7", "8"], in: month 11, who: head, clause: A-4}
  - id: each-term
    title: Talk with every class
    when: term-opened
    counts: each
    by: end of term
    who: class-teacher
    must: heard
    note: A quiet room
"""


def checked(text: str) -> tuple[Pack | None, list[str]]:
    pack, problems = loader.check_text(text)
    return pack, [f"{each.code} {each.message}" for each in problems if each.stops]


@pytest.fixture(scope="module")
def pack() -> Pack:
    found, problems = checked(WHOLE)
    assert problems == []
    assert found is not None
    return found


def test_a_letter_knows_its_text_and_its_blanks(pack: Pack) -> None:
    letter = pack.letters["invitation"]

    assert [(each.sort, each.name, each.field) for each in letter.blanks] == [
        ("built-in", "reader", ""),
        ("field", "parents-told", "on"),
        ("name", "target", ""),
        ("asked", "meeting", ""),
        ("param", "reply", ""),
        ("built-in", "school", ""),
    ]
    values = {each.written: f"[{each.name}]" for each in letter.blanks}
    assert fill(letter.body, values).startswith("Dear [reader],\non [parents-told] we heard about [target].")
    with pytest.raises(KeyError):
        fill(letter.body, {})


def test_a_letter_may_carry_never_say(pack: Pack) -> None:
    """letters/*.md may carry ``never say: [...]``"""
    letter = pack.letters["invitation"]

    assert forbidden(letter, "Well, it\ntakes **two**, as they say.") == ["it takes two"]
    assert forbidden(letter, "We are sorry.", names=["Bram"]) == []
    assert forbidden(letter, "We spoke to Bram.", names=["Bram"]) == ["Bram"]


def test_a_survey_knows_its_questions_choices_and_worries(pack: Pack) -> None:
    survey = pack.surveys["may"]

    assert list(survey.questions) == ["safe", "often", "way", "more"]
    assert list(survey.questions["safe"].choices) == ["always", "never"]
    assert list(survey.questions["way"].choices) == ["letter", "visit"]
    assert survey.questions["safe"].worry == Is("never")
    assert survey.questions["often"].worry == AtLeast(Decimal(3))
    assert survey.questions["often"].only_if is not None
    assert (survey.how, survey.least_shown, survey.worry_opens) == ("confidential", 8, "wondered")
    assert not any(name.startswith("choices of") for name in pack.options)


def test_an_agreement_knows_parties_points_and_how_long_it_holds(pack: Pack) -> None:
    agreement = pack.agreements["pick-up"]

    assert [party.signs for party in agreement.parties.values()] == ["seal", "signature", "no"]
    assert agreement.points["list"].bearer == ("school", "family")
    assert (agreement.holds.from_field, agreement.holds.until) == ("from", "leaving")
    assert [blank.written for blank in agreement.blanks] == ["school", "name of pupil-self", "begins"]


def test_the_plan_compiles_into_duties_on_the_record_of_the_school_year(pack: Pack) -> None:
    """``plan.yaml`` compiles into duties on it"""
    duty = pack.duties["assembly"]

    assert duty.window == InMonths((11,))
    assert sentences.sentence(pack, "assembly", "en-GB").endswith("(A-4).")
    assert [each.kind for pattern in duty.must for each in pattern.alternatives] == ["activity-held"]
    assert list(pack.options["plan"]) == ["assembly", "each-term"]
    assert pack.duties["each-term"].each_trigger
    assert pack.plan["assembly"].grades == ("7", "8")


def test_a_pack_without_a_plan_has_nothing_of_it() -> None:
    found, _ = checked(WHOLE[: WHOLE.index("\nplan:")] + "\n")

    assert found is not None
    assert "activity-held" not in found.events
    assert "plan" not in found.options


def test_everything_that_people_read_can_be_translated(pack: Pack) -> None:
    texts = labels.sources(pack)

    for path, text in (
        ("letters.invitation.asks.meeting.label", "When we meet"),
        ("surveys.may.questions.safe.options.never.help", "Not once"),
        ("surveys.may.questions.more.help", "In your own words"),
        ("agreements.pick-up.points.gate.text", "Lessons begin at {begins}."),
        ("agreements.pick-up.choices.pictures.label", "May we publish a picture?"),
        ("questions.hearing.questions.what.help", "From the beginning"),
        ("plan.assembly.title", "Assembly against bullying"),
    ):
        assert texts[path] == text
        assert labels.label(pack, path, "en-GB") == text


def test_a_translation_of_them_is_shown() -> None:
    text = WHOLE + "i18n: {nl: {surveys.may.questions.safe.text: Voel je je veilig?}}\n"
    found, problems = checked(text)

    assert problems == []
    assert found is not None
    assert labels.label(found, "surveys.may.questions.safe.text", "nl") == "Voel je je veilig?"


def test_whatever_names_a_clause_serves_it(pack: Pack) -> None:
    served = {(each.clause, each.kind) for each in bindings(pack)}

    assert {("A-1", "letter"), ("A-2", "survey"), ("A-3", "agreement"), ("A-4", "plan"), ("A-5", "form")} <= served


def test_printing_them_and_loading_gives_the_same_pack(pack: Pack) -> None:
    """10. Printing a pack and loading it gives the same pack."""
    again = loader.load_text(loader.dump(pack))

    for name in ("letters", "surveys", "agreements", "questions", "plan", "duties", "events", "options"):
        assert getattr(again, name) == getattr(pack, name), name
    assert again.digest == pack.digest


BAD: dict[str, tuple[str, str, str]] = {
    "a blank that nothing fills": ("Dear {reader}", "Dear {raeder}", "E0"),
    "a blank of an unknown kind": ("{parents-told.on}", "{parents-tld.on}", "E3"),
    "a blank of an unknown field": ("{parents-told.on}", "{parents-told.onn}", "E4"),
    "a blank of an unknown role": ("{name of target}", "{name of targt}", "E2"),
    "a blank of an unknown param": ("{param: reply}", "{param: replay}", "E1"),
    "a letter that names whom it may not": ("{name of target}", "{name of actor}", "E5"),
    "a letter that says what it must not": ("Please come", "It takes two. Please come", "E5"),
    "an unknown word in a letter": ("never say:", "never says:", "E0"),
    "an event that cannot be recorded by itself": (
        "{parents-told: {how: letter}}",
        "{parents-told: {how: [letter, visit]}}",
        "E5",
    ),
    "an unknown role of a survey": ("for: [pupil-self]", "for: [pupils]", "E2"),
    "a worry that can never be": ("worry: never", "worry: nevr", "E5"),
    "a question after itself": ("only if: {safe: never}", "only if: {more: never}", "E4"),
    "a number out of reach": ("worry: {at least: 3}", "worry: {at least: 30}", "E5"),
    "the same words as nothing": ("same as: parents-told.how", "same as: parents-told.hw", "E4"),
    "a section that is not there": ("section: you", "section: yuo", "E0"),
    "a word that no question has": ("aspect: safety", "aspct: safety", "E0"),
    "worries of nobody": ("how: confidential", "how: anonymous", "E5"),
    "a party that is not there": ("bearer: [school, family]", "bearer: [school, famly]", "E0"),
    "a date that is none": ("holds: {from: from,", "holds: {from: begins,", "E4"),
    "an agreement about nobody in its event": ("about: pupil-self", "about: target", "E7"),
    "an unknown kind of record": ("on: agreement", "on: agrement", "E0"),
    "a question never to be asked": ("What happened?", "Why did you not say so?", "E5"),
    "an entry of the plan without a time": ("in: month 11, ", "", "E1"),
    "an entry of the plan with an unknown word": ("topic: friendship", "topics: friendship", "E0"),
    "an unknown bearer in the plan": ("who: head, clause: A-4", "who: hed, clause: A-4", "E2"),
    "an unknown clause": ("clause: A-2", "clause: A-22", "E14"),
}


@pytest.mark.parametrize("what", BAD)
def test_an_unknown_word_anywhere_stops_the_load(what: str) -> None:
    """an unknown word anywhere stops the load, nothing is silently ignored"""
    right, wrong, code = BAD[what]
    assert right in WHOLE

    _, problems = checked(WHOLE.replace(right, wrong, 1))

    assert [each.split(" ", 1)[0] for each in problems if each.startswith(f"{code} ")], problems


def test_a_folder_holds_each_in_a_file_of_its_own(tmp_path: Any) -> None:
    whole = loader.load_text(WHOLE)
    folder = tmp_path / "written"
    (folder / "letters").mkdir(parents=True)
    (folder / "surveys").mkdir()
    head, _, rest = WHOLE.partition("clauses:")
    (folder / "pack.yaml").write_text(head, encoding="utf-8")
    sections = {"clauses": "clauses:" + rest}
    for name in ("roles", "options", "records", "events", "letters", "surveys", "agreements", "questions", "plan"):
        last = list(sections)[-1]
        before, _, after = sections[last].partition(f"\n{name}:")
        sections[last], sections[name] = before, f"{name}:{after}"
    for name in ("clauses", "roles", "options", "records", "events", "plan"):
        (folder / f"{name}.yaml").write_text(sections[name] + "\n", encoding="utf-8")
    front = "title: Invitation to a talk\nto: [guardian]\nasks: {meeting: {type: date}}\nnever say: [it takes two]"
    (folder / "letters" / "invitation.md").write_text(f"---\n{front}\n---\nCome on {{meeting}}.\n", encoding="utf-8")
    one = "title: T\nfor: [pupil-self]\nhow: anonymous\nquestions: [{id: safe, text: Safe?, type: yes-no}]\n"
    (folder / "surveys" / "may.yaml").write_text(one, encoding="utf-8")

    pack, problems = loader.check(folder)

    assert [each for each in problems if each.stops] == []
    assert pack is not None
    assert pack.letters["invitation"].body == "Come on {meeting}."
    assert pack.surveys["may"].how == "anonymous"
    assert pack.plan == whole.plan
    stored = loader.load_source(loader.stored(loader.source_of(folder).data()))
    assert stored.digest == pack.digest
