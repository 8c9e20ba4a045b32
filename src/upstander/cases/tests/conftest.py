"""Schools with real policies; staff sign in with a password alone, what the second factor does is tested elsewhere."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest

from upstander.cases.tests import school, story
from upstander.records.models import Record
from upstander.web.testing.kept import kept


@pytest.fixture(autouse=True)
def _one_factor(settings, tmp_path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="module")
def _aoba(django_db_setup, django_db_blocker) -> Iterator[school.Place]:
    with kept(django_db_blocker):
        yield school.japanese()


@pytest.fixture(scope="module")
def _larkrise(django_db_setup, django_db_blocker) -> Iterator[school.Place]:
    with kept(django_db_blocker):
        yield school.english()


@pytest.fixture(scope="module")
def _told(_aoba, django_db_blocker) -> Iterator[tuple[Record, Record]]:
    with kept(django_db_blocker):
        yield story.japanese_case(_aoba)


@pytest.fixture
def aoba(_aoba, db) -> school.Place:
    """A Japanese school."""
    return copy.deepcopy(_aoba)


@pytest.fixture
def larkrise(_larkrise, db) -> school.Place:
    """An English school."""
    return copy.deepcopy(_larkrise)


@pytest.fixture
def told(_told, aoba) -> tuple[Record, Record]:
    """(concern, case) of the Japanese school, on the morning of 11 May 2026."""
    return copy.deepcopy(_told)
