"""The page of somebody's keys, under ``/s/<school>/``."""

from django.urls import path

from upstander.api import pages

urlpatterns = [path("account/keys", pages.page, name="api-keys")]
