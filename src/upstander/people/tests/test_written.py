"""How a name is known again in what somebody wrote: not too little, and not in every second word."""

from __future__ import annotations

import pytest

from upstander.people import written


@pytest.mark.parametrize(
    ("names", "text", "found"),
    [
        (("Noor de Wit",), "de juf van de klas zag het", False),
        (("Noor de Wit",), "NOOR was er ook bij", True),
        (("Noor de Wit",), "Noordwijk", False),
        (("山田 太郎", "やまだ たろう"), "山田太郎さんと", True),
        (("山田 太郎", "やまだ たろう"), "たろうが言った", True),
        (("mila van dam",), "een spel van mila", True),
        (("mila van dam",), "een spel van ons", False),
        ((), "anything at all", False),
    ],
)
def test_a_name_is_found_and_a_small_word_is_none(names: tuple[str, ...], text: str, found: bool) -> None:
    assert bool(written.pattern(written.ways(names)).search(text)) is found
