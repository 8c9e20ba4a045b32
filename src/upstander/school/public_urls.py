"""Addresses of the school that need no account: its published policy."""

from django.urls import path

from upstander.school import published_views

urlpatterns = [
    path("policy", published_views.for_everybody, name="published_policy"),
    path("policy.pdf", published_views.on_paper, name="policy_pdf"),
]
