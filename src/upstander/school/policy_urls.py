"""Addresses under ``/s/<school>/`` of the policy at work: the studio, and making it the school's own."""

from django.urls import path

from upstander.school import adoption_views, studio_views

urlpatterns = [
    path("studio/", studio_views.document, name="studio"),
    path("studio/rules/<slug:section>/<slug:name>", studio_views.rule, name="rule"),
    path("studio/draft", studio_views.draft, name="draft"),
    path("studio/draft/undo", studio_views.undo, name="undo"),
    path("studio/check", studio_views.bring, name="bring"),
    path("adopt/", adoption_views.overview, name="adopt"),
    path("adopt/publish", adoption_views.publish, name="publish"),
    path("adopt/drop", adoption_views.drop, name="drop"),
    path("adopt/withdraw", adoption_views.withdraw, name="withdraw"),
    path("adopt/<slug:step>", adoption_views.step, name="adopt_step"),
]
