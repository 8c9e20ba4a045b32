"""Addresses that exist only in a demo installation."""

from django.urls import path

from upstander.demo import views

urlpatterns = [
    path("tour", views.tour, name="tour"),
    path("demo/enter", views.enter, name="demo_enter"),
    path("demo/card", views.card, name="demo_card"),
    path("demo/code/<uuid:person>", views.code, name="demo_code"),
    path("demo/mail", views.mail, name="demo_mail"),
    path("demo/clock", views.clock, name="demo_clock"),
]
