"""Rate limits as token buckets: so many at once, so many more each minute. Addresses are only ever held as keyed hashes.

The public door and the API use buckets in memory of each process (nothing about a visitor is written down), so with several
web processes they are as many times as wide; cards use buckets that all processes share, and sign-in ``shared_cache``.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from upstander.access.models import Bucket, Counted
from upstander.vault import keys

MOST_IN_MEMORY = 20_000


def address_of(request: HttpRequest) -> str:
    """The visitor's address, behind as many proxies as the installation trusts."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    trusted = settings.INSTALLATION.trusted_proxies
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    return hops[-trusted] if trusted and len(hops) >= trusted else direct


@dataclass
class TokenBucket:
    """``burst`` at once, then ``per_minute``; ``shared`` keeps the count in the database."""

    name: str
    burst: int
    per_minute: float
    shared: bool = False
    _held: OrderedDict[str, tuple[float, datetime]] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, school_id: UUID, who: str, now: datetime, cost: float = 1.0) -> bool:
        """Take a token for somebody (an address, a card, an account); False if the bucket is empty. ``now``: aware."""
        key = keys.keyed_hash(school_id, f"bucket/{self.name}", who.encode())
        return self._take_shared(school_id, key, now, cost) if self.shared else self._take_here(key, now, cost)

    def _left(self, tokens: float, since: datetime, now: datetime) -> float:
        passed = max(0.0, (now - since).total_seconds())
        return min(float(self.burst), tokens + passed * self.per_minute / 60)

    def _take_here(self, key: str, now: datetime, cost: float) -> bool:
        with self._lock:
            left = self._left(*self._held.pop(key, (float(self.burst), now)), now)
            ok = left >= cost
            self._held[key] = (left - cost if ok else left, now)
            if len(self._held) > MOST_IN_MEMORY:
                self._held.popitem(last=False)
        return ok

    def _take_shared(self, school_id: UUID, key: str, now: datetime, cost: float) -> bool:
        with transaction.atomic():
            fresh = {"school_id": school_id, "tokens": float(self.burst), "filled_at": now}
            row, _ = Bucket.objects.select_for_update().get_or_create(key=key, defaults=fresh)
            left = self._left(row.tokens, row.filled_at, now)
            ok = left >= cost
            Bucket.objects.filter(key=key).update(tokens=left - cost if ok else left, filled_at=now)
        return ok


def forget_full(now: datetime, after_minutes: int = 24 * 60) -> int:
    """Delete shared buckets that nobody has touched for a day, and counts that are over; the clock calls it."""
    full = Bucket.objects.filter(filled_at__lt=now - timedelta(minutes=after_minutes)).delete()[0]
    return full + Counted.objects.filter(until__lte=now).delete()[0]
