"""The form of triage: the decision, the case it joins, who is concerned, what may be passed on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from upstander.cases import actions, listing, parts, told
from upstander.cases.looking import Looking
from upstander.cases.persons import Choice, Picker
from upstander.cases.stops import Stopper
from upstander.records import queries
from upstander.records.actions import FormProblems, Stopped
from upstander.records.models import Record
from upstander.ui.forms import Problem

LONGEST = 4000


@dataclass
class TriageForm:
    """What was sent, what is wrong with it, and what the page shows. ``data`` None: a fresh form."""

    looking: Looking
    data: QueryDict | None
    errors: dict[str, str] = field(default_factory=dict)
    stop: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        looking = self.looking
        kind = looking.pack.events[actions.TRIAGED]
        record_kind = looking.pack.records[actions.case_kind(looking.pack)]
        named = queries.named_ids(looking.record)
        self.picker = Picker(
            school=looking.school,
            words=looking.words,
            kind=kind,
            record_kind=record_kind,
            named={role: list(ids) for role, ids in named.items()},
            on=looking.now.date(),
            data=self.data,
            preset={role: list(ids) for role, ids in named.items() if role in kind.about},
            outsiders=looking.names,
        )

    @property
    def looking_only(self) -> bool:
        """Whether somebody was looked for: nothing is recorded then."""
        return self.picker.looking

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, for the summary."""
        ids = {"decision": "id_decision", "case": "id_case", "reason": "id_reason"}
        return [
            Problem(id=ids.get(name, f"id_{name.replace(':', '_')}"), label="", message=message)
            for name, message in self.errors.items()
        ]

    def _sent(self, name: str) -> str:
        return (self.data.get(name, "") if self.data is not None else "").strip()

    # --- saving ----------------------------------------------------------------------------------------------------

    def save(self) -> str:
        """Record the decision; returns where to go on, empty where something is wrong."""
        decision, reason = self._sent("decision"), self._sent("reason")
        options = self.looking.pack.options.get("triage-decisions", {})
        if decision not in options:
            self.errors["decision"] = _("Choose what it is.")
        if not reason:
            self.errors["reason"] = _("Write why. Others rely on it later.")
        elif len(reason) > LONGEST:
            self.errors["reason"] = _("This is too long. Keep to what decides it.")
        case = self._case() if decision == actions.JOINS_CASE else None
        if decision == actions.JOINS_CASE and case is None:
            self.errors["case"] = _("Choose the case that it joins.")
        outside = self.picker.outside()
        about = self.picker.about()
        if decision == actions.NEW_CASE and not (about or outside):
            first = self.picker.kind.about[0]
            self.picker.errors[f"about:{first}"] = self.errors[f"about:{first}"] = _(
                "Say whom it is about, as far as it is known."
            )
        if self.errors or self.picker.finder.outside_error:
            if self.picker.finder.outside_error:
                self.errors["outside_role"] = self.picker.finder.outside_error
            return ""
        decided = actions.Triage(
            decision=decision,
            reason=reason,
            pass_on=[code for code in self._passed() if code in self.looking.pack.options.get("passed-fields", {})],
            about=about,
            outside=outside,
            case=case,
            submit_key=self._sent("submit_key")[:64],
        )
        return self._record(decided)

    def _record(self, decided: actions.Triage) -> str:
        looking = self.looking
        try:
            case = actions.triage(looking.viewer, looking.school, looking.pack, looking.record, decided)
        except FormProblems as error:
            for problem in error.problems:
                self.errors[problem.field or "reason"] = problem.message
                self.picker.errors[problem.field] = problem.message
            return ""
        except Stopped as stopped:
            stopper = Stopper(looking.words, looking.names, looking.deed)
            self.stop = stopper.page(stopped.breaches, warns=stopped.warns, back=looking.home)
            return ""
        if case is not None and queries.visible(looking.viewer).filter(id=case.id).exists():
            from django.urls import reverse

            return reverse("cases:case", args=[looking.school.slug, case.id])
        if decided.decision == actions.ANSWERED_ONLY and looking.may("step-shared"):
            return looking.url("do", "step-shared")
        return looking.home

    def _case(self) -> Record | None:
        try:
            chosen = UUID(self._sent("case"))
        except ValueError:
            return None
        kind = actions.case_kind(self.looking.pack)
        found: Record | None = queries.visible(self.looking.viewer, kind).filter(id=chosen).first()
        return found

    def _passed(self) -> list[str]:
        return self.data.getlist("pass-on") if self.data is not None else []

    # --- showing ---------------------------------------------------------------------------------------------------

    def context(self) -> dict[str, Any]:
        """What the page shows."""
        looking, words = self.looking, self.looking.words
        entry = told.first(looking)
        return {
            "looking": looking,
            "back": looking.back,
            "of_record": looking.of_record,
            "submit_key": self._sent("submit_key") or uuid4().hex,
            "problems": self.problems,
            "stop": self.stop,
            "cards": parts.cards(looking, before=actions.TRIAGED),
            "decision": {
                "label": words.field(actions.TRIAGED, "decision"),
                "error": self.errors.get("decision", ""),
                "choices": [
                    Choice(code, label, hint, code == self._sent("decision"))
                    for code, label, hint in words.options("triage-decisions")
                ],
            },
            "cases": {"error": self.errors.get("case", ""), "choices": self._cases()},
            "names": self.picker.names(),
            "finder": self.picker.finder,
            "passing": {
                "label": words.field(actions.TRIAGED, "pass-on"),
                "choices": [
                    Choice(code, label, hint, code in self._passed())
                    for code, label, hint in words.options("passed-fields")
                ],
            },
            "reason": {
                "label": words.field(actions.TRIAGED, "reason"),
                "value": self._sent("reason"),
                "error": self.errors.get("reason", ""),
            },
            "wish": told.wish(looking, entry),
            "told": told.facts(looking, entry),
        }

    def _cases(self) -> list[Choice]:
        """The open cases that the viewer sees, those that share somebody with the concern first."""
        looking = self.looking
        found = listing.listing(
            looking.viewer, looking.school, looking.now, looking.lang, listing.Filter(show="open")
        ).rows
        named = {each for ids in queries.named_ids(looking.record).values() for each in ids}
        shared = {row.record.id for row in found if named & {each.person for each in row.record.named.all()}}
        found.sort(key=lambda row: row.record.id not in shared)
        chosen = self._sent("case")
        return [
            Choice(str(row.record.id), row.title, row.record.number, str(row.record.id) == chosen) for row in found[:40]
        ]
