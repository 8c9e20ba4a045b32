"""Keys of schools and records, and what is done with them.

A record's key is wrapped by its school's key, that by the root key. A rotation re-wraps and never touches a ciphertext.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import transaction
from django.utils import timezone

from upstander.vault import box, root
from upstander.vault.models import RecordKey, SchoolKey

SALT_BYTES = 32


class KeyDestroyed(Exception):
    """The record's key is gone: retention has destroyed it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted field: the ciphertext, and what the log says of it (SHA-256 in hex)."""

    ciphertext: bytes
    commitment: str
    cipher_hash: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A decrypted field with the salt of its commitment."""

    plaintext: bytes
    salt: bytes


@dataclass(frozen=True, slots=True)
class RecordCipher:
    """One record's key in hand: seals and opens fields by their path."""

    record_id: UUID
    key: bytes

    def seal(self, path: str, plaintext: bytes) -> Sealed:
        """Encrypt a field with a fresh salt; the path ties it to its place in the record."""
        salt = os.urandom(SALT_BYTES)
        ciphertext = box.seal(self.key, salt + plaintext, self._place(path))
        return Sealed(ciphertext, commitment(salt, path, plaintext), hashlib.sha256(ciphertext).hexdigest())

    def open(self, path: str, ciphertext: bytes | memoryview) -> bytes:
        """Decrypt a field. Raises box.CannotOpen."""
        return self.open_with_salt(path, ciphertext).plaintext

    def open_with_salt(self, path: str, ciphertext: bytes | memoryview) -> Opened:
        plain = box.open_(self.key, bytes(ciphertext), self._place(path))
        return Opened(plain[SALT_BYTES:], plain[:SALT_BYTES])

    def _place(self, path: str) -> bytes:
        return f"record/{self.record_id}/{path}".encode()


def commitment(salt: bytes, path: str, plaintext: bytes) -> str:
    """SHA-256(salt ‖ path, ended by a zero byte ‖ plaintext) in hex. The zero byte keeps path and text apart."""
    return hashlib.sha256(salt + path.encode() + b"\0" + plaintext).hexdigest()


# --- schools -------------------------------------------------------------------------------------------------------


def make_school_key(school_id: UUID) -> None:
    """Make a new school's data key and signing key. Raises IntegrityError if it has them."""
    signing = Ed25519PrivateKey.generate()
    SchoolKey.objects.create(
        school_id=school_id,
        wrapped=root.wrap(box.new_key(), f"school/{school_id}"),
        signing_wrapped=root.wrap(signing.private_bytes_raw(), f"signing/{school_id}"),
        public=signing.public_key().public_bytes_raw(),
    )


@lru_cache(maxsize=256)
def _unwrapped(wrapped: bytes, place: str) -> bytes:
    # Keyed by the wrapped bytes: a re-wrapped key is looked up anew, a school of a rolled-back test is never found.
    return root.unwrap(wrapped, place)


@lru_cache(maxsize=512)
def _row(school_id: UUID) -> tuple[bytes, bytes, bytes]:
    row = SchoolKey.objects.get(school_id=school_id)
    return bytes(row.wrapped), bytes(row.signing_wrapped), bytes(row.public)


def forget_cached_keys() -> None:
    """Drop all unwrapped keys from this process (after a rotation)."""
    _row.cache_clear()
    _unwrapped.cache_clear()


def _own(school_id: UUID, place: int, name: str) -> bytes:
    """A key of the school in hand. A row that this process remembers may be older than the last rotation: then it is read again."""
    try:
        return _unwrapped(_row(school_id)[place], name)
    except root.NoRootKey:
        _row.cache_clear()
        return _unwrapped(_row(school_id)[place], name)


def _school_key(school_id: UUID) -> bytes:
    return _own(school_id, 0, f"school/{school_id}")


def seal_for_school(school_id: UUID, path: str, text: str) -> bytes:
    """Encrypt a name or a contact; ``path`` is its table/column/row."""
    return box.seal(_school_key(school_id), text.encode(), path.encode())


def open_for_school(school_id: UUID, path: str, sealed: bytes) -> str:
    """Decrypt a name or a contact. Raises box.CannotOpen."""
    return box.open_(_school_key(school_id), bytes(sealed), path.encode()).decode()


def keyed_hash(school_id: UUID, purpose: str, value: bytes) -> str:
    """HMAC-SHA-256 in hex under a key of this school and purpose: for receipts, cards and addresses, never reversible."""
    key = hmac.new(_school_key(school_id), b"hash/" + purpose.encode(), hashlib.sha256).digest()
    return hmac.new(key, value, hashlib.sha256).hexdigest()


def sign(school_id: UUID, message: bytes) -> bytes:
    """The school's Ed25519 signature (64 bytes)."""
    key = _own(school_id, 1, f"signing/{school_id}")
    return Ed25519PrivateKey.from_private_bytes(key).sign(message)


def verify(school_id: UUID, message: bytes, signature: bytes) -> bool:
    """Whether this school signed exactly this message."""
    try:
        Ed25519PublicKey.from_public_bytes(_row(school_id)[2]).verify(bytes(signature), message)
    except InvalidSignature:
        return False
    return True


# --- records -------------------------------------------------------------------------------------------------------


def make_record_key(record_id: UUID, school_id: UUID) -> RecordCipher:
    """Make and keep a new record's key."""
    key = box.new_key()
    wrapped = box.seal(_school_key(school_id), key, f"record-key/{record_id}".encode())
    RecordKey.objects.create(record_id=record_id, school_id=school_id, wrapped=wrapped)
    return RecordCipher(record_id, key)


def record_cipher(record_id: UUID) -> RecordCipher:
    """A record's key in hand; not cached, so that a destroyed key is gone at once. Raises KeyDestroyed."""
    return _cipher(RecordKey.objects.get(record_id=record_id))


def record_ciphers(record_ids: list[UUID]) -> dict[UUID, RecordCipher]:
    """The keys of many records, without those destroyed."""
    rows = RecordKey.objects.filter(record_id__in=record_ids, destroyed_at=None)
    return {row.record_id: _cipher(row) for row in rows}


def _cipher(row: RecordKey) -> RecordCipher:
    if row.destroyed_at is not None:
        raise KeyDestroyed(str(row.record_id))
    key = box.open_(_school_key(row.school_id), bytes(row.wrapped), f"record-key/{row.record_id}".encode())
    return RecordCipher(row.record_id, key)


def destroy_record_key(record_id: UUID) -> None:
    """Make a record unreadable for ever."""
    RecordKey.objects.filter(record_id=record_id, destroyed_at=None).update(wrapped=b"", destroyed_at=timezone.now())


@transaction.atomic
def rewrap_school(school_id: UUID) -> bool:
    """Wrap a school's keys by the present root key; False where they are. Raises NoRootKey without the one that wrapped them."""
    row = SchoolKey.objects.select_for_update().get(school_id=school_id)
    changed = False
    for column, place in (("wrapped", f"school/{school_id}"), ("signing_wrapped", f"signing/{school_id}")):
        wrapped = bytes(getattr(row, column))
        if not root.is_present(wrapped):
            setattr(row, column, root.wrap(root.unwrap(wrapped, place), place))
            changed = True
    if changed:
        row.save(update_fields=["wrapped", "signing_wrapped"])
        transaction.on_commit(forget_cached_keys)
    return changed


def rotate(progress: Callable[[int, int], object] = lambda done, of: None) -> int:
    """Wrap the keys of every school by the present root key, one school a transaction; returns how many were wrapped anew.

    May be stopped at any time and run again; the system goes on meanwhile. Schools made while it ran are wrapped by the
    present key already. Raises NoRootKey where the previous root key is not there.
    """
    ids = list(SchoolKey.objects.order_by("school_id").values_list("school_id", flat=True))
    changed = 0
    for done, school_id in enumerate(ids, start=1):
        changed += rewrap_school(school_id)
        progress(done, len(ids))
    return changed


def public_key(school_id: UUID) -> bytes:
    """The school's Ed25519 public key (32 bytes)."""
    return _row(school_id)[2]


def seal(record_id: UUID, path: str, plaintext: bytes) -> Sealed:
    """Encrypt one field of a record. For several, take ``record_cipher`` once."""
    return record_cipher(record_id).seal(path, plaintext)


def open_field(record_id: UUID, path: str, ciphertext: bytes) -> bytes:
    """Decrypt one field of a record. Raises KeyDestroyed, box.CannotOpen."""
    return record_cipher(record_id).open(path, ciphertext)
