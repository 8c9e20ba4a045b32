"""The ways to sign in that this installation offers besides its own."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def sign_in_providers() -> list[Any]:
    """The school's own providers of sign-in (OpenID Connect), in the order of the settings: each has id and name."""
    return list(settings.INSTALLATION.oidc)


@register.filter
def as_json(value: Any) -> str:
    """What a script reads from an attribute: the page escapes it."""
    return json.dumps(value)
