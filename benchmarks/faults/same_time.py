"""Is somebody else's record told from one that does not exist by the time of the answer?

    nice .venv/bin/python benchmarks/faults/same_time.py [--rounds 60]

In the world of the route matrix each role asks, in turns, for a record of the other school, one of their own school that they may
not see, and one that does not exist. Printed are the medians; it ends with 1 where the difference is larger than half a millisecond
and than three times what two halves of the same asking differ by.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.web.settings")
os.environ.setdefault("UPSTANDER_DATA", tempfile.mkdtemp(prefix="upstander-times-"))

import django  # noqa: E402 - after the settings

PATHS = ("cases/{}", "cases/{}/readings", "records/{}/", "concerns/{}")
ROLES = ("head", "other-homeroom", "teacher", "named", "other-school")
LEAST = 0.0005


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds
    django.setup()
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    old = setup_databases(0, interactive=False)
    try:
        return measure(rounds)
    finally:
        teardown_databases(old, 0)


def measure(rounds: int) -> int:
    from tests.world import made

    wrong = 0
    with made() as world:
        for who in ROLES:
            browser = world.browser(who)
            hidden = {"of the other school": world.foreign.id}
            if who != "head":
                hidden["of this school"] = world.case.id
            for path in PATHS:
                url = f"/s/{world.home.school.slug}/{path}"
                wrong += sum(compare(browser, url, name, record, rounds, who) for name, record in hidden.items())
    print(f"{wrong} told apart")
    return 1 if wrong else 0


def compare(browser: object, url: str, name: str, record: object, rounds: int, who: str) -> int:
    """Ask for both in an order of chance; 1 where they can be told apart."""
    there: list[float] = []
    nowhere: list[float] = []
    for _ in range(rounds):
        asked = [(there, record), (nowhere, uuid4())]
        random.shuffle(asked)
        for times, each in asked:
            start = time.perf_counter()
            answer = browser.get(url.format(each))  # type: ignore[attr-defined]
            times.append(time.perf_counter() - start)
            assert answer.status_code == 404, (who, url, answer.status_code)
    apart = abs(statistics.median(there) - statistics.median(nowhere))
    itself = abs(statistics.median(nowhere[::2]) - statistics.median(nowhere[1::2]))
    told = apart > LEAST and apart > 3 * itself
    print(
        f"{'TOLD APART' if told else 'alike':10} {who:15} {url.partition('/s/')[2].partition('/')[2]:22} {name:20}"
        f" {statistics.median(there) * 1000:7.2f} ms, nowhere {statistics.median(nowhere) * 1000:7.2f} ms"
    )
    return int(told)


if __name__ == "__main__":
    sys.exit(main())
