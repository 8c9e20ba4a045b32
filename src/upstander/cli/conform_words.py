"""Why a line of a log is no event, in the user's language."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

_REASONS: tuple[tuple[str, Callable[[], str]], ...] = (
    (r"no such kind of event: (?P<what>.*)", lambda: _("the pack knows no kind of event “{what}”")),
    (r"event: the kind is missing", lambda: _("the kind of event is missing")),
    (r"at: (?:the moment is missing|None)", lambda: _("the moment is missing")),
    (r"(?:at|recorded): (?P<what>.*)", lambda: _("“{what}” is no moment")),
    (r"no number: (?P<what>.*)", lambda: _("“{what}” is no number")),
    (r"(?P<there>\d+) columns instead of (?P<due>\d+)", lambda: _("{there} columns instead of {due}")),
    (r"an event is an object", lambda: _("it is no object")),
    (r"nested too deep", lambda: _("it is nested too deep")),
    (r"the line is longer than four million bytes", lambda: _("the line is longer than four million bytes")),
    (r"a document type is refused", lambda: _("a document type is refused")),
    (r"unknown: (?P<what>.*)", lambda: _("unknown entries: {what}")),
    (r"the text is not UTF-8|'utf-.*", lambda: _("the text is not UTF-8")),
    (r"(?:Expecting|Extra data|Unterminated|Invalid).*", lambda: _("it is no JSON")),
    (r"it is empty", lambda: _("it is empty")),
    (r"it is no (?P<form>CSV|Parquet|XES)", lambda: _("it is no {form}")),
    (r"it breaks off after row (?P<row>\d+)", lambda: _("it breaks off after row {row}")),
    (r"it is not whole, or not compressed by gzip", lambda: _("it is not whole, or not compressed by gzip")),
    (r"two columns are: (?P<what>.*)", lambda: _("two columns are “{what}”")),
    (r"no texts in column: (?P<what>.*)", lambda: _("the column “{what}” holds no texts")),
)


def why(text: str) -> str:
    """The reason in words; what has none of its own stays as the reader said it."""
    for pattern, words in _REASONS:
        found = re.fullmatch(pattern, text, re.DOTALL)
        if found:
            return words().format(**found.groupdict())
    return text
