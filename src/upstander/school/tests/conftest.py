"""One factor, plain static files, and a school that has something to say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

from upstander.school.tests import policy_place
from upstander.school.tests.policy_place import Place


@pytest.fixture
def own(db: None, settings: Any, tmp_path: Path) -> Iterator[Place]:
    settings.INSTALLATION = settings.INSTALLATION.model_copy(update={"require_totp": False})
    settings.STATIC_ROOT = tmp_path
    backend = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": backend}
    with time_machine.travel(policy_place.moment(policy_place.MONDAY), tick=False):
        yield policy_place.make(tmp_path)
