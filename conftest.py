"""Fixtures and rules for every test: which tests touch a table, and a browser where one is installed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime

import pytest
import time_machine

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
"""Playwright keeps an event loop in the thread of the test; the live server's database calls are synchronous."""
os.environ.setdefault("UPSTANDER_DATA", tempfile.mkdtemp(prefix="upstander-test-"))
"""Keys and files of the tests never mix with those of a school or a demo in this checkout."""

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "client", "admin_client"}


def pytest_configure(config: pytest.Config) -> None:
    """Static files by their plain names (no manifest is made for tests), and passwords hashed without their slowness."""
    from django.conf import settings

    from upstander.policy.tests import trying  # noqa: F401 - how many examples are drawn

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # That an installation hashes them slowly is tested in tests/test_passwords.py.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches a table, leave out what needs a browser where there is none, and begin with the longest.

    What is served by a program of its own comes first: one worker makes the demo and walks through it while the others do all
    the rest. What is served from the test's own process (``live_server``) stays last, because it empties every table.
    """
    browser = os.environ.get("UPSTANDER_CHROMIUM", "/usr/bin/chromium")
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker("database")
        if item.get_closest_marker("browser") and not os.path.exists(browser):
            item.add_marker(pytest.mark.skip(reason="no Chromium here"))
    items.sort(
        key=lambda item: not item.get_closest_marker("browser") or "live_server" in getattr(item, "fixturenames", ())
    )


@pytest.fixture(autouse=True, scope="session")
def _today() -> Iterator[None]:
    """``UPSTANDER_TESTS_AT=2027-03-28T00:59:30+00:00``: the whole run takes place at that moment, for what a date may break."""
    moment = os.environ.get("UPSTANDER_TESTS_AT")
    with time_machine.travel(datetime.fromisoformat(moment)) if moment else nullcontext():
        yield
