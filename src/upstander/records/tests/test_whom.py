"""Whom or what a duty is there for each of, in words that a person reads."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from upstander.people import actions
from upstander.people.packs import pack_of
from upstander.records import steps

pytestmark = pytest.mark.django_db


def test_a_duty_for_each_coded_answer_names_the_answer_and_not_its_code():
    school = actions.make_school("nl", "Voorbeeldschool", pack="nl-school", language="nl", timezone="Europe/Amsterdam")
    pack = pack_of(school)
    room: Any = SimpleNamespace(pack=pack, lang="nl", names={"7": "Roos"})

    assert steps._whom(room, pack.duties["answer-spot"], "spot", "bike-shed") == "Het fietsenhok"
    assert steps._whom(room, pack.duties["review-approach"], "approach", "group-course") == "Groepsaanpak met de klas"
    assert steps._whom(room, pack.duties["receive"], "target", "7") == "Roos"
    assert steps._whom(room, None, "spot", "bike-shed") == "bike-shed"
