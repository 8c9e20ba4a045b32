"""The interface described: for programs as OpenAPI, for people as a page. Neither holds anybody's data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from upstander.api import v1


@dataclass(frozen=True, slots=True)
class Described:
    """One address of the interface: what it answers, what it may be asked."""

    id: str
    path: str
    summary: str
    asks: tuple[tuple[str, str], ...]


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description."""
    return JsonResponse(v1.described(), json_dumps_params={"ensure_ascii": False})


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same for people, in their language."""
    found = v1.described()
    operations = [_operation(path, each["get"]) for path, each in found["paths"].items()]
    context = {"operations": operations, "site": settings.INSTALLATION.site_url}
    return render(request, "api/docs.html", context)


def _operation(path: str, operation: dict[str, Any]) -> Described:
    asks = tuple(
        (str(each["name"]), _sort(each["schema"])) for each in operation.get("parameters", []) if each["in"] == "query"
    )
    return Described(operation["operationId"], path, gettext(operation["summary"]), asks)


def _sort(schema: dict[str, Any]) -> str:
    """The JSON type of a parameter, with its format."""
    for each in (schema, *schema.get("anyOf", ())):
        if each.get("type") not in (None, "null"):
            return f"{each['type']} ({each['format']})" if "format" in each else str(each["type"])
    return ""
