"""What stops a backup or a restore: a code and what it is about. Whoever shows it has the words."""

from __future__ import annotations


class CannotRestore(Exception):
    """``code``: ``not-a-backup``, ``wrong-key``, ``broken``, ``newer``, ``not-empty`` or ``root-key``."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(f"{code} {about}".strip())
        self.code = code
        self.about = about
