"""A record leaves through the command line: sealed, for its reader, with a receipt, and checked by whoever receives it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from upstander import cli
from upstander.records.canonical import canonical
from upstander.records.models import Reading, Record
from upstander.records.tests import place as places
from upstander.vault import age


@pytest.fixture
def record(db: None, monkeypatch: pytest.MonkeyPatch) -> Record:
    monkeypatch.setenv("UPSTANDER_LANG", "nl")
    return places.concern(places.make())


def test_a_bundle_is_written_once_and_verified(
    record: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "case.zip")
    assert cli.main(["bundle", record.number, file]) == 0
    assert cli.main(["verify", file]) == 0
    assert "Alles klopt" in capsys.readouterr().out
    assert cli.main(["bundle", record.number, file]) == 2
    assert cli.main(["bundle", "NO-SUCH", file]) == 2
    assert cli.main(["bundle", record.number, file + "2", "--reader", "pirate"]) == 2
    assert "class-teacher" in capsys.readouterr().err

    held = bytearray(Path(file).read_bytes())
    held[len(held) // 2] ^= 4
    Path(file).write_bytes(held)
    assert cli.main(["verify", file]) == 1


def test_a_hand_over_opens_for_the_receiver_only_and_leaves_a_receipt(record: Record, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.key", tmp_path / "theirs.key"
    public = age.new_identity(theirs)
    age.new_identity(ours)
    file = str(tmp_path / "case.age")

    assert cli.main(["handover", record.number, "--to", public, file]) == 0
    assert cli.main(["receive", file, "--key", str(ours), str(tmp_path / "no.zip")]) == 2
    assert not (tmp_path / "no.zip").exists()
    assert cli.main(["receive", file, "--key", str(theirs), str(tmp_path / "yes.zip")]) == 0

    receipt = json.loads((tmp_path / "case.age.receipt.json").read_bytes())
    assert receipt["said"]["to"] == public
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(receipt["public"]))
    key.verify(bytes.fromhex(receipt["signature"]), canonical(receipt["said"]))
    assert Reading.objects.filter(record=record, what=f"handover:{public}").count() == 1
