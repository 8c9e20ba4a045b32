"""What a worker makes ready before its first request."""

from __future__ import annotations

import pytest

from upstander.people import actions as people
from upstander.people.models import PackInForce, School
from upstander.people.packs import forget
from upstander.policy.compiled import rules
from upstander.records import triggers
from upstander.web import warm

pytestmark = pytest.mark.django_db


def test_the_packs_of_all_schools_are_ready_and_a_missing_one_stops_nothing() -> None:
    for slug in ("anvil", "larkrise"):
        people.make_school(slug, slug, pack="gb-secondary", language="en-GB", timezone="Europe/London")
    triggers.remove()  # what was in force is never deleted: the database refuses it
    PackInForce.objects.filter(school__slug="anvil").delete()
    triggers.install()
    School.objects.filter(slug="anvil").update(pack="there-is-no-such-pack")
    forget()
    rules._ready.clear()

    warm.make_ready()

    assert [each.pack.id for each in rules._ready.values()] == ["gb-secondary"]
