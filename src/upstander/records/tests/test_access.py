"""Who sees and does what: the query and the decision are one; parties, seals, leavers and other schools see nothing."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.access import decide
from upstander.access import viewer as viewers
from upstander.access.decide import Denied, NotFound, doer_role, may, permit, visible_to
from upstander.access.viewer import Viewer
from upstander.people import actions as people
from upstander.people import clock as school_clock
from upstander.people.models import Person
from upstander.policy.tests.trying import examples
from upstander.records import actions, index, notices, queries, scope, subjects
from upstander.records.index import Desk
from upstander.records.models import DutyRow, FactRow, Link, Named, Record
from upstander.records.numbers import new_number
from upstander.records.tests import place as places
from upstander.records.tests.place import MONDAY, Place

ROLES = ("target", "actor", "bystander", "case-lead", "teller", "staff")
FACTS = ("recognised", "private", "hidden")
NAMES = ("Head", "Deputy", "Chen", "Dana", "Ewa", "Aiko", "Bram", "Cem")

RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(("concern", "case", "vault")),
            "named": st.lists(st.tuples(st.sampled_from(ROLES), st.sampled_from(NAMES)), max_size=4, unique=True),
            "facts": st.lists(
                st.tuples(st.sampled_from(FACTS), st.booleans()), max_size=2, unique_by=lambda pair: pair[0]
            ),
            "change": st.sampled_from((None, -1, 0, 1)),
        }
    ),
    min_size=1,
    max_size=8,
)


def write(place: Place, world: list[dict]) -> list[Record]:
    """The indexes of records as the world says, without logs."""
    made = []
    for one in world:
        change = None if one["change"] is None else MONDAY + timedelta(minutes=one["change"])
        record = Record.objects.create(
            school=place.school,
            kind=one["kind"],
            number=new_number(),
            opened_at=MONDAY,
            pack_version="x",
            length=1,
            changed_at=school_clock.utcnow(),
            next_change=change,
        )
        for role, name in one["named"]:
            Named.objects.create(school=place.school, record=record, role=role, person=place.id(name))
        for fact, over in one["facts"]:
            last = MONDAY - timedelta(minutes=1) if over else None
            FactRow.objects.create(
                school=place.school, record=record, fact=fact, first=MONDAY - timedelta(days=1), last=last
            )
        made.append(record)
    return made


VIEWERS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "guards": st.sampled_from((None, "Aiko", "Cem")),
        "away": st.sampled_from((None, "Head", "Chen")),
        "left": st.sampled_from((None, None, "Head", "Chen", "Ewa")),
        "opened": st.sets(st.sampled_from(("Aiko", "Cem")), max_size=2),
    }
)
"""Who asks; whom they look after; who is away, and who has left; whose records they have opened in an emergency."""


def become(place: Place, who: dict) -> Viewer:
    if who["guards"] and who["guards"] != who["name"]:
        people.look_after(place.people[who["name"]], place.people[who["guards"]])
        people.look_after(place.people["Chen"], place.people[who["guards"]])
    if who["away"]:
        people.set_away(place.people[who["away"]], MONDAY.date(), None)
    if who["left"]:
        people.leave(Person.objects.get(pk=place.id(who["left"])), MONDAY.date())
    opened = frozenset(place.id(each) for each in who["opened"])
    me = Person.objects.get(pk=place.id(who["name"]))
    return replace(viewers.of_person(me, place.school, MONDAY.date()), in_emergency=opened, memo={})


@settings(max_examples=examples(140))
@given(world=RECORDS, who=VIEWERS, linked=st.booleans())
def test_what_a_query_finds_is_exactly_what_may_be_seen(
    place: Place, world: list[dict], who: dict, linked: bool
) -> None:
    """For every viewer and every record: it is in ``visible_to`` if and only if ``permit`` lets it be seen.

    An emergency opens no sealed record, none that names the viewer or their child, and nothing to write in.
    """
    with transaction.atomic():
        viewer = become(place, who)
        records = write(place, world)
        if linked:
            _link(records)

        found = set(scope.within(visible_to(viewer), MONDAY).values_list("id", flat=True))
        asked = {each.id: subjects.subject_of(each, viewer.pack, MONDAY) for each in records}

        assert found == {each for each, subject in asked.items() if may(viewer, "see", subject)}
        assert not (found and who["left"] == who["name"])
        for record, subject in asked.items():
            party = visible_to(viewer).bars(subject, frozenset({str(viewer.person_id)}) | viewer.guards)
            assert not (record in found and party)
            # The head stands on the list of sealed matters, but on no line that is there for the seal.
            sealed = subject.kind == "vault" and ("hidden" in subject.facts or not subject.fresh)
            assert not (record in found and sealed and who["name"] == "Head")
            if viewer.kind == "staff" and any(may(viewer, f"record:{kind}", subject) for kind in viewer.pack.events):
                assert record in found
            if decide.only_in_emergency(viewer, subject):
                assert not (subject.kind == "vault" and "hidden" in subject.facts)
                assert not visible_to(viewer).bars(subject, frozenset({str(viewer.person_id)}) | viewer.guards)
                assert not any(may(viewer, f"record:{kind}", subject) for kind in viewer.pack.events)
        transaction.set_rollback(True)


def _link(records: list[Record]) -> None:
    """Link each record with the next."""
    for a, b in itertools.pairwise(records):
        Link.objects.create(school_id=a.school_id, a=a, b=b, by_person=None, made_at=school_clock.utcnow())


def test_a_class_teacher_sees_the_cases_of_the_class_and_no_others(place: Place) -> None:
    mine, other = places.case(place, "Aiko", "Bram"), places.case(place, "Cem", "Cem")

    assert {each.id for each in queries.visible(place.viewer("Chen"))} == {mine.id}
    assert {each.id for each in queries.visible(place.viewer("Dana"))} == {other.id}


def test_somebody_named_in_a_matter_is_shut_out_of_it_whatever_post_they_hold(place: Place) -> None:
    case = places.case(place, "Aiko", "Head")

    with pytest.raises(NotFound):
        queries.get(place.viewer("Head"), case.id)


def test_a_parent_of_a_party_is_shut_out_too(place: Place) -> None:
    case = places.case(place)
    people.look_after(place.people["Head"], place.people["Aiko"])

    with pytest.raises(NotFound):
        queries.get(place.viewer("Head"), case.id)


def test_a_case_lead_sees_their_case_and_acts_as_case_lead(place: Place) -> None:
    case = places.case(place)
    with pytest.raises(NotFound):
        queries.get(place.viewer("Dana"), case.id)
    actions.record(place.viewer("Head"), case, "lead-named", about={"case-lead": [place.id("Dana")]})

    dana = place.viewer("Dana")
    assert queries.get(dana, case.id).id == case.id
    subject = subjects.subject_of(case, dana.pack, MONDAY)
    assert doer_role(dana, dana.pack, "parents-told", subject) == "case-lead"
    with pytest.raises(Denied):
        permit(dana, "record:hearing-held", subject)


def test_a_fact_opens_and_another_shuts(place: Place) -> None:
    case = places.case(place)
    ewa, head = place.viewer("Ewa"), place.viewer("Head")
    assert not queries.visible(ewa).exists()

    actions.record(head, case, "recognised-it", about={"target": [place.id("Aiko")]})
    assert queries.visible(ewa).get().id == case.id
    assert [deed.kind for deed in queries.deeds(ewa, case, "en-GB")] == ["note-added"]

    actions.record(head, case, "made-private")
    assert not queries.visible(ewa).exists()


def test_a_sealed_record_is_hidden_from_all_but_the_listed_roles(place: Place) -> None:
    head = place.viewer("Head")
    sealed = actions.open_record(head, place.school, "vault")
    actions.record(head, sealed, "sealed-noted", about={"target": [place.id("Aiko")]}, fields={"seal": "yes"})

    assert not queries.visible(head).exists()
    assert queries.visible(place.viewer("Ewa")).get().id == sealed.id


def test_a_deputy_sees_while_the_head_is_away(place: Place) -> None:
    case = places.case(place)
    assert not queries.visible(place.viewer("Deputy")).exists()
    people.set_away(place.people["Head"], MONDAY.date(), None)

    assert queries.visible(place.viewer("Deputy")).get().id == case.id


def test_a_deputy_sees_and_acts_where_the_holder_is_a_party_and_only_there(place: Place) -> None:
    about_head, other = places.case(place, "Aiko", "Bram"), places.case(place, "Cem", "Cem")
    named = actions.record(
        place.viewer("Head"), about_head, "person-added", about={"actor": [place.id("Head")]}, fields={}
    )

    deputy = place.viewer("Deputy")
    assert [each.id for each in queries.visible(deputy)] == [about_head.id]
    assert queries.get(deputy, about_head.id).id == about_head.id
    note = actions.record(deputy, about_head, "note-added", fields={"note": "I take this over."})
    assert note.by_role == "head"
    with pytest.raises(NotFound):
        queries.get(deputy, other.id)

    actions.void(deputy, named, "It was somebody else.")
    with pytest.raises(NotFound):
        queries.get(place.viewer("Deputy"), about_head.id)
    assert queries.get(place.viewer("Head"), about_head.id).id == about_head.id


def test_a_deputy_of_a_class_teacher_sees_the_class_whose_teacher_is_a_party(place: Place) -> None:
    mine, other = places.case(place, "Aiko", "Bram"), places.case(place, "Cem", "Cem")
    people.look_after(place.people["Chen"], place.people["Bram"])

    deputy = place.viewer("Deputy")
    assert {each.id for each in queries.visible(deputy)} == {mine.id}
    subject = subjects.subject_of(mine, deputy.pack, MONDAY)
    assert may(deputy, "record:note-added", subject)
    assert not may(deputy, "record:close", subject)
    assert other.id not in {each.id for each in queries.visible(place.viewer("Chen"))}


def test_everybody_who_bears_a_duty_sees_its_record(place: Place) -> None:
    """Also where the holder of the post is a party, or is the parent of one."""
    for target, actor in (("Aiko", "Bram"), ("Aiko", "Head"), ("Cem", "Dana"), ("Head", "Chen")):
        record = places.case(place, target, "Bram")
        system = viewers.system(place.school, MONDAY.date())
        actions.record(system, record, "person-added", about={"actor": [place.id(actor)]})
        actions.link(system, record, places.concern(place))
        desk = Desk(place.school, MONDAY, school_clock.utcnow(place.school), notify=False)
        for row in DutyRow.objects.filter(record__in=[record, *queries.linked(system, record)], open=True):
            names = {role: set(ids) for role, ids in queries.named_ids(row.record).items()}
            bearers = notices.bearers_of(desk, row.record, row.who, index.key_of(row.key), names)
            assert bearers, row.rule
            for person in bearers:
                name = next(each for each, one in place.people.items() if one.id == person)
                assert queries.visible(place.viewer(name)).filter(id=row.record_id).exists(), (row.rule, name)


def test_a_teller_sees_and_adds_to_their_own_concern_only(place: Place) -> None:
    mine, other = places.concern(place), places.concern(place)
    teller = viewers.teller(place.school, MONDAY.date(), mine.id)

    actions.record(teller, mine, "told-more", fields={"what": "again today"})
    with pytest.raises(NotFound):
        actions.record(teller, other, "told-more", fields={"what": "x"})
    with pytest.raises(Denied):
        actions.record(teller, mine, "acknowledged", fields={"words": "x"})
    case = places.case(place)
    with pytest.raises(NotFound):
        queries.get(teller, case.id)


def test_nobody_at_the_door_opens_anything_but_a_concern(place: Place) -> None:
    teller = viewers.teller(place.school, MONDAY.date())
    made = actions.open_record(teller, place.school, "case")

    with pytest.raises(Denied):
        actions.record(teller, made, "concern-received", about={"target": [place.id("Aiko")]})


def test_a_pupil_sees_no_record_at_all(place: Place) -> None:
    case = places.case(place)

    assert not queries.visible(place.viewer("Aiko")).exists()
    with pytest.raises(NotFound):
        queries.get(place.viewer("Aiko"), case.id)


def test_a_pupil_records_what_the_pack_opens_to_them_about_themselves_only(place: Place) -> None:
    case = places.case(place)
    about = {"target": [place.id("Aiko")]}

    event = actions.record(place.viewer("Aiko"), case, "check-in", about=about, fields={"pain": "no"})

    assert (event.by_role, event.by_person) == ("pupil-self", place.people["Aiko"].id)
    for name in ("Bram", "Cem"):
        with pytest.raises(NotFound):
            actions.record(place.viewer(name), case, "check-in", about=about, fields={"pain": "no"})
    with pytest.raises(NotFound):
        actions.record(place.viewer("Aiko"), case, "note-added", fields={"note": "x"})


def test_a_guardian_records_what_the_pack_opens_to_them_about_their_own_child(place: Place) -> None:
    case = places.case(place)
    about = {"target": [place.id("Aiko")]}
    for name, child in (("Mother", "Aiko"), ("Neighbour", "Cem")):
        place.people[name] = people.add_person(place.school, "guardian", name)
        people.look_after(place.people[name], place.people[child])

    assert actions.record(place.viewer("Mother"), case, "answer-home", about=about).by_role == "guardian"
    with pytest.raises(NotFound):
        actions.record(place.viewer("Neighbour"), case, "answer-home", about=about)
    assert not queries.visible(place.viewer("Mother")).exists()


def test_whoever_has_left_holds_no_post(place: Place) -> None:
    places.case(place)
    people.leave(place.people["Chen"], MONDAY.date())

    assert place.viewer("Chen").roles == ()
    assert not queries.visible(place.viewer("Chen")).exists()


def test_a_role_nobody_listed_may_do_nothing(place: Place) -> None:
    case = places.case(place)

    for kind in place.viewer("Ewa").pack.events:
        subject = subjects.subject_of(case, place.viewer("Ewa").pack, MONDAY)
        assert not may(place.viewer("Ewa"), f"record:{kind}", subject)
