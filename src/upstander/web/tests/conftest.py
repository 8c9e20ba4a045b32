"""Staff sign in with a password alone; what the second factor does is tested elsewhere."""

from __future__ import annotations

import pytest

from upstander.cases.tests.school import Place
from upstander.web.tests import lists


@pytest.fixture(autouse=True)
def _one_factor(settings, tmp_path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def fernhill(db) -> Place:
    """A school with registers of its own."""
    return lists.make()
