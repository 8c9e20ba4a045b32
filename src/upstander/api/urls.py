"""Addresses under ``/api/``. What is none of them is a problem, not a page."""

from django.urls import path

from upstander.api import docs, problems
from upstander.api.v1 import api

urlpatterns = [
    path("v1/", docs.page, name="api-docs"),
    path("v1/openapi.json", docs.openapi, name="api-openapi"),
    path("v1/", api.urls),
    path("", problems.not_found),
    path("<path:rest>", problems.not_found),
]
