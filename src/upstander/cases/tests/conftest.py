"""Schools with real policies; staff sign in with a password alone, what the second factor does is tested elsewhere."""

from __future__ import annotations

import pytest

from upstander.cases.tests import school, story
from upstander.records.models import Record


@pytest.fixture(autouse=True)
def _one_factor(settings, tmp_path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def aoba(db) -> school.Place:
    """A Japanese school."""
    return school.japanese()


@pytest.fixture
def larkrise(db) -> school.Place:
    """An English school."""
    return school.english()


@pytest.fixture
def told(aoba) -> tuple[Record, Record]:
    """(concern, case) of the Japanese school, on the morning of 11 May 2026."""
    return story.japanese_case(aoba)
