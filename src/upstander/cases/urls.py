"""Addresses of this room, under ``/s/<school>/``."""

from django.urls import path

from upstander.cases.hearings import views as hearings
from upstander.cases.keeping import record_views, views
from upstander.cases.letters import views as letters
from upstander.cases.owndata import views as owndata
from upstander.cases.plans import views as plans
from upstander.cases.serious import views as serious
from upstander.cases.things import hand_in_views
from upstander.cases.things import views as things
from upstander.cases.views import case, closing, concern, do, emergency, event, paper, register, today, why

app_name = "cases"

urlpatterns = [
    path("today", today.page, name="today"),
    path("concerns/<uuid:record>", concern.page, name="concern"),
    path("concerns/<uuid:record>/triage", concern.triage, name="triage"),
    path("cases/", register.page, name="register"),
    path("emergency", emergency.page, name="emergency"),
    path("cases/<uuid:record>", case.page, name="case"),
    path("cases/<uuid:record>/record", case.everything, name="tale"),
    path("cases/<uuid:record>/do/<slug:kind>", do.page, name="do"),
    path("cases/<uuid:record>/why/<slug:rule>", why.page, name="why"),
    path("cases/<uuid:record>/closing", closing.page, name="closing"),
    path("cases/<uuid:record>/hearings", hearings.overview, name="hearings"),
    path("cases/<uuid:record>/hearings/plan", hearings.plan, name="plan_hearing"),
    path("cases/<uuid:record>/hearings/hear", hearings.hear, name="hear"),
    path("cases/<uuid:record>/hearings/<uuid:event>/read-back", hearings.read_back, name="read_back"),
    path("cases/<uuid:record>/hearings/accounts", hearings.table, name="accounts"),
    path("cases/<uuid:record>/hearings/accounts/differ", hearings.differ, name="differ"),
    path("cases/<uuid:record>/hearings/accounts/<slug:number>/settle", hearings.settle, name="settle_difference"),
    path("cases/<uuid:record>/letters", letters.overview, name="letters"),
    path("cases/<uuid:record>/letters/<slug:letter>", letters.write, name="letter"),
    path("cases/<uuid:record>/plans", plans.page, name="plans"),
    path("cases/<uuid:record>/serious", serious.incident, name="serious"),
    path("cases/<uuid:record>/serious/first", serious.authority_report, {"name": "first"}, name="serious_first"),
    path("cases/<uuid:record>/serious/final", serious.authority_report, {"name": "final"}, name="serious_final"),
    path("cases/<uuid:record>/absence", serious.days_away, name="absence"),
    path("absences", serious.absences, name="absences"),
    path("cases/<uuid:record>/search", things.search_steps, name="search"),
    path("cases/<uuid:record>/no-view", things.unseen, name="no_view"),
    path("cases/<uuid:record>/evidence", things.evidence_of, name="evidence"),
    path("cases/<uuid:record>/custody-receipt", things.receipt_of, name="custody_receipt"),
    path("cases/<uuid:record>/takedowns", things.takedowns_of, name="takedowns"),
    path("takedowns", things.takedowns_of_school, name="takedowns_of_school"),
    path("hand-in", hand_in_views.choose, name="hand_ins"),
    path("hand-in/<uuid:school_class>", hand_in_views.page, name="hand_in"),
    path("cases/<uuid:record>/paper", paper.page, name="paper"),
    path("cases/<uuid:record>/keeping", record_views.page, name="keeping_of"),
    path("cases/<uuid:record>/bundle", record_views.bundle, name="bundle"),
    path("cases/<uuid:record>/hand-over", record_views.hand_over, name="hand_over"),
    path("cases/<uuid:record>/receipts/<uuid:file>", record_views.receipt, name="receipt"),
    path("own-data", owndata.choose, name="own_data"),
    path("own-data/<uuid:person>", owndata.page, name="own_data_of"),
    path("keeping/", views.overview, name="keeping"),
    path("keeping/destroy", views.destroy, name="destroy"),
    path("keeping/certificates/<uuid:file>", views.certificate_page, name="certificate"),
    path("cases/<uuid:record>/readings", event.readings, name="readings"),
    path("cases/<uuid:record>/events/<uuid:event>", event.page, name="event"),
    path("cases/<uuid:record>/events/<uuid:event>/correct", do.correct, name="correct"),
    path("cases/<uuid:record>/duties/<slug:rule>/<slug:deed>", do.duty, name="duty"),
    path("cases/<uuid:record>/files/<uuid:file>", event.file, name="file"),
]
