"""A backup holds every row, opens only for its reader, and comes back on an empty machine with every chain whole."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from upstander.people import queries as people
from upstander.records import actions, checkpoints
from upstander.records.backup import restoring, rows
from upstander.records.backup.errors import CannotRestore
from upstander.records.tests import place as places
from upstander.records.tests.place import Place
from upstander.vault import age, root


@pytest.fixture
def told(place: Place) -> str:
    """A report, a case with a file, a checkpoint; the number of the report."""
    number = places.concern(place).number
    case = places.case(place)
    actions.record(place.viewer("Head"), case, "file-added", files=[SimpleUploadedFile("a.txt", b"words " * 5000)])
    checkpoints.make(place.school)
    return number


@pytest.fixture
def reader(tmp_path: Path) -> tuple[str, Path]:
    return age.new_identity(tmp_path / "backup.key"), tmp_path / "backup.key"


def written(tmp_path: Path, recipient: str) -> Path:
    path = tmp_path / "all.age"
    with age.new_file(path) as out:
        age.encrypt(rows.pieces(connection), out, [age.recipient(recipient)])
    return path


def upstander(folder: Path, *arguments: object, key: str = "") -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "UPSTANDER_DATA": str(folder), "UPSTANDER_LANG": "en-GB", "UPSTANDER_ROOT_KEY": key}
    env["UPSTANDER_SECRET_KEY"] = "from the environment, so that no key makes the folder"
    env.pop("UPSTANDER_DATABASE_URL", None)
    command = [sys.executable, "-m", "upstander.cli", *map(str, arguments)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603


def test_the_drill(told: str, reader: tuple[str, Path], tmp_path: Path) -> None:
    """Backup, an empty machine, restore, verify: the report is there. On PostgreSQL it moves to SQLite on the way."""
    made = written(tmp_path, reader[0])
    machine = tmp_path / "machine"
    key = base64.b64encode(root.root_key()).decode()

    without = upstander(machine, "restore", made, "--key", reader[1])
    assert without.returncode == 2
    assert "root key that this backup needs is not here" in without.stderr
    assert not (machine / "root.key").exists()
    done = upstander(machine, "restore", made, "--key", reader[1], key=key)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "rei-school: 2 records, 5 events, 0 problems" in done.stdout
    again = upstander(machine, "restore", made, "--key", reader[1], key=key)
    assert again.returncode == 2
    assert "There is data in this database" in again.stderr

    import sqlite3

    held = sqlite3.connect(machine / "upstander.sqlite3")
    assert held.execute("SELECT COUNT(*) FROM records_record WHERE number = ?", [told]).fetchone() == (1,)
    triggers = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'append_only%'"
    assert held.execute(triggers).fetchone()[0] > 15
    for table in rows.tables_of(connection):
        here = rows._count(connection, table)
        assert held.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (here,), table  # noqa: S608
    held.close()


def test_what_was_written_here_reads_back_the_same(told: str, place: Place) -> None:
    """All tables emptied and filled again from the backup are the same rows to the byte."""
    import io
    import json
    import zlib

    from django.core.management import call_command

    def lines() -> list[bytes]:
        found = zlib.decompress(b"".join(rows.pieces(connection)), wbits=31).splitlines()
        return sorted(found[1:-1])

    before = lines()
    backup = b"".join(rows.pieces(connection))
    connection.check_constraints()
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
    assert not people.schools().exists()

    header = restoring.restore(io.BytesIO(backup), [])

    assert lines() == before
    assert header["rows"]["records_event"] == 5
    assert json.dumps(header["migrations"]) != "[]"


def test_only_the_reader_opens_it_and_it_holds_nothing_in_clear(
    told: str, reader: tuple[str, Path], tmp_path: Path
) -> None:
    made = written(tmp_path, reader[0])
    other = tmp_path / "other.key"
    age.new_identity(other)

    assert b"rei-school" not in made.read_bytes()
    assert made.stat().st_mode & 0o77 == 0
    for keys, code in ((age.identities(other), "wrong-key"), ([], "wrong-key")):
        with made.open("rb") as source, pytest.raises(CannotRestore) as problem:
            restoring.restore(source, keys)
        assert problem.value.code == code
    with pytest.raises(FileExistsError), age.new_file(made):
        pass


def test_nothing_is_written_where_rows_are(told: str, reader: tuple[str, Path], tmp_path: Path) -> None:
    made = written(tmp_path, reader[0])
    with made.open("rb") as source, pytest.raises(CannotRestore) as problem:
        restoring.restore(source, age.identities(reader[1]))

    assert problem.value.code == "not-empty"


@pytest.mark.parametrize("where", [0.3, 0.6, 0.999])
@pytest.mark.parametrize("how", ["cut", "flipped"])
def test_a_backup_that_was_cut_or_changed_restores_nothing(
    where: float, how: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    whole = b"".join(rows.pieces(connection))
    place = int(len(whole) * where)
    broken = whole[:place] if how == "cut" else whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
    monkeypatch.setattr(restoring, "_has_rows", lambda: False)
    monkeypatch.setattr(restoring._Table, "write", lambda self: None)
    with pytest.raises(CannotRestore) as problem:
        restoring.restore(io.BytesIO(broken), [])

    assert problem.value.code in ("broken", "not-a-backup")
