"""AES-256-GCM-SIV boxes: one byte of version, a nonce, the ciphertext. Nothing here knows tables or settings."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32


class CannotOpen(Exception):
    """The box was made with another key, for another place, or has been changed."""


def seal(key: bytes, plaintext: bytes, place: bytes) -> bytes:
    """Encrypt; ``place`` (never secret) ties the box to where it lies, so that it opens nowhere else."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCMSIV(key).encrypt(nonce, plaintext, place)


def open_(key: bytes, box: bytes, place: bytes) -> bytes:
    """Decrypt what ``seal`` made for the same place. Raises CannotOpen."""
    if box[:1] != VERSION or len(box) < 1 + NONCE_BYTES:
        raise CannotOpen("not a box of this version")
    nonce, ciphertext = box[1 : 1 + NONCE_BYTES], box[1 + NONCE_BYTES :]
    try:
        return AESGCMSIV(key).decrypt(nonce, ciphertext, place)
    except InvalidTag:
        raise CannotOpen("wrong key, wrong place, or changed") from None


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)
