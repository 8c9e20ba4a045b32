"""The command line: ``upstander …``. Exit codes: 0 fine, 1 found something, 2 could not run."""

from __future__ import annotations

import locale
import os
import secrets
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


def _sign_nothing(arguments: Sequence[str]) -> None:
    """Commands for packs sign nothing: they take a key for the moment, and leave none behind in an author's folder."""
    if list(arguments[:1]) == ["pack"] and "upstander.web.settings" not in sys.modules:
        os.environ.setdefault("UPSTANDER_SECRET_KEY", secrets.token_urlsafe(48))


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the arguments and run the command; problems are said in a sentence, never as a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upstander.web.settings")
    _sign_nothing(sys.argv[1:] if arguments is None else arguments)
    locale.setlocale(locale.LC_CTYPE, "")
    import django

    try:
        django.setup()
    except (OSError, ValueError) as problem:
        # Nothing can be translated before the settings are read.
        print(f"Upstander cannot start with these settings. {_first_lines(problem)}", file=sys.stderr)
        return 2
    from django.db import DatabaseError
    from django.utils import translation
    from django.utils.translation import gettext as _

    from upstander.cli import parser
    from upstander.cli.problems import Cannot
    from upstander.vault import box, root

    with translation.override(_language()):
        parsed = parser.build().parse_args(arguments)
        try:
            return int(parsed.run(parsed) or 0)
        except Cannot as problem:
            print(problem, file=sys.stderr)
            return 2
        except DatabaseError as problem:
            why = _("The database does not answer or is not set up: {problem}").format(problem=_first_lines(problem))
            print(why, _("Run “upstander setup”, then “upstander doctor”."), sep="\n", file=sys.stderr)
            return 2
        except (root.NoRootKey, box.CannotOpen) as problem:
            why = _("The keys do not open: {problem}").format(problem=_first_lines(problem))
            print(why, _("Put back the root key that this database was made with."), sep="\n", file=sys.stderr)
            return 2
        except (KeyboardInterrupt, BrokenPipeError):
            return 0
        except OSError as problem:
            print(_first_lines(problem), file=sys.stderr)
            return 2


def _first_lines(problem: Exception) -> str:
    return " ".join(str(problem).split("\n")[:3])
