"""Every template of every room keeps the rules of the look: nothing inline, one heading, no words left untranslated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

HOUSE = Path(__file__).resolve().parents[2]
ORDER = (
    "ui",
    "vault",
    "people",
    "access",
    "records",
    "school",
    "tell",
    "cases",
    "notify",
    "portal",
    "api",
    "web",
    "demo",
)
"""The rooms from the top: a template extends and includes only what stands in its own room or above."""

PATTERNS = "ui/patterns/"
"""The pattern book for developers shows invented words that nobody translates."""

TAGS = re.compile(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|{#.*?#}", re.S)


def templates() -> list[Path]:
    """Return every HTML template of the house."""
    return sorted(path for path in HOUSE.glob("*/templates/**/*.html"))


def name(path: Path) -> str:
    """Return a template's name as Django knows it."""
    return path.as_posix().split("/templates/", 1)[1]


def source(path: Path) -> str:
    """Return a template without its comments."""
    return TAGS.sub("", path.read_text("utf-8"))


each_template = pytest.mark.parametrize("path", templates(), ids=name)


@each_template
def test_nothing_is_inline(path: Path) -> None:
    """The content security policy allows no inline style or script, and so do we not write any."""
    text = source(path)
    assert not re.search(r"<style|\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert "javascript:" not in text
    for script in re.findall(r"<script[^>]*>(.*?)</script>", text, re.S):
        assert script.strip() == ""


@each_template
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    for address in re.findall(r"<(?:script|link|img|iframe|source)[^>]*?(?:src|href)=\"([^\"]*)\"", source(path)):
        assert not address.startswith(("http:", "https:", "//"))


@each_template
def test_text_is_escaped(path: Path) -> None:
    """No template declares a text safe; what is HTML was made safe where it was made."""
    text = source(path)
    assert not re.search(r"\|\s*(safe|safeseq)\b", text)
    assert "autoescape off" not in text


@each_template
def test_a_template_can_be_read(path: Path) -> None:
    assert get_template(name(path))


@each_template
def test_a_page_has_one_heading(path: Path) -> None:
    """At most one ``h1`` on any way through a template (the ways of an ``if`` count once)."""
    text = source(path)
    while re.search(r"{%\s*if\b(?:(?!{%\s*(?:if|endif)\b).)*{%\s*endif\s*%}", text, re.S):
        text = re.sub(
            r"{%\s*if\b((?:(?!{%\s*(?:if|endif)\b).)*){%\s*endif\s*%}", longest_way, text, count=1, flags=re.S
        )
    assert text.count("<h1") <= 1


def longest_way(found: re.Match[str]) -> str:
    """Return the branch of an ``if`` with the most headings."""
    return max(re.split(r"{%\s*el(?:se|if)\b[^%]*%}", found[1]), key=lambda branch: branch.count("<h1"))


@each_template
def test_extends_and_includes_only_from_above(path: Path) -> None:
    room = path.relative_to(HOUSE).parts[0]
    for used in re.findall(r"{%\s*(?:extends|include)\s+\"([^\"]+)\"", source(path)):
        owner = used.split("/")[0]
        if owner in ORDER:
            assert ORDER.index(owner) <= ORDER.index(room), f"{used} stands below {room}"


@each_template
def test_no_word_is_left_untranslated(path: Path) -> None:
    """Text between tags and in attributes that people hear goes through gettext; names of the product may stand."""
    if name(path).startswith(PATTERNS):
        return
    text = re.sub(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", "", source(path), flags=re.S)
    given = re.findall(r"{%\s*include\b.*?%}", text)
    said = [
        word for each in given for word in re.findall(r"\b(?:strong|text|title|caption|word|asked)=\"([^\"]+)\"", each)
    ]
    assert said == []
    text = re.sub(r"{%\s*block (width|main_class|body_class|html_attrs)\s*%}.*?{%\s*endblock", "", text, flags=re.S)
    heard = re.findall(r"(?:aria-label|title|placeholder|alt)=\"([^\"{]*)\"", text)
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.S)
    text = re.sub(r"<(script|style|svg|pre|code)\b.*?</\1>", " ", text, flags=re.S)
    text = re.sub(r"/\w+", " ", re.sub(r"<[^<>]*>", " ", text))  # an address that people type is no sentence
    left = [word for word in re.findall(r"[^\W\d_]{2,}", " ".join([text, *heard])) if word not in ("Upstander", "nbsp")]
    assert left == []


@each_template
def test_buttons_say_what_they_are(path: Path) -> None:
    """A button inside a form that is not its deed says ``type="button"``; an empty link has no word to be heard."""
    text = source(path)
    assert not re.search(r"<a\b[^>]*>\s*</a>", text)
    assert not re.search(r"<button\b[^>]*>\s*</button>", text)
    assert not re.search(r"<a\b[^>]*href=\"#\"", text) or name(path).startswith(PATTERNS)


@each_template
def test_a_form_that_is_sent_carries_its_token(path: Path) -> None:
    """Wherever somebody may be signed in. The public door has no cookie, so there is nothing for a forger to ride on."""
    if name(path).startswith("tell/") and "ui/house" not in source(path):
        return
    for form in re.findall(r"<form\b[^>]*method=\"post\"[^>]*>.*?</form>", source(path), re.S | re.I):
        assert "csrf_token" in form
        assert 'type="file"' not in form or "multipart" in form.split(">", 1)[0]
