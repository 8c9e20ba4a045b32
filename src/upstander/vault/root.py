"""The root key: from the environment, from a command (a KMS), or from a file that is made once.

Every wrapped key carries the first bytes of the SHA-256 of the root key that wrapped it. During a rotation two root keys are
there: the present one, which wraps, and the previous one, which still opens what has not been wrapped anew.
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


def provider() -> str:
    """Where the root key comes from: ``environment``, ``command`` or ``file``."""
    given = settings.INSTALLATION
    return "environment" if given.root_key else "command" if given.root_key_command else "file"


def file_place() -> Path:
    """Where the root key lies if it lies in a file."""
    return Path(settings.INSTALLATION.root_key_file or Path(settings.DATA) / "root.key")


def previous_place() -> Path:
    """Where the file of the root key before this one lies during a rotation."""
    return file_place().with_name(file_place().name + ".previous")


def root_key() -> bytes:
    """The root key of this installation (32 bytes); one in a file is made on the first run. Raises NoRootKey."""
    given = settings.INSTALLATION
    return _root_key(given.root_key, given.root_key_command, str(file_place()))


def _previous_key() -> bytes | None:
    given = settings.INSTALLATION
    if given.root_key_previous or given.root_key_previous_command:
        return _root_key(given.root_key_previous, given.root_key_previous_command, "")
    place = previous_place()
    return _root_key("", "", str(place)) if provider() == "file" and place.exists() else None


@lru_cache(maxsize=8)
def _root_key(key: str, command: str, place: str) -> bytes:
    if key:
        return _decode(key)
    if command:
        return _decode(_said(command))
    return _decode(_kept(Path(place)))


def _said(command: str) -> str:
    """What the installation's own command prints; it is split without a shell. Raises NoRootKey: its output is never shown."""
    try:
        done = subprocess.run(shlex.split(command), capture_output=True, check=False, timeout=30, text=True)  # noqa: S603
    except (OSError, ValueError, subprocess.TimeoutExpired) as problem:
        raise NoRootKey(f"the command for the root key did not run ({type(problem).__name__})") from None
    if done.returncode:
        raise NoRootKey(f"the command for the root key ended with {done.returncode}")
    return done.stdout


def _decode(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise NoRootKey("the root key is not base64") from None
    if len(key) != box.KEY_BYTES:
        raise NoRootKey(f"the root key has {len(key)} bytes instead of {box.KEY_BYTES}")
    return key


def _kept(path: Path) -> str:
    """The key in a file that only its owner reads; made on the first run, never twice (two processes may start at once)."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = _written(path)
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text()


def _written(path: Path) -> Path:
    """A new key, on the disk, in a file beside its place."""
    made = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(base64.b64encode(box.new_key()).decode())
        file.flush()
        os.fsync(file.fileno())
    return made


def begin_rotation() -> None:
    """Put a new key into the root key's file and keep the one before beside it. Raises FileExistsError: one is under way."""
    root_key()
    place = file_place()
    made = _written(place)
    try:
        os.link(place, previous_place())
        os.replace(made, place)
    finally:
        made.unlink(missing_ok=True)
    folder = os.open(place.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    forget()


def end_rotation() -> Path | None:
    """Take the previous key's file out of use: it is needed only for backups made before. Returns where it lies now."""
    previous = previous_place()
    if provider() != "file" or not previous.exists():
        return None
    mark = _mark(_decode(previous.read_text())).hex()
    kept = previous.with_name(f"{file_place().name}.until-{mark}")
    os.replace(previous, kept)
    forget()
    return kept


def forget() -> None:
    """Drop the root keys that this process has read."""
    _root_key.cache_clear()


def marks_here() -> set[bytes]:
    """The marks of the root keys that this installation has; makes none."""
    here = provider() != "file" or file_place().exists()
    found = ([root_key()] if here else []) + ([previous] if (previous := _previous_key()) is not None else [])
    return {_mark(key) for key in found}


def is_present(wrapped: bytes) -> bool:
    """Whether the present root key wrapped this."""
    return wrapped[:MARK_BYTES] == _mark(root_key())


def wrap(key: bytes, place: str) -> bytes:
    """A key in a box of the root key, behind the root key's mark."""
    forget()  # another process may have put a new root key there: what is wrapped from now on is wrapped by that
    root = root_key()
    return _mark(root) + box.seal(root, key, place.encode())


def unwrap(wrapped: bytes, place: str) -> bytes:
    """The key back. Raises NoRootKey if another root key wrapped it, CannotOpen if it was changed."""
    root = _of_mark(wrapped[:MARK_BYTES])
    if root is None:
        forget()  # a rotation has begun since this process read the root key
        root = _of_mark(wrapped[:MARK_BYTES])
    if root is None:
        raise NoRootKey("this key was wrapped by another root key")
    return box.open_(root, wrapped[MARK_BYTES:], place.encode())


def _of_mark(mark: bytes) -> bytes | None:
    present = root_key()
    if _mark(present) == mark:
        return present
    previous = _previous_key()
    return previous if previous is not None and _mark(previous) == mark else None


def _mark(root: bytes) -> bytes:
    return hashlib.sha256(b"upstander root key" + root).digest()[:MARK_BYTES]
