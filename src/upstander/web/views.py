"""The start page and the health check."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upstander.people import queries as people


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The schools of this installation: their doors, and the way in for staff and pupils."""
    return render(request, "web/start.html", {"schools": people.schools()})


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """For a monitor: answers 200 while the database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"healthy": True})
