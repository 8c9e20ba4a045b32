"""Addresses of registers and of the records in them, under ``/s/<school>/``. Forms and entries are those of every record."""

from django.urls import path

from upstander.cases.keeping import record_views
from upstander.cases.letters import views as letters
from upstander.cases.things import views as things
from upstander.cases.views import case, closing, do, event, paper, why
from upstander.web.registers import export, opening, record, views

app_name = "registers"

urlpatterns = [
    path("registers/", views.overview, name="overview"),
    path("registers/<str:register>/", views.register, name="register"),
    path("registers/<str:register>/csv", export.csv_file, name="csv"),
    path("registers/<str:register>/new", opening.choose, name="choose"),
    path("registers/<str:register>/new/<str:kind>", opening.page, name="new"),
    path("records/<uuid:record>/", record.page, name="case"),
    path("records/<uuid:record>/record", case.everything, name="tale"),
    path("records/<uuid:record>/do/<str:kind>", do.page, name="do"),
    path("records/<uuid:record>/why/<str:rule>", why.page, name="why"),
    path("records/<uuid:record>/closing", closing.page, name="closing"),
    path("records/<uuid:record>/search", things.search_steps, name="search"),
    path("records/<uuid:record>/no-view", things.unseen, name="no_view"),
    path("records/<uuid:record>/evidence", things.evidence_of, name="evidence"),
    path("records/<uuid:record>/custody-receipt", things.receipt_of, name="custody_receipt"),
    path("records/<uuid:record>/takedowns", things.takedowns_of, name="takedowns"),
    path("records/<uuid:record>/letters", letters.overview, name="letters"),
    path("records/<uuid:record>/letters/<str:letter>", letters.write, name="letter"),
    path("records/<uuid:record>/paper", paper.page, name="paper"),
    path("records/<uuid:record>/keeping", record_views.page, name="keeping_of"),
    path("records/<uuid:record>/bundle", record_views.bundle, name="bundle"),
    path("records/<uuid:record>/hand-over", record_views.hand_over, name="hand_over"),
    path("records/<uuid:record>/receipts/<uuid:file>", record_views.receipt, name="receipt"),
    path("records/<uuid:record>/readings", event.readings, name="readings"),
    path("records/<uuid:record>/events/<uuid:event>", event.page, name="event"),
    path("records/<uuid:record>/events/<uuid:event>/correct", do.correct, name="correct"),
    path("records/<uuid:record>/duties/<str:rule>/<slug:deed>", do.duty, name="duty"),
    path("records/<uuid:record>/files/<uuid:file>", event.file, name="file"),
]
