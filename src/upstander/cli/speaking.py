"""argparse's own words in the user's language: "usage", "options", what is missing or unknown on the command line."""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _

HOLE = "%(what)s"
"""Stands in our messages for argparse's nameless ``%s``."""


def speak() -> None:
    """Let argparse look its messages up here; what is not among them stays as it is."""
    setattr(argparse, "_", _translated)  # noqa: B010 - the name by which argparse calls its own gettext


def _translated(message: str) -> str:
    found = _words().get(message)
    return found.replace(HOLE, "%s") if found else message


def _words() -> dict[str, str]:
    return {
        "usage: ": _("usage: "),
        "positional arguments": _("what it is about"),
        "options": _("options"),
        "show this help message and exit": _("Show this help."),
        "the following arguments are required: %s": _("this is missing: %(what)s"),
        "unrecognized arguments: %s": _("this is not known here: %(what)s"),
        "expected one argument": _("a value must follow"),
        "invalid %(type)s value: %(value)r": _("%(value)r does not fit here"),
        "invalid choice: %(value)r (choose from %(choices)s)": _("%(value)r is not there; there are: %(choices)s"),
        "argument %(argument_name)s: %(message)s": _("%(argument_name)s: %(message)s"),
        "%(prog)s: error: %(message)s\n": _("%(prog)s cannot run: %(message)s\n"),
    }
