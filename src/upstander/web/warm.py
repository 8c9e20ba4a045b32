"""What a worker makes ready before its first request, so that no reader waits for it: packs, templates, words, addresses."""

from __future__ import annotations

import contextlib
import gc

from django.db import DatabaseError, connections
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation

from upstander.people import queries as people
from upstander.people.packs import series_of
from upstander.policy.compiled.rules import ready
from upstander.policy.problems import PackErrors
from upstander.ui import languages

_TEMPLATES = ("tell/page.html", "tell/receipt.html", "tell/back.html", "tell/matter.html", "cases/case.html")
_BETWEEN_LOOKS = 20_000
"""Objects made between two looks for garbage: a page makes some thousands, hardly any of them in circles."""


def up() -> None:
    """Make ready and settle; for a process that serves."""
    make_ready()
    connections.close_all()
    settle()


def make_ready() -> None:
    """Load what can be loaded; what fails here will say so at the request that needs it."""
    for language in languages.ALL:
        with translation.override(language.code):
            translation.gettext("Continue")
    _ = get_resolver().url_patterns
    for name in _TEMPLATES:
        with contextlib.suppress(TemplateDoesNotExist):
            get_template(name)
    with contextlib.suppress(DatabaseError):
        for school in people.schools():
            with contextlib.suppress(PackErrors, OSError):
                for pack in series_of(school).versions:
                    ready(pack)


def settle() -> None:
    """What is there now stays for as long as the process does: the search for garbage passes it over."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_BETWEEN_LOOKS, 20, 50)
