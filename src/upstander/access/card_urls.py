"""Addresses under ``/card/``."""

from django.urls import path

from upstander.access import card_views

urlpatterns = [
    path("", card_views.show, name="card"),
    path("out", card_views.leave, name="card-leave"),
    path("<slug:school>/<str:words>", card_views.come, name="card-come"),
]
