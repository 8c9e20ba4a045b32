"""§2 Patterns and keys."""

from __future__ import annotations

import pytest

from upstander.policy import loader
from upstander.policy.tests.small import log, text

FACT = "facts: {f: {true from: %s}}"
AT = "2026-05-11T10:00"


def holds(school, pattern: str, line: str, **more: str) -> bool:
    return school(FACT % pattern, **more).holds(log(f"{AT} {line}"), AT)


def codes(rules: str, **entries: str) -> set[str]:
    return {each.code for each in loader.check_text(text(rules, **entries))[1] if each.stops}


def test_pattern(school):
    """Pattern: kind, or {kind: {field: condition, …}} (all must hold), or a list of alternatives"""
    both = "{seen: {n: 2, day: 2026-05-01}}"

    assert holds(school, "seen", "seen target=s1")
    assert not holds(school, "seen", "told target=s1")
    assert holds(school, both, "seen target=s1 n=2 day=2026-05-01")
    assert not holds(school, both, "seen target=s1 n=2 day=2026-05-02")
    assert not holds(school, both, "seen target=s1 n=3 day=2026-05-01")
    assert holds(school, "[told, {seen: {n: 2}}]", "seen target=s1 n=2")
    assert not holds(school, "[told, {seen: {n: 2}}]", "seen target=s1 n=1")


@pytest.mark.parametrize(
    ("condition", "value", "met"),
    [
        ("2", 2, True),
        ("2", 3, False),
        ("[2, 3]", 3, True),
        ("[2, 3]", 4, False),
        ("{at least: 2}", 2, True),
        ("{at least: 2}", 1, False),
        ("{at most: 2}", 2, True),
        ("{at most: 2}", 3, False),
        ("{not: 2}", 3, True),
        ("{not: 2}", 2, False),
        ("{not: [2, 3]}", 3, False),
        ("{at least: 2, at most: 3}", 3, True),
        ("{at least: 2, at most: 3}", 4, False),
        ("{at least: 2, at most: 3}", 1, False),
    ],
)
def test_conditions(school, condition, value, met):
    """{at least: n}, {at most: n}, {not: value}, {includes: [a, b]}"""
    assert holds(school, f"{{seen: {{n: {condition}}}}}", f"seen target=s1 n={value}") is met


@pytest.mark.parametrize(
    ("condition", "value", "met"),
    [
        ("home", "home,phone", True),
        ("home", "phone", False),
        ("[home, letter]", "phone,letter", True),
        ("[home, letter]", "phone", False),
        ("{not: home}", "phone", True),
        ("{not: home}", "phone,home", False),
        ("{not: [home, letter]}", "letter", False),
        ("{includes: [home, phone]}", "home,phone,letter", True),
        ("{includes: [home, phone]}", "home", False),
    ],
)
def test_some_of(school, condition, value, met):
    """On a some-of field a value means contains, a list contains one of, not contains none"""
    assert holds(school, f"{{told: {{how: {condition}}}}}", f"told target=s1 how={value}") is met


def test_value_and_list():
    """Condition: a value; a list (one of); {at least: n}"""
    assert codes(FACT % "{told: {how: [home, carrier-pigeon]}}") == {"E5"}
    assert codes(FACT % "{told: {how: []}}") == {"E5"}
    assert codes(FACT % "{told: {how: {at least: 2}}}") == {"E5"}
    assert codes(FACT % "{seen: {n: {includes: [2]}}}") == {"E5"}


@pytest.mark.parametrize("condition", ["2", "[1, 2]", "{not: 2}", "{at least: 0}", "{at most: 9}"])
def test_missing_field(school, condition):
    """A missing field matches nothing, not included"""
    assert not holds(school, f"{{seen: {{n: {condition}}}}}", "seen target=s1")


@pytest.mark.parametrize(
    ("named", "number"), [("target=s1", 1), ("target=s1,s2", 2), ("target=s1,s1", 1), ("actor=a1", 0), ("", 0)]
)
def test_number_of(school, named, number):
    """Reserved names: number of R (distinct persons named in R; 0 where nobody is)"""
    assert holds(school, f"{{seen: {{number of target: {number}}}}}", f"seen {named}")
    assert not holds(school, f"{{seen: {{number of target: {number + 1}}}}}", f"seen {named}")


def test_number_of_a_group(school):
    """number of R (distinct persons named in R"""
    pattern = "{seen: {number of pupil: {at least: 2}}}"

    assert holds(school, pattern, "seen target=s1 actor=a1")
    assert not holds(school, pattern, "seen target=s1 actor=s1")


@pytest.mark.parametrize(
    ("test", "event", "met"),
    [
        ("role: head", f"{AT} seen role=head", True),
        ("role: head", f"{AT} seen role=teacher", False),
        ("role: {not: head}", f"{AT} seen role=none", False),
        ("time of day: '10:00'", f"{AT} seen", True),
        ("time of day: {at least: '10:01'}", f"{AT} seen", False),
        ("time of day: {at most: '10:00'}", f"{AT} seen", True),
        ("weekday: monday", f"{AT} seen", True),
        ("weekday: [saturday, sunday]", f"{AT} seen", False),
        ("school day: yes", f"{AT} seen", True),
        ("school day: no", "2026-05-10T10:00 seen", True),
        ("school hours: yes", "2026-05-11T15:30 seen", True),
        ("school hours: no", "2026-05-11T15:31 seen", True),
    ],
)
def test_reserved_names(school, test, event, met):
    """0 where nobody is), role (in which the doer acted), time of day, weekday, school day (yes/no), school hours
    (yes/no)"""
    assert school(FACT % f"{{seen: {{{test}}}}}").holds(log(event), "2026-05-12T00:00") is met


# --- keys ------------------------------------------------------------------------------------------------------------

PAIR = {
    "events": "searched: {about: [target, device]}\nreturned: {about: [device]}",
    "roles": "device: {title: device, of the matter: true}",
}


def test_one_name(school):
    """Keys: for each: target (or [pupil, device]): one instance for each value, the key"""
    here = school("duties: {d: {when: seen, for each: target, must: told, by: P1D, who: head}}")

    assert [duty.key for duty in here.duties(log(f"{AT} seen target=s2,s1"), AT)] == [
        (("target", "s1"),),
        (("target", "s2"),),
    ]


def test_two_names(school):
    """of two names, every pair that an event carries"""
    here = school(
        "duties: {d: {when: searched, for each: [target, device], must: searched, times: 2, by: P1D, who: head}}",
        **PAIR,
    )
    keys = [
        duty.key
        for duty in here.duties(log(f"{AT} searched target=s1,s2 device=d1,d2", f"{AT} searched target=s3"), AT)
    ]

    assert len(keys) == 4
    assert keys[1] == (("target", "s1"), ("device", "d2"))


def test_carries(school):
    """Carries means: declared for the kind in about or fields"""
    here = school(
        "duties: {d: {when: lent, for each: item, must: returned-item, by: P1D, who: head}}",
        events="lent: {fields: {item: {one-of: ways}}}\nreturned-item: {about: [item]}",
        roles="item: {title: item, of the matter: true}",
    )
    events = log(f"{AT} lent item=home")

    assert here.duty(events, AT).key == (("item", "home"),)


@pytest.mark.parametrize(
    "rules",
    [
        "duties: {d: {when: planned, for each: target, must: told, by: P1D, who: head}}",
        "duties: {d: {when: seen, for each: target, must: planned, by: P1D, who: head}}",
        "limits: {l: {act: planned, for each: target, never: true}}",
        "facts: {f: {for each: target, true from: planned}}",
        "facts: {f: {for each: target, quiet: act, since: planned, for: P1D}}",
        "facts: {f: {for each: target, count: planned, at least: 1}}",
    ],
)
def test_must_carry(rules):
    """when, must, act, true from, since, count must carry every name of the rule (E7)"""
    assert codes(rules) == {"E7"}


def test_agree(school):
    """until, quiet, only after, before, after agree on the names that they carry"""
    here = school("facts: {f: {for each: target, true from: seen, until: [left, met]}}")
    both = ("2026-05-11T10:00 seen target=s1,s2", "2026-05-11T11:00 %s")

    def held(line: str) -> list[str]:
        return [fact.key[0][1] for fact in here.look(log(both[0], both[1] % line), "2026-05-11T12:00").facts]

    assert held("left target=s1") == ["s2"]
    assert held("met") == []


def test_before_and_after_agree(school):
    """agree on the names that they carry"""
    rule = "duties: {d: {when: seen, for each: target, must: told, by: {%s}, who: head}}"
    events = log(f"{AT} seen target=s1", "2026-05-11T11:00 act target=s2", "2026-05-11T12:00 met")

    assert school(rule % "after: act, plus: P1D").due(events, "2026-05-11T13:00") is None
    assert school(rule % "after: [act, met], plus: P1D").due(events, "2026-05-11T13:00") == "2026-05-12T12:00"
    assert school(rule % "before: [act, met]").due(events, "2026-05-11T13:00") == "2026-05-11T12:00"


def test_quiet_agrees(school):
    """until, quiet, only after"""
    here = school("facts: {f: {for each: target, quiet: [act, met], since: seen, for: P1D}}")
    lines = (f"{AT} seen target=s1", "2026-05-12T08:00 %s")

    assert here.holds(log(lines[0], lines[1] % "act target=s2"), "2026-05-12T10:00")
    assert not here.holds(log(lines[0], lines[1] % "act target=s1"), "2026-05-12T10:00")
    assert not here.holds(log(lines[0], lines[1] % "met"), "2026-05-12T10:00")


def test_of_the_case_carries(school):
    """of R of the case only must has to carry R (when and act then concern everybody in R)"""
    here = school(
        "duties: {d: {when: met, for each: actor of the case, must: heard, by: P1D, who: head}}\n"
        "facts: {f: {for each: actor, true from: heard}}\n"
        "limits: {l: {act: planned, for each: actor of the case, only while: [f]}}"
    )
    events = log(
        "2026-05-11T09:00 seen actor=a1,a2", f"{AT} met", "2026-05-11T11:00 heard actor=a1", "2026-05-11T12:00 planned"
    )

    assert here.states(events, "2026-05-11T12:00") == ["met", "pending"]
    assert [breach.key for breach in here.breaches(events)] == [(("actor", "a2"),)]
    assert codes("duties: {d: {when: met, for each: actor of the case, must: told, by: P1D, who: head}}") == {"E7"}


def test_empty_name(school):
    """a declared name that an event leaves empty agrees with every key there"""
    here = school("duties: {d: {when: seen, for each: target, must: told, by: P1D, until: left, who: head}}")
    events = log(f"{AT} seen target=s1,s2", "2026-05-11T11:00 left")

    assert here.states(events, "2026-05-11T11:00") == ["not-applicable", "not-applicable"]
    assert here.states(log(f"{AT} seen target=s1", "2026-05-11T11:00 told"), "2026-05-11T11:00") == ["pending"]


def test_of_the_case(school):
    """R of the case: everybody named in R by an event at or before the moment in question (of a limit the act, of a
    fact t, of closure now)"""
    here = school(
        "facts: {f: {for each: actor of the case, true from: met}, h: {for each: actor, true from: heard}}\n"
        "limits: {l: {act: planned, for each: actor of the case, never: true}}\n"
        "closure: {case: {for each: actor, needs: [h], settled: all}}"
    )
    events = log(
        f"{AT} seen actor=a1", "2026-05-11T11:00 met", "2026-05-11T12:00 planned", "2026-05-11T13:00 seen actor=a2"
    )
    before, after = (here.look(events, f"2026-05-11T{clock}") for clock in ("12:59", "13:00"))

    assert [breach.key[0][1] for breach in after.breaches] == ["a1"]
    assert [[held.key[0][1] for held in each.facts] for each in (before, after)] == [["a1"], ["a1", "a2"]]
    assert [len(each.missing) for each in (before, after)] == [1, 2]


def test_first_naming(school):
    """In a duty the instance of a person arises at the later of the trigger and the person's first naming, provided
    no until lies between"""
    here = school(
        "duties: {d: {when: met, for each: actor of the case, must: heard, by: P1D, until: planned, who: head}}"
    )
    lines = ("2026-05-11T09:00 seen actor=a1", f"{AT} met", "2026-05-11T12:00 seen actor=a2")

    def arose(*more: str) -> dict[str, int]:
        return {duty.key[0][1]: duty.arose.hour for duty in here.duties(log(*lines, *more), "2026-05-12T00:00")}

    assert arose() == {"a1": 10, "a2": 12}
    assert arose("2026-05-11T11:00 planned") == {"a1": 10}
    assert arose("2026-05-11T12:00 planned") == {"a1": 10, "a2": 12}
    assert arose("2026-05-11T10:00 planned") == {"a1": 10}


def test_a_rule_asks(school):
    """A rule that asks a fact asks it for those names of the fact that the rule has (members answer for groups)"""
    here = school(
        "facts: {f: {for each: target, true from: agreed}, g: {for each: pupil, true from: seen}}\n"
        "duties: {d: {when: searched, for each: [target, device], if: [f, g], must: searched, "
        "times: 2, by: P1D, who: head}}",
        **PAIR,
    )
    events = log(
        "2026-05-11T09:00 agreed target=s1",
        "2026-05-11T09:00 seen target=s1,s2",
        f"{AT} searched target=s1,s2 device=d1",
    )

    assert here.states(events, AT) == ["pending", "not-applicable"]


def test_a_name_that_the_rule_lacks(school):
    """If the fact has a name that the rule lacks, it holds if it holds for one value in the record so far"""
    here = school(
        "facts: {f: {for each: [target, device], true from: searched}}\n"
        "duties: {d: {when: seen, for each: target, if: [f], must: told, by: P1D, who: head}}\n"
        "limits: {l: {act: returned, for each: device, only while: [f]}}",
        **PAIR,
    )
    events = log(
        "2026-05-11T09:00 searched target=s1 device=d1", f"{AT} seen target=s1,s2", f"{AT} returned device=d1,d2"
    )

    assert here.states(events, AT) == ["pending", "not-applicable"]
    assert [breach.key for breach in here.breaches(events)] == [(("device", "d2"),)]


def test_a_fact_without_names(school):
    """a fact without names holds for all"""
    here = school(
        "facts: {f: {true from: met}}\nduties: {d: {when: seen, for each: target, if: [f], must: told, by: P1D, who: head}}"
    )

    assert here.states(log("2026-05-11T09:00 met", f"{AT} seen target=s1,s2"), AT) == ["pending", "pending"]


def test_e15():
    """E15: no name in common"""
    rule = "duties: {d: {when: seen, for each: actor, if: [f], must: heard, by: P1D, who: head}}"

    assert codes("facts: {f: {for each: target, true from: seen}}\n" + rule) == {"E15"}
    assert codes("facts: {f: {for each: pupil, true from: seen}}\n" + rule) == set()
