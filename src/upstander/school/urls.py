"""Addresses under ``/s/<school>/`` that belong to the school itself: its published policy, its people, its classes."""

from django.urls import path

from upstander.school import people_views, picture_views, policy_urls, published_views

app_name = "school"

urlpatterns = [
    *policy_urls.urlpatterns,
    path("policy/", published_views.for_staff, name="policy"),
    path("people/", people_views.staff, name="people"),
    path("people/new", people_views.new_member, name="new_member"),
    path("people/log", people_views.log, name="log"),
    path("people/from-file", people_views.bring_in, name="bring_in"),
    path("people/<uuid:person>", people_views.member, name="member"),
    path("people/<uuid:person>/picture", picture_views.picture, name="picture"),
    path("classes/", people_views.classes, name="classes"),
    path("classes/<uuid:school_class>", people_views.one_class, name="class"),
    path("classes/<uuid:school_class>/cards", people_views.hand_out, name="cards"),
]
