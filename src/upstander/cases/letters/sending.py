"""Sending a letter: the PDF is kept in the record, and the event that the policy names says that it went."""

from __future__ import annotations

import io
from typing import Any, Final

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from upstander.cases.letters import guarding, offering
from upstander.cases.letters.drafting import Draft
from upstander.policy.model import Is
from upstander.records import actions, clock
from upstander.records.models import Event
from upstander.ui import pdf

SHEET: Final = "cases/reports/letter.typ"


def paper(draft: Draft, text: str) -> bytes:
    """The letter as a tagged PDF in its own language."""
    looking = draft.looking
    words = offering.words_in(looking, draft.lang)
    data = {
        "title": words.label(f"letters.{draft.letter.id}.title"),
        "school": looking.school.name,
        "own": looking.pack.language,
        "reference": looking.record.number,
        "text": [each.strip() for each in text.replace("\r\n", "\n").split("\n\n") if each.strip()],
    }
    return pdf.make(SHEET, data, lang=draft.lang, now=clock.aware(looking.school, looking.now))


@transaction.atomic
def send(draft: Draft, text: str, let_through: list[guarding.Stop], reason: str, submit_key: str) -> tuple[Event, str]:
    """Keep the letter and record that it was sent. Returns the event that keeps it, and the form that is still to be filled in.

    ``let_through``: what stood against it, ``reason``: why this one message goes all the same; both are kept with it. The form is
    empty where the policy's event asks for nothing more than the letter says. Raises FormProblems, Stopped, Denied.
    """
    looking = draft.looking
    content = paper(draft, text)
    upload = InMemoryUploadedFile(
        io.BytesIO(content), "files", f"{looking.record.number}.pdf", "application/pdf", len(content), None
    )
    kept = actions.record(
        looking.viewer,
        looking.record,
        offering.KEPT_WITH,
        fields={"description": _description(draft, let_through, reason)},
        files={"files": [upload]},
        submit_key=submit_key,
    )
    if draft.letter.sent_with is None:
        return kept, ""
    [alternative] = draft.letter.sent_with.alternatives
    values = _values(draft)
    if _needs_more(draft, alternative.kind, values):
        about = {f"about-{role}": ids[0] for role, ids in draft.about(alternative.kind).items()}
        plain = {name: value for name, value in values.items() if isinstance(value, str)}
        return kept, looking.url("do", alternative.kind, **about, **plain)
    actions.record(
        looking.viewer,
        looking.record,
        alternative.kind,
        about=draft.about(alternative.kind),
        fields=values,
        submit_key=f"{submit_key}-sent" if submit_key else "",
    )
    return kept, ""


def _values(draft: Draft) -> dict[str, Any]:
    assert draft.letter.sent_with is not None  # noqa: S101 - asked only where there is one
    [alternative] = draft.letter.sent_with.alternatives
    fields = draft.looking.pack.events[alternative.kind].fields
    found: dict[str, Any] = {}
    for test in alternative.tests:
        if isinstance(test.condition, Is):
            value = str(test.condition.value)
            found[test.field] = [value] if fields[test.field].type.value == "some-of" else value
    return found


def _needs_more(draft: Draft, kind: str, values: dict[str, Any]) -> bool:
    event = draft.looking.pack.events[kind]
    return any(spec.required and name not in values for name, spec in event.fields.items())


def _description(draft: Draft, let_through: list[guarding.Stop], reason: str) -> str:
    looking = draft.looking
    title = looking.words.label(f"letters.{draft.letter.id}.title")
    readers = looking.words.joined([each.name for each in draft.guardians])
    lines = [_("Letter: %(title)s. To: %(readers)s.") % {"title": title, "readers": readers or "–"}]
    if let_through:
        found = looking.words.joined([_("“%(words)s”") % {"words": each.found} for each in let_through])
        lines.append(_("Let through although it holds %(found)s: %(reason)s") % {"found": found, "reason": reason})
    return "\n".join(lines)
