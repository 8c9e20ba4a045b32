"""Languages, states, guidance and QR codes: the small parts that every page is made of."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import segno
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from upstander.ui import languages, markdown, parts, qr, qr_modules, words

NOW = datetime(2026, 3, 10, 9, 20)


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("en-GB", "en-GB"),
        ("en-us", "en-GB"),
        ("en", "en-GB"),
        ("ja-JP", "ja"),
        ("zh-CN", "zh-Hans"),
        ("zh_Hans", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-TW", None),
        ("zh-Hant-HK", None),
        ("nl-BE", "nl"),
        ("de", None),
        ("", None),
        (None, None),
        ("../../etc", None),
    ],
)
def test_a_language_is_found_by_any_of_its_tags(tag: str | None, found: str | None) -> None:
    language = languages.find(tag)
    assert (language.tag if language else None) == found


@pytest.mark.parametrize(
    ("asked", "accept", "school", "chosen"),
    [
        ("nl", "ja", "en-GB", "nl"),
        ("xx", "de;q=0.9, zh-CN;q=0.8, ja;q=0.3", "en-GB", "zh-Hans"),
        (None, "de", "ja", "ja"),
        (None, "", None, "en-GB"),
        (None, "ja;q=0, nl;q=nonsense", "zh-Hans", "zh-Hans"),
        (None, "*;q=0.5," * 1000, "ja", "ja"),
    ],
)
def test_the_reader_decides_then_the_browser_then_the_school(
    asked: str | None, accept: str, school: str | None, chosen: str
) -> None:
    assert languages.choose(asked=asked, accept=accept, school=school).tag == chosen


def test_only_what_is_offered_is_chosen() -> None:
    assert languages.choose(asked="nl", offered=["ja"]).tag == "ja"


@given(st.text())
def test_no_header_breaks_the_choice(header: str) -> None:
    assert languages.choose(asked=header, accept=header, school=header) in languages.ALL


def test_due_today_is_said_only_today() -> None:
    assert words.state_word("due", due=NOW.replace(hour=16), now=NOW) == "Due today"
    assert words.state_word("due", due=NOW + timedelta(days=2), now=NOW) == "Due soon"
    with translation.override("ja"):
        assert words.state_word("due", due=NOW, now=NOW) == "本日まで"


@pytest.mark.parametrize("code", ["ja", "nl", "zh-hans"])
def test_every_state_has_its_word(code: str) -> None:
    with translation.override(code):
        said = [words.state_word(state) for state in words.STATES]
    assert len(set(said)) == len(words.STATES)
    assert all(said)
    assert code == "nl" or not any(word.isascii() for word in said)


def test_done_late_says_how_late() -> None:
    assert words.state_word("met-late", late=timedelta(days=3)) == "Done, 3 days late"


def test_written_down_later() -> None:
    assert words.written_down(NOW, NOW + timedelta(minutes=5), NOW) == ""
    assert words.written_down(NOW, NOW + timedelta(hours=4), NOW) == "Written down 13:20, 4 hours later"
    with translation.override("ja"):
        late = words.written_down(NOW - timedelta(hours=23), NOW, NOW)
    assert late == "今日 09:20に記入（23時間後）"


def test_guidance_is_taken_apart() -> None:
    found = markdown.guidance(
        "Before you **go**.\n\n## Say\n- one\n- two\n  goes on\n\n## Never\n* three <b>\n\n## After\nRest"
    )
    assert found.intro == "<p>Before you <b>go</b>.</p>\n<h3>After</h3>\n<p>Rest</p>"
    assert found.say == ("one", "two goes on")
    assert found.never == ("three &lt;b&gt;",)


def test_paragraphs_lists_and_headings() -> None:
    text = "# Head\nFirst line\nsecond line\n\n1. one\n2) two\n\n- a\n- b"
    assert markdown.render(text) == (
        "<h3>Head</h3>\n<p>First line second line</p>\n<ol><li>one</li><li>two</li></ol>\n<ul><li>a</li><li>b</li></ul>"
    )


def test_lines_of_japanese_are_joined_without_a_gap() -> None:
    assert markdown.render("はるかさんの\n願い") == "<p>はるかさんの願い</p>"


@given(st.text(alphabet=st.sampled_from("<>&\"'*-#123. \n[]()abcjavascript:ア\u202e")))
def test_nothing_but_our_own_tags_comes_out(text: str) -> None:
    """Whatever is written, only paragraphs, lists, bold and headings are tags in the result."""
    left = str(markdown.render(text))
    for tag in ("p", "ul", "ol", "li", "b", "h3"):
        left = left.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert "<" not in left
    assert ">" not in left


def test_the_qr_code_is_the_code_and_small() -> None:
    data = "http://localhost:8000/aoba/back#" + "-".join(["ことば"] * 8)
    svg = str(qr.svg(data, '"label"'))
    assert 'aria-label="&quot;label&quot;"' in svg
    assert "style" not in svg
    assert len(svg) < 9000
    matrix = segno.make(data, error="m", micro=False, mask=qr_modules.MASK).matrix
    dark = {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
    assert drawn(svg) == dark


@pytest.mark.parametrize("signs", range(1, 260, 3))
def test_the_quick_way_draws_what_the_library_draws(signs: int) -> None:
    text = ("https://school.example/back#" + "q7w-E.x" * signs)[:signs]
    matrix = segno.make(text, error="m", micro=False, mask=qr_modules.MASK).matrix
    assert qr_modules.modules(text) == [bytes(row) for row in matrix]


@given(st.text(min_size=1, max_size=60))
def test_every_text_has_a_code(text: str) -> None:
    matrix = segno.make(text, error="m", micro=False, mask=qr_modules.MASK).matrix
    assert qr_modules.modules(text) == [bytes(row) for row in matrix]


def drawn(svg: str) -> set[tuple[int, int]]:
    """Return the modules that the path of a code covers."""
    found = set()
    for stroke in svg.partition(' d="M')[2].partition('"')[0].split("M"):
        start, _, run = stroke.partition("h")
        x, y = start.split(" ")
        found |= {(int(x) + step, int(float(y))) for step in range(int(run))}
    return found


@pytest.mark.parametrize(
    ("number", "pages", "numbers"),
    [(1, 1, (1,)), (1, 3, (1, 2, 3)), (4, 9, (1, 0, 3, 4, 5, 0, 9)), (9, 9, (1, 0, 8, 9))],
)
def test_pagination_shows_the_ends_and_the_neighbours(number: int, pages: int, numbers: tuple[int, ...]) -> None:
    assert parts.paged(number, pages).numbers == numbers


def test_a_number_can_be_called() -> None:
    assert parts.Helpline(title="x", number="0120-0-78310").tel == "0120078310"
    assert parts.Helpline(title="x", number="+44 20 7946 0000").tel == "+442079460000"
    assert parts.Helpline(title="x", number="").tel == ""
