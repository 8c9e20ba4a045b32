"""``flush`` empties every table. The log is append-only, so it is refused everywhere but in a test's own database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as Flush
from django.db import connections

from upstander.records import triggers
from upstander.vault import keys


class Command(Flush):
    """Django's ``flush`` for databases that tests have made."""

    def handle(self, **options: Any) -> None:
        using = options["database"]
        name = str(connections[using].settings_dict["NAME"]).rsplit("/", 1)[-1]
        if not (name.startswith(("test_", "file:memorydb")) or ":memory:" in name):
            raise CommandError("the record is append-only: this database is not a test's, it is not emptied")
        triggers.remove(using)
        try:
            super().handle(**options)
        finally:
            triggers.install(using)
            keys.forget_cached_keys()
