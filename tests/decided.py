"""What everybody gets at every address: a table. Read it, do not generate it: a line is a decision.

Columns: who asks, as in ``WHO``. For each address one line for reading and one for sending an empty form.
``in``, ``card``: shown the way in; 302: sent on; 403: theirs to know of, not to do; 404: not there, for them; 405: nothing
to send; 422: what is missing is said.
"""

from __future__ import annotations

WHO = (
    "anonymous",
    "head",
    "coordinator",
    "homeroom",
    "other-homeroom",
    "teacher",
    "pupil",
    "guardian",
    "other-school",
    "named",
)
"""``head`` to ``teacher`` work at the school: the head, the head of the grade, the class teacher, another class's teacher, and
one without a class. ``named``: a colleague who is named in the case; ``other-school``: the head of another school;
``guardian``: of the child.
"""

DECIDED: dict[str, tuple[str, str]] = {
    "": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "<slug:school>/back": (
        "200 200 200 200 200 200 200 200 200 200",
        "422 422 422 422 422 422 422 422 422 422",
    ),
    "<slug:school>/back/": (
        "200 200 200 200 200 200 200 200 200 200",
        "422 422 422 422 422 422 422 422 422 422",
    ),
    "<slug:school>/policy": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "<slug:school>/policy.pdf": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "<slug:school>/talk": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "<slug:school>/talk/": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "<slug:school>/talk/<uuid:person>.jpg": (
        "404 404 404 404 404 404 404 404 404 404",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "<slug:school>/tell": (
        "200 200 200 200 200 200 200 200 200 200",
        "200 200 200 200 200 200 200 200 200 200",
    ),
    "<slug:school>/tell/": (
        "200 200 200 200 200 200 200 200 200 200",
        "200 200 200 200 200 200 200 200 200 200",
    ),
    "<slug:school>/tell/kept": (
        "302 302 302 302 302 302 302 302 302 302",
        "302 302 302 302 302 302 302 302 302 302",
    ),
    "card/": (
        "200 200 200 200 200 200 200 200 200 200",
        "422 422 422 422 422 422 422 422 422 422",
    ),
    "card/<slug:school>/<str:words>": (
        "200 200 200 200 200 200 200 200 200 200",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "card/out": (
        "405 405 405 405 405 405 405 405 405 405",
        "302 302 302 302 302 302 302 302 302 302",
    ),
    "demo/card": (
        "405 405 405 405 405 405 405 405 405 405",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "demo/clock": (
        "200 200 200 200 200 200 200 200 200 200",
        "200 200 200 200 200 200 200 200 200 200",
    ),
    "demo/code/<uuid:person>": (
        "404 404 404 404 404 404 404 404 404 404",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "demo/enter": (
        "405 405 405 405 405 405 405 405 405 405",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "demo/mail": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "demo/patterns": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "demo/patterns/door": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "health": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "in/": (
        "in 302 302 302 302 302 in 302 302 302",
        "in 302 302 302 302 302 in 302 302 302",
    ),
    "in/account/2fa/": (
        "in 200 200 200 200 200 in 200 200 200",
        "in 405 405 405 405 405 in 405 405 405",
    ),
    "in/account/2fa/authenticate/": (
        "in 302 302 302 302 302 in 302 302 302",
        "in 302 302 302 302 302 in 302 302 302",
    ),
    "in/account/2fa/reauthenticate/": (
        "in 403 403 403 403 403 in 403 403 403",
        "in 403 403 403 403 403 in 403 403 403",
    ),
    "in/account/2fa/recovery-codes/": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 405 405 405",
    ),
    "in/account/2fa/recovery-codes/download/": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 404 404 404 404 404 in 404 404 404",
    ),
    "in/account/2fa/recovery-codes/generate/": (
        "in 200 200 200 200 200 in 200 200 200",
        "in 200 200 200 200 200 in 200 200 200",
    ),
    "in/account/2fa/totp/activate/": (
        "in 200 200 200 200 200 in 200 200 200",
        "in 200 200 200 200 200 in 200 200 200",
    ),
    "in/account/2fa/totp/deactivate/": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 404 404 404 404 404 in 404 404 404",
    ),
    r"in/account/^confirm-email/(?P<key>[-:\w]+)/$": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (
        "200 200 200 200 200 200 200 200 200 200",
        "200 200 200 200 200 200 200 200 200 200",
    ),
    "in/account/confirm-email/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/email/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/inactive/": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "in/account/login/": (
        "200 302 302 302 302 302 200 302 302 302",
        "200 302 302 302 302 302 200 302 302 302",
    ),
    "in/account/login/code/confirm/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/logout/": (
        "302 200 200 200 200 200 302 200 200 200",
        "302 302 302 302 302 302 302 302 302 302",
    ),
    "in/account/password/change/": (
        "in 302 302 302 302 302 in 302 302 302",
        "in 302 302 302 302 302 in 302 302 302",
    ),
    "in/account/password/reset/": (
        "200 200 200 200 200 200 200 200 200 200",
        "200 200 200 200 200 200 200 200 200 200",
    ),
    "in/account/password/reset/done/": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "in/account/password/reset/key/done/": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "in/account/password/set/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/reauthenticate/": (
        "in 403 403 403 403 403 in 403 403 403",
        "in 403 403 403 403 403 in 403 403 403",
    ),
    "in/account/signup/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/2fa/webauthn/": (
        "in 200 200 200 200 200 in 200 200 200",
        "in 405 405 405 405 405 in 405 405 405",
    ),
    "in/account/2fa/webauthn/add/": (
        "in 200 200 200 200 200 in 200 200 200",
        "in 200 200 200 200 200 in 200 200 200",
    ),
    "in/account/2fa/webauthn/keys/<int:pk>/edit/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/2fa/webauthn/keys/<int:pk>/remove/": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 404 404 404 404 404 in 404 404 404",
    ),
    "in/account/2fa/webauthn/login/": (
        "in 302 302 302 302 302 in 302 302 302",
        "in 302 302 302 302 302 in 302 302 302",
    ),
    "in/account/2fa/webauthn/reauthenticate/": (
        "in 403 403 403 403 403 in 403 403 403",
        "in 403 403 403 403 403 in 403 403 403",
    ),
    "in/account/3rdparty/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/3rdparty/login/cancelled/": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "in/account/3rdparty/login/error/": (
        "401 401 401 401 401 401 401 401 401 401",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "in/account/3rdparty/signup/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/^social/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/oidc/^(?P<provider_id>[^/]+)/login/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/oidc/^(?P<provider_id>[^/]+)/login/callback/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/social/connections/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/social/login/cancelled/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/social/login/error/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/account/social/signup/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "in/confirm": (
        "in 200 200 200 200 200 in 200 200 200",
        "in 302 302 302 302 302 in 302 302 302",
    ),
    "in/places": (
        "in 200 200 200 200 200 in 200 200 200",
        "in 302 302 302 302 302 in 302 302 302",
    ),
    "in/welcome/<uuid:account_id>/<str:token>/": (
        "410 410 410 410 410 410 410 410 410 410",
        "410 410 410 410 410 410 410 410 410 410",
    ),
    "me/<slug:school>/": (
        "card card card card card card 200 200 card card",
        "card card card card card card 405 405 card card",
    ),
    "me/<slug:school>/check/<uuid:record>/<slug:kind>": (
        "card card card card card card 404 404 card card",
        "card card card card card card 404 404 card card",
    ),
    "me/<slug:school>/thanks/<uuid:record>/<uuid:event>": (
        "card card card card card card 404 404 card card",
        "card card card card card card 405 405 card card",
    ),
    "s/<slug:school>/account/keys": (
        "in 200 200 200 200 200 in 404 404 200",
        "in 422 422 422 422 422 in 404 404 422",
    ),
    "s/<slug:school>/adopt/": (
        "in 200 403 403 403 403 in 404 404 403",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/adopt/<slug:step>": (
        "in 200 403 403 403 403 in 404 404 403",
        "in 422 403 403 403 403 in 404 404 403",
    ),
    "s/<slug:school>/adopt/drop": (
        "in 405 405 405 405 405 in 404 404 405",
        "in 302 403 403 403 403 in 404 404 403",
    ),
    "s/<slug:school>/adopt/publish": (
        "in 405 405 405 405 405 in 404 404 405",
        "in 302 403 403 403 403 in 404 404 403",
    ),
    "s/<slug:school>/adopt/withdraw": (
        "in 405 405 405 405 405 in 404 404 405",
        "in 404 403 403 403 403 in 404 404 403",
    ),
    "s/<slug:school>/cases/": (
        "in 200 200 200 200 200 in 404 404 200",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/bundle": (
        "in 200 403 403 404 404 in 404 404 404",
        "in 422 403 403 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/custody-receipt": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/hand-over": (
        "in 200 403 403 404 404 in 404 404 404",
        "in 422 403 403 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/keeping": (
        "in 200 403 403 404 404 in 404 404 404",
        "in 422 403 403 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/receipts/<uuid:file>": (
        "in 404 403 403 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/closing": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/hearings": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/hearings/plan": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 422 422 422 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/hearings/hear": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 422 422 422 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/hearings/<uuid:event>/read-back": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 404 404 404 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/hearings/accounts": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/hearings/accounts/differ": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 404 404 404 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/hearings/accounts/<slug:number>/settle": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 404 404 404 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/letters": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/letters/<slug:letter>": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 422 422 422 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/plans": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/search": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/serious": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/serious/first": (
        "in 200 403 403 404 404 in 404 404 404",
        "in 422 403 403 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/serious/final": (
        "in 200 403 403 404 404 in 404 404 404",
        "in 422 403 403 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/absence": (
        "in 403 200 200 404 404 in 404 404 404",
        "in 403 422 422 404 404 in 404 404 404",
    ),
    "s/<slug:school>/absences": (
        "in 404 200 200 404 404 in 404 404 404",
        "in 404 422 422 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/do/<slug:kind>": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 422 422 422 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/duties/<slug:rule>/<slug:deed>": (
        "in 200 404 404 404 404 in 404 404 404",
        "in 422 404 404 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/events/<uuid:event>": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/events/<uuid:event>/correct": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 422 422 422 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/evidence": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/files/<uuid:file>": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/no-view": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 404 404 404 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/paper": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 422 422 422 404 404 in 404 404 404",
    ),
    "s/<slug:school>/cases/<uuid:record>/readings": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/record": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/takedowns": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/cases/<uuid:record>/why/<slug:rule>": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/classes/": (
        "in 200 200 200 200 200 in 404 404 200",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/classes/<uuid:school_class>": (
        "in 200 200 200 403 403 in 404 404 403",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/classes/<uuid:school_class>/cards": (
        "in 405 405 405 405 405 in 404 404 405",
        "in 200 200 200 403 403 in 404 404 403",
    ),
    "s/<slug:school>/concerns/<uuid:record>": (
        "in 200 200 404 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/concerns/<uuid:record>/triage": (
        "in 200 200 404 404 404 in 404 404 404",
        "in 422 422 404 404 404 in 404 404 404",
    ),
    "s/<slug:school>/emergency": (
        "in 404 200 200 200 404 in 404 404 200",
        "in 404 200 200 200 404 in 404 404 200",
    ),
    "s/<slug:school>/hand-in": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/hand-in/<uuid:school_class>": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 404 404 404 404 404 in 404 404 404",
    ),
    "s/<slug:school>/keeping/": (
        "in 200 403 403 403 403 in 404 404 200",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/keeping/certificates/<uuid:file>": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/keeping/destroy": (
        "in 200 403 403 403 403 in 404 404 200",
        "in 422 403 403 403 403 in 404 404 422",
    ),
    "s/<slug:school>/note": (
        "in 200 200 200 200 200 in 404 404 200",
        "in 422 422 422 422 422 in 404 404 422",
    ),
    "s/<slug:school>/own-data": (
        "in 200 403 403 403 403 in 404 404 403",
        "in 200 403 403 403 403 in 404 404 403",
    ),
    "s/<slug:school>/own-data/<uuid:person>": (
        "in 200 403 403 403 403 in 404 404 403",
        "in 422 403 403 403 403 in 404 404 403",
    ),
    "s/<slug:school>/people/": (
        "in 200 200 200 200 200 in 404 404 200",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/people/<uuid:person>": (
        "in 200 200 200 200 200 in 404 404 200",
        "in 200 200 200 200 200 in 404 404 200",
    ),
    "s/<slug:school>/people/<uuid:person>/picture": (
        "in 200 403 403 403 403 in 404 404 403",
        "in 422 403 403 403 403 in 404 404 403",
    ),
    "s/<slug:school>/people/from-file": (
        "in 200 403 403 403 403 in 404 404 403",
        "in 422 403 403 403 403 in 404 404 403",
    ),
    "s/<slug:school>/people/log": (
        "in 200 403 403 403 403 in 404 404 403",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/people/new": (
        "in 200 403 403 403 403 in 404 404 403",
        "in 422 403 403 403 403 in 404 404 403",
    ),
    "s/<slug:school>/policy/": (
        "in 200 200 200 200 200 in 404 404 200",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/records/<uuid:record>/": (
        "in 302 302 302 404 404 in 404 404 404",
        "in 302 302 302 404 404 in 404 404 404",
    ),
    "s/<slug:school>/records/<uuid:record>/bundle": (
        "in 200 403 403 404 404 in 404 404 404",
        "in 422 403 403 404 404 in 404 404 404",
    ),
    "s/<slug:school>/records/<uuid:record>/hand-over": (
        "in 200 403 403 404 404 in 404 404 404",
        "in 422 403 403 404 404 in 404 404 404",
    ),
    "s/<slug:school>/records/<uuid:record>/keeping": (
        "in 200 403 403 404 404 in 404 404 404",
        "in 422 403 403 404 404 in 404 404 404",
    ),
    "s/<slug:school>/records/<uuid:record>/receipts/<uuid:file>": (
        "in 404 403 403 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/records/<uuid:record>/closing": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/records/<uuid:record>/custody-receipt": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/records/<uuid:record>/do/<str:kind>": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 422 422 422 404 404 in 404 404 404",
    ),
    "s/<slug:school>/records/<uuid:record>/duties/<str:rule>/<slug:deed>": (
        "in 200 404 404 404 404 in 404 404 404",
        "in 422 404 404 404 404 in 404 404 404",
    ),
    "s/<slug:school>/records/<uuid:record>/events/<uuid:event>": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/records/<uuid:record>/events/<uuid:event>/correct": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 422 422 422 404 404 in 404 404 404",
    ),
    "s/<slug:school>/records/<uuid:record>/evidence": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/records/<uuid:record>/files/<uuid:file>": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/records/<uuid:record>/no-view": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 404 404 404 404 404 in 404 404 404",
    ),
    "s/<slug:school>/records/<uuid:record>/letters": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/records/<uuid:record>/letters/<str:letter>": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 422 422 422 404 404 in 404 404 404",
    ),
    "s/<slug:school>/records/<uuid:record>/paper": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 422 422 422 404 404 in 404 404 404",
    ),
    "s/<slug:school>/records/<uuid:record>/readings": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/records/<uuid:record>/record": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/records/<uuid:record>/search": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/records/<uuid:record>/takedowns": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/records/<uuid:record>/why/<str:rule>": (
        "in 200 200 200 404 404 in 404 404 404",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/registers/": (
        "in 200 200 200 200 200 in 404 404 200",
        "in 200 200 200 200 200 in 404 404 200",
    ),
    "s/<slug:school>/registers/<str:register>/": (
        "in 200 200 404 404 404 in 404 404 200",
        "in 200 200 404 404 404 in 404 404 200",
    ),
    "s/<slug:school>/registers/<str:register>/csv": (
        "in 200 200 404 404 404 in 404 404 200",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/registers/<str:register>/new": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 404 404 404 404 404 in 404 404 404",
    ),
    "s/<slug:school>/registers/<str:register>/new/<str:kind>": (
        "in 404 404 404 404 404 in 404 404 404",
        "in 404 404 404 404 404 in 404 404 404",
    ),
    "s/<slug:school>/studio/": (
        "in 200 200 200 200 200 in 404 404 200",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/studio/check": (
        "in 200 403 403 403 403 in 404 404 403",
        "in 422 403 403 403 403 in 404 404 403",
    ),
    "s/<slug:school>/studio/draft": (
        "in 200 403 403 403 403 in 404 404 403",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/studio/draft/undo": (
        "in 405 405 405 405 405 in 404 404 405",
        "in 302 403 403 403 403 in 404 404 403",
    ),
    "s/<slug:school>/studio/rules/<slug:section>/<slug:name>": (
        "in 200 200 200 200 200 in 404 404 200",
        "in 422 403 403 403 403 in 404 404 403",
    ),
    "s/<slug:school>/takedowns": (
        "in 200 200 200 200 404 in 404 404 200",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "s/<slug:school>/today": (
        "in 200 200 200 200 200 in 404 404 200",
        "in 405 405 405 405 405 in 404 404 405",
    ),
    "tour": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "api/": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "api/<path:rest>": (
        "404 404 404 404 404 404 404 404 404 404",
        "404 404 404 404 404 404 404 404 404 404",
    ),
    "api/v1/": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "api/v1/openapi.json": (
        "200 200 200 200 200 200 200 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "api/v1/schools": (
        "401 200 200 200 200 200 401 200 200 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "api/v1/schools/<slug>": (
        "401 200 200 200 200 200 401 404 404 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "api/v1/schools/<slug>/records/<record_id>": (
        "401 200 200 200 404 404 401 404 404 404",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "api/v1/schools/<slug>/registers": (
        "401 200 200 200 200 200 401 404 404 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
    "api/v1/schools/<slug>/registers/<kind>": (
        "401 200 200 404 404 404 401 404 404 200",
        "405 405 405 405 405 405 405 405 405 405",
    ),
}
