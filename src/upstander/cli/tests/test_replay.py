"""``upstander pack replay`` as somebody types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from upstander.cli.tests.test_pack_commands import run
from upstander.policy import loader
from upstander.policy.loader.sources import PACKS

LOG = (
    '{"record": "c1", "kind": "concern", "event": "told", "at": "2026-05-11T10:20", "about": {"target": ["s1"]}}\n'
    '{"record": "c1", "kind": "concern", "event": "acknowledged", "at": "2026-05-12T10:20", "by": {"role": "coordinator"}}\n'
)


@pytest.fixture
def faster(tmp_path: Path) -> str:
    """The starter, answering within the hour."""
    (tmp_path / "faster.yaml").write_text(
        f"id: starter\nextends: starter@{loader.load('starter').version}\nversion: '2'\n"
        "title: Faster\nin force from: 2026-09-01\nlanguage: en-GB\ntimezone: Europe/London\n"
        "duties: {acknowledge: {by: PT1H}}\n"
    )
    return str(tmp_path / "faster.yaml")


def test_a_log_file_is_judged_by_both_packs(capsys: pytest.CaptureFixture[str], tmp_path: Path, faster: str) -> None:
    (tmp_path / "log.jsonl").write_text(LOG)

    code, said = run(capsys, "replay", faster, "--against", str(tmp_path / "log.jsonl"))

    assert code == 1
    assert "With this change 1 of 1 case would have been late; as it is, 0." in said
    assert "met 2026-05-12T23:59 → met-late 2026-05-11T11:20" in said


def test_the_same_pack_changes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text(LOG)

    code, said = run(capsys, "replay", str(PACKS / "starter"), "--against", str(tmp_path / "log.jsonl"), "--json")

    assert code == 0
    assert json.loads(said)["differences"] == []


def test_neither_a_school_nor_a_file_is_said(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    code, _ = run(capsys, "replay", "starter", "--against", "nowhere")

    assert code == 2
