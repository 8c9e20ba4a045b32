"""What several tests of a file share: made once, changed by each test as it likes, taken back after each and at the end.

A fixture of the module makes it within ``kept``; a fixture of the test hands out a copy, because rows are rolled back and
Python's objects are not::

    @pytest.fixture(scope="module")
    def made(django_db_setup, django_db_blocker):
        with kept(django_db_blocker):
            yield make()


    @pytest.fixture
    def place(db, made):
        return copy.deepcopy(made)

Not in a file with tests that really commit (``transactional_db``, ``live_server``): those empty every table.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def kept(blocker: Any) -> Iterator[None]:
    """Inside, what is written is there for every test; each test's own transaction lies within this one.

    ``blocker``: pytest-django's ``django_db_blocker``.
    """
    with blocker.unblock():
        outer = transaction.atomic()
        # As Django marks the transactions of its own tests: a "durable" transaction may lie within.
        outer._from_testcase = True  # type: ignore[attr-defined]
        with outer:
            yield
            transaction.set_rollback(True)
