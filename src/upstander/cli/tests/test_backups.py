"""Backups from the command line: never unencrypted by accident, never over another file."""

from __future__ import annotations

from pathlib import Path

import pytest

from upstander import cli
from upstander.vault import age


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_LANG", "en-GB")


@pytest.mark.parametrize(
    ("more", "said"),
    [([], "For whom?"), (["--to", "age1nonsense"], "is no public age key"), (["--to", ""], "is no public age key")],
)
def test_without_a_reader_nothing_is_written(
    more: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["backup", str(tmp_path / "all.age"), *more]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_made_once_and_its_public_half_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "backup.key"
    assert cli.main(["keys", "new", str(place)]) == 0
    public = capsys.readouterr().out.strip()
    assert public.startswith("age1")
    assert str(age.identities(place)[0].to_public()) == public

    assert cli.main(["keys", "new", str(place)]) == 2
    assert "is there already" in capsys.readouterr().err


def test_what_is_no_backup_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "letter.txt"
    place.write_text("Dear all")

    assert cli.main(["restore", str(place)]) == 2
    assert "no backup" in capsys.readouterr().err
    assert cli.main(["restore", str(place), "--key", str(place)]) == 2
    assert "no secret age key" in capsys.readouterr().err
