"""No password that is little more than a word of the house: the name of the school, of this site or of the program.

The words are not kept in a list: they are the school's name and address as they are now, the host of the installation, "upstander".
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from upstander.people import queries as people

LEAST_WORD, LEAST_REST = 3, 6
"""Letters from which a word counts as one; signs that have to be left of a password without these words."""


class NoWordsOfTheHouse:
    """For ``AUTH_PASSWORD_VALIDATORS``."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        rest = said = password.casefold()
        for word in sorted(_words(user), key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != said and len(rest) < LEAST_REST:
            raise ValidationError(
                _("The name of the school or of this site is easily guessed. Take other words, or more of them.")
            )

    def get_help_text(self) -> str:
        return _("Not the name of the school or of this site.")


def _words(user: Any) -> set[str]:
    persons = people.persons_of_account(user.pk) if getattr(user, "pk", None) else []
    texts = ["upstander", urlsplit(settings.INSTALLATION.site_url).hostname or ""]
    texts += [text for person in persons for text in (person.school.name, person.school.slug)]
    found = {word for text in texts for word in (text.casefold(), *re.split(r"[\W_]+", text.casefold()))}
    return {word for word in found if len(word) >= LEAST_WORD}
