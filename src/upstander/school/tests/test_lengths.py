"""How long something is: as people choose it, and as the language writes it."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from upstander.school.lengths import AS_WRITTEN, LengthField, parts, written


@pytest.mark.parametrize(
    ("text", "rhythm", "found"),
    [
        ("PT2H", False, (2, "hours")),
        ("P1M", False, (1, "months")),
        ("PT1M", False, (1, "minutes")),
        ("3 school days", False, (3, "school days")),
        ("1 working day", False, (1, "working days")),
        ("same day", False, (None, "same day")),
        ("judged", False, (None, "judged")),
        ("each term", True, (None, "each term")),
        ("every P2W", True, (2, "weeks")),
        ("{before: closed}", False, (None, AS_WRITTEN)),
        ("each term", False, (None, AS_WRITTEN)),
    ],
)
def test_what_the_language_writes_is_read_and_written_back(text: str, rhythm: bool, found: Any) -> None:
    assert parts(text, rhythm=rhythm) == found
    if found[1] != AS_WRITTEN:
        assert written(*found, rhythm=rhythm) == text


def asked(now: str, number: str, unit: str, **kwargs: Any) -> tuple[str | None, list[str]]:
    class Asked(forms.Form):
        by = LengthField(now=now, said="as it stands", **kwargs)

    form = Asked({"by_n": number, "by_unit": unit})
    return (form.cleaned_data["by"], []) if form.is_valid() else (None, form.errors["by"])


def test_a_number_and_a_unit_make_an_answer() -> None:
    assert asked("PT2H", "3", "school days") == ("3 school days", [])
    assert asked("PT2H", "", "same day") == ("same day", [])
    assert asked("each term", "2", "weeks", rhythm=True) == ("every P2W", [])


def test_an_answer_of_another_form_can_be_kept() -> None:
    assert asked("('1 school day', 'P3D')", "", AS_WRITTEN) == ("('1 school day', 'P3D')", [])


@pytest.mark.parametrize("number", ["", "0", "-1", "1000", "2.5", "x"])
def test_a_number_that_is_none_is_said(number: str) -> None:
    answer, problems = asked("PT2H", number, "hours")

    assert answer is None
    assert problems


def test_a_unit_that_is_not_offered_is_not_taken() -> None:
    assert asked("P3M", "", "same day", only_lengths=True)[0] is None
    assert asked("PT2H", "1", "fortnights")[0] is None
