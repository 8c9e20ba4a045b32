"""A bundle proves itself on a machine that knows nothing of it, shows a reader what is theirs, and no byte of it can be changed."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upstander.access import viewer as viewers
from upstander.records import actions
from upstander.records.bundle import making, verify_bundle
from upstander.records.canonical import canonical
from upstander.records.models import Reading, Record
from upstander.records.tests import place as places
from upstander.records.tests.place import Place
from upstander.vault import keys


@pytest.fixture
def case(place: Place) -> Record:
    head, made = place.viewer("Head"), places.case(place)
    actions.record(head, made, "file-added", files=[SimpleUploadedFile("letter.txt", b"ZEBRA in a file")])
    actions.record(head, made, "note-added", fields={"note": "ZEBRA in a note"})
    return made


@pytest.fixture
def whole(place: Place, case: Record) -> bytes:
    return making.make(viewers.system(place.school, places.TODAY), case, "en-GB")


def test_it_verifies_alone_on_another_machine(place: Place, whole: bytes, tmp_path: Path) -> None:
    """The copy inside the bundle, run without this software, with nothing but the standard library and cryptography."""
    bundle, program = tmp_path / "case.zip", tmp_path / "verify_bundle.py"
    bundle.write_bytes(whole)
    program.write_bytes(verify_bundle.unpacked(whole)["verify_bundle.py"])
    sign = verify_bundle.fingerprint(keys.public_key(place.school.id))

    done = subprocess.run(  # noqa: S603
        [sys.executable, "-I", program, bundle, "--key", sign],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Everything holds." in done.stdout
    assert verify_bundle.check(whole, "0" * 32)[0] == ["the fingerprint is another one"]


def test_it_holds_the_log_the_texts_the_files_and_a_paper(case: Record, whole: bytes) -> None:
    entries = verify_bundle.unpacked(whole)
    shown = json.loads(entries["disclosed.json"])

    assert len(json.loads(entries["events.json"])) == case.length
    assert [content for name, content in entries.items() if name.startswith("files/")] == [b"ZEBRA in a file"]
    assert any("note" in paths for paths in shown.values())
    assert entries["record.pdf"].startswith(b"%PDF-")
    assert Reading.objects.filter(record=case, what="bundle", person=None).exists()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    where=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255), how=st.sampled_from(["flip", "drop", "add"])
)
def test_it_fails_after_any_change_of_a_byte(whole: bytes, where: float, change: int, how: str) -> None:
    at = int(where * len(whole))
    middle = {"flip": bytes([whole[at] ^ change]), "drop": b"", "add": whole[at : at + 1] + bytes([change])}[how]

    assert verify_bundle.check(whole[:at] + middle + whole[at + 1 :])[0]


def test_the_bytes_between_the_entries_count_as_well(whole: bytes) -> None:
    """Every byte of every header of the ZIP, where a reader of ZIPs would look away."""
    entries = verify_bundle.unpacked(whole)
    start, places_ = 0, []
    for name, content in entries.items():
        places_ += range(start, start + 30 + len(name))
        start += 30 + len(name) + len(content)
    for at in [*places_, *range(start, len(whole))]:
        changed = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        with pytest.raises(ValueError, match="changed"):
            verify_bundle.unpacked(changed)


def test_what_is_signed_anew_by_another_key_is_not_the_schools(place: Place, whole: bytes) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    entries, forger = verify_bundle.unpacked(whole), Ed25519PrivateKey.generate()
    manifest = json.loads(entries["manifest.json"]) | {"public": forger.public_key().public_bytes_raw().hex()}
    entries["manifest.json"] = canonical(manifest)
    entries["manifest.sig"] = forger.sign(entries["manifest.json"])
    forged = verify_bundle.packed(entries)

    assert verify_bundle.check(forged)[0] == []
    assert verify_bundle.check(forged, keys.public_key(place.school.id))[0] != []


@pytest.mark.parametrize("change", ["text", "salt", "shown-less", "event", "order", "cut", "file"])
def test_a_school_that_signs_a_changed_log_is_caught_by_the_log(place: Place, whole: bytes, change: str) -> None:
    """Even with the right key: the hashes and commitments of then do not fit what is said now."""
    entries = verify_bundle.unpacked(whole)
    events, shown = json.loads(entries["events.json"]), json.loads(entries["disclosed.json"])
    first, path = next((event, path) for event in shown for path in shown[event] if "base64" in shown[event][path])
    if change == "text":
        shown[first][path]["base64"] = "AAAA"
    elif change == "salt":
        shown[first][path]["salt"] = "00" * 32
    elif change == "shown-less":
        del shown[first][path]
    elif change == "event":
        events[1]["said"]["at"] = "2020-01-01T00:00"
    elif change == "order":
        events[0], events[1] = events[1], events[0]
    elif change == "cut":
        events.pop()
    else:
        name = next(each for each in entries if each.startswith("files/"))
        entries[name] += b"."
    entries["events.json"], entries["disclosed.json"] = canonical(events), canonical(shown)
    manifest = json.loads(entries["manifest.json"])
    manifest["files"] = {name: hashlib.sha256(entries[name]).hexdigest() for name in manifest["files"]}
    entries["manifest.json"] = canonical(manifest)
    entries["manifest.sig"] = keys.sign(place.school.id, entries["manifest.json"])

    assert verify_bundle.check(verify_bundle.packed(entries), keys.public_key(place.school.id))[0]


def test_what_is_kept_from_the_reader_is_there_as_a_commitment_only(place: Place) -> None:
    """The class teacher's bundle of a concern whose source is kept from them holds no word of it, and verifies."""
    head = place.viewer("Head")
    case = places.case(place)
    actions.record(head, case, "note-added", fields={"note": "ZEBRA"})
    kind = head.pack.events["note-added"]
    secret = replace(kind.fields["note"], secret_from=("class-teacher",))
    pack = replace(
        head.pack, events={**head.pack.events, "note-added": replace(kind, fields={**kind.fields, "note": secret})}
    )
    reader = replace(place.viewer("Chen"), pack=pack, memo={})

    made = making.make(reader, case, "en-GB")

    problems, manifest = verify_bundle.check(made, keys.public_key(place.school.id))
    assert problems == []
    assert manifest["withheld"] == [[case.length, "note"]]
    assert b"ZEBRA" not in made
    assert "WkVCUkE" not in made.decode("latin-1")
