"""What of the software serves a clause besides its rules, in words: forms, registers, cards, contacts, posts, letters, pages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from upstander.people.packs import kept
from upstander.policy import labels
from upstander.policy.model import Pack
from upstander.policy.trace import Traced, trace
from upstander.school.product_pages import PAGES


@dataclass(frozen=True, slots=True)
class Serves:
    """One thing that serves a clause: what it is in a word, its name, and the path of the name in the pack (empty: ours)."""

    icon: str
    what: str
    label: str
    path: str = ""


def traced(pack: Pack) -> dict[str, Traced]:
    """{clause: what is bound to it}, worked out once for a pack; without proofs."""
    return kept(pack, "bound", lambda: {each.clause: each for each in trace(pack, pages=PAGES)})


def serving(pack: Pack, lang: str) -> dict[str, list[Serves]]:
    """{clause: what serves it besides rules}, each thing once, in the order of the pack."""
    found: dict[str, list[Serves]] = defaultdict(list)
    pages = page_words()
    for clause, each in traced(pack).items():
        lines = {}
        for one in each.bindings:
            line = _page(one.ref, pages) if one.kind == "page" else _line(pack, one.ref, lang)
            if line is not None and not one.missing:
                lines[(line.what, line.label)] = line
        found[clause] = list(lines.values())
    return found


def _page(ref: str, pages: dict[str, str]) -> Serves | None:
    return Serves("home", pgettext("binding", "Page"), pages[ref]) if ref in pages else None


def _line(pack: Pack, ref: str, lang: str) -> Serves | None:
    section, _, rest = ref.partition(".")
    kinds = {
        "events": ("pen", pgettext("binding", "Form"), "label"),
        "options": ("list", pgettext("binding", "Choice"), "label"),
        "records": ("folder", pgettext("binding", "Register"), "plural"),
        "questions": ("ask", pgettext("binding", "Questions"), "title"),
        "guidance": ("lamp", pgettext("binding", "Card"), "title"),
        "contacts": ("phone", pgettext("binding", "Contact"), "title"),
        "roles": ("person", pgettext("binding", "Post"), "title"),
        "talk-to": ("speech", pgettext("binding", "To talk to"), "title"),
        "letters": ("paper", pgettext("binding", "Letter"), "title"),
        "surveys": ("chart", pgettext("binding", "Questionnaire"), "title"),
        "agreements": ("sign", pgettext("binding", "Agreement"), "title"),
        "plan": ("calendar", pgettext("binding", "Plan of the year"), "title"),
    }
    if section not in kinds:
        return None
    icon, what, attribute = kinds[section]
    path = _path(section, rest.split("."), attribute)
    try:
        label = labels.label(pack, path, lang)
    except (KeyError, ValueError, AttributeError, IndexError):
        label = rest.partition(".")[0].replace("-", " ")
    return Serves(icon, what, label, path)


def _path(section: str, parts: list[str], attribute: str) -> str:
    """Where the name of a thing stands: of a field its own, of a part of a record or a survey that of the whole."""
    if section == "events" and len(parts) >= 3 and parts[1] == "fields":
        return f"events.{parts[0]}.fields.{parts[2]}.label"
    if section == "options" and len(parts) >= 2:
        return f"options.{parts[0]}.{parts[1]}.label"
    return f"{'roles' if section == 'talk-to' else section}.{parts[0]}.{attribute}"


def page_words() -> dict[str, str]:
    """{id of a page of the product: what it is called}."""
    return {
        "tell": gettext("Tell us"),
        "come-back": gettext("Coming back with the receipt"),
        "who-to-talk-to": gettext("Who can I talk to"),
        "published-policy": gettext("The published policy"),
        "staff-note": gettext("The short note of staff"),
        "inbox": gettext("Today: what needs somebody"),
        "concern": gettext("What was told"),
        "triage": gettext("Deciding what to do about a concern"),
        "cases": gettext("The register of cases"),
        "case": gettext("The page of a case"),
        "timeline": gettext("Everything that happened in a case"),
        "registers": gettext("The registers"),
        "register": gettext("A register"),
        "record": gettext("The page of a record"),
        "closing": gettext("Closing a case"),
        "who-read-it": gettext("Who has read a case"),
        "policy": gettext("The policy for staff"),
        "people": gettext("People and their posts"),
        "office-log": gettext("What the office did"),
        "roster-import": gettext("Bringing people in from a file"),
        "classes": gettext("Classes"),
        "pupil-cards": gettext("Cards for pupils"),
        "portal": gettext("What families and pupils see"),
        "check-in": gettext("The child’s check-in"),
        "studio": gettext("The studio"),
        "adoption": gettext("Making the policy the school’s own"),
    }
