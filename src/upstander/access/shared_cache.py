"""A cache in the database: what allauth counts and remembers (failed sign-ins, codes that were used) holds for all web processes.

In a cache of the process, so many tries would be open in each of them, and a code that was used in one would work in the next.
The keys that allauth makes hold addresses and accounts; the table has keyed hashes of them only. Values are JSON, never pickles:
whoever writes into the table runs nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import transaction

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


def hashed(key: str, prefix: str, version: int) -> str:
    """What stands in the table for a key."""
    said = f"{prefix}:{version}:{key}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


class SharedCache(BaseCache):
    """The part of Django's cache that allauth uses, over the table ``Counted``. Raises TypeError for what JSON cannot say."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__({**params, "KEY_FUNCTION": hashed})

    def _until(self, timeout: Any) -> datetime:
        seconds = self.get_backend_timeout(timeout)
        return FOREVER if seconds is None else datetime.fromtimestamp(seconds, UTC)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value unless there is one; whether it was kept. Of two that try at once, one does."""
        from upstander.access.models import Counted

        made = self.make_key(key, version)
        with transaction.atomic():
            Counted.objects.filter(key=made, until__lte=_now()).delete()
            fresh = {"value": json.dumps(value), "until": self._until(timeout)}
            return Counted.objects.get_or_create(key=made, defaults=fresh)[1]

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        from upstander.access.models import Counted

        row = Counted.objects.filter(key=self.make_key(key, version), until__gt=_now()).first()
        return default if row is None else json.loads(row.value)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        from upstander.access.models import Counted

        said = {"value": json.dumps(value), "until": self._until(timeout)}
        Counted.objects.update_or_create(key=self.make_key(key, version), defaults=said)

    def delete(self, key: str, version: int | None = None) -> bool:
        from upstander.access.models import Counted

        return bool(Counted.objects.filter(key=self.make_key(key, version)).delete()[0])

    def clear(self) -> None:
        from upstander.access.models import Counted

        Counted.objects.all().delete()
