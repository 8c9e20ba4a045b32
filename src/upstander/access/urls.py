"""Addresses under ``/in/``."""

from django.urls import path

from upstander.access import views

urlpatterns = [
    path("", views.home, name="home"),
    path("confirm", views.confirm, name="confirm"),
    path("places", views.places, name="places"),
    path("welcome/<uuid:account_id>/<str:token>/", views.invitation, name="invitation"),
]
