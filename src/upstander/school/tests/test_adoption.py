"""A school makes a policy its own: nothing is taken for said, and nothing holds before everything is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from upstander.people import actions as people
from upstander.people import calendars, packs
from upstander.school import adoption, drafts
from upstander.school.adoption import Adoption, fingerprint
from upstander.school.models import PolicyDecision
from upstander.school.tests.policy_place import MONDAY, SINCE, Place

URL = "/s/own-school/adopt/"


def walk(own: Place) -> Adoption:
    draft = drafts.of(own.school, "own")
    pack = drafts.cached(draft) if draft is not None else packs.pack_of(own.school, MONDAY.date())
    assert pack is not None
    return Adoption(own.school, pack, "en-GB", MONDAY.date())


def left(own: Place) -> dict[str, int]:
    return {step.slug: step.left for step in walk(own).steps()}


def name(item: str) -> str:
    return f"i{fingerprint(item)[:10]}"


def as_it_stands(own: Place, slug: str, **more: Any) -> dict[str, str]:
    """The form of a step as a browser sends it back, everything left as it is."""
    page = own.client("Head").get(URL + slug)
    sent: dict[str, str] = {}
    for bound in page.context["form"]:
        value = bound.value()
        if hasattr(bound.field, "rhythm"):
            number, unit = bound.field.widget.decompress(value)
            sent |= {f"{bound.html_name}_n": str(number or ""), f"{bound.html_name}_unit": unit}
        elif value not in (None, False):
            sent[bound.html_name] = str(value)
    return {**sent, **more}


def say_everything(own: Place) -> None:
    head = own.client("Head")
    for slug in ("words", "numbers"):
        ticks = {f"{name(item.id)}d": "on" for step in walk(own).steps() if step.slug == slug for item in step.items}
        assert head.post(URL + slug, as_it_stands(own, slug, **ticks)).status_code == 302
    for slug, answer in (("document", "as-read"), ("law", "follows-law"), ("void", "leaves-out")):
        items = next(step.items for step in walk(own).steps() if step.slug == slug)
        assert head.post(URL + slug, {name(item.id): answer for item in items}).status_code == 302
    person = people.add_person(own.school, "staff", "Teacher Example")
    people.give_role(person, "class-teacher", SINCE)
    calendars.freeze(
        own.school,
        2026,
        "GB",
        region="ENG",
        terms=[{"id": "1", "from": "2026-09-01", "to": "2026-12-18"}],
        first_month=9,
    )


def test_whatever_the_pack_leaves_to_the_school_is_to_say_until_somebody_says_it(own: Place) -> None:
    assert left(own) == {
        "words": 3, "numbers": 1, "posts": left(own)["posts"], "calendar": 1, "document": 2, "law": 1, "void": 1,
    }  # fmt: skip
    assert not walk(own).ready()


def test_each_item_stands_beside_its_clause(own: Place) -> None:
    page = own.client("Head").get(URL + "words").content.decode()

    assert "Anybody may tell us about bullying" in page
    assert "within 1 school day" in page


def test_an_answer_counts_when_somebody_ticks_it_and_who_and_when_is_kept(own: Place) -> None:
    item = name("word:promptly")
    sent = as_it_stands(own, "words", **{f"{item}d": "on"})

    own.client("Head").post(URL + "words", sent)
    done = next(each.done for each in walk(own).words() if each.id == "word:promptly")

    assert left(own)["words"] == 2
    assert done is not None
    assert (done.who, done.when, done.answer) == ("Head Example", MONDAY, "1 school day")
    assert drafts.of(own.school, "own") is None  # nothing has changed


def test_another_answer_waits_in_the_draft_and_changes_nothing_that_runs(own: Place) -> None:
    item = name("word:promptly")
    sent = as_it_stands(own, "words", **{f"{item}_n": "2", f"{item}_unit": "hours", f"{item}d": "on"})

    own.client("Head").post(URL + "words", sent)

    assert walk(own).pack.vague["promptly"].answer == "PT2H"
    assert packs.pack_of(own.school, MONDAY.date()).vague["promptly"].answer == "1 school day"
    assert own.client("Head").get(URL + "words").content.decode().count("within 2 hours") == 1


def test_an_answer_that_is_changed_again_is_to_say_again(own: Place) -> None:
    item = name("word:promptly")
    own.client("Head").post(URL + "words", as_it_stands(own, "words", **{f"{item}d": "on"}))
    changed = as_it_stands(own, "words", **{f"{item}_n": "3"})
    changed.pop(f"{item}d")

    own.client("Head").post(URL + "words", changed)

    assert left(own)["words"] == 3


def test_a_number_outside_its_bounds_is_refused_in_words(own: Place) -> None:
    item = name("param:check-after")
    sent = as_it_stands(own, "numbers", **{f"{item}_n": "3", f"{item}_unit": "days"})

    page = own.client("Head").post(URL + "numbers", sent)

    assert page.status_code == 422
    assert "The document allows only from 1 week to 1 month." in page.content.decode()
    assert drafts.of(own.school, "own") is None


def test_leaving_a_clause_as_it_is_needs_a_reason(own: Place) -> None:
    head, item = own.client("Head"), name("law:sooner")

    assert head.post(URL + "law", {item: "keeps-clause"}).status_code == 422
    assert PolicyDecision.objects.count() == 0
    assert head.post(URL + "law", {item: "keeps-clause", f"{item}r": "The governors look at it."}).status_code == 302
    assert adoption.decision(own.school, walk(own).pack, "law:sooner") == "keeps-clause"


def test_a_decision_about_another_text_is_none(own: Place) -> None:
    adoption.decide(walk(own), "law:nobody-waives", "keeps-void", "We know.", None)
    PolicyDecision.objects.update(about=fingerprint("something else"))

    assert left(own)["void"] == 1
    assert adoption.decision(own.school, walk(own).pack, "law:nobody-waives") is None


def test_nothing_is_put_in_force_while_something_is_open(own: Place) -> None:
    item = name("word:promptly")
    own.client("Head").post(URL + "words", as_it_stands(own, "words", **{f"{item}_n": "3"}))

    answer = own.client("Head").post(URL + "publish", {"from_date": "2026-09-20"})

    assert answer.status_code == 422
    assert "Something is still open" in answer.content.decode()
    assert len(packs.versions(own.school)) == 1


def test_when_everything_is_said_the_policy_holds_from_the_day_that_the_head_chooses(own: Place) -> None:
    item = name("word:promptly")
    own.client("Head").post(URL + "words", as_it_stands(own, "words", **{f"{item}_n": "2", f"{item}_unit": "hours"}))
    say_everything(own)
    assert left(own) == dict.fromkeys(left(own), 0)

    answer = own.client("Head").post(URL + "publish", {"from_date": "2026-09-20"}, follow=True)
    own.school.refresh_from_db()
    version = packs.versions(own.school)[-1]

    assert "In force from Sunday 20 September 2026." in answer.content.decode()
    assert (version.from_date, version.by) == (date(2026, 9, 20), own.people["Head"].id)
    assert packs.pack_of(own.school, date(2026, 9, 20)).vague["promptly"].answer == "PT2H"
    assert drafts.of(own.school, "own") is None

    own.client("Head").post(URL + "withdraw", {"version": str(version.id)})
    own.school.refresh_from_db()
    assert packs.pack_of(own.school, date(2026, 9, 20)).vague["promptly"].answer == "1 school day"


@pytest.mark.parametrize("version", ["", "no id", "9d6d9b3e-6a7e-4c43-9d92-5a4ad0d3c1f1"])
def test_only_a_version_that_is_planned_is_taken_back(own: Place, version: str) -> None:
    answer = own.client("Head").post(URL + "withdraw", {"version": version})

    assert answer.status_code in (302, 404)
    assert [each.state for each in packs.versions(own.school)] == ["in force"]


@pytest.mark.parametrize("day", ["", "soon", "2026-02-30"])
def test_a_day_that_is_none_is_said(own: Place, day: str) -> None:
    own.client("Head").post(URL + "words", as_it_stands(own, "words", **{f"{name('word:soon')}_n": "4"}))
    say_everything(own)

    assert own.client("Head").post(URL + "publish", {"from_date": day}).status_code == 422
    assert len(packs.versions(own.school)) == 1


def test_a_draft_is_given_up_and_what_runs_stays(own: Place) -> None:
    own.client("Head").post(URL + "words", as_it_stands(own, "words", **{f"{name('word:soon')}_n": "4"}))

    own.client("Head").post(URL + "drop")

    assert drafts.of(own.school, "own") is None
    assert walk(own).pack.vague["soon"].answer == "3 school days"


def test_a_calendar_is_written_and_counts(own: Place) -> None:
    sent = {"country": "GB", "from1": "2026-09-01", "to1": "2026-12-18", "closed": "2026-10-26 2026-10-30\n2026-11-06"}

    assert own.client("Head").post(URL + "calendar", sent).status_code == 302
    found = calendars.calendar_of(own.school)

    assert left(own)["calendar"] == 0
    assert found is not None
    assert {date(2026, 10, 26), date(2026, 10, 30), date(2026, 11, 6)} <= found.closed


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"to1": "2026-08-01"}, "The last day lies before the first."),
        ({"from2": "2026-10-01", "to2": "2027-01-01"}, "This term begins before the one before it has ended."),
        ({"from2": "2027-01-10"}, "A term has a first and a last day."),
        ({"closed": "half term"}, "is no day"),
        ({"country": "XX"}, "Choose one of these."),
    ],
)
def test_a_calendar_that_cannot_be_is_said_in_words(own: Place, sent: dict[str, str], said: str) -> None:
    page = own.client("Head").post(
        URL + "calendar", {"country": "GB", "from1": "2026-09-01", "to1": "2026-12-18", **sent}
    )

    assert page.status_code == 422
    assert said in page.content.decode()
    assert calendars.calendar_of(own.school) is None


def test_only_whoever_runs_the_office_makes_it_the_schools_own(own: Place) -> None:
    for who in ("Coordinator", "Colleague"):
        for slug in ("", "words", "posts", "calendar"):
            assert own.client(who).get(URL + slug).status_code == 403


def test_every_step_opens_in_every_language(own: Place) -> None:
    for lang in ("en", "ja", "nl", "zh-hans"):
        client = own.client("Head", lang)
        for slug in ("", "words", "numbers", "posts", "calendar", "document", "law", "void"):
            assert client.get(URL + slug).status_code == 200, (lang, slug)
