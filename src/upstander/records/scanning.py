"""A virus scanner beside us: ClamAV's clamd is asked through its socket; where it does not answer, nothing is taken."""

from __future__ import annotations

import socket
import struct
from typing import Final

from django.conf import settings

SECONDS: Final = 20
_CHUNK: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096


class Unreachable(Exception):
    """The scanner that this installation names does not answer, or answers what it should not."""


def wanted() -> bool:
    """Whether this installation has files scanned (setting ``clamav``)."""
    return bool(settings.INSTALLATION.clamav)


def infected(content: bytes) -> bool:
    """Whether the scanner finds something in a file. Raises Unreachable: then it is not known, and the file is not taken."""
    chunks = (content[start : start + _CHUNK] for start in range(0, len(content), _CHUNK))
    sent = b"".join(struct.pack(">I", len(chunk)) + chunk for chunk in chunks)
    answer = _ask(b"zINSTREAM\0" + sent + struct.pack(">I", 0))
    if answer.endswith("FOUND"):
        return True
    if answer.endswith("OK"):
        return False
    raise Unreachable(answer)


def answers() -> bool:
    """Whether the scanner is there (for ``upstander doctor``)."""
    try:
        return _ask(b"zPING\0") == "PONG"
    except Unreachable:
        return False


def _ask(said: bytes) -> str:
    try:
        with _connected() as line:
            line.sendall(said)
            heard = b""
            while b"\0" not in heard and len(heard) < _LONGEST_ANSWER and (part := line.recv(1024)):
                heard += part
    except (OSError, ValueError) as error:
        raise Unreachable(str(error)) from None
    return heard.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _connected() -> socket.socket:
    """A line to a socket's path or to ``host:port``. Raises OSError, ValueError."""
    where = settings.INSTALLATION.clamav
    if "/" in where:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        line.connect(where)
        return line
    host, _, port = where.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)
