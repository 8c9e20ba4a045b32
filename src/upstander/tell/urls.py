"""Addresses of a school's public door."""

from django.urls import path

from upstander.tell import back_views, receipt_page, talk_views, views

app_name = "tell"

urlpatterns = [
    path("tell", views.door, name="door"),
    path("tell/", views.door),
    path("tell/kept", receipt_page.kept, name="kept"),
    path("back", back_views.back, name="back"),
    path("back/", back_views.back),
    path("talk", talk_views.talk, name="talk"),
    path("talk/", talk_views.talk),
    path("talk/<uuid:person>.jpg", talk_views.face, name="face"),
]
