"""Loading a pack: what comes out, where problems are, the school's answers, extending."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from upstander.policy.loader import PackErrors, check, check_text, load, load_calendar, load_text
from upstander.policy.loader.builtin_texts import TEXTS
from upstander.policy.loader.load import built_in_words
from upstander.policy.loader.reading.papers import stamp
from upstander.policy.loader.tests.packs import SMALL, pack, problems, small
from upstander.policy.model import (
    AfterEvent,
    AgainAfter,
    Alternative,
    AtClock,
    AtLeast,
    AtMost,
    BecomesTrue,
    BeforeEvent,
    Between,
    Both,
    Climb,
    Combination,
    Combine,
    Count,
    DidTrigger,
    Duty,
    Earliest,
    FromDate,
    GuardiansOf,
    In,
    Includes,
    InMonths,
    InTerms,
    Is,
    IsKey,
    IsNot,
    KeyName,
    NamedAs,
    OnDay,
    OneOf,
    Pattern,
    Period,
    RepeatEach,
    RepeatEvery,
    Role,
    Said,
    SchoolDays,
    SimpleDeadline,
    Span,
    Strength,
    Test,
    TrueFrom,
    WhenBreach,
    WhenOverdue,
    Within,
    WorkingDays,
)
from upstander.policy.tests import shipped


def duty(text: str, more: str = "") -> Duty:
    """A duty of the small pack with these keys beside the usual ones."""
    usual = {
        "clause": "A.1",
        "when": "recognised",
        "for each": "target",
        "must": "parents-told",
        "by": "same day",
        "who": "head",
    }
    for line in text.splitlines():
        key, _, value = line.strip().partition(": ")
        if value == "-":
            usual.pop(key)
        elif key:
            usual[key] = value
    body = "\n".join(f"    {key}: {value}" for key, value in usual.items())
    return pack(f"duties:\n  d:\n{body}\n{more}").duties["d"]


def by(text: str, more: str = "") -> object:
    return duty(f"by: {text}", more).by


def kinds(*names: str) -> Pattern:
    return Pattern(tuple(Alternative(name) for name in names))


# --- what comes out -----------------------------------------------------------------------------------------------


def test_a_good_pack_loads_from_its_text() -> None:
    found = load_text(SMALL)

    assert (found.id, found.version, found.language, found.timezone) == ("small", "1", "en-GB", "Asia/Tokyo")
    assert (found.hints.first_month, found.hints.starts, found.hints.weekend) == (4, 510, (5, 6))
    assert list(found.duties) == ["tell-parents"]
    assert found.duties["tell-parents"].mark.line == SMALL.split("  tell-parents:\n")[0].count("\n") + 1
    assert found.members("pupil") == ("target", "actor")
    assert found.groups_of("actor") == ("pupil",)


def test_every_deadline_of_the_language_is_read() -> None:
    assert by("same day") is SimpleDeadline.SAME_DAY
    assert by("end of school day") is SimpleDeadline.END_OF_SCHOOL_DAY
    assert by("end of term") is SimpleDeadline.END_OF_TERM
    assert by("end of school year") is SimpleDeadline.END_OF_SCHOOL_YEAR
    assert by("judged") is SimpleDeadline.JUDGED
    assert by("PT2H") == In(Span(minutes=120))
    assert by("P1Y2M3DT4H5M") == In(Span(14, 3, 245))
    assert by("P2W") == In(Span(days=14))
    assert by("1 school day") == In(SchoolDays(1))
    assert by("3 working days") == In(WorkingDays(3))
    assert by("08:30") == AtClock(8, 30)
    assert by("{after: act, plus: P1D}") == AfterEvent(kinds("act"), Span(days=1))
    assert by("{before: act}") == BeforeEvent(kinds("act"))
    assert by("promptly") == Said("promptly", In(SchoolDays(1)))
    assert by("[same day, PT2H]") == Earliest((SimpleDeadline.SAME_DAY, In(Span(minutes=120))))
    assert by("{param: limit}", "params: {limit: {value: PT4H}}") == Said("limit", In(Span(minutes=240)))
    found = duty("when: parents-told\nmust: act\nby: {date: on, less: 2 school days}")
    assert found.by == FromDate("on", less=SchoolDays(2))


def test_every_rhythm_and_window_is_read() -> None:
    assert duty("by: -\nrepeat every: P1M").recurrence == RepeatEvery(Span(months=1))
    assert duty("by: -\nrepeat each: week").recurrence == RepeatEach(Period.WEEK)
    assert duty("again after: P1Y").recurrence == AgainAfter(Span(months=12))
    found = duty("by: -\nrepeat: regularly")
    assert (found.recurrence, found.recurrence_said) == (RepeatEach(Period.TERM), "regularly")
    assert duty("by: -\nin: month 5").window == InMonths((5,))
    assert duty("by: -\nin: [month 5, month 10]").window == InMonths((5, 10))
    assert duty("by: -\nin: term 2").window == InTerms(("2",))
    assert duty("by: -\non: 04-19\nor: nearest school day").window == OnDay(4, 19, or_nearest_school_day=True)
    kind = "events: {planned: {about: [target], fields: {from: date, to: date}}}"
    assert duty("by: -\nwhen: planned\nin: {date: from, to: to}", _allowed(kind)).window == Between("from", "to")


def _allowed(kinds: str) -> str:
    return f"{kinds}\nrecords: {{case: {{access: [{{role: head, record: all, decide: all}}]}}}}"


def test_the_other_keys_of_a_duty_are_read() -> None:
    found = duty(
        "if: kept\nunless: [quiet]\ncounts: each\ntimes: 2\nstrength: should\nuntil: close\npaused while: kept\nremind: PT1H\n"
        "climbs: [{after: PT4H, to: head}]\nmay be waived by: head\nmay be extended by: [head]\nnot before: 08:30\n"
        "early counts: yes\n"
        "must: {all of: [parents-told, act]}\nlabel: Do it"
    )

    assert (found.if_, found.unless, found.each_trigger, found.times) == (("kept",), ("quiet",), True, 2)
    assert (found.strength, found.until, found.paused_while) == (Strength.SHOULD, kinds("close"), "kept")
    assert (found.remind, found.climbs) == (Span(minutes=60), (Climb(Span(minutes=240), "head"),))
    assert (found.waived_by, found.extended_by, found.not_before) == (("head",), ("head",), AtClock(8, 30))
    assert (found.early_counts, found.must, found.label) == (True, (kinds("parents-told"), kinds("act")), "Do it")


def test_every_trigger_and_bearer_is_read() -> None:
    assert duty("when: {becomes true: kept}").when == BecomesTrue("kept")
    assert duty("when: {overdue: tell-parents}").when == WhenOverdue("tell-parents")
    assert duty("when: {breach: hear-alone}\nfor each: -").when == WhenBreach("hear-alone")
    who = duty(
        "who: [head, {did: trigger, otherwise: tutor}, {is: target}, {named: actor}, {guardians of: target}]"
    ).who
    assert who == (Role("head"), DidTrigger("tutor"), IsKey("target"), NamedAs("actor"), GuardiansOf("target"))
    assert duty("for each: [target, actor of the case]\nmust: act").for_each == (
        KeyName("target"), KeyName("actor", of_case=True),
    )  # fmt: skip


def test_every_condition_is_read() -> None:
    kind = _allowed(
        "events: {seen: {about: [target], fields: {wish: {some-of: wishes}, n: number, ok: yes-no, at: time}}}"
    )

    def test(text: str) -> Test:
        return duty(f"must: {{seen: {text}}}", kind).must[0].alternatives[0].tests[0]

    assert test("{wish: talk}") == Test("wish", Is("talk"))
    assert test("{wish: [talk]}") == Test("wish", OneOf(("talk",)))
    assert test("{wish: {includes: [talk]}}") == Test("wish", Includes(("talk",)))
    assert test("{wish: {not: talk}}") == Test("wish", IsNot(("talk",)))
    assert test("{n: 1.5}") == Test("n", Is(Decimal("1.5")))
    assert test("{n: {at least: 1, at most: 3}}") == Test("n", Both((AtLeast(Decimal(1)), AtMost(Decimal(3)))))
    assert test("{ok: true}") == Test("ok", Is("yes"))
    assert test("{number of target: {at least: 2}}") == Test("number of target", AtLeast(Decimal(2)))
    assert test("{time of day: {at most: '08:30'}}") == Test("time of day", AtMost(Decimal(510)))
    assert test("{at: {at least: '16:00'}}") == Test("at", AtLeast(Decimal(960)))
    assert test("{weekday: [monday, friday]}") == Test("weekday", OneOf(("monday", "friday")))
    assert test("{school day: no}") == Test("school day", Is("no"))
    assert test("{role: head}") == Test("role", Is("head"))
    assert test("{n: {at least: {param: absence-run}}}") == Test("n", AtLeast(Decimal(7)))


def test_every_form_of_fact_is_read() -> None:
    found = pack("""
facts:
  a: {for each: target, true from: recognised, until: act, for: P35D}
  b: {for each: target, count: act, at least: {param: absence-run}, within: consecutive school days, adding up: days}
  c: {count: act, at least: 2, within: P30D, distinct: role}
  d: {none of: [a, b]}
  e: {true from: parents-told, to: {date: on}}
""").facts

    assert found["a"].form == TrueFrom(kinds("recognised"), kinds("act"), Span(days=35))
    assert found["b"].form == Count(kinds("act"), Decimal(7), Within.CONSECUTIVE_SCHOOL_DAYS, adding_up="days")
    assert found["c"].form == Count(kinds("act"), Decimal(2), Span(days=30), distinct="role")
    assert found["d"].form == Combination(Combine.NONE, ("a", "b"))
    assert found["e"].form == TrueFrom(kinds("parents-told"), to_date_field="on")


def test_what_every_pack_has_is_there_and_can_be_extended() -> None:
    found = pack("events: {told: {label: Say it, fields: {colour: text}}}\noptions: {places: {yard: {label: Yard}}}")

    assert {"told", "triaged", "concern-received", "close", "person-named"} <= set(found.events)
    assert list(found.events["told"].fields)[-1] == "colour"
    assert found.events["told"].fields["what"].label == "What happened"
    assert (found.events["told"].label, found.events["told"].built_in) == ("Say it", True)
    assert {"target", "actor"} <= set(found.events["person-named"].about)
    assert "events.told.label" not in found.builtin_words
    assert found.builtin_words["events.told.fields.what.label"] == "What happened"


def test_the_texts_of_what_every_pack_has_stand_in_the_catalogue() -> None:
    assert set(TEXTS) == set(built_in_words().values())


def test_the_same_text_gives_the_same_digest_and_another_gives_another() -> None:
    assert load_text(SMALL).digest == load_text("# a remark\n" + SMALL).digest
    assert load_text(SMALL).digest != load_text(SMALL.replace("P3M", "P4M")).digest


# --- problems -----------------------------------------------------------------------------------------------------


def test_all_problems_come_at_once_each_at_its_place() -> None:
    bad = (
        SMALL.replace("by: promptly", "by: promtly")
        .replace("how: visit}}", "how: vist}}")
        .replace("quiet: act", "quiet: akt")
    )

    found, wrong = check_text(bad, name="bad.yaml")

    assert found is None
    places = {(each.code, each.line, each.column, each.hint) for each in wrong if each.stops}
    lines = bad.splitlines()
    rule = next(n for n, line in enumerate(lines, 1) if "promtly" in line)
    fact = next(n for n, line in enumerate(lines, 1) if "akt" in line)
    assert places == {
        ("E1", rule, lines[rule - 1].index("promtly") + 1, "did you mean 'promptly'?"),
        ("E5", rule, lines[rule - 1].index("vist") + 1, "did you mean 'visit'?"),
        ("E3", fact, lines[fact - 1].index("akt") + 1, "did you mean 'act'?"),
    }


@pytest.mark.parametrize(
    ("fragment", "code", "said"),
    [
        ("colour: red", "E0", "unknown word 'colour'"),
        ("language: fr", "E0", "'fr' cannot stand here"),
        ("timezone: Asia/Tokio", "E0", "there is no time zone"),
        ("in force from: soon", "E0", "not a date"),
        ("calendar hints: {first month: 13}", "E5", "1 to 12"),
        ("calendar hints: {school day: {starts: '16:00', ends: '08:00'}}", "E5", "ends before it starts"),
        ("events: {Bad Name: {}}", "E0", "is no id"),
        ("events: {x: {fields: {f: colour}}}", "E0", "there is no type 'colour'"),
        ("events: {x: {fields: {f: {one-of: nowhere}}}}", "E5", "unknown list 'nowhere'"),
        ("events: {x: {fields: {f: {type: one-of}}}}", "E0", "names its list"),
        ("events: {x: {fields: {f: {type: text, one-of: hows}}}}", "E0", "one type"),
        ("events: {x: {recorded by: [nobody]}}", "E2", "unknown role 'nobody'"),
        ("events: {x: {echoes: [{to: nowhere, as: act}]}}", "E0", "unknown kind of record"),
        ("records: {case: {known: [{id: a, label: A, event: act, field: nothing}]}}", "E4", "has no field 'nothing'"),
        ("records: {case: {keep: {for: P5Y, from: never}}}", "E6", "unknown fact 'never'"),
        ("facts: {x: {}}", "E0", "has no form"),
        ("facts: {x: {true from: act, quiet: act}}", "E0", "several forms"),
        ("facts: {x: {count: act, at least: many}}", "E0", "a number is expected"),
        ("facts: {x: {quiet: act, since: act, for: PT0S}}", "E5", "no time at all"),
        ("facts: {x: {quiet: act, since: act, for: PT5S}}", "E0", "seconds"),
        ("facts: {x: {true from: {act: {days: 31}}}}", "E5", "between 0 and 30"),
        ("facts: {x: {true from: {act: {days: 1.0001}}}}", "E5", "three decimal places"),
        ("facts: {x: {true from: {act: {weekday: someday}}}}", "E5", "no weekday"),
        ("facts: {x: {true from: {act: {time of day: '25:00'}}}}", "E5", "no time"),
        ("facts: {x: {true from: {act: {number of bystander: 1}}}}", "E4", "names no 'bystander'"),
        ("facts: {x: {true from: {parents-told: {words: x}}}}", "E4", "encrypted"),
        ("facts: {x: {true from: {act: 1, heard: 2}}}", "E0", "names one kind of event"),
        ("duties: {tell-parents: {by: 0 school days}}", "E5", "no time at all"),
        ("duties: {tell-parents: {by: regularly}}", "E5", "rhythm"),
        ("duties: {tell-parents: {by: {param: nothing}}}", "E1", "no param 'nothing'"),
        ("duties: {tell-parents: {by: ~, repeat: promptly}}", "E5", "not answered by a rhythm"),
        ("duties: {tell-parents: {repeat every: 2 school days}}", "E0", "not a duration"),
        ("duties: {tell-parents: {repeat every: P1M, repeat each: week}}", "E0", "one rhythm"),
        ("duties: {tell-parents: {in: month 13}}", "E5", "no month"),
        ("duties: {tell-parents: {on: 02-30}}", "E5", "no day"),
        ("duties: {tell-parents: {or: nearest school day}}", "E0", "belongs to 'on'"),
        ("duties: {tell-parents: {who: {was: head}}}", "E0", "unknown word 'was'"),
        ("duties: {tell-parents: {for each: [a, b, c]}}", "E0", "one name or two"),
        ("duties: {tell-parents: {times: 0}}", "E5", "at least 1"),
        ("params: {words: {soon: whenever}}", "E1", "does not answer"),
        ("params: {absence-run: {value: 99}}", "E5", "but most is 30"),
        ("params: {a: {value: {param: a}}}\nduties: {tell-parents: {by: {param: a}}}", "E9", "stands for itself"),
        ("document: [{flaw: strange, at: '1'}]", "E0", "cannot stand here"),
        ("directory: {phones: {}}", "E0", "unknown word 'phones'"),
        ("i18n: {fr: {}}", "E0", "no translation is possible"),
        ("i18n: {ja: {events.act.lable: x}}", "E0", "nothing is called"),
        ("guidance: {x: {title: X, for: [everybody]}}", "E0", "cannot stand here"),
        ("extends: nothing@1", "E0", "there is no pack"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_code_and_sentence(fragment: str, code: str, said: str) -> None:
    found = problems(fragment)

    if fragment.startswith("extends"):
        found = check_text(f"{fragment}\n{SMALL}")[1]
    assert [each for each in found if each.code == code and said in each.message], found


def test_a_pack_full_of_mistakes_is_given_up_after_many() -> None:
    _, found = check_text(SMALL + "\n".join(f"wrong-{n}: 1" for n in range(3000)))

    assert 150 < len(found) < 600
    assert all(each.code == "E0" for each in found if each.stops)


# --- answers ------------------------------------------------------------------------------------------------------


def test_the_schools_answers_replace_those_of_the_pack() -> None:
    found = load_text(SMALL, {"words": {"promptly": "PT4H"}, "params": {"absence-run": 5}})

    assert found.duties["tell-parents"].by == Said("promptly", In(Span(minutes=240)))
    assert found.params["absence-run"].value == 5
    assert found.digest != load_text(SMALL).digest


@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [
        ({"words": {"promply": "PT4H"}}, "E0", "asks for no word"),
        ({"params": {"absence": 5}}, "E0", "asks for no param"),
        ({"params": {"absence-run": 40}}, "E5", "most is 30"),
        ({"words": {"promptly": "soonish"}}, "E1", "does not answer"),
        ({"numbers": {}}, "E0", "unknown word 'numbers'"),
        ({"words": [1, 2]}, "E0", "is a mapping"),
    ],
)
def test_an_answer_that_does_not_fit_is_a_problem(answers: dict[str, object], code: str, said: str) -> None:
    found, wrong = check_text(SMALL, answers)

    assert found is None
    assert [each for each in wrong if each.code == code and said in each.message]


def test_what_a_clause_fixes_no_school_answers() -> None:
    text = SMALL.replace("promptly: 1 school day", "promptly: {value: 1 school day, says: clause}")

    assert "E16" in {each.code for each in check_text(text, {"words": {"promptly": "P1M"}})[1]}
    assert check_text(text, {"words": {"promptly": "1 school day"}})[0] is not None


# --- folders, extending, translations, calendars --------------------------------------------------------------------


def folder(path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return path


HEAD = 'id: x\ntitle: X\nversion: "1"\nin force from: 2025-04-01\nlanguage: en-GB\ntimezone: Europe/London\n'
CARD = """---
title: The talk
before: [act]
for: [child, staff]
---
Words.

## Say
- I believe you.
- Thank
  you.

## Never
- Why?
"""


def test_a_folder_is_read_file_by_file(tmp_path: Path) -> None:
    found = load(folder(tmp_path / "x", {
        "pack.yaml": HEAD,
        "events.yaml": "act: {label: Act, about: [target]}\n",
        "rules.yaml": "duties: {d: {when: act, must: note-added, by: same day, who: head}}\n",
        "roles.yaml": "roles: {head: {title: Head}}\n",
        "guidance/talk.md": CARD,
        "directory.yaml": "contacts: {line: {title: Helpline, number: '0800', on door: yes}}\ntalk to: [{role: head}]\n",
        "i18n/nl.yaml": f"guidance.talk.title: {{text: Het gesprek, of: {stamp('The talk')}}}\n",
        "scenarios/a.yaml": "name: a\n",
        "README.md": "about",
    }))  # fmt: skip

    assert found.guidance["talk"].say == ("I believe you.", "Thank\nyou.")
    assert (found.guidance["talk"].never, found.guidance["talk"].body) == (("Why?",), "Words.")
    assert found.contacts["line"].on_door
    assert found.words["nl"]["guidance.talk.title"] == "Het gesprek"


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("rule.yaml", "x: 1", ("x/rule.yaml", 0)),
        ("guidances/a.md", "x", ("x/guidances", 0)),
        ("guidance/a.md", "no front", ("x/guidance/a.md", 1)),
        ("guidance/a.md", "---\ntitle: A\ncolour: red\n---\n", ("x/guidance/a.md", 3)),
        ("guidance/a.md", "---\ntitle: [A\n---\n", ("x/guidance/a.md", 3)),
        ("clauses.yaml", "- {id: a, text: A}\n- {id: a, text: B}\n", ("x/clauses.yaml", 2)),
        ("clauses.yaml", "- {text: A}\n", ("x/clauses.yaml", 1)),
        ("rules.yaml", "duty: {}", ("x/rules.yaml", 1)),
    ],
)
def test_a_file_that_does_not_belong_or_cannot_be_read_is_a_problem_at_its_place(
    tmp_path: Path, name: str, text: str, place: tuple[str, int]
) -> None:
    _, found = check(folder(tmp_path / "x", {"pack.yaml": HEAD, name: text}))

    assert place in {(each.file, each.line) for each in found if each.code == "E0"}


def test_a_pack_that_is_not_there_is_a_problem_with_the_names_that_are() -> None:
    with pytest.raises(PackErrors) as caught:
        load("no-such-pack")

    assert "jp-junior-high" in caught.value.problems[0].hint


def test_a_pack_extends_another_key_by_key(tmp_path: Path) -> None:
    folder(tmp_path, {"small.yaml": SMALL.replace("  tell-parents:\n    {", "  tell-parents:\n    {fixed: yes, ")})
    over = 'id: own\ntitle: Own\nversion: "2"\nextends: small@1\nin force from: 2026-04-01\nlanguage: en-GB\ntimezone: Asia/Tokyo\n'
    (tmp_path / "own.yaml").write_text(over + "duties: {tell-parents: {by: PT2H}}\nlimits: {hear-alone: ~}\n")

    found = load(tmp_path / "own.yaml")

    assert (found.id, found.version, found.extends) == ("own", "2", "small@1")
    assert found.duties["tell-parents"].by == In(Span(minutes=120))
    assert found.duties["tell-parents"].who == (Role("tutor"),)
    assert found.limits == {}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("duties: {tell-parents: {by: P3M}}", "E16"),
        ("duties: {tell-parents: {who: head}}", "E16"),
        ("duties: {tell-parents: ~}", "E16"),
        ("version: \"3\"\nextends: small@9", "E0"),
        ("extends: small", "E0"),
        ("extends: own@2", "E9"),
    ],
)  # fmt: skip
def test_a_fixed_entry_stays_and_the_version_is_pinned(tmp_path: Path, more: str, code: str) -> None:
    folder(
        tmp_path,
        {
            "small.yaml": SMALL.replace("  tell-parents:\n    {", "  tell-parents:\n    {fixed: yes, ").replace(
                "promptly,", "PT4H,"
            )
        },
    )
    head = {"id": "own", "title": "Own", "version": '"2"', "extends": "small@1", "in force from": "2026-04-01", "language": "en-GB",
            "timezone": "Asia/Tokyo"}  # fmt: skip
    for line in more.splitlines():
        key, _, value = line.partition(": ")
        head[key] = value
    (tmp_path / "own.yaml").write_text("".join(f"{key}: {value}\n" for key, value in head.items()))

    assert code in {each.code for each in check(tmp_path / "own.yaml")[1]}


def test_a_translation_whose_source_has_changed_is_a_warning_and_still_used() -> None:
    found = problems("i18n: {ja: {events.act.done: {text: 行為, of: '12345678'}}}")

    assert [each for each in found if each.code == "W8" and "has changed" in each.message]


def test_a_calendar_is_read_from_a_file_or_from_data(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text(
        "timezone: Asia/Tokyo\nfirst month: 4\nterms: [{id: '1', from: 2026-04-07, to: 2026-07-20}]\nclosed: [2026-05-01]\n"
    )

    assert load_calendar(file).terms[0].id == "1"
    assert load_calendar({"first month": 4}).first_month == 4


@pytest.mark.parametrize(
    "text",
    ["- 1", "colour: red", "first month: 13", "terms: [1]", "terms: [{id: a}]", "closed: x", "[", "school day: 3"],
)
def test_a_calendar_that_cannot_be_read_is_a_problem(tmp_path: Path, text: str) -> None:
    (tmp_path / "calendar.yaml").write_text(text)

    with pytest.raises(PackErrors):
        load_calendar(tmp_path / "calendar.yaml")


def test_the_packs_that_come_with_upstander_load() -> None:
    for name in ("jp-junior-high", "gb-secondary"):
        found, wrong = shipped.checked(name)

        assert [str(each) for each in wrong if each.stops] == []
        assert found is not None


def test_the_small_pack_keeps_its_places() -> None:
    fact = small().facts["quiet"]

    assert fact.mark.line == SMALL.split("  quiet:")[0].count("\n") + 1
    assert fact.mark.column == 3
