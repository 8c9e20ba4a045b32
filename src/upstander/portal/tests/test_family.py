"""What a guardian sees: what the policy tells them about their own child, and nothing else, to nobody else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.test import Client

from upstander.access import cards
from upstander.cases import actions as cases
from upstander.cases.tests import school, story
from upstander.cases.tests.conftest import _one_factor, aoba, larkrise, told  # noqa: F401 - fixtures
from upstander.cases.tests.story import at, day, do, listened
from upstander.people import actions as people
from upstander.people.clock import utcnow
from upstander.people.models import Guardianship, Person
from upstander.people.packs import pack_of
from upstander.records import queries

pytestmark = pytest.mark.django_db
CHILD, OTHER, ELSE = "Juniper Vale", "Bram Lark", "Rowan Tern"
MORNING = datetime(2026, 9, 14, 9, 0)
NOON = datetime(2026, 9, 15, 12, 0)


def guardian(place: school.Place, name: str, *of: str) -> Person:
    person = people.add_person(place.school, Person.Kind.GUARDIAN, name)
    for each in of:
        people.look_after(person, place.pupils[each])
    return person


def page(place: school.Place, person: Person, when: datetime = NOON, path: str = "", by: UUID | None = None, **post):
    """The page of somebody who came with a card."""
    with at(place, when):
        client = Client(headers={"accept-language": place.school.language})
        printed = cards.issue(place.school, person, by=by, at=utcnow(place.school))
        came = client.post("/card/", {"school": place.school.slug, "words": " ".join(printed.words)})
        assert came.status_code == 302
        address = f"/me/{place.school.slug}/{path}"
        return client.post(address, post) if post else client.get(address)


def entries(found):
    return [entry for child in found.context["children"] for entry in (*child.latest, *child.earlier)]


@pytest.fixture
def case(larkrise):  # noqa: F811
    """A case between two pupils; the home of the one it happened to was told, and something was agreed with each."""
    concern = story.tell(larkrise, datetime(2026, 9, 14, 8, 40), place=["corridor"], wish=["stop"], **{"not-told": []})
    ids = {name: str(larkrise.pupils[name].id) for name in (CHILD, OTHER)}
    decided = cases.Triage(
        decision="new-case", reason="Not the first time.", about={"target": [ids[CHILD]], "actor": [ids[OTHER]]}
    )
    with at(larkrise, datetime(2026, 9, 14, 8, 55)):
        viewer = larkrise.viewer("behaviour-lead", MORNING.date())
        made = cases.triage(viewer, larkrise.school, pack_of(larkrise.school), concern, decided)
    target = {"target": [ids[CHILD]]}
    tell = {
        "stage": "concern",
        "how": "phone",
        "told": "She was pushed in the corridor.",
        "withheld": "SECRET-WITHHELD",
    }
    asked = {"wish": "That it stops.", "at-home": "may-tell"}
    do(larkrise, "year-lead", made, "wish-recorded", MORNING.replace(hour=8, minute=58), about=target, fields=asked)
    do(larkrise, "year-lead", made, "parents-told", MORNING, about=target, fields={**tell, "answer": "SECRET-ANSWER"})
    agreed = {"words": "Bram keeps away from the lockers.", "check-on": "2026-09-21"}
    do(larkrise, "year-lead", made, "agreement-made", MORNING.replace(hour=10), about=target, fields=agreed)
    return made


def test_a_guardian_reads_what_was_told_and_the_days_ahead_and_no_name_of_another_child(larkrise, case):  # noqa: F811
    home = guardian(larkrise, "Home of Juniper", CHILD)

    found = page(larkrise, home)
    text = found.content.decode()
    agreed, told_home = entries(found)

    assert (agreed.title, told_home.title) == ("Agreement made", "Parents or carers told")
    assert "She was pushed in the corridor." in text
    assert [ahead.when for ahead in found.context["children"][0].ahead] == ["Monday 21 September 2026"]
    assert "keeps this part back" in text  # the agreement names the other child
    for secret in ("Bram ", "SECRET", case.number, "corridor, push", "behaviour-lead", "anonymous"):
        assert secret not in text
    assert case.readings.filter(person=home.id, what="family").exists()


@pytest.mark.parametrize("of", [(OTHER,), (ELSE,), ()])
def test_the_home_of_any_other_child_sees_nothing_of_it(larkrise, case, of):  # noqa: F811
    found = page(larkrise, guardian(larkrise, "Another home", *of))

    assert entries(found) == []
    assert found.context["checks"] == []
    for secret in ("pushed", "Juniper", "Agreement", case.number):
        assert secret not in found.content.decode()


def test_whoever_no_longer_looks_after_the_child_sees_nothing(larkrise, case):  # noqa: F811
    home = guardian(larkrise, "Home of Juniper", CHILD)
    assert len(entries(page(larkrise, home))) == 2

    Guardianship.objects.filter(guardian=home).delete()

    assert entries(page(larkrise, home)) == []


def test_a_guardian_who_has_a_part_in_the_matter_sees_nothing_of_it(larkrise, case):  # noqa: F811
    home, calm = guardian(larkrise, "A parent", CHILD), guardian(larkrise, "Another parent", CHILD)
    about = {"adult-actor": [str(home.id)]}
    do(larkrise, "dsl", case, "person-added", MORNING.replace(hour=11), about=about)

    assert entries(page(larkrise, home)) == []
    assert len(entries(page(larkrise, calm))) == 2


def test_what_the_child_no_longer_wants_told_at_home_is_gone_from_the_page(larkrise, case):  # noqa: F811
    home = guardian(larkrise, "Home of Juniper", CHILD)
    kept = {"at-home": "nothing", "wish": "Please do not."}
    about = {"target": [str(larkrise.pupils[CHILD].id)]}
    do(larkrise, "year-lead", case, "wish-recorded", MORNING.replace(hour=12), about=about, fields=kept)

    found = page(larkrise, home)

    assert entries(found) == []
    assert "lockers" not in found.content.decode()


def test_behind_a_card_that_a_party_made_stands_nothing_of_the_matter(larkrise, case):  # noqa: F811
    home, maker = guardian(larkrise, "Home of Juniper", CHILD), larkrise.staff["tutor"]
    do(larkrise, "dsl", case, "person-added", MORNING.replace(hour=11), about={"adult-actor": [str(maker.id)]})

    assert entries(page(larkrise, home, by=maker.id)) == []
    assert len(entries(page(larkrise, home, by=larkrise.staff["dsl"].id))) == 2


def test_a_page_of_the_staff_is_not_there_for_a_guardian(larkrise, case):  # noqa: F811
    home = guardian(larkrise, "Home of Juniper", CHILD)
    people.make_account(home, "home@school.example", None)
    home.refresh_from_db()
    client = Client()
    client.force_login(home.account)
    with at(larkrise, NOON):
        answers = [client.get(larkrise.url(path)).status_code for path in ("today", f"cases/{case.id}", "cases/")]
        own = client.get(f"/me/{larkrise.school.slug}/")

    assert answers == [404, 404, 404]
    assert len(entries(own)) == 2


# --- the parents' voice -----------------------------------------------------------------------------------------------


@pytest.fixture
def recognised(aoba, told):  # noqa: F811
    """A recognised case: the home is asked every month how the child is."""
    _concern, found = told
    child = {"target": [str(aoba.pupils["見本はるか"].id)]}
    answers = {"relation": "yes", "effect": "yes", "pain": "yes", "decision": "recognised", "reason": "三つがそろう。"}
    listened(aoba, found, day(12, 13))
    do(aoba, "guidance-lead", found, "definition-decided", day(14, 16), about=child, fields=answers)
    return found


def tell_home(place, case):
    about = {"target": [str(place.pupils["見本はるか"].id)]}
    about["staff"] = [str(place.staff[each].id) for each in ("homeroom-teacher", "grade-head")]
    fields = {"how": "home-visit", "told": ["facts", "line"], "next": "来週の月曜に電話します。"}
    do(place, "homeroom-teacher", case, "parents-told", day(15, 17), about=about, fields=fields)


def test_a_home_is_asked_only_once_it_was_told_and_its_answer_counts(aoba, recognised):  # noqa: F811
    home = guardian(aoba, "保護者", "見本はるか")
    other = guardian(aoba, "別の保護者", "例田 空")
    later = day(30, 12)
    address = f"check/{recognised.id}/family-answered"
    sent = {"at-ease": "no", "words": "夜ねむれていません。", "submit_key": uuid4().hex}

    assert page(aoba, home, later).context["checks"] == []
    tell_home(aoba, recognised)

    assert [each.label for each in page(aoba, home, later).context["checks"]] == ["お子さんの様子を知らせる"]
    assert page(aoba, other, later, address, **sent).status_code == 404
    answer = page(aoba, home, later, address, **sent)
    own = page(aoba, home, later)
    both = page(aoba, guardian(aoba, "もう一人の保護者", "見本はるか"), later)

    assert answer.status_code == 302
    event = recognised.events.get(kind="family-answered")
    assert (event.by_person, event.by_role) == (home.id, "guardian")
    assert "夜ねむれていません。" in own.content.decode()
    assert "夜ねむれていません。" not in both.content.decode()
    with at(aoba, later):
        rules = {duty.rule for duty in queries.picture_of(recognised, later).duties if duty.state.open}
    assert "after-home-worry" in rules
