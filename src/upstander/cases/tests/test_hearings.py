"""The room of hearings: planning, hearing, reading back, the table of accounts, differences; a Japanese case."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from upstander.cases import parts
from upstander.cases.hearings import accounts, room, slots
from upstander.cases.looking import Looking
from upstander.cases.tests.story import at, day, do
from upstander.cases.wording import neutral, offers
from upstander.people.packs import pack_of
from upstander.policy.model.rooms import HearingRoom
from upstander.records import queries

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 11, 12, 0)
SAID = "ZEBRA「上ばきを隠した」"


def child(place, name: str) -> str:
    return str(place.pupils[name].id)


def two(place) -> list[str]:
    """Two who hear."""
    return [str(place.staff[role].id) for role in ("grade-guidance", "homeroom-teacher")]


@pytest.fixture
def case(aoba, told):
    """A case in which two are named besides the child: one of grade 2 and another."""
    _concern, found = told
    second = {"actor": [child(aoba, "別学年 りく")]}
    do(aoba, "grade-guidance", found, "person-added", day(11, 11), about=second)
    return found


def post(place, role, path, data, when=NOON, follow=False):
    with at(place, when):
        return place.client(role).post(place.url(path), {"submit_key": uuid4().hex, **data}, follow=follow)


def get(place, role, path, when=NOON) -> str:
    with at(place, when):
        found = place.client(role).get(place.url(path))
        assert found.status_code == 200, found.status_code
        return found.content.decode()


def slot(place, name, time, room="meeting", staff=None, role="actor", **more):
    return {
        f"about-{role}": child(place, name),
        "about-staff": staff if staff is not None else two(place),
        "round": "first",
        "day": "2026-05-12",
        "time": time,
        "minutes": "20",
        "room": room,
        **more,
    }


def hear(place, case, name, when, role="actor", by="grade-guidance", **said):
    about = {role: [child(place, name)], "staff": two(place)}
    fields = {"round": "first", "apart": "yes", "read-back": "yes", "account": SAID, **said}
    return do(place, by, case, "hearing-held", when, about=about, fields=fields)


def looked(place, case, role, when) -> Looking:
    """The record as a member of staff sees it at a minute; only inside ``at``."""
    viewer = place.viewer(role, when.date())
    return Looking(place.school, viewer, queries.get(viewer, case.id), pack_of(place.school), when, "ja")


# --- planning -----------------------------------------------------------------------------------------------------------


def test_the_plan_refuses_what_the_policy_forbids_and_what_cannot_be(aoba, case):
    path = f"cases/{case.id}/hearings/plan"
    together = slot(aoba, "例田 空", "15:30") | {"about-actor": [child(aoba, "例田 空"), child(aoba, "別学年 りく")]}
    found = post(aoba, "grade-guidance", path, together)
    assert found.status_code == 409
    assert "JP-F.4a" in found.content.decode(), "the plan says which clause forbids it"
    alone = post(aoba, "grade-guidance", path, slot(aoba, "例田 空", "15:30", staff=two(aoba)[:1]))
    assert "JP-F.2.2c" in alone.content.decode()

    assert post(aoba, "grade-guidance", path, slot(aoba, "例田 空", "15:30")).status_code == 302
    others = [str(aoba.staff[role].id) for role in ("grade-head", "nurse")]
    busy = post(aoba, "grade-guidance", path, slot(aoba, "別学年 りく", "15:40", room="quiet"))
    assert busy.status_code == 409, "those who hear cannot be in two rooms"
    meet = post(aoba, "grade-guidance", path, slot(aoba, "別学年 りく", "15:55", staff=others))
    assert meet.status_code == 409, "the next pupil comes ten minutes after the one before has gone"
    assert "JP-F.2.2a" in meet.content.decode()
    assert post(aoba, "grade-guidance", path, slot(aoba, "別学年 りく", "16:00", staff=others)).status_code == 302
    anew = slot(aoba, "例田 空", "15:20")
    assert post(aoba, "grade-guidance", path, anew).status_code == 302, "a plan made anew gives its own time back"

    page = get(aoba, "grade-guidance", f"cases/{case.id}/hearings")
    assert "15:20" in page
    assert "会議室" in page
    assert case.events.filter(kind="hearing-planned").count() == 3


def test_slots_meet_only_in_one_place_and_only_when_they_are_near():
    def planned(person, start, place="a", staff="t"):
        begins = datetime(2026, 5, 12, 15, 0) + timedelta(minutes=start)
        ends = begins + timedelta(minutes=20)
        return slots.Slot(uuid4(), begins, ends, place, frozenset({person}), frozenset({staff}))

    first = planned("p", 0)
    assert [each.sort for each in slots.clashes(planned("q", 20, staff="u"), [first], 10)] == ["meet"]
    assert not slots.clashes(planned("q", 30, staff="u"), [first], 10)
    assert not slots.clashes(planned("q", 0, place="b", staff="u"), [first], 10)
    assert {each.sort for each in slots.clashes(planned("p", 10, place="b"), [first], 10)} == {"staff", "pupil"}
    [table] = slots.timetables([first, planned("q", 10, place="b", staff="u")])
    assert [[cell.rows for cell in cells] for _moment, cells in table.rows] == [[2, 1], [2], [1]]


# --- a hearing ------------------------------------------------------------------------------------------------------------


def test_what_is_said_is_read_back_and_confirmed_by_the_pupil(aoba, case):
    path = f"cases/{case.id}/hearings/hear"
    page = get(aoba, "grade-guidance", f"{path}?about-actor={child(aoba, '例田 空')}&round=first")
    assert "何があったか、順に話してください。" in page, "the questions of the policy stand beside their rows"
    assert "はじめから教えてください" in page, "the preparation card stands over the form"
    sent = {
        "about-actor": child(aoba, "例田 空"),
        "about-staff": two(aoba),
        "at_0": "2026-05-11",
        "at_1": "11:40",
        "round": "first",
        "apart": "yes",
        "account": SAID,
        "what": "ZEBRA「見ていただけ」",
    }
    found = post(aoba, "grade-guidance", path, sent)
    assert found.status_code == 302
    assert found["Location"].endswith("/read-back")
    event = case.events.get(kind="hearing-held")
    assert event.fields["read-back"] == "no"
    back = f"cases/{case.id}/hearings/{event.id}/read-back"
    assert "見ていただけ" in get(aoba, "grade-guidance", back)

    assert post(aoba, "grade-guidance", back, {"changed": "no"}).status_code == 422, "the pupil puts in their initials"
    assert post(aoba, "grade-guidance", back, {"changed": "no", "initials": "S"}).status_code == 302
    confirmed = case.events.get(kind="account-confirmed")
    assert confirmed.about == {"actor": [child(aoba, "例田 空")]}
    assert "聴き、確かめた" in get(aoba, "grade-guidance", f"cases/{case.id}/hearings", NOON + timedelta(minutes=1))


def test_nobody_but_the_hearers_reads_a_statement_until_everybody_has_spoken(aoba, case):
    event = hear(aoba, case, "例田 空", day(11, 12))
    pages = (
        f"cases/{case.id}",
        f"cases/{case.id}/record",
        f"cases/{case.id}/events/{event.id}",
        f"cases/{case.id}/hearings",
        f"cases/{case.id}/hearings/accounts",
    )
    later = NOON + timedelta(minutes=10)
    for path in pages:
        assert "ZEBRA" not in get(aoba, "principal", path, later), path
    assert "ZEBRA" in get(aoba, "homeroom-teacher", pages[2], later), "who was there reads it"
    with at(aoba, later):
        for path in (f"hearings/{event.id}/read-back", f"events/{event.id}/correct"):
            assert aoba.client("principal").get(aoba.url(f"cases/{case.id}/{path}")).status_code == 404, path

    hear(aoba, case, "別学年 りく", day(11, 13))
    for path in pages[1:3]:
        assert "ZEBRA" in get(aoba, "principal", path, day(11, 14)), path


# --- the table --------------------------------------------------------------------------------------------------------------


def test_a_difference_is_numbered_heard_again_and_stands_as_a_contradiction(aoba, case):
    hear(aoba, case, "例田 空", day(11, 12), what="見ていただけ", where="体育館")
    hear(aoba, case, "別学年 りく", day(11, 13), what="空さんが隠した", where="体育館")
    url, when = f"cases/{case.id}/hearings/accounts", day(11, 14)
    both = [f"what:{child(aoba, name)}" for name in ("例田 空", "別学年 りく")]
    page = get(aoba, "grade-guidance", url, when)
    assert "見ていただけ" in page
    assert "空さんが隠した" in page
    with at(aoba, when):
        one = aoba.client("grade-guidance").get(aoba.url(f"{url}/differ"), {"row": "what", "said": both[:1]})
    assert one.status_code == 302, "one account alone differs from nothing"
    marked = post(aoba, "grade-guidance", f"{url}/differ", {"row": "what", "said": both, "words": "だれがしたか"}, when)
    assert marked.status_code == 302
    noted = case.events.get(kind="difference-noted")
    assert noted.about["difference"] == ["1"]
    assert noted.fields["row"] == "what"

    settle = f"{url}/1/settle"
    early = post(aoba, "grade-guidance", settle, {"outcome": "stands"}, day(11, 15))
    assert early.status_code == 409, "nobody settles it before both were heard again"
    assert "JP-F.5a" in early.content.decode()
    hear(aoba, case, "例田 空", day(12, 12), round="again", what="やはり見ていただけ")
    hear(aoba, case, "別学年 りく", day(12, 13), round="again", what="たしかに空さん")
    assert (
        post(
            aoba, "grade-guidance", settle, {"outcome": "stands", "words": "言い分が分かれた"}, day(12, 14)
        ).status_code
        == 302
    )

    with at(aoba, day(12, 15)):
        looking = looked(aoba, case, "grade-guidance", day(12, 15))
        [difference] = accounts.differences(looking)
        assert difference.stands
        assert [words for _id, _name, words in difference.sides] == [
            "見ていただけ\nやはり見ていただけ",
            "空さんが隠した\nたしかに空さん",
        ]
        from upstander.cases.paper import Paper

        printed = str(Paper(looking).data()["accounts"])
        assert "たしかに空さん" in printed
        assert "矛盾として残す" in printed
        assert "たしかに空さん" not in str(Paper(looking, child=child(aoba, "例田 空")).data()["accounts"])
    duties = {each.rule: each.state.value for each in looking.picture.duties}
    assert duties["settle-difference"] == "met"
    assert duties["ask-again-about-difference"] == "met"


def test_a_room_that_the_policy_does_not_have_is_not_there(larkrise):
    assert room.of.__doc__
    assert HearingRoom("heard", ("target",), "staff").planned is None


# --- neutral until found -------------------------------------------------------------------------------------------------------


def test_everybody_is_named_as_until_found_and_loaded_words_are_offered_neutral_ones(aoba, case):
    page = get(aoba, "grade-guidance", f"cases/{case.id}")
    assert "心配されている生徒" in page
    assert "いじめられた生徒" not in page.split("人物")[-1].split("</section>")[0]
    note = f"cases/{case.id}/do/note-added"
    words = {"note": "加害者は「加害者じゃない」と言う。", "at_0": "2026-05-11", "at_1": "12:00"}
    offered = post(aoba, "grade-guidance", note, words)
    assert offered.status_code == 422
    assert "名前が挙がっている生徒" in offered.content.decode()
    assert not case.events.filter(kind="note-added").exists()
    for choice in ("use", "keep"):
        assert post(aoba, "grade-guidance", note, words | {"wording": choice}).status_code == 302
    used, kept = case.events.filter(kind="note-added").order_by("position")
    assert queries.opened(case, used, "note") == "名前が挙がっている生徒は「加害者じゃない」と言う。"
    assert queries.opened(case, kept, "note") == words["note"]


def test_a_word_is_found_whole_and_never_inside_quotation_marks(aoba):
    pack = pack_of(aoba.school)
    words = [each for each in pack.records["case"].neutral.words if each.lang == "en-GB"]
    assert (
        neutral("The bully said “I am no bully”. Bullying.", words)
        == "The pupil who is named said “I am no bully”. Bullying."
    )
    assert not offers(pack.events["note-added"], {"note": "「犯人」と呼ばれた"}, {}, pack.records["case"].neutral.words)


def test_the_number_of_a_difference_is_nobody(aoba, case):
    hear(aoba, case, "例田 空", day(11, 12), what="見ていただけ")
    hear(aoba, case, "別学年 りく", day(11, 13), what="空さんが隠した")
    both = [f"what:{child(aoba, name)}" for name in ("例田 空", "別学年 りく")]
    post(
        aoba, "grade-guidance", f"cases/{case.id}/hearings/accounts/differ", {"row": "what", "said": both}, day(11, 14)
    )

    page = get(aoba, "grade-guidance", f"cases/{case.id}/hearings/plan", day(11, 15))
    assert 'name="about-staff" value="1"' not in page, "no number is offered as somebody who hears"
    with at(aoba, day(11, 15)):
        looking = looked(aoba, case, "grade-guidance", day(11, 15))
        assert "1" in {each.id for each in looking.people}
        assert "1" not in {each.id for each in parts.persons_of(looking)}
