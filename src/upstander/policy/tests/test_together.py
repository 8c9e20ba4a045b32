"""Several packs of one school (§1): rules under their pack's id, shared kinds common, E17 where they differ."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from upstander.policy import labels, loader
from upstander.policy.model import BecomesTrue, Combination, Pack, TrueFrom
from upstander.policy.tests import shipped
from upstander.policy.together import merged

FIRST = """
id: bully
title: Bullying
version: "1"
in force from: 2025-09-01
language: en-GB
timezone: Europe/London
shares: [case, seen, parents-told]
params: {words: {promptly: PT2H}, days: {value: 3 school days, title: days, says: school}}
clauses: [{id: B-1, at: "1", text: Tell promptly.}]
roles: {head: {title: Head}, tutor: {title: Tutor, scope: class, deputies: [head]}}
options: {hows: {visit: At home, call: By phone}, own: {a: A}}
records: {case: {label: Case, opens by: [seen], access: [{role: head, record: all, decide: all}]}}
events:
  seen: {about: [target]}
  parents-told: {label: Tell the parents, about: [target], fields: {how: {one-of: hows}}, recorded by: [head]}
  noted: {about: [target], fields: {what: {one-of: own}}}
facts: {fresh: {clause: B-1, for each: target, true from: seen, for: P3D}}
duties:
  tell:
    {clause: B-1, label: Tell them, when: seen, for each: target, if: [fresh], must: {parents-told: {how: visit}}, by: promptly,
     who: head}
  again: {clause: B-1, when: {overdue: tell}, for each: target, must: parents-told, by: {param: days}, who: head}
limits: {never: {clause: B-1, act: noted, for each: target, never: true, while: [fresh]}}
closure: {case: {for each: target, needs: [fresh], settled: all, decided by: [head], watch for: P1M}}
guidance: {card: {title: Card, body: Listen., before: [parents-told], show while: fresh}}
i18n: {nl: {duties.tell.label: Vertel het hun, events.parents-told.label: Vertel het de ouders}}
"""
SECOND = """
id: online
title: Online
version: "4"
in force from: 2025-09-01
language: en-GB
timezone: Europe/London
shares: [case, parents-told]
params: {words: {promptly: P1D, at once: PT1H}}
clauses: [{id: O-1, at: "1", text: Act.}]
roles: {lead: {title: Online lead}, head: {title: Headteacher, deputies: [lead]}}
options: {hows: {visit: At home, call: By phone}, own: {b: B}}
records: {case: {opens by: [clicked], access: [{role: lead, record: [parents-told]}]}}
events:
  clicked: {about: [target]}
  seen: {about: [target]}
  parents-told: {about: [target, actor], fields: {how: {one-of: hows}}, recorded by: [lead]}
  noted: {about: [target], fields: {what: {one-of: own}}}
facts: {fresh: {clause: O-1, for each: target, true from: {noted: {what: b}}}, both: {for each: target, all of: [fresh]}}
duties:
  tell: {clause: O-1, when: {becomes true: both}, for each: target, must: parents-told, by: promptly, who: lead}
limits: {never: {clause: O-1, act: seen, for each: target, never: true}}
closure: {case: {for each: target, needs: [both], settled: [tell], decided by: [head, lead], watch for: P3M}}
guidance: {card: {title: Another, body: Look., before: [seen]}}
"""


def packs(*texts: str) -> list[Pack]:
    return [loader.load_text(text) for text in texts]


def together(*texts: str) -> Pack:
    whole, problems = merged(packs(*texts))
    assert problems == []
    return whole


def codes(texts: Sequence[str]) -> list[str]:
    return [f"{each.code} {each.message}" for each in merged(packs(*texts))[1]]


def test_rules_facts_and_params_are_prefixed_with_the_packs_id() -> None:
    """rules, facts, params are prefixed with the pack's id"""
    whole = together(FIRST, SECOND)

    assert list(whole.facts) == ["bully-fresh", "online-fresh", "online-both"]
    assert list(whole.duties) == ["bully-tell", "bully-again", "online-tell"]
    assert list(whole.limits) == ["bully-never", "online-never"]
    assert list(whole.params) == ["bully-days"]
    assert whole.duties["bully-tell"].if_ == ("bully-fresh",)
    assert whole.limits["bully-never"].while_ == ("bully-fresh",)
    assert whole.duties["online-tell"].when == BecomesTrue("online-both")
    form = whole.facts["online-both"].form
    assert isinstance(form, Combination)
    assert form.facts == ("online-fresh",)
    assert whole.guidance["card"].show_while == "bully-fresh"
    assert labels.label(whole, "duties.bully-tell.label", "nl") == "Vertel het hun"


def test_kinds_that_both_share_with_equal_fields_are_common() -> None:
    """kinds of record and event named in shares with equal fields are common"""
    whole = together(FIRST, SECOND)

    assert whole.events["parents-told"].about == ("target", "actor")
    assert whole.events["parents-told"].recorded_by == ("head", "lead")
    assert [line.role for line in whole.records["case"].access] == ["head", "lead"]
    assert whole.records["case"].opened_by == ("seen", "clicked")
    closure = whole.closure["case"]
    assert closure.needs == ("bully-fresh", "online-both")
    assert (closure.settled, closure.decided_by) == ("all", ("head",))
    assert closure.watch_for is not None
    assert getattr(closure.watch_for, "months", 0) == 3
    assert whole.roles["head"].title == "Head"
    assert whole.roles["head"].deputies == ("lead",)


def test_other_kinds_of_one_name_stay_apart() -> None:
    whole = together(FIRST, SECOND)

    assert {"seen", "online-seen", "noted", "online-noted"} <= whole.events.keys()
    assert whole.events["online-noted"].fields["what"].options == "online-own"
    assert [each.kind for each in whole.limits["online-never"].act.alternatives] == ["online-seen"]
    fresh = whole.facts["online-fresh"].form
    assert isinstance(fresh, TrueFrom)
    assert [each.kind for each in fresh.start.alternatives] == ["online-noted"]
    assert whole.guidance["online-card"].before == ("online-seen",)
    assert list(whole.vague) == ["promptly", "promptly (online)", "at once"]


def test_a_policy_of_several_packs_prints_and_loads_as_one() -> None:
    """10. Printing a pack and loading it gives the same pack."""
    whole = together(FIRST, SECOND)
    again = loader.load_text(loader.dump(whole).replace("id: bully+online", "id: both"))

    for section in ("facts", "limits", "closure", "records", "options", "roles"):
        assert getattr(again, section) == getattr(whole, section), section


WRONG = {
    "a shared kind with other fields": ("fields: {how: {one-of: hows}}, recorded by: [lead]", "recorded by: [lead]"),
    "a shared field of another type": ("fields: {how: {one-of: hows}}, recorded by: [lead]", "fields: {how: text}"),
    "a clause of one name": ("id: O-1", "id: B-1"),
    "a post of another reach": ("head: {title: Headteacher,", "head: {title: Headteacher, scope: class,"),
    "another language": ("language: en-GB", "language: nl"),
    "nobody who may close by both": ("decided by: [head, lead]", "decided by: [lead]"),
    "a closure for each of others": ("case: {for each: target, needs: [both]", "case: {needs: [both]"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_stand_together_is_e17(what: str) -> None:
    """E17 shared kinds differ"""
    right, wrong = WRONG[what]
    assert right in SECOND
    changed = SECOND.replace(right, wrong)
    changed = changed.replace("clause: O-1", "clause: B-1") if what == "a clause of one name" else changed

    assert [each for each in codes([FIRST, changed]) if each.startswith("E17")], what


def test_the_packs_that_come_with_upstander_run_beside_an_unknown_one() -> None:
    for name in ("gb-secondary", "starter"):
        pack = shipped.pack(name)
        other = loader.load_text(
            SECOND.replace("Europe/London", pack.timezone).replace("language: en-GB", f"language: {pack.language}")
        )
        whole, problems = merged([pack, other])
        assert problems == []
        assert {f"{name}-{rule}" for rule in pack.duties} <= whole.duties.keys()
        assert set(pack.events) <= whole.events.keys()
