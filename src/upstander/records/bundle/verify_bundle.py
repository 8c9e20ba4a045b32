#!/usr/bin/env python3
# Copyright (c) 2026 The Upstander authors
# SPDX-License-Identifier: MIT
#
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
# files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
# modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
# is furnished to do so, subject to the following conditions: The above copyright notice and this permission notice shall be
# included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND,
# EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
# NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
# IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR ITS USE.
"""Checks the sealed bundle of a record. Needs Python 3.9 and the package "cryptography", nothing else.

    python3 verify_bundle.py BUNDLE.zip [--key FINGERPRINT]

It holds that every byte of the file is what the school signed; that the entries of the log follow one another without a gap
and none was changed; that every text and file shown is the one that was written then. What was withheld from the reader
of this bundle is listed: of it the log holds only a commitment, which can be opened later and cannot be changed.

Compare the fingerprint with the one that the school gives you in another way: only that says that the key is the school's. Take
this program from a place that you trust, too; the copy inside a bundle is as trustworthy as who sent it. Exit code: 0 all
holds, 1 it does not, 2 the file could not be read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import struct
import sys
import zipfile
import zlib
from typing import Any

FORM = 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
EVENTS, DISCLOSED = "events.json", "disclosed.json"


def canonical(value: Any) -> bytes:
    """The bytes that are hashed: JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def commitment(salt: bytes, place: str, plaintext: bytes) -> str:
    """What the log says of a protected text: SHA-256 over salt, place, a zero byte and the text."""
    return hashlib.sha256(salt + place.encode() + b"\0" + plaintext).hexdigest()


def fingerprint(public: bytes) -> str:
    """SHA-256 of the public key in groups of four."""
    text = hashlib.sha256(public).hexdigest()[:32]
    return " ".join(text[at : at + 4] for at in range(0, 32, 4))


def packed(entries: dict[str, bytes]) -> bytes:
    """The one ZIP that holds these entries: nothing compressed, no dates, no room for anything else. {name: bytes} -> bytes."""
    body: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, content in entries.items():
        raw = name.encode("ascii")
        said = struct.pack(
            "<HHHHHIIIHH", 20, 0, 0, 0, 0x21, zlib.crc32(content), len(content), len(content), len(raw), 0
        )
        body.append(b"PK\x03\x04" + said + raw + content)
        directory.append(b"PK\x01\x02" + struct.pack("<H", 20) + said + struct.pack("<HHHII", 0, 0, 0, 0, offset) + raw)
        offset += len(body[-1])
    listed = b"".join(directory)
    number = len(entries)
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, number, number, len(listed), offset, 0)
    return b"".join(body) + listed + end


def unpacked(data: bytes) -> dict[str, bytes]:
    """The entries of a bundle; ValueError where a byte of the file stands for nothing or for something else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = {name: archive.read(name) for name in archive.namelist()}
        if packed(entries) == data:
            return entries
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        struct.error,
    ):
        pass
    raise ValueError("the file is no bundle, or was changed")


def check(data: bytes, key: bytes | str | None = None) -> tuple[list[str], dict[str, Any]]:
    """(problems, what the bundle says of itself). ``key``: the school's public key (32 bytes) or its fingerprint, if known."""
    try:
        entries = unpacked(data)
        manifest = json.loads(entries[MANIFEST])
        public = bytes.fromhex(manifest["public"])
    except (ValueError, KeyError, TypeError) as problem:
        return [str(problem) or "the file is no bundle"], {}
    problems = _signature(entries, public)
    if isinstance(key, bytes) and key != public:
        problems.append("this is not the key of the school that you named")
    if isinstance(key, str) and "".join(key.lower().split()) != fingerprint(public).replace(" ", ""):
        problems.append("the fingerprint is another one")
    if problems:
        return problems, manifest
    return _entries(entries, manifest) + _log(entries, manifest), manifest


def _signature(entries: dict[str, bytes], public: bytes) -> list[str]:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(entries.get(SIGNATURE, b""), entries[MANIFEST])
    except (InvalidSignature, ValueError):
        return ["the signature does not fit"]
    return []


def _entries(entries: dict[str, bytes], manifest: dict[str, Any]) -> list[str]:
    said = manifest["files"]
    problems = [f"{name}: is missing" for name in said if name not in entries]
    problems += [
        f"{name}: does not belong here" for name in entries if name not in said and name not in (MANIFEST, SIGNATURE)
    ]
    changed = (name for name in said if name in entries and hashlib.sha256(entries[name]).hexdigest() != said[name])
    return problems + [f"{name}: was changed" for name in changed]


def _log(entries: dict[str, bytes], manifest: dict[str, Any]) -> list[str]:
    events, disclosed = json.loads(entries[EVENTS]), json.loads(entries[DISCLOSED])
    problems: list[str] = []
    withheld: list[list[Any]] = []
    previous, opened = "", 0
    for position, event in enumerate(events, start=1):
        where = f"entry {position}"
        if event["position"] != position or event["previous"] != previous:
            problems.append(f"{where}: does not follow the entry before it")
        previous = event["hash"]
        said = event.get("said")
        if said is None:
            withheld.append([position, ""])
            continue
        if hashlib.sha256(canonical(said)).hexdigest() != event["hash"] or said["previous"] != event["previous"]:
            problems.append(f"{where}: was changed after it was written")
        if said["record"] != manifest["record"]["id"] or said["position"] != position:
            problems.append(f"{where}: belongs to another record or place")
        shown = disclosed.get(said["id"], {})
        opened += len(shown)
        problems += _shown(entries, said, shown, where)
        withheld += [[position, path] for path in sorted(said["sealed"]) if path not in shown]
    if (len(events), previous) != (manifest["record"]["length"], manifest["record"]["head"]):
        problems.append("entries are missing at the end")
    if withheld != manifest["withheld"] or opened != sum(map(len, disclosed.values())):
        problems.append("what is shown is not what was to be shown")
    return problems


def _shown(entries: dict[str, bytes], said: dict[str, Any], shown: dict[str, Any], where: str) -> list[str]:
    problems = []
    for path, one in shown.items():
        try:
            plain = entries[one["file"]] if "file" in one else base64.b64decode(one["base64"], validate=True)
            fits = (
                commitment(bytes.fromhex(one["salt"]), f"{said['id']}/{path}", plain)
                == said["sealed"][path]["commitment"]
            )
        except (KeyError, ValueError, binascii.Error):
            fits = False
        if not fits:
            problems.append(f"{where}: {path} is not what was written")
    return problems


def main(arguments: list[str]) -> int:
    """Check one file and say it in words."""
    if not arguments or arguments[0].startswith("-"):
        print(__doc__)
        return 2
    key = arguments[arguments.index("--key") + 1] if "--key" in arguments[:-1] else None
    try:
        with open(arguments[0], "rb") as file:
            problems, manifest = check(file.read(), key)
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    if problems:
        print("This bundle does NOT hold.")
        return 1
    record = manifest["record"]
    print(
        f"Record {record['number']} of {manifest['school']['name']}, {record['length']} entries, made {manifest['made']}."
    )
    print(f"Withheld from the reader of this bundle: {len(manifest['withheld'])}.")
    print(f"Fingerprint of the key: {fingerprint(bytes.fromhex(manifest['public']))}")
    print("Everything holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
