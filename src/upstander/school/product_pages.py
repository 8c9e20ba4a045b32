"""The pages of the product that a clause can name as the place where it lives (``pages`` in ``clauses.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping

PAGES: Mapping[str, str] = {
    "tell": "/<school>/tell/",
    "come-back": "/<school>/back",
    "who-to-talk-to": "/<school>/talk",
    "published-policy": "/<school>/policy",
    "staff-note": "/s/<school>/note",
    "inbox": "/s/<school>/today",
    "concern": "/s/<school>/concerns/<record>",
    "triage": "/s/<school>/concerns/<record>/triage",
    "cases": "/s/<school>/cases/",
    "case": "/s/<school>/cases/<record>",
    "timeline": "/s/<school>/cases/<record>/record",
    "registers": "/s/<school>/registers/",
    "register": "/s/<school>/registers/<register>/",
    "record": "/s/<school>/records/<record>/",
    "closing": "/s/<school>/cases/<record>/closing",
    "who-read-it": "/s/<school>/cases/<record>/readings",
    "policy": "/s/<school>/policy/",
    "studio": "/s/<school>/studio/",
    "adoption": "/s/<school>/adopt/",
    "people": "/s/<school>/people/",
    "office-log": "/s/<school>/people/log",
    "roster-import": "/s/<school>/people/from-file",
    "classes": "/s/<school>/classes/",
    "pupil-cards": "/s/<school>/classes/<school_class>/cards",
    "portal": "/me/<school>/",
    "check-in": "/me/<school>/check/<record>/<kind>",
}
"""{id: route}; what stands in angle brackets is filled in by the site. The ids are part of the language and stay."""
