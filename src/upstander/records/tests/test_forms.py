"""Forms made from the pack: the fields, what they refuse, what they hand to ``record``."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import QueryDict

from upstander.people.packs import pack_of
from upstander.records import actions, forms
from upstander.records.errors import FormProblems, Problem
from upstander.records.tests import place as places
from upstander.records.tests.place import MONDAY, Place


def form_class(place: Place, kind: str = "parents-told", **more: object) -> type[forms.EventForm]:
    case = places.case(place)
    viewer = place.viewer("Chen")
    return forms.form_for(
        viewer.pack, kind, lang="en-GB", school=place.school, viewer=viewer, record=case, now=MONDAY, **more
    )


def filled(**values: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(
        {"at_0": "2026-05-11", "at_1": "09:00", **{name.replace("_", "-"): value for name, value in values.items()}}
    )
    data["at_0"], data["at_1"] = values.get("day", "2026-05-11"), values.get("time", "09:00")
    return data


def test_a_form_has_the_packs_fields_with_their_words(place: Place) -> None:
    form = form_class(place)()

    assert [(name, str(field.label)) for name, field in form.fields.items()][1:] == [
        ("how", "How"),
        ("days", "Days"),
        ("words", "What was said"),
    ]
    assert [str(label) for _, label in form.fields["how"].choices] == ["At home", "At school", "By phone"]


def test_what_a_form_hands_over_can_be_recorded(place: Place) -> None:
    made = form_class(place)
    form = made(filled(how="visit", days="2.5", words="All calm."))
    assert form.is_valid(), form.errors
    case = places.case(place)

    event = actions.record(
        place.viewer("Chen"), case, "parents-told", about={"target": [place.id("Aiko")]}, **form.deed()
    )

    assert event.fields == {"how": "visit", "days": 2.5}
    assert event.at == MONDAY.replace(hour=9, minute=0)


def test_a_preset_is_chosen_beforehand(place: Place) -> None:
    assert form_class(place, preset={"how": "visit"})().fields["how"].initial == "visit"


def test_a_moment_in_the_future_and_a_missing_answer_are_said_at_their_fields(place: Place) -> None:
    form = form_class(place)(filled(day="2026-05-12"))

    assert not form.is_valid()
    assert {"at", "how"} <= set(form.errors)


def test_what_record_found_shows_at_its_field(place: Place) -> None:
    form = form_class(place)(filled(how="visit"))
    assert form.is_valid()

    form.add_problems(FormProblems([Problem("days", "invalid", "no"), Problem("about:target", "required", "who?")]))

    assert form.errors["days"] == ["no"]
    assert form.non_field_errors() == ["who?"]


@pytest.mark.parametrize("pack_name", ["jp-junior-high", "gb-secondary"])
@pytest.mark.parametrize("lang", ["ja", "nl", "en-GB", "zh-Hans"])
def test_every_kind_of_both_packs_makes_a_form_that_renders(place: Place, pack_name: str, lang: str) -> None:
    place.school.pack = pack_name
    place.school.save()
    viewer = place.viewer("Head")
    pack = pack_of(place.school)

    for kind in pack.events:
        made = forms.form_for(pack, kind, lang=lang, school=place.school, viewer=viewer, now=MONDAY + timedelta(days=1))
        assert bool(made().render()) is bool(made.base_fields)
