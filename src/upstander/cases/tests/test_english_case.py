"""The English policy in the app: from a word at the door to a closed case, and open again after a new act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from upstander.cases import actions as cases
from upstander.cases.tests import story
from upstander.cases.tests.school import Place
from upstander.people.packs import pack_of
from upstander.policy.verdict import State
from upstander.records import queries
from upstander.records.errors import Stopped
from upstander.records.models import Record

TOLD = datetime(2026, 9, 14, 8, 40)
"""A Monday in term."""
SAFE = {"now": "yes", "until-home": "yes", "way-home": "yes"}
LISTENED = {"apart": "yes", "right-to-tell": "yes", "not-to-blame": "yes", "what": "Pushed at the lockers."}
HOME = {"how": "phone", "told": "There is pushing at the lockers."}
BULLYING = {"hurt": "yes", "intended": "yes", "repeated": "yes", "decision": "bullying", "reason": "Two accounts."}
CHECK = {"again": "no", "feels": "good"}
INCIDENT = {
    "account": "Pushing.",
    "forms": ["physical"],
    "where-when": "in-school",
    "online": "no",
    "possible-offence": "no",
}

Do = Callable[..., object]


@pytest.fixture
def case(larkrise: Place) -> Record:
    """Told by a pupil who does not want it known at home, and triaged into a case."""
    concern = story.tell(larkrise, TOLD, place=["corridor"], wish=["stop"], **{"not-told": ["parents"]})
    when = TOLD.replace(minute=55)
    child, other = (str(larkrise.pupils[name].id) for name in ("Juniper Vale", "Bram Lark"))
    decided = cases.Triage(
        decision="new-case",
        reason="Not the first time.",
        pass_on=["place"],
        about={"target": [child], "actor": [other]},
    )
    with story.at(larkrise, when):
        viewer = larkrise.viewer("behaviour-lead", when.date())
        made = cases.triage(viewer, larkrise.school, pack_of(larkrise.school), concern, decided)
    assert made is not None
    return made


@pytest.fixture
def do(larkrise: Place, case: Record) -> Do:
    """``do("09-14 09:30", role, kind, fields, "target")``: a deed in the autumn of 2026, about the pupil in this role."""
    people = {
        "target": str(larkrise.pupils["Juniper Vale"].id),
        "actor": str(larkrise.pupils["Bram Lark"].id),
        "case-lead": str(larkrise.staff["year-lead"].id),
    }

    def deed(when: str, role: str, kind: str, fields: dict[str, object] | None = None, *about: str) -> object:
        moment = datetime.fromisoformat(f"2026-{when.replace(' ', 'T')}")
        named = {each: [people[each]] for each in about}
        return story.do(larkrise, role, case, kind, moment, about=named, fields=fields or {})

    return deed


def first_day(do: Do) -> None:
    """Made safe, listened to, and what may be said at home agreed with the pupil."""
    do("09-14 09:30", "year-lead", "safety-settled", SAFE, "target")
    do("09-14 10:10", "behaviour-lead", "lead-named", {}, "case-lead")
    do("09-14 11:20", "year-lead", "listened", LISTENED, "target")
    do("09-14 11:45", "year-lead", "wish-recorded", {"wish": "That it stops.", "at-home": "not-why"}, "target")
    do("09-14 11:50", "year-lead", "next-steps-explained", {"words": "We hear everybody alone."}, "target")
    do("09-14 12:50", "year-lead", "home-words-agreed", {"agreed": "yes", "words": "Pushing at the lockers."}, "target")
    do("09-14 15:00", "dsl", "safeguarding-looked", {"answer": "together", "significant-harm": "no", "reason": "-"})
    do("09-14 15:10", "year-lead", "staff-informed", {"who": ["tutor"], "brief": "Watch the lockers."})
    do("09-14 15:20", "behaviour-lead", "incident-recorded", INCIDENT, "target", "actor")
    do("09-14 15:40", "year-lead", "parents-told", {"stage": "concern", **HOME}, "target")


def decided(do: Do) -> None:
    """Both were heard, it was decided, and everybody who has to know knows."""
    do("09-15 10:15", "behaviour-staff", "account-taken", {"account": "It was fun.", "statement": "noted"}, "actor")
    do("09-16 11:00", "year-lead", "definition-decided", BULLYING, "target", "actor")
    do("09-16 12:00", "year-lead", "next-steps-explained", {"words": "It has to stop."}, "target")
    for role in ("target", "actor"):
        do("09-16 15:40", "year-lead", "parents-told", {"stage": "decision", **HOME}, role)


def put_right(do: Do) -> None:
    """Support and consequences, and looking again until it is over."""
    do("09-17 10:00", "year-lead", "actor-talked", {"behaviour": "Pushing.", "not-acceptable": "yes"}, "actor")
    plan = {"measures": ["mentor"], "agreed-with": ["dsl"], "review-on": "2026-10-08"}
    do("09-17 13:00", "year-lead", "support-planned", plan, "target")
    fair = {"sanction": "detention", "consulted": ["actor"], "reason": "As in like cases."}
    do("09-18 10:00", "behaviour-lead", "sanction-decided", fair, "actor")
    do("09-18 11:00", "year-lead", "change-planned", {"measures": ["talks"]}, "actor")
    do("09-21 13:00", "year-lead", "restorative-prepared", {"agrees": "no"}, "target")
    for when in ("09-28 12:30", "10-12 12:30", "10-27 12:30"):
        do(when, "year-lead", "checked-with-pupil", CHECK, "target")
    do("10-08 12:30", "year-lead", "support-reviewed", {"helps": "yes", "goes-on": "no", "words": "Good."}, "target")


def open_duties(case: Record, when: datetime) -> set[str]:
    return {each.rule for each in queries.picture_of(case, when).duties if each.state.open}


def test_the_first_morning_asks_for_few_things_and_keeps_home_out_of_it(case):
    duties = queries.picture_of(case, datetime(2026, 9, 14, 9, 0)).duties

    assert len([each for each in duties if each.state.open]) <= 7
    assert {each.state for each in duties if each.rule == "tell-home"} == {State.PAUSED}


def test_nothing_is_said_at_home_before_the_words_are_agreed(do):
    with pytest.raises(Stopped) as stopped:
        do("09-14 10:00", "year-lead", "parents-told", {"stage": "concern", **HOME}, "target")

    assert "not-told-at-home" in {breach.rule for breach in stopped.value.breaches}


def test_only_safeguarding_decides_that_home_must_be_told(do):
    why = {"danger": "-", "consulted": "-", "told-first": "yes", "message": "-"}
    with pytest.raises(Stopped):
        do("09-14 10:00", "headteacher", "override-decided", why, "target")

    do("09-14 10:05", "dsl", "override-decided", why, "target")
    do("09-14 10:10", "dsl", "parents-told", {"stage": "concern", **HOME}, "target")


def test_the_two_are_never_heard_together(do):
    with pytest.raises(Stopped):
        do("09-14 10:00", "dsl", "account-taken", {"account": "-", "statement": "noted"}, "target", "actor")


def test_a_case_closes_when_it_has_stopped_and_opens_again_after_a_new_act(case, do):
    first_day(do)
    decided(do)
    put_right(do)

    with pytest.raises(Stopped):
        do("10-27 14:00", "dsl", "close", {"reason": "Too early: the six weeks are not over."})
    do("11-02 14:00", "dsl", "close", {"reason": "It has stopped."})
    do("11-23 10:00", "year-lead", "act-reported", {"what": "-"}, "target")
    assert "reopen-it" in open_duties(case, datetime(2026, 11, 23, 10, 0))
    do("11-23 10:30", "dsl", "reopen", {"reason": "It began again."})

    assert "reopen-it" not in open_duties(case, datetime(2026, 11, 23, 10, 30))
    assert {"make-safe", "tell-home-new-act", "check-regularly"} <= open_duties(case, datetime(2026, 11, 23, 10, 30))
