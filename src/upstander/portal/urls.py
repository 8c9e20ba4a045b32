"""Addresses under ``/me/<school>/``: what a pupil sees who came with a card."""

from django.urls import path

from upstander.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("check/<uuid:record>/<slug:kind>", views.check_in, name="check_in"),
    path("thanks/<uuid:record>/<uuid:event>", views.thanks, name="thanks"),
]
