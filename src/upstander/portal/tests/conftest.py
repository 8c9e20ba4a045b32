"""The schools of the room of cases, with what they are made of."""

from __future__ import annotations

from upstander.cases.tests.conftest import _aoba, _larkrise, _told  # noqa: F401 - fixtures
