"""Durations between text and model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.policy.durations import NoDuration, parse_distance, print_distance
from upstander.policy.model import Distance, SchoolDays, Span, WorkingDays

_numbers = st.integers(0, 400)
distances: st.SearchStrategy[Distance] = st.one_of(
    st.builds(Span, _numbers, _numbers, _numbers).filter(lambda span: span != Span()),
    st.builds(SchoolDays, st.integers(1, 400)),
    st.builds(WorkingDays, st.integers(1, 400)),
)


@given(distances)
def test_printing_a_distance_and_reading_it_gives_the_same(distance: Distance) -> None:
    """What is printed means what was meant."""
    assert parse_distance(print_distance(distance)) == distance


@pytest.mark.parametrize(
    ("text", "printed"),
    [("PT90M", "PT1H30M"), ("P14D", "P2W"), ("P1Y", "P1Y"), ("P15M", "P15M"), ("PT24H", "PT24H"), ("1 school day", "1 school day"),
     ("2 working days", "2 working days"), ("P1M3D", "P1M3D")],
)  # fmt: skip
def test_a_distance_is_printed_briefly(text: str, printed: str) -> None:
    assert print_distance(parse_distance(text)) == printed


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "1D", "PT0S", "P0D", "0 school days", "PT5S", "-P1D", "P1.5D", "2 days", "P1H", "p1d"],
)
def test_what_is_no_duration_says_so(text: str) -> None:
    with pytest.raises(NoDuration):
        parse_distance(text)
