"""The answers so far, as the last page shows them before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass

from upstander.policy.model import Pack
from upstander.tell import questions, wording
from upstander.tell.draft import Draft
from upstander.tell.questions import KIND, WHO


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, what was answered (empty: nothing), and the page that asks it."""

    label: wording.Text
    values: tuple[str, ...]
    page: str


def review(pack: Pack, draft: Draft, lang: str) -> list[Answer]:
    """Every question of the form with its answer, in order."""
    found = []
    for page in questions.pages(pack, draft)[:-1]:
        for name in page.fields:
            values = _values(pack, draft, name, lang)
            if values or name in ("what", "place", "wish"):
                found.append(Answer(wording.field_label(pack, name, draft, lang), values, page.id))
    return found


def _values(pack: Pack, draft: Draft, name: str, lang: str) -> tuple[str, ...]:
    codes = draft.codes(name)
    if name == WHO:
        known = {code: str(label) for code, label, _ in wording.who_choices(pack, lang)}
        return tuple(known[code] for code in codes if code in known)
    spec = pack.events[KIND].fields[name]
    if not spec.options:
        return tuple(code for code in codes if code)
    labels = {code: wording.option_label(pack, spec.options, code, lang) for code in pack.options[spec.options]}
    if name == "standing":
        labels = {code: str(wording.standing_label(pack, draft.text(WHO), code, lang)) for code in labels}
    return tuple(labels[code] for code in codes if code in labels)
