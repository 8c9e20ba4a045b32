"""§7 Closure, reopening, watching."""

from __future__ import annotations

from upstander.policy.tests.small import log

SEEN = "2026-05-11T10:00 seen target=s1"
RULES = (
    "facts: {f: {for each: target, true from: agreed, until: left}, g: {for each: target, true from: act}}\n"
    "duties: {d: {when: seen, for each: target, must: told, by: P1W, who: head%s}, e: {when: act, "
    "for each: target, must: told, by: P1D, who: head}}\n"
    "closure: {case: {for each: target, needs: [f, g], settled: %s%s}}"
)
AGREED, ACT, TOLD = (f"2026-05-11T11:00 {kind} target=s1" for kind in ("agreed", "act", "told"))
NOW = "2026-05-12T00:00"


def missing(picture) -> list[tuple[str | None, str | None]]:
    return [(part.fact or part.rule, part.key[0][1] if part.key else None) for part in picture.missing]


def test_keys(school):
    """Keys are everybody named in the role"""
    here = school(RULES % ("", "[e]", ""))
    picture = here.look(log(SEEN, AGREED, ACT, TOLD, "2026-05-11T12:00 agreed target=s2"), NOW)

    assert missing(picture) == [("g", "s2")]


def test_nobody_named(school):
    """if there is none, every need is missing"""
    picture = school(RULES % ("", "all", "")).look(log("2026-05-11T10:00 planned"), NOW)

    assert (missing(picture), picture.closable) == ([("f", None), ("g", None)], False)


def test_closable(school):
    """Closable when each needed fact holds now for each key and no listed duty is open"""
    here = school(RULES % ("", "all", ""))

    assert [
        here.look(log(SEEN, *lines), NOW).closable for lines in ((AGREED, ACT, TOLD), (AGREED, TOLD), (AGREED, ACT))
    ] == [True, False, False]
    assert missing(here.look(log(SEEN, AGREED, ACT), NOW)) == [("d", "s1"), ("e", "s1")]
    listed = school(RULES % ("", "[e]", ""))
    assert missing(listed.look(log(SEEN, AGREED, ACT), NOW)) == [("e", "s1")]
    assert here.look(log(SEEN, AGREED, ACT, TOLD, "2026-05-11T23:59 left target=s1"), NOW).closable is False


def test_left_out(school):
    """left out are a may, an upcoming instance, and one whose until matches close and which is not overdue"""
    for rule in (", strength: may", ", not before: P2D", ", until: close", ", until: [left, close]"):
        assert school(RULES % (rule, "[d]", "")).look(log(SEEN, AGREED, ACT), NOW).closable, rule
    late = "2026-05-18T10:01"
    assert not school(RULES % (", until: close", "[d]", "")).look(log(SEEN, AGREED, ACT), late).closable
    assert school(RULES % (", strength: may", "[d]", "")).look(log(SEEN, AGREED, ACT), late).closable
    assert not school(RULES % (", until: left", "[d]", "")).look(log(SEEN, AGREED, ACT), NOW).closable


def test_closing_otherwise(school):
    """Closing otherwise is the limit closure.<kind>"""
    here = school(RULES % ("", "all", ", decided by: [head, board]"))
    close = "2026-05-11T12:00 close"

    def breaches(*lines: str) -> list[tuple[str, tuple[str, ...]]]:
        return [(breach.rule, breach.missing) for breach in here.breaches(log(SEEN, *lines))]

    assert breaches(AGREED, ACT, TOLD, close) == breaches(AGREED, ACT, TOLD, f"{close} role=board") == []
    assert breaches(AGREED, ACT, TOLD, f"{close} role=teacher") == [("closure.case", ("by:head",))]
    assert breaches(ACT, close) == [("closure.case", ("f", "d", "e"))]


def test_what_closing_raises(school):
    """what a close alone raises does not stand in its own way"""
    after = "h: {when: %s, for each: target of the case, must: told, by: P1D, who: head}}\nclosure"
    close, told = "2026-05-11T12:00 close", "2026-05-11T13:00 told target=s1"

    def breaches(when: str, *lines: str) -> list[tuple[str, tuple[str, ...]]]:
        rules = (RULES % ("", "all", "")).replace("}\nclosure", f", {after % when}")
        found = school(rules).look(log(SEEN, AGREED, ACT, TOLD, *lines), "2026-05-20T00:00").breaches
        return [(breach.rule, breach.missing) for breach in found]

    assert breaches("close", close) == breaches("[close, left]", close) == []
    assert breaches("[close, planned]", close, "2026-05-11T12:00 planned") == [("closure.case", ("h",))]
    again = "2026-05-12T09:00 close"
    assert breaches("close", close, again) == [("closure.case", ("h",))], "what an earlier closing raised does"
    assert breaches("close", close, told, again) == []


def test_in_a_closed_record(school):
    """In a closed record events may be recorded and duties arise, but echoes do not reach it unless it is watched"""
    here = school(RULES % ("", "all", ", watch for: P1M"))
    events = log("2026-05-11T10:00 close", "2026-05-12T10:00 seen target=s1")
    picture = here.look(events, "2026-05-12T10:00")

    assert (picture.closed, picture.watched, [duty.state.value for duty in picture.duties]) == (True, True, ["pending"])
    assert not here.look(events, "2026-06-11T10:01").watched


CLOSE, REOPEN = "2026-05-12T10:00 close", "2026-06-01T09:00 reopen"


def arose(duties) -> list[str]:
    return [duty.arose.isoformat(timespec="minutes") for duty in duties]


def test_reopening(school):
    """At reopen each single instance that fell away through close arises anew, once or not, and each series or chain
    that close ended begins anew: windows are reckoned from the reopening, a link arises then, due D later"""
    rule = "duties: {d: {when: seen, for each: target, must: told, until: [close, left], %s, who: head}}"
    single = school(rule % "by: P2D").duties(log(SEEN, CLOSE, REOPEN), "2026-06-01T09:00")
    series = school(rule % "repeat every: P1W").duties(log(SEEN, CLOSE, REOPEN), "2026-06-08T09:00")
    chain = school(rule % "by: P1D, again after: P1W").duties(
        log(SEEN, "2026-05-11T12:00 told target=s1", CLOSE, REOPEN), "2026-06-02T09:00"
    )

    assert [(duty.state.value, duty.due.day) for duty in single] == [("not-applicable", 13), ("pending", 3)]
    assert arose(series) == ["2026-05-11T10:00", "2026-06-01T09:00", "2026-06-08T09:00"]
    assert [(duty.state.value, duty.due.isoformat(timespec="minutes")) for duty in chain][2:] == [
        ("pending", "2026-06-08T09:00")
    ]


def test_what_did_not_end_by_close(school):
    """each single instance that fell away through close arises anew"""
    rule = "duties: {d: {when: seen, for each: target, must: told, until: [close, left], %s, who: head}}"

    for line in ("2026-05-11T11:00 left target=s1", "2026-05-11T11:00 told target=s1"):
        assert len(school(rule % "by: P2D").duties(log(SEEN, line, CLOSE, REOPEN), "2026-06-02T00:00")) == 1
    left = log(SEEN, "2026-05-11T11:00 left target=s1", CLOSE, REOPEN)
    assert len(school(rule % "repeat every: P1W").duties(left, "2026-06-20T00:00")) == 1
    late = log(SEEN, "2026-05-20T10:00 close", REOPEN)
    assert school(rule % "by: P2D").states(late, "2026-06-02T00:00") == ["overdue"]
