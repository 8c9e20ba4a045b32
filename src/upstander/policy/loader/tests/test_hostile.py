"""Large and hostile packs: an answer soon, whatever is in them. (The bound leaves room for a busy machine.)"""

from __future__ import annotations

import time

import pytest

from upstander.policy.loader import check_text
from upstander.policy.loader.tests.packs import SMALL

FACTS, DUTIES = "facts:\n", "duties:\n"
HOSTILE = {
    "unknown words": "\n".join(f"key{n}: 1" for n in range(90_000)),
    "unknown words in roles": SMALL.replace(
        "roles:\n", "roles:\n" + "".join(f"  r{n}: {{titel: x}}\n" for n in range(9_000))
    ),
    "unknown paths": SMALL
    + "i18n:\n  ja:\n"
    + "".join(f"    events.told.fields.x{n}.label: x\n" for n in range(9_000)),
    "unknown facts": SMALL.replace(FACTS, FACTS + "".join(f"  f{n}: {{all of: [g{n}]}}\n" for n in range(5_000))),
    "a cycle of facts": SMALL.replace(
        FACTS, FACTS + "".join(f"  f{n}: {{all of: [f{(n + 1) % 5000}]}}\n" for n in range(5_000))
    ),
    "long words": SMALL + "\n".join("x" * 5000 + str(n) + ": 1" for n in range(300)),
    "double keys": SMALL + "roles: {}\n" * 50_000,
    "a long list": "roles: [" + "a," * 150_000 + "]",
    "deep": "[" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pack_is_answered_soon(name: str) -> None:
    begun = time.process_time()

    found, problems = check_text(HOSTILE[name])

    assert found is None
    assert 0 < len(problems) <= 1100
    assert time.process_time() - begun < 4


def test_a_large_good_pack_loads() -> None:
    line = "  d{}: {{clause: A.1, when: recognised, for each: target, must: act, by: same day, who: head}}\n"

    found, _ = check_text(SMALL.replace(DUTIES, DUTIES + "".join(line.format(n) for n in range(1_000))))

    assert found is not None
    assert len(found.duties) == 1_001
