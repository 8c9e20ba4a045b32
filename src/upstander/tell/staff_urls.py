"""Addresses of the staff's short form under ``/s/<school>/``."""

from django.urls import path

from upstander.tell import staff_views

app_name = "tell_staff"

urlpatterns = [
    path("note", staff_views.note, name="note"),
]
