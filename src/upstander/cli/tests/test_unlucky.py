"""An operator without luck: a sentence and exit code 2, never a traceback."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from upstander import cli
from upstander.vault.root import NoRootKey


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (OperationalError("no such table: people_school"), "upstander setup"),
        (NoRootKey("this key was wrapped by another root key"), "root key"),
        (PermissionError(13, "Permission denied", "/data/upstander.sqlite3"), "Permission denied"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(
    problem: Exception, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> object:
        raise problem

    monkeypatch.setenv("UPSTANDER_LANG", "en-GB")
    monkeypatch.setattr("upstander.people.queries.schools", broken)

    assert cli.main(["verify"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "said"), [("ja", "ありません"), ("nl", "geen"), ("zh-Hans", "没有"), ("en-GB", "There is no pack")]
)
def test_a_command_speaks_the_users_language(
    language: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UPSTANDER_LANG", language)

    assert cli.main(["school", "new", "X", "--pack", "nope"]) == 2
    assert said in capsys.readouterr().err


def test_settings_that_cannot_be_read_are_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise PermissionError(13, "Permission denied", "/data/.secret.key")

    monkeypatch.setattr("django.setup", broken)

    assert cli.main(["verify"]) == 2
    assert "cannot start" in capsys.readouterr().err


@pytest.mark.parametrize(("port", "said"), [("99999999", "is no port"), ("0", "is no port")])
def test_a_port_that_is_none_is_said_before_anything_starts(
    port: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UPSTANDER_LANG", "en-GB")

    assert cli.main(["serve", "--port", port]) == 2
    assert said in capsys.readouterr().err
