"""What a worker makes ready before its first request."""

from __future__ import annotations

import pytest

from upstander.people import actions as people
from upstander.people.models import School
from upstander.people.packs import forget
from upstander.policy.compiled import rules
from upstander.web import warm

pytestmark = pytest.mark.django_db


def test_the_packs_of_all_schools_are_ready_and_a_missing_one_stops_nothing() -> None:
    people.make_school("larkrise", "larkrise", pack="gb-secondary", language="en-GB", timezone="Europe/London")
    # As after a restore on a machine that has fewer packs: a school, and nothing to read for it.
    School.objects.create(
        slug="anvil", name="anvil", pack="there-is-no-such-pack", language="en-GB", timezone="Europe/London"
    )
    forget()
    rules._ready.clear()

    warm.make_ready()

    assert [each.pack.id for each in rules._ready.values()] == ["gb-secondary"]
