"""The pattern book; included only in a demo."""

from __future__ import annotations

from django.urls import path

from upstander.ui import patterns

urlpatterns = [
    path("demo/patterns", patterns.house, name="patterns"),
    path("demo/patterns/door", patterns.door, name="patterns-door"),
]
