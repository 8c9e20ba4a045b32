"""What happens when something is recorded: the log, the duties, whom it concerns, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from upstander.access import viewer as viewers
from upstander.access.decide import Denied, NotFound
from upstander.people import actions as people
from upstander.records import actions, outbox, queries, reading_log, upkeep
from upstander.records.errors import FormProblems, Stopped
from upstander.records.models import DutyRow, Event, Notice, Record, SealedField
from upstander.records.naming import Outside
from upstander.records.tests import place as places
from upstander.records.tests.place import MONDAY, Place


def states(record: Record) -> dict[str, str]:
    return dict(DutyRow.objects.filter(record=record).values_list("rule", "state"))


def test_what_is_told_starts_its_duty_and_says_so_to_the_head(place: Place) -> None:
    told = places.concern(place)

    assert states(told) == {"answer": "pending"}
    assert DutyRow.objects.get(record=told).due == MONDAY + timedelta(hours=4)
    assert {line.person for line in outbox.pending(place.school)} == {place.people["Head"].id}


def test_a_forms_key_opens_nothing_of_somebody_elses(place: Place) -> None:
    case, other = places.case(place), places.case(place, target="Cem", actor="Bram")
    head, chen = place.viewer("Head"), place.viewer("Chen")
    note = {"words": "Talked.", "how": "visit"}
    about = {"target": [place.id("Aiko")]}
    first = actions.record(head, case, "parents-told", about=about, fields=note, submit_key="k")

    theirs = actions.record(chen, case, "parents-told", about=about, fields=note, submit_key="k")
    elsewhere = {"target": [place.id("Cem")]}
    there = actions.record(head, other, "parents-told", about=elsewhere, fields=note, submit_key="k")

    assert len({first.id, theirs.id, there.id}) == 3
    with pytest.raises((Denied, NotFound)):
        actions.record(place.viewer("Ewa"), case, "parents-told", about=about, fields=note, submit_key="k")


def test_the_narrative_lies_encrypted_and_opens_again(place: Place) -> None:
    told = places.concern(place, what="She cries every morning.")
    event = places.events(told)[0]

    assert "what" not in event.fields
    assert b"cries" not in bytes(SealedField.objects.get(event=event, path="what").ciphertext)
    assert queries.opened(told, event, "what") == "She cries every morning."


def test_the_same_form_sent_twice_makes_one_record_and_one_event(place: Place) -> None:
    teller = viewers.teller(place.school, MONDAY.date())
    first = actions.open_record(teller, place.school, "concern", submit_key="k1")
    one = actions.record(teller, first, "told", fields={"what": "x"}, submit_key="k2")
    again = actions.open_record(teller, place.school, "concern", submit_key="k1")
    two = actions.record(teller, again, "told", fields={"what": "x"}, submit_key="k2")

    assert (again.id, again.was_there, two.id, two.was_there) == (first.id, True, one.id, True)
    assert Event.objects.filter(record=first).count() == 1


def test_a_telephone_call_does_not_discharge_what_must_be_done_in_person(place: Place) -> None:
    case = places.case(place)
    chen = place.viewer("Chen")
    about = {"target": [place.id("Aiko")]}

    actions.record(chen, case, "parents-told", about=about, fields={"how": "phone"})
    assert states(case)["tell-parents"] == "pending"

    actions.record(chen, case, "parents-told", about=about, fields={"how": "visit", "days": "1.5"})
    assert states(case)["tell-parents"] == "met"
    assert places.events(case)[-1].fields == {"how": "visit", "days": 1.5}


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_recorded(place: Place) -> None:
    case = places.case(place)
    before = Event.objects.filter(record=case).count()
    stranger = places.make("other-school").id("Aiko")

    with pytest.raises(FormProblems) as found:
        actions.record(
            place.viewer("Chen"),
            case,
            "parents-told",
            at=MONDAY + timedelta(days=1),
            about={"target": [stranger]},
            fields={"days": "many", "how": "pigeon", "colour": "red"},
        )

    assert {problem.field for problem in found.value.problems} == {"at", "about:target", "days", "how", "colour"}
    assert Event.objects.filter(record=case).count() == before


def test_a_limit_stops_before_it_is_recorded_and_the_truth_can_be_recorded_with_a_reason(place: Place) -> None:
    case = places.case(place)
    both = {"actor": [place.id("Bram"), place.id("Cem")]}
    head = place.viewer("Head")

    with pytest.raises(Stopped) as stopped:
        actions.record(head, case, "hearing-held", about=both, fields={"account": "x"})
    assert [breach.rule for breach in stopped.value.breaches] == ["never-together"]

    actions.record(
        head, case, "hearing-held", about=both, fields={"account": "x"}, happened_anyway="They came together."
    )
    assert [breach.rule for breach in queries.picture_of(case).breaches] == ["never-together"]
    assert queries.timeline(head, case, "en-GB")[-1].anyway == "They came together."


def test_closing_too_early_is_stopped(place: Place) -> None:
    case = places.case(place)

    with pytest.raises(Stopped):
        actions.record(place.viewer("Head"), case, "close", fields={"reason": "enough"})


def test_a_correction_strikes_the_wrong_entry_and_keeps_both(place: Place) -> None:
    case = places.case(place)
    chen = place.viewer("Chen")
    about = {"target": [place.id("Aiko")]}
    wrong = actions.record(chen, case, "parents-told", about=about, fields={"how": "visit"})
    assert states(case)["tell-parents"] == "met"

    right = actions.correct(chen, wrong, reason="It was a call.", about=about, fields={"how": "phone"})

    assert states(case)["tell-parents"] == "pending"
    shown = {entry.id: entry for entry in queries.timeline(chen, case, "en-GB")}
    assert (shown[wrong.id].voided, shown[wrong.id].void_reason) == (True, "It was a call.")
    assert (shown[right.id].instead_of, shown[right.id].voided) == (wrong.id, False)


def test_whoever_may_not_record_a_kind_may_not_strike_it(place: Place) -> None:
    case = places.case(place)
    decided = actions.record(place.viewer("Head"), case, "recognised-it", about={"target": [place.id("Aiko")]})

    with pytest.raises(Denied):
        actions.void(place.viewer("Chen"), decided, "no")


def test_a_record_takes_the_class_of_those_it_names_when_it_names_them(place: Place) -> None:
    case = places.case(place)

    taken = [event for event in places.events(case) if event.kind == "person-named"]
    assert {event.about[role][0]: event.fields for event in taken for role in event.about} == {
        place.id("Aiko"): {"grade": 2, "class": "2A"},
        place.id("Bram"): {"grade": 2, "class": "2A"},
    }


def test_whom_a_struck_entry_named_is_no_longer_in_the_record(place: Place) -> None:
    case = places.case(place)
    head = place.viewer("Head")
    wrong = actions.record(head, case, "hearing-held", about={"bystander": [place.id("Cem")]}, fields={"account": "x"})
    assert "bystander" in queries.named_ids(case)

    strike = actions.void(head, wrong, "another child")
    assert "bystander" not in queries.named_ids(case)

    actions.void(head, strike, "it was right")
    assert queries.named_ids(case)["bystander"] == (place.id("Cem"),)


def test_somebody_from_outside_is_named_in_sealed_words(place: Place) -> None:
    case = places.case(place)
    head = place.viewer("Head")
    outside = {"actor": [Outside("Boy in a red cap", "from the park")]}
    actions.record(head, case, "hearing-held", outside=outside, fields={"account": "x"})

    event = places.events(case)[-1]
    [ident] = event.about["actor"]
    assert queries.names_in(case, "en-GB")[ident] == "Boy in a red cap (from the park)"
    assert "cap" not in str(event.about) + str(event.fields)


def test_an_echo_speaks_in_the_other_record_and_is_struck_with_its_event(place: Place) -> None:
    case = places.case(place)
    head = place.viewer("Head")
    other = actions.open_record(head, place.school, "case")
    about = {"target": [place.id("Aiko")]}
    actions.record(head, other, "concern-received", about=about)
    absence = actions.record(head, other, "absence", about=about)

    echo = Event.objects.get(record=case, kind="absence-there")
    assert (echo.echo_of, echo.at) == (absence.id, absence.at)

    actions.void(head, absence, "was ill")
    [struck] = [entry for entry in queries.timeline(head, case, "en-GB") if entry.id == echo.id]
    assert struck.voided


def test_reminder_lateness_and_climbing_are_told_once_each(place: Place, clock: time_machine.Traveller) -> None:
    told = places.concern(place)
    for hours, minutes in ((3, 30), (4, 1), (5, 0), (6, 1), (7, 0)):
        clock.move_to(places.moment(MONDAY + timedelta(hours=hours, minutes=minutes)))
        upkeep.refresh_due(place.school)

    lines = Notice.objects.filter(record=told, rule="answer").order_by("at").values_list("kind", "person", "at")
    head, deputy = place.people["Head"].id, place.people["Deputy"].id
    assert list(lines) == [
        ("new", head, MONDAY),
        ("remind", head, MONDAY + timedelta(hours=3)),
        ("overdue", head, MONDAY + timedelta(hours=4, minutes=1)),
        ("climb", deputy, MONDAY + timedelta(hours=6)),
    ]


def test_a_settled_duty_is_marked_so_in_the_outbox(place: Place) -> None:
    told = places.concern(place)
    actions.record(place.viewer("Head"), told, "acknowledged", fields={"words": "Thank you."})

    assert {line.kind: line.settled for line in outbox.pending(place.school)} == {"new": True, "told": False}


def test_a_duty_goes_to_the_deputy_while_the_head_is_away_and_never_to_a_party(place: Place) -> None:
    from upstander.people import actions as people

    held = place.people["Head"].roles_held.get()
    people.set_away(place.people["Head"], MONDAY.date(), MONDAY.date())
    told = places.concern(place)
    assert {line.person for line in outbox.pending(place.school)} == {place.people["Deputy"].id}
    held.refresh_from_db()

    assert [item.record.id for item in queries.duties_for(place.viewer("Deputy"), MONDAY, "en-GB").mine] == [told.id]


def test_a_duty_never_goes_to_a_teacher_whose_own_child_it_is_about(place: Place) -> None:
    from upstander.people import actions as people

    people.look_after(place.people["Chen"], place.people["Aiko"])
    case = places.case(place, target="Aiko", actor="Bram")
    theirs = places.case(place, target="Bram", actor="Cem")

    told = {(line.record, line.person) for line in outbox.pending(place.school)}

    chen, deputy = place.people["Chen"].id, place.people["Deputy"].id
    assert (case.id, chen) not in told
    assert {(case.id, deputy), (theirs.id, chen)} <= told


def test_an_inbox_shows_what_time_alone_has_changed(place: Place, clock: time_machine.Traveller) -> None:
    places.concern(place)
    later = MONDAY + timedelta(hours=5)
    clock.move_to(places.moment(later))

    [item] = queries.duties_for(place.viewer("Head"), later, "en-GB").mine
    assert item.step.late
    assert queries.counts_for(place.viewer("Head"), later) == (1, 0)


def test_another_schools_record_is_not_found(place: Place) -> None:
    case = places.case(place)
    stranger = places.make("other-school").viewer("Head")

    with pytest.raises(NotFound):
        queries.get(stranger, case.id)
    with pytest.raises(NotFound):
        actions.record(stranger, case, "note-added", fields={"note": "x"})


def test_reading_a_record_is_on_record(place: Place) -> None:
    case = places.case(place)
    queries.get(place.viewer("Chen"), case.id)

    seen = reading_log.stretch(place.viewer("Head"), case, MONDAY)
    assert [(row.name, row.what) for row in seen.rows] == [("Chen", "record")]


def test_who_decides_nothing_in_a_record_learns_only_of_their_own_readings(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = places.case(place)
    actions.record(place.viewer("Head"), case, "recognised-it", about={"target": [place.id("Aiko")]})
    for minute, name in enumerate(("Chen", "Ewa", "Chen")):
        with time_machine.travel(places.moment(MONDAY + timedelta(minutes=minute)), tick=False):
            queries.get(place.viewer(name), case.id)
    monkeypatch.setattr(reading_log, "PER_PAGE", 2)

    mine = reading_log.stretch(place.viewer("Ewa"), case, MONDAY)
    last = reading_log.stretch(place.viewer("Head"), case, MONDAY, 99)

    assert ([row.name for row in mine.rows], mine.all_of_them) == (["Ewa"], False)
    assert ([row.name for row in last.rows], last.number, last.pages, last.count) == (["Chen"], 2, 2, 3)


def test_what_must_be_known_shows_the_latest_value_or_a_blank(place: Place) -> None:
    case = places.case(place)
    chen = place.viewer("Chen")
    assert [fact.shown for fact in queries.known(chen, case, "en-GB")] == [None]

    actions.record(chen, case, "parents-told", about={"target": [place.id("Aiko")]}, fields={"how": "visit"})
    [fact] = queries.known(chen, case, "en-GB")
    assert fact.shown is not None
    assert fact.shown.value == "At home"


def test_a_next_step_knows_its_form_and_whom_it_concerns(place: Place) -> None:
    case = places.case(place)

    [step] = queries.next_steps(place.viewer("Chen"), case, MONDAY, "en-GB")
    assert (step.label, step.mine, step.key[0][3]) == ("Tell the parents in person", True, "Aiko")
    [deed] = step.deeds
    assert (deed.kind, dict(deed.about), deed.may) == ("parents-told", {"target": (place.id("Aiko"),)}, True)


def test_whoever_stands_in_is_not_taken_for_the_holder(place: Place) -> None:
    case = places.case(place)
    [[holder]] = [step.bearers for step in queries.next_steps(place.viewer("Head"), case, MONDAY, "en-GB")]
    people.set_away(place.people["Chen"], MONDAY.date(), None)
    [[deputy]] = [step.bearers for step in queries.next_steps(place.viewer("Deputy"), case, MONDAY, "en-GB")]

    assert (holder.names, holder.standing_in) == (("Chen",), False)
    assert (deputy.title, deputy.names, deputy.standing_in) == ("Class teacher", ("Deputy",), True)


def test_a_duty_is_waived_and_extended_by_those_who_may_and_whoever_holds_two_posts_acts_in_the_right_one(
    place: Place,
) -> None:
    case = places.case(place)
    place.staff("Head", "class-teacher", school_class=place.classes["2A"])
    place.staff("Head", "deputy")
    head = place.viewer("Head")

    later: dict[str, object] = {
        "rule": "tell-parents",
        "to": MONDAY.date() + timedelta(days=2),
        "reason": "They are abroad.",
    }
    assert actions.record(head, case, "extend", fields=later).by_role == "deputy"
    assert DutyRow.objects.get(record=case, rule="tell-parents").due == datetime(2026, 5, 13, 23, 59)

    later["to"] = datetime(2026, 5, 14, 16, 0)
    actions.record(head, case, "extend", fields=later)
    assert DutyRow.objects.get(record=case, rule="tell-parents").due == datetime(2026, 5, 14, 16, 0)

    waived = {"rule": "tell-parents", "person": place.id("Aiko"), "reason": "The court forbids it."}
    assert actions.record(head, case, "waive", fields=waived).by_role == "head"
    assert states(case)["tell-parents"] == "waived"
