"""Where an account is signed in now: on which kind of device, since when; each can be ended from elsewhere. No address is kept."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from upstander.access.models import SignIn
from upstander.people.models import Account

log = logging.getLogger("upstander.access")

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)

MOST = 10
"""Places at once; whoever signs in at one more is signed out where they were longest ago."""


@dataclass(frozen=True, slots=True)
class Place:
    """One sign-in that still holds. ``device``: browser and system in a word each, empty where unknown; moments are aware."""

    id: UUID
    device: str
    since: datetime
    seen: datetime
    here: bool


def device_of(agent: str) -> str:
    """The browser and the system of a user agent, without versions: enough to know one's own again."""
    browser = next((name for mark, name in _BROWSERS if re.search(rf"\b{mark}", agent)), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(filter(None, (browser, system)))


def note(sender: object, request: HttpRequest | None, user: Any, **more: Any) -> None:
    """Receiver of ``user_logged_in``: this browser is one of the account's places from now on."""
    session = getattr(request, "session", None)
    if request is None or session is None or not isinstance(user, Account):
        return
    if not session.session_key:
        session.save()
    now = timezone.now()
    log.info("signed in: account %s", user.pk)
    made = {"account": user, "device": device_of(request.headers.get("User-Agent", "")), "at": now, "seen_at": now}
    SignIn.objects.update_or_create(key=session.session_key, defaults=made)
    _end_the_oldest(user)


def _end_the_oldest(account: Account) -> None:
    """Of more than ``MOST`` places those end that were used least lately."""
    rows = SignIn.objects.filter(account=account).order_by("-seen_at", "-at").values_list("key", flat=True)
    if over := list(rows[MOST:]):
        Session.objects.filter(session_key__in=over).delete()
        SignIn.objects.filter(key__in=over).delete()


def note_failure(
    sender: object, credentials: Mapping[str, Any], request: HttpRequest | None = None, **more: Any
) -> None:
    """Receiver of ``user_login_failed``: into the log, with the account's id where there is one, never with what was typed."""
    address = credentials.get("email") or credentials.get("username") or ""
    found = Account.objects.filter(email__iexact=address).values_list("pk", flat=True).first() if address else None
    log.warning("a sign-in failed: account %s", found or "unknown")


def seen(request: HttpRequest) -> None:
    """The browser was used just now; called at most once a minute."""
    key = request.session.session_key
    if key and SESSION_KEY in request.session:
        SignIn.objects.filter(key=key).update(seen_at=timezone.now())


def places(request: HttpRequest) -> list[Place]:
    """Where the account of this request is signed in, this browser first, then the last used."""
    if not isinstance(request.user, Account):
        return []
    rows = SignIn.objects.filter(account=request.user, key__in=_alive()).order_by("-seen_at")
    found = [Place(row.id, row.device, row.at, row.seen_at, row.key == request.session.session_key) for row in rows]
    return sorted(found, key=lambda each: not each.here)


def end(request: HttpRequest, place: UUID | None) -> int:
    """End one other sign-in of this account, or (None) all others. Returns how many ended."""
    if not isinstance(request.user, Account):
        return 0
    rows = SignIn.objects.filter(account=request.user).exclude(key=request.session.session_key)
    rows = rows.filter(id=place) if place else rows
    keys = list(rows.values_list("key", flat=True))
    ended = Session.objects.filter(session_key__in=keys).delete()[0]
    rows.delete()
    return ended


def _alive() -> Any:
    return Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")


def forget_expired(now: datetime) -> int:
    """Delete sessions whose time is over, and what was kept of them; the clock calls it."""
    gone = Session.objects.filter(expire_date__lt=now).delete()[0]
    SignIn.objects.exclude(key__in=Session.objects.values("session_key")).delete()
    return gone
