"""Django's entry for the room of layouts and components."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The look: templates, tags, form renderer, static files; no tables."""

    name = "upstander.ui"
    label = "ui"
    verbose_name = "Upstander: the look"
