"""§1 A pack."""

from __future__ import annotations

from decimal import Decimal

import pytest

from upstander.policy import loader, reference
from upstander.policy.loader import PackErrors
from upstander.policy.model import AtClock
from upstander.policy.sentences import sentence
from upstander.policy.tests.small import HEAD, School, load, log, text

TELL = "duties: {d: {when: seen, for each: target, must: told, by: %s, who: teacher%s}}"
UPON = 'id: upon\ntitle: Upon\nversion: "2"\nin force from: 2025-09-01\nlanguage: en-GB\ntimezone: Europe/London\n'
WORDS = "params: {words: {promptly: 1 school day, as needed: judged}}"


def problems(rules: str, *swaps: tuple[str, str], **entries: str) -> list[loader.Problem]:
    return [each for each in loader.check_text(text(rules, *swaps, **entries))[1] if each.stops]


def codes(rules: str, *swaps: tuple[str, str], **entries: str) -> set[str]:
    return {each.code for each in problems(rules, *swaps, **entries)}


def test_one_file(tmp_path):
    """A folder, or for small packs and tests one file"""
    (tmp_path / "one.yaml").write_text(HEAD + TELL % ("same day", ""), encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    head, rest = HEAD.split("roles:\n", 1)
    roles, rest = rest.split("records:\n", 1)
    records, rest = rest.split("options:\n", 1)
    options, rest = rest.split("clauses:\n", 1)
    clauses, events = rest.split("events:\n", 1)
    files = {"pack": head, "roles": roles, "records": records, "options": options, "clauses": clauses, "events": events}
    for name, words in {**files, "rules": TELL % ("same day", "")}.items():
        lines = words.splitlines()
        dedented = [line[2:] for line in lines] if name not in ("pack", "rules") else lines
        (folder / f"{name}.yaml").write_text("\n".join(dedented) + "\n", encoding="utf-8")

    one, several = loader.load(tmp_path / "one.yaml"), loader.load(folder)

    assert (one.duties, one.events, one.roles) == (several.duties, several.events, several.roles)


def test_yaml_1_2():
    """YAML 1.2 core schema (no, on, 12:30 are text"""
    pack = load(TELL % ("12:30", ""), ("home: {label: at home}", "no: {label: no}, on: {label: on}"))

    assert [code for code in pack.options["ways"] if code in ("no", "on")] == ["no", "on"]
    assert pack.duties["d"].by == AtClock(12, 30)


@pytest.mark.parametrize("word", ["yes", "true", "no", "false"])
def test_yes_no(word):
    """a yes-no field reads yes/no/true/false)"""
    rules = f"limits: {{l: {{act: {{heard: {{again: {word}}}}}, never: true}}}}"
    [test] = load(rules).limits["l"].act.alternatives[0].tests

    assert test.condition.value == ("yes" if word in ("yes", "true") else "no")


def test_duplicate_keys():
    """duplicate keys are errors"""
    [found] = problems("duties: {}\nduties: {}\n")

    assert (found.code, found.line) == ("E0", HEAD.count("\n") + 2)


def test_unknown_word():
    """an unknown word anywhere stops the load, nothing is silently ignored"""
    for rules in (
        "dutys: {}",
        TELL % ("same day", ", whoo: head"),
        "facts: {f: {true frm: seen}}",
        "limits: {l: {act: told, nevr: true}}",
    ):
        assert "E0" in codes(rules)
        with pytest.raises(PackErrors):
            load(rules)


def test_ids():
    """Ids, except of clauses, are lower-case words joined by"""
    assert codes(TELL.replace("d:", "Tell_them:", 1) % ("same day", "")) == {"E0"}
    assert "JP-F.7a" in load("", ("id: S-1", "id: JP-F.7a")).clauses


def test_params():
    """Params are the school's numbers: name: {value, title, says: clause | school, least?, most?}"""
    param = WORDS[:-1] + ", days: {value: 3 school days, title: days, says: %s, least: 2 school days}}"
    rules = TELL % ("{param: days}", "")

    def due(says: str, answer: str) -> str | None:
        answers = {"params": {"days": answer}}
        pack = loader.load_text(text(rules, (WORDS, param % says)), answers)
        return School(pack, reference).due(log("2026-05-11T10:00 seen target=s1"), "2026-05-11T10:00")

    assert due("school", "2 school days") == "2026-05-13T23:59"
    with pytest.raises(PackErrors, match="E16"):
        due("clause", "2 school days")
    with pytest.raises(PackErrors):
        due("school", "1 school day")


def test_param_anywhere():
    """{param: NAME} may stand wherever a number, duration, deadline, time, role or list stands"""
    words = WORDS[:-1] + (
        ", n: {value: 2}, long: {value: P1M}, soon: {value: same day}, who: {value: head}"
        ", all: {value: [head, teacher]}, at: {value: '11:00'}}"
    )
    rules = (
        "facts: {f: {for each: target, count: act, at least: {param: n}, within: {param: long}}}\n"
        "duties:\n"
        "  d: {when: seen, for each: target, must: told, by: {param: soon}, who: {param: who}, "
        "may be waived by: {param: all}}\n"
        "  e: {when: seen, for each: target, must: told, by: {param: at}, who: head, times: {param: n}}\n"
    )
    pack = load(rules, (WORDS, words))

    assert pack.facts["f"].form.at_least == Decimal(2)
    assert (pack.facts["f"].form.within.months, pack.duties["e"].times) == (1, 2)
    assert pack.duties["d"].waived_by == ("head", "teacher")


def test_words(school):
    """by: promptly is that answer, and screens show both"""
    here = school(TELL % ("promptly", ""))

    assert here.due(log("2026-05-11T10:00 seen target=s1"), "2026-05-11T10:00") == "2026-05-12T23:59"
    assert "within 1 school day (“promptly”)" in sentence(here.pack, here.pack.duties["d"], "en-GB")


def test_words_once():
    """Words: params.words answers each vague word of the document once"""
    assert codes(TELL % ("swiftly", "")) == {"E1"}
    assert codes("", ("promptly: 1 school day,", "promptly: 1 school day, promptly: PT2H,")) == {"E0"}


def test_judged(school):
    """judged has no due moment: it waits, visible, for a person's decision"""
    duty = school(TELL % ("as needed", "")).duty(log("2026-05-11T10:00 seen target=s1"), "2029-01-01T00:00")

    assert (duty.state.value, duty.due) == ("pending", None)


def test_rhythm(school):
    """it stands in repeat: regularly) or by judged"""
    swap = ("as needed: judged", "regularly: each week")
    here = school("duties: {d: {when: seen, for each: target, must: told, repeat: regularly, who: teacher}}", swap)

    assert len(here.duties(log("2026-05-11T10:00 seen target=s1"), "2026-05-18T00:00")) == 2


def test_wrong_words():
    """lint refuses the wrong one (E5) and a zero duration"""
    assert codes(TELL % ("regularly", ""), ("as needed: judged", "regularly: each week")) == {"E5"}
    assert codes("duties: {d: {when: seen, for each: target, must: told, repeat: promptly, who: teacher}}") == {"E5"}
    assert codes("", ("as needed: judged", "now: PT0M")) == {"E5"}
    assert codes("", ("as needed: judged", "now: 0 school days")) == {"E5"}


def test_answers():
    """A word is answered by a form of by (§5), by a rhythm (each term, every P1M"""
    for answer in (
        "same day",
        "3 working days",
        "PT2H",
        "'08:30'",
        "{after: told, plus: P1D}",
        "each term",
        "every P1M",
    ):
        assert codes("", ("as needed: judged", f"as needed: {answer}")) == set()
    assert codes("", ("as needed: judged", "as needed: perhaps")) == {"E1"}


def test_group(school):
    """Groups: pupil: {any of: [target, actor, reinforcer, bystander]}. An event carries the group with every person
    whom it names in one of these roles or under the group's own name"""
    here = school(
        "duties: {d: {when: seen, for each: pupil, must: asked, by: PT2H, who: teacher}}",
        events="asked: {about: [pupil]}",
    )
    events = log("2026-05-11T10:00 seen target=s1 actor=a1,s1", "2026-05-11T11:00 asked pupil=a1")

    assert {duty.key[0][1]: duty.state.value for duty in here.duties(events, "2026-05-11T11:00")} == {
        "s1": "pending",
        "a1": "met",
    }


def test_members_answer(school):
    """a key name that is a member answers for the group, and a group in a rule answers for a member in the fact, for
    the same person"""
    here = school(
        "facts: {f: {for each: target, true from: agreed}, g: {for each: pupil, true from: seen}}\n"
        "duties:\n"
        "  d: {when: act, for each: target, must: told, by: P1D, who: teacher}\n"
        "  e: {when: seen, for each: pupil, if: [f], must: asked, by: P1D, who: teacher}\n"
        "  g: {when: act, for each: target, if: [g], must: told, by: P1D, who: teacher}\n"
        "  h: {when: act, for each: target, must: asked, by: P1D, who: teacher}\n",
        events="asked: {about: [pupil, target]}",
    )
    events = log(
        "2026-05-11T09:00 agreed target=s1",
        "2026-05-11T10:00 seen target=s1 actor=a1",
        "2026-05-11T11:00 act target=s1",
    )

    assert here.states(events, "2026-05-11T12:00", "e") == ["not-applicable", "pending"]
    assert here.states(events, "2026-05-11T12:00", "g") == ["pending"]


def test_extends(tmp_path):
    """Entries merge key by key, lists are replaced, null removes"""
    small = HEAD + TELL % ("same day", ", may be waived by: [head]") + "\nlimits: {l: {act: told, never: true}}\n"
    (tmp_path / "small.yaml").write_text(small, encoding="utf-8")
    upon = UPON + "extends: small@1\n"
    rules = "duties: {d: {by: PT2H, may be waived by: [board]}}\nlimits: {l: null}\n"
    (tmp_path / "upon.yaml").write_text(upon + rules, encoding="utf-8")
    pack = loader.load(tmp_path / "upon.yaml")

    assert (pack.duties["d"].who, pack.duties["d"].waived_by, pack.limits) == (
        load(TELL % ("PT2H", "")).duties["d"].who,
        ("board",),
        {},
    )


def test_extends_pinned(tmp_path):
    """Extends: extends: pack@version (pinned)"""
    (tmp_path / "small.yaml").write_text(HEAD, encoding="utf-8")
    head = UPON
    for extends, fine in (("small@1", True), ("small@2", False), ("small", False)):
        (tmp_path / "upon.yaml").write_text(head + f"extends: {extends}\n", encoding="utf-8")
        assert (loader.check(tmp_path / "upon.yaml")[0] is not None) is fine


def test_fixed(tmp_path):
    """fixed: true forbids that except a shorter deadline or a higher strength"""
    (tmp_path / "small.yaml").write_text(HEAD + TELL % ("P2D", ", strength: should, fixed: true"), encoding="utf-8")
    head = UPON + "extends: small@1\n"

    def changed(duty: str) -> set[str]:
        (tmp_path / "upon.yaml").write_text(head + f"duties: {{d: {duty}}}\n", encoding="utf-8")
        return {each.code for each in loader.check(tmp_path / "upon.yaml")[1] if each.stops}

    assert changed("{by: P1D}") == changed("{strength: must}") == set()
    assert changed("{by: P3D}") == changed("{strength: may}") == changed("{who: head}") == changed("null") == {"E16"}
