"""``upstander conform``, as somebody types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from upstander.cli import main

TOLD = '{"record": "c1", "kind": "concern", "event": "told", "at": "2026-05-11T10:20", "about": {"target": ["s1"]}}\n'


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.jsonl"
    path.write_text(TOLD)
    return path


def conform(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        code = main(["conform", *words]) or 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_duty_that_is_late_ends_with_one(capsys: pytest.CaptureFixture[str], log: Path) -> None:
    code, said, _ = conform(capsys, "starter", str(log), "--now", "2027-05-13T12:00")
    assert code == 1
    assert "Records: 1. Events: 1." in said

    code, said, _ = conform(capsys, "starter", str(log), "--now", "2026-05-11T10:20")
    assert code == 0


def test_the_summary_for_machines(capsys: pytest.CaptureFixture[str], log: Path) -> None:
    code, said, _ = conform(capsys, "starter", str(log), "--now", "2027-05-13T12:00", "--json")
    data = json.loads(said)

    assert code == 1
    assert data["records"] == data["events"] == 1
    assert sum(line["overdue"] for line in data["duties"]) > 0
    assert {"duty", "opened", "met", "late", "open", "overdue", "breaches", "median minutes to meet"} <= set(
        data["duties"][0]
    )


def test_a_broken_line_stops_it_unless_it_may_be_left_out(
    capsys: pytest.CaptureFixture[str], log: Path, tmp_path: Path
) -> None:
    log.write_text(TOLD + "not json\n")
    out = tmp_path / "verdicts.csv"
    code, said, wrong = conform(capsys, "starter", str(log), "--now", "2026-05-13T12:00", "--out", str(out))
    assert (code, said) == (2, "")
    assert "line 2: it is no JSON" in wrong
    assert not out.exists()

    code, said, wrong = conform(
        capsys, "starter", str(log), "--now", "2026-05-13T12:00", "--out", str(out), "--skip-broken", "--json"
    )
    assert code in (0, 1)
    assert json.loads(said)["left out"]["lines"] == 1
    assert "told" in out.read_text(encoding="utf-8") or out.stat().st_size > 100


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("starter", "log.txt", "--now", "2026-05-13"), "log.txt"),
        (("starter", "none.jsonl", "--now", "2026-05-13"), "none.jsonl"),
        (("starter", "LOG", "--now", "soon"), "soon"),
        (("starter", "LOG", "--now", "2026-05-13", "--map", "a"), "“a”"),
        (("starter", "LOG", "--now", "2026-05-13", "--out", "x.pdf"), "x.pdf"),
        (("no-such-pack", "LOG", "--now", "2026-05-13"), "no-such-pack"),
        (("starter", "LOG", "--now", "2026-05-13", "--calendar", "/no/calendar.yaml"), "calendar"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    capsys: pytest.CaptureFixture[str], log: Path, words: tuple[str, ...], why: str
) -> None:
    code, _, wrong = conform(capsys, *(str(log) if word == "LOG" else word for word in words))

    assert code == 2
    assert why in wrong
    assert "Traceback" not in wrong


@pytest.mark.parametrize(("language", "words"), [("ja", "2行目"), ("nl", "regel 2"), ("zh_CN", "第2行")])
def test_it_speaks_the_users_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, log: Path, language: str, words: str
) -> None:
    monkeypatch.setenv("UPSTANDER_LANG", language)
    log.write_text(TOLD + '{"event": "sung", "at": "2026-05-11"}\n')

    assert words in conform(capsys, "starter", str(log), "--now", "2026-05-13")[2]


DAILY = """
id: daily
title: Daily
version: "{version}"
in force from: {day}
language: en-GB
timezone: UTC
events: {{told: {{label: Tell, done: Told}}, seen: {{label: See, done: Seen}}, asked: {{label: Ask, done: Asked}}}}
duties:
  see: {{when: told, counts: each, must: seen, by: {by}}}
  ask: {{when: told, counts: each, must: asked, by: P7D}}
"""


def test_what_arose_before_a_new_version_stays_judged_by_the_old_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for version, day, by in (("1", "2026-01-01", "P5D"), ("2", "2026-05-01", "PT2H")):
        (tmp_path / f"{version}.yaml").write_text(DAILY.format(version=version, day=day, by=by))
    log = tmp_path / "log.csv"
    log.write_text("event,at\ntold,2026-04-30T10:00\ntold,2026-05-01T10:00\n")
    new, old = str(tmp_path / "2.yaml"), str(tmp_path / "1.yaml")

    _, said, _ = conform(capsys, new, str(log), "--now", "2026-05-02T10:00", "--before", old, "--json")
    data = json.loads(said)

    assert {line["duty"]: line["overdue"] for line in data["duties"]} == {"see": 1, "ask": 0}
    assert data["handed to the compiled strategy"] == {"see": "a rule that differs between versions"}
    code, _, wrong = conform(capsys, new, str(log), "--now", "2026-05-02", "--before", new)
    assert (code, "from the same day" in wrong) == (2, True)
