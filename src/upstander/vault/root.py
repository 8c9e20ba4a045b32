"""The root key: from the environment, from a command (a KMS), or from a file that is made once.

Every wrapped key carries the first bytes of the SHA-256 of the root key that wrapped it, so that a rotation can tell them apart.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import shlex
import subprocess
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from upstander.vault import box

MARK_BYTES = 4


class NoRootKey(Exception):
    """The root key is missing or is not 32 bytes in base64."""


def root_key() -> bytes:
    """The root key of this installation (32 bytes). Raises NoRootKey."""
    given = settings.INSTALLATION
    place = given.root_key_file or str(Path(settings.DATA) / "root.key")
    return _root_key(given.root_key, given.root_key_command, place)


@lru_cache(maxsize=8)
def _root_key(key: str, command: str, place: str) -> bytes:
    if key:
        return _decode(key)
    if command:
        # The command is the installation's own setting, split without a shell.
        said = subprocess.run(shlex.split(command), capture_output=True, check=True, timeout=30, text=True)  # noqa: S603
        return _decode(said.stdout)
    return _decode(_kept(Path(place)))


def _decode(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        raise NoRootKey("the root key is not base64") from None
    if len(key) != box.KEY_BYTES:
        raise NoRootKey(f"the root key has {len(key)} bytes instead of {box.KEY_BYTES}")
    return key


def _kept(path: Path) -> str:
    """The key in a file that only its owner reads; made on the first run, never twice (two processes may start at once)."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = path.with_name(f".{path.name}.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(base64.b64encode(box.new_key()).decode())
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text()


def wrap(key: bytes, place: str) -> bytes:
    """A key in a box of the root key, behind the root key's mark."""
    root = root_key()
    return _mark(root) + box.seal(root, key, place.encode())


def unwrap(wrapped: bytes, place: str) -> bytes:
    """The key back. Raises NoRootKey if another root key wrapped it, CannotOpen if it was changed."""
    root = root_key()
    if wrapped[:MARK_BYTES] != _mark(root):
        raise NoRootKey("this key was wrapped by another root key")
    return box.open_(root, wrapped[MARK_BYTES:], place.encode())


def _mark(root: bytes) -> bytes:
    return hashlib.sha256(b"upstander root key" + root).digest()[:MARK_BYTES]
