"""What everybody gets of a *sealed* record at every address of a record: a table, beside the one in ``decided.py``.

The first column is the coordinator where the same matter is open: what the seal alone takes away. The others are about the
sealed one. Words as in ``decided.py``.
"""

from __future__ import annotations

WHEN_OPEN, OPEN_TO = "coordinator-when-open", "coordinator"
WHO = (
    WHEN_OPEN,
    "contact-point",
    "confidential-adviser",
    "coordinator",
    "mentor",
    "school-leader",
    "lead",
    "teacher",
    "relative",
    "emergency",
    "left",
    "pupil",
    "guardian",
    "anonymous",
)
"""``lead``: leads the case; ``relative``: the contact point's stand-in, parent of a pupil who is named; ``emergency``: has opened
the pupil's records for some hours; ``left``: was contact point until today; ``pupil`` and ``guardian``: whom it is about.
"""
LET_IN = ("contact-point", "confidential-adviser", "pupil")
"""Whom the pack lets in; the pupil to what is asked of them."""

SEALED: dict[str, tuple[str, str]] = {
    "api/v1/schools/<slug>/records/<record_id>": (
        "200 200 200 404 404 404 404 404 404 404 401 401 404 401",
        "405 405 405 405 405 405 405 405 405 405 405 405 405 405",
    ),
    "me/<slug:school>/check/<uuid:record>/<slug:kind>": (
        "card card card card card card card card card card card 200 404 card",
        "card card card card card card card card card card card 422 404 card",
    ),
    "me/<slug:school>/thanks/<uuid:record>/<uuid:event>": (
        "card card card card card card card card card card card 404 404 card",
        "card card card card card card card card card card card 405 405 card",
    ),
    "s/<slug:school>/cases/<uuid:record>": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/absence": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/bundle": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "422 422 422 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/closing": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/custody-receipt": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/do/<slug:kind>": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "422 422 422 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/duties/<slug:rule>/<slug:deed>": (
        "404 200 404 404 404 404 404 404 404 404 in in 404 in",
        "404 422 404 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/events/<uuid:event>": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/events/<uuid:event>/correct": (
        "403 200 200 404 404 404 404 404 404 404 in in 404 in",
        "403 422 422 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/evidence": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/files/<uuid:file>": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/hand-over": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "422 422 422 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/hearings": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/hearings/<uuid:event>/read-back": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/hearings/accounts": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/hearings/accounts/<slug:number>/settle": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/hearings/accounts/differ": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/hearings/hear": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/hearings/plan": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/keeping": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "422 422 422 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/letters": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/letters/<slug:letter>": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/no-view": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/paper": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "422 422 422 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/plans": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/readings": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/receipts/<uuid:file>": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/record": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/search": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/serious": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/serious/final": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/serious/first": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/takedowns": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/cases/<uuid:record>/why/<slug:rule>": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/concerns/<uuid:record>": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/concerns/<uuid:record>/triage": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "422 422 422 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/": (
        "302 302 302 404 404 404 404 404 404 404 in in 404 in",
        "302 302 302 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/bundle": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "422 422 422 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/closing": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/custody-receipt": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/do/<str:kind>": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "422 422 422 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/duties/<str:rule>/<slug:deed>": (
        "404 200 404 404 404 404 404 404 404 404 in in 404 in",
        "404 422 404 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/events/<uuid:event>": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/events/<uuid:event>/correct": (
        "403 200 200 404 404 404 404 404 404 404 in in 404 in",
        "403 422 422 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/evidence": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/files/<uuid:file>": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/hand-over": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "422 422 422 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/keeping": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "422 422 422 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/letters": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/letters/<str:letter>": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/no-view": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/paper": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "422 422 422 404 404 404 404 404 404 404 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/readings": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/receipts/<uuid:file>": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/record": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/search": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/takedowns": (
        "404 404 404 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
    "s/<slug:school>/records/<uuid:record>/why/<str:rule>": (
        "200 200 200 404 404 404 404 404 404 404 in in 404 in",
        "405 405 405 405 405 405 405 405 405 405 in in 404 in",
    ),
}
