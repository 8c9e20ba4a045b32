"""A browser in which somebody has signed in a moment ago, as far as a page that asks again can tell."""

from __future__ import annotations

import time

from allauth.account.internal.flows import login
from django.test import Client

from upstander.people.models import Account


def sign_in(client: Client, account: Account, minutes_ago: float = 0) -> None:
    """Sign in without a password; for tests of what comes after it."""
    client.force_login(account)
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - minutes_ago * 60}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(account.pk)
    session.save()
