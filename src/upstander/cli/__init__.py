"""The command line: ``upstander …``. Exit codes: 0 fine, 1 found something, 2 could not run."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Sequence


def _language() -> str:
    """The user's language, as the terminal's environment says; ``UPSTANDER_LANG`` overrides."""
    from upstander.ui import languages

    for name in ("UPSTANDER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").partition(".")[0]
        if value and (found := languages.find(value)):
            return found.code
    return languages.SOURCE.code


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the arguments and run the command; problems are said in a sentence, never as a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.web.settings")
    locale.setlocale(locale.LC_CTYPE, "")
    import django

    django.setup()
    from django.utils import translation

    from upstander.cli import parser
    from upstander.cli.problems import Cannot

    with translation.override(_language()):
        parsed = parser.build().parse_args(arguments)
        try:
            return int(parsed.run(parsed) or 0)
        except Cannot as problem:
            print(problem, file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            return 0
        except BrokenPipeError:
            return 0
