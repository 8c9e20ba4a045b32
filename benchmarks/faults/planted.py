"""Secrets are planted where people write; then every byte that the running system left on the disk is searched for them.

    nice -n 15 .venv/bin/python benchmarks/faults/planted.py

Told at the door, typed as wrong words, asked for as an address, written by staff, a name, a file, a hold. The server, the
worker and the clock run as a school runs them; they are killed, not stopped, so that nothing is tidied up. Searched are the
database file, its write-ahead log, the mails, the logs, the temporary folder (of PostgreSQL: the whole cluster), for the secrets
as text in UTF-8 and UTF-16, as base64 and hex. Then a case is destroyed as retention does it, and its wrapped key and its
ciphertext must be gone from the files as well (SQLite).
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import ground
from ground import Browser, Journey, script, tell, tree

TOLD = "ZEBRAtold they hide her shoes"
SECRETS = ("ZEBRAtold", "ZEBRAnote", "ZEBRAname", "ZEBRAfile", "ZEBRAhold", "zebra@home.example", "ZEBRAtyped")
STAFF = """
import django; django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from upstander.access import viewer as viewers
from upstander.people import actions as people, clock
from upstander.people.models import Person, RoleHeld, School
from upstander.records import actions
from upstander.records.keeping import holding
from upstander.records.models import Event
school = School.objects.get(slug="school-0")
now = clock.now(school)
pupil = people.add_person(school, "pupil", "ZEBRAname", email="zebra@home.example")
dsl = viewers.of_person(Person.objects.get(id=RoleHeld.objects.get(school=school, role="dsl").person_id), school, now.date())
case = actions.open_record(dsl, school, "case")
said = {"target": [str(pupil.id)]}
actions.record(dsl, case, "concern-received", about=said, fields={"what": "ZEBRAnote in the case"}, happened_anyway="ZEBRAnote")
actions.record(dsl, case, "file-added", files=[SimpleUploadedFile("ZEBRAfile.txt", b"ZEBRAfile")], happened_anyway="ZEBRAnote")
holding.release(case)
holding.hold(case, "ZEBRAhold")
print(case.number)
"""
DESTROY = """
import django; django.setup()
from datetime import timedelta
from upstander.people import clock
from upstander.people.models import School
from upstander.policy.model import Keep, Span
from upstander.records.keeping import destroying, holding
from upstander.records.keeping.periods import Standing, State
from upstander.records.models import Record, SealedField
from upstander.vault.models import RecordKey
record = Record.objects.get(number="{number}")
holding.release(record)
print(bytes(RecordKey.objects.get(record_id=record.id).wrapped).hex())
for field in SealedField.objects.filter(record=record):
    print(bytes(field.ciphertext).hex())
now = clock.now(record.school)
destroying.destroy(Standing(record, State.DUE, Keep(Span(days=1), "close"), now - timedelta(days=2), now - timedelta(days=1)))
destroying.scrub()
"""


def spelled(secret: str) -> Iterator[bytes]:
    """The secret as it might stand somewhere."""
    raw = secret.encode()
    yield from (raw, secret.encode("utf-16-le"), raw.hex().encode(), secret.lower().encode())
    for shift in range(3):
        # Base64 of a text in the middle of another: the signs that do not depend on the neighbours.
        yield base64.b64encode(b"\0" * shift + raw)[4 * (shift > 0) : -4]


def found(folders: list[Path], wanted: dict[str, list[bytes]]) -> list[str]:
    hits = []
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and "static" not in path.parts:
                held = path.read_bytes()
                hits += [
                    f"{name} in {path.name}" for name, forms in wanted.items() if any(form in held for form in forms)
                ]
    return hits


def kill(place: ground.Ground) -> None:
    assert place.process is not None
    for pid in tree(place.process.pid):
        os.kill(pid, signal.SIGKILL)
    place.process.wait()
    place.process = None


def run(options: argparse.Namespace, database: str) -> bool:
    with ground.installation(database, options.port) as place:
        temporary = place.data / "tmp"
        temporary.mkdir()
        place.environment["TMPDIR"] = str(temporary)
        place.start()
        journey, here = Journey("school-0", TOLD), Browser(options.port, 7)
        tell(here, journey, walk=False)
        tell(here, Journey("school-1", TOLD), walk=True)
        wrong = {"words": "ZEBRAtyped " * 8, "go": "next"}
        for path in (
            "/school-0/back",
            "/school-0/ZEBRAtyped",
            "/school-0/back?words=ZEBRAtyped",
            "/in/?next=ZEBRAtyped",
        ):
            with contextlib.suppress(RuntimeError):  # not found, not understood, or somewhere else
                here.ask(
                    "POST" if path == "/school-0/back" else "GET", path, wrong if path == "/school-0/back" else None
                )
        number = script(STAFF, place.environment)
        until = time.monotonic() + 60
        while not list((place.data / "mail").glob("*")) and time.monotonic() < until:
            time.sleep(0.2)
        mails = len(list((place.data / "mail").glob("*")))
        kill(place)
        folders = [place.data, *([place.folder] if place.folder else [])]
        hits = found(folders, {each: list(spelled(each)) for each in (*SECRETS, journey.words)})
        gone: list[str] = []
        # What would be found: the school's name lies open, and the texts lie there until they are destroyed.
        control = bool(found(folders, {"name of the school": list(spelled("Larkrise"))}))
        before = b"".join(path.read_bytes() for path in place.data.glob("upstander.sqlite3*"))
        destroyed = script(DESTROY.replace("{number}", number), place.environment).split()
        if database == "sqlite":
            control = control and all(bytes.fromhex(each)[:64] in before for each in destroyed)
            gone = found(folders, {f"ciphertext {n}": [bytes.fromhex(each)[:64]] for n, each in enumerate(destroyed)})
        files = sum(path.is_file() for folder in folders for path in folder.rglob("*") if "static" not in path.parts)
    fine = control and not hits and not gone and mails > 0
    said = f"{len(SECRETS) + 1} secrets in {files} files: {hits or 'none found'}; {mails} mails"
    rest = f"of {len(destroyed)} destroyed keys and texts: {gone or 'none found'}; control {'found' if control else 'NOT FOUND'}"
    print(f"{database:<11}{said}; {rest} -> {'fine' if fine else 'WRONG'}", flush=True)
    return fine


if __name__ == "__main__":
    sys.exit(ground.main(__doc__ or "", run, "sqlite", "postgresql", times=1, port=8775))
