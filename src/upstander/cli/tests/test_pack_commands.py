"""The commands for packs, as somebody types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from upstander.cli import main, packs, tracing
from upstander.cli.problems import Cannot
from upstander.policy import loader


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    try:
        code = main(["pack", *words]) or 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, capsys.readouterr().out


def test_a_pack_in_order_has_no_errors_and_its_scenarios_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "lint", "starter")[0] == 0
    code, said = run(capsys, "test", "starter")

    assert code == 0
    assert "✗" not in said


def test_a_broken_pack_is_reported_with_file_line_and_column(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "own.yaml").write_text("id: own\ntitel: Own\n")

    code, said = run(capsys, "lint", str(tmp_path / "own.yaml"))

    assert code == 1
    assert "own.yaml:2:1: E0 unknown word 'titel'" in said
    assert "did you mean 'title'?" in said
    assert "E0 is explained at docs/language/codes.md#e0" in said


def test_several_packs_are_checked_for_how_they_stand_together(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kinds = ("events: {noted: {label: Note it, fields: {hours: number}}}", "events: {noted: {label: Note it}}")
    for name, events in zip(("one", "two"), kinds, strict=True):
        head = f"id: {name}\ntitle: {name}\nversion: '1'\nin force from: 2026-04-01\nlanguage: en-GB\ntimezone: Europe/London\n"
        (tmp_path / f"{name}.yaml").write_text(f"{head}shares: [noted]\n{events}\n")
    one, two = (str(tmp_path / f"{name}.yaml") for name in ("one", "two"))

    assert run(capsys, "lint", one)[0] == 0
    code, said = run(capsys, "lint", one, two)

    assert code == 1
    assert "E17" in said


def test_a_command_for_packs_leaves_nothing_in_the_authors_folder(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UPSTANDER_")}
    command = [sys.executable, "-m", "upstander.cli", "pack", "list"]

    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)

    assert list(tmp_path.iterdir()) == []


def test_every_clause_is_traced(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys, "trace", "starter", "--json")
    first = json.loads(said)["clauses"][0]

    assert code == 0
    assert first["id"] == "S-1"
    assert ("rule", "duties.triage") in [(each["kind"], each["ref"]) for each in first["bindings"]]
    assert first["scenarios"]


def test_what_is_not_covered_is_said_in_the_end(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "catalogue.yaml").write_text("- {id: S-1, gist: a}\n- {id: S-99, gist: b}\n")

    code, said = run(capsys, "trace", "starter", "--missing", "--catalogue", str(tmp_path / "catalogue.yaml"))

    assert code == 1
    assert "10 of 10 clauses are bound" in said
    assert "In the catalogue, not in the pack: S-99" in said


def test_a_catalogue_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "catalogue.yaml").write_text("a: b\n")

    with pytest.raises(Cannot, match="a catalogue is a list of clauses"):
        tracing.run(Namespace(path="starter", json=False, missing=False, catalogue=str(tmp_path / "catalogue.yaml")))


def test_the_schema_of_one_file_and_of_all(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert json.loads(run(capsys, "schema", "--file", "rules.yaml")[1])["title"] == "rules.yaml"
    assert run(capsys, "schema", "--file", "nothing.yaml")[0] == 2
    assert run(capsys, "schema", "--to", str(tmp_path / "schemas"))[0] == 0
    assert json.loads((tmp_path / "schemas" / "clauses.json").read_text())["title"] == "clauses.yaml"


@pytest.mark.parametrize("lang", ["en", "ja", "nl", "zh-hans"])
def test_a_new_pack_is_clean_and_holds_in_every_language(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("UPSTANDER_LANG", lang)
    folder = tmp_path / "our-school"

    assert run(capsys, "new", str(folder), "--title", 'A "policy": ours')[0] == 0
    pack, problems = loader.check(folder)

    assert problems == []
    assert pack is not None
    assert (pack.id, pack.title) == ("our-school", 'A "policy": ours')
    assert run(capsys, "test", str(folder))[0] == 0
    for path in folder.glob("*.yaml"):
        first, second = path.read_text(encoding="utf-8").splitlines()[:2]
        schema = first.partition("$schema=")[2]
        assert (folder / schema).is_file(), path
        assert second.startswith("# "), path


@pytest.mark.parametrize("name", ["Our School", "starter", "-", "../x/Y"])
def test_a_name_that_no_pack_can_have_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    assert run(capsys, "new", str(tmp_path / name))[0] == 2


def test_nothing_is_written_over(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()

    assert run(capsys, "new", str(tmp_path / "mine"))[0] == 2
    assert list((tmp_path / "mine").iterdir()) == []


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(run(capsys, "schema")[1])["title"] == "Policy pack"


@pytest.mark.parametrize("lang", ["en-GB", "ja", "nl", "zh-Hans"])
def test_rules_are_printed_as_sentences(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    code, said = run(capsys, "sentences", "starter", "--lang", lang)

    assert code == 0
    assert len(said.splitlines()) > 5


def test_a_log_is_simulated_and_a_broken_line_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(
        '{"record": "c1", "kind": "concern", "event": "told", "at": "2026-05-11T10:20", "about": {"target": ["s1"]}}\n\n'
    )

    code, said = run(capsys, "simulate", "starter", str(log), "--now", "2026-05-13T12:00", "--json")

    assert code == 0
    assert [each["record"] for each in json.loads(said)["records"]] == ["c1"]
    assert any(each["state"] == "overdue" for each in json.loads(said)["records"][0]["duties"])

    log.write_text('{"event": "told", "at": "2026-05-11T10:20"}\n{"event": "sung", "at": "2026-05-11"}\n')
    with pytest.raises(Cannot, match="line 2: no such kind of event: sung"):
        packs.simulate(Namespace(path="starter", log=str(log), now="2026-05-13T12:00", calendar=None, json=True))


@pytest.mark.parametrize(
    ("lang", "usage", "missing"),
    [
        ("en", "usage: ", "this is missing: PATH"),
        ("ja", "使い方：", "足りないもの：PATH"),
        ("nl", "gebruik: ", "dit ontbreekt: PATH"),
        ("zh-hans", "用法：", "缺少：PATH"),
    ],
)
def test_help_and_mistakes_are_said_in_the_users_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lang: str, usage: str, missing: str
) -> None:
    monkeypatch.setenv("UPSTANDER_LANG", lang)
    with pytest.raises(SystemExit) as ended:
        main(["pack", "lint", "--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(usage)

    with pytest.raises(SystemExit) as ended:
        main(["pack", "lint"])
    assert ended.value.code == 2
    assert missing in capsys.readouterr().err
