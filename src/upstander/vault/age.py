"""Files for one reader: age (age-encryption.org/v1) as streams, so that a file of any size needs little memory."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from errno import EEXIST
from pathlib import Path
from typing import IO, Any, Protocol

import pyrage

Recipient = Any
Identity = Any
"""pyrage has no types of its own."""


class BadKey(ValueError):
    """The text is no age recipient (``age1…``), or the file holds no age identity."""


class CannotDecrypt(Exception):
    """The file is not for this identity, was changed, or ends too early."""


class Sink(Protocol):
    """What takes the decrypted bytes, piece by piece."""

    def write(self, data: bytes, /) -> int: ...


def recipient(text: str) -> Recipient:
    """The public key of whoever may read. Raises BadKey."""
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as problem:
        raise BadKey(str(problem)) from None


def identities(path: Path) -> list[Identity]:
    """The secret keys in a file as ``age-keygen`` writes it: one a line, ``#`` begins a comment. Raises BadKey, OSError."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError as problem:
        raise BadKey(str(problem)) from None
    if not found:
        raise BadKey("no identity")
    return found


def new_identity(path: Path) -> str:
    """Make a key pair; the secret half goes into a new file that only its owner reads, the public half is returned.

    Raises FileExistsError: a key is never written over.
    """
    made = pyrage.x25519.Identity.generate()
    public = str(made.to_public())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(f"# public key: {public}\n{made}\n")
        file.flush()
        os.fsync(file.fileno())
    return public


class _Pieces(io.RawIOBase):
    """Bytes that are made while they are read. ``failed``: what went wrong in making them; pyrage would hide it."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._left = b""
        self.failed: BaseException | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            while not self._left:
                self._left = next(self._pieces)
        except StopIteration:
            return 0
        except BaseException as problem:
            self.failed = problem
            raise
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def encrypt(pieces: Iterable[bytes], out: IO[bytes], recipients: Sequence[Recipient]) -> None:
    """Write these bytes so that each of the recipients can read them. What the making of the bytes raises is raised here."""
    source = _Pieces(pieces)
    try:
        pyrage.encrypt_io(source, out, list(recipients))
    except pyrage.EncryptError:
        if source.failed is not None:
            raise source.failed from None
        raise


def decrypt(source: IO[bytes], sink: Sink, keys: Sequence[Identity]) -> None:
    """Hand the plaintext to the sink piece by piece. Raises CannotDecrypt, and what the sink raises.

    Every piece is authentic when it comes; that none is missing at the end is known only when this returns.
    """
    try:
        pyrage.decrypt_io(source, sink, list(keys))
    except (pyrage.DecryptError, OSError) as problem:
        raise CannotDecrypt(str(problem)) from None


def is_age(start: bytes) -> bool:
    """Whether a file that begins so is an age file."""
    return start.startswith(b"age-encryption.org/v1\n")


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that only its owner reads, under its name only when it is whole and on the disk. Raises FileExistsError."""
    if path.exists():
        raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path))
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    finally:
        part.unlink(missing_ok=True)
