"""How the door asks: the words of each question for each kind of teller.

Where a pack gives its own label to a built-in field of ``told``, the pack's words are used; a field that the pack adds
has only those. Options are always the pack's.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from upstander.policy import labels
from upstander.policy.model import Pack
from upstander.tell.draft import Draft
from upstander.tell.questions import KIND, about_me

Text = str | Promise

TITLES: Final[dict[str, Text]] = {
    "openness": _("Do you want us to know who you are?"),
    "name": _("Who are you?"),
    "who": _("Which of these fits best?"),
    "standing": _("How do you know about it?"),
    "safe": _("Are you safe right now?"),
    "minute": _("What you can do this minute"),
    "what": _("What happened, and where?"),
    "when": _("When was it?"),
    "people": _("Who was there?"),
    "done": _("What has been done so far?"),
    "wish": _("What do you wish for?"),
    "more": _("A few more questions from the school"),
    "send": _("Look it over and send it"),
    "all": _("Tell us"),
}
_TITLES_OTHERS: Final[dict[str, Text]] = {"safe": _("Is the person it is about safe right now?")}

_LABELS: Final[dict[str, Text]] = {
    "openness": _("Do you want us to know who you are?"),
    "teller-name": _("Your name"),
    "teller-contact": _("How can we reach you?"),
    "who": _("Which of these fits best?"),
    "standing": _("How do you know about it?"),
    "safe-now": _("Are you safe right now?"),
    "what": _("What happened?"),
    "place": _("Where was it?"),
    "since": _("Since when?"),
    "before": _("Has it happened before?"),
    "who-was-there": _("Who was there?"),
    "done-so-far": _("What has been done so far?"),
    "wish": _("What should happen next?"),
    "wish-words": _("In your own words"),
    "not-told": _("Who should not be told?"),
    "files": _("Is there a picture or a file to show us?"),
}
_LABELS_OTHERS: Final[dict[str, Text]] = {"safe-now": _("Is the person it is about safe right now?")}

_HINTS: Final[dict[str, Text]] = {
    "openness": _("You are not in trouble. Nothing is sent until you press Send at the end."),
    "teller-name": _("And your class, if you are a pupil here."),
    "teller-contact": _("A telephone number, an e-mail address, or where and when we find you. It may stay empty."),
    "safe-now": _("If not, we first show what you can do at once. You can go on telling afterwards."),
    "what": _("It may be short. Begin with whatever you remember. You need not write names."),
    "place": _("Choose as many as you like."),
    "who-was-there": _(
        "Who did it, who was hurt, who saw it. Names, a class, or “a boy with a red bag”: whatever you know."
    ),
    "done-so-far": _("Told somebody, walked away, kept a message, nothing yet: all of it is fine."),
    "wish": _("Choose as many as you like."),
    "not-told": _(
        "Whoever reads this sees your wish first. If somebody is in danger, the school may have to tell more people than you wish."
    ),
    "files": _(
        "A screenshot, a photograph, a PDF. We take out of pictures where and with what they were taken. Never send a picture of "
        "a child without clothes: only write to us that there is one."
    ),
}

_WHO: Final[dict[str, Text]] = {
    "pupil.to-me": _("It is happening to me"),
    "pupil.saw-it": _("I saw it or heard it"),
    "pupil.was-told": _("Somebody told me about it"),
    "parent": _("I am a parent or carer"),
    "staff": _("I work at the school"),
    "passer-by": _("None of these"),
}
_WHO_HINTS: Final[dict[str, Text]] = {
    "pupil.to-me": _("or it happened to me"),
    "staff": _("There is a shorter form for you"),
}
_OPENNESS: Final[dict[str, Text]] = {
    "named": _("The people who look after this see your name. They can come to you and talk with you."),
    "confidential": _("Only the few who read what you tell see your name. It is not written into the case."),
    "anonymous": _(
        "We do not know who you are and do not keep where you wrote from. So we can only answer you here, with your receipt."
    ),
}
_OPENNESS_LABELS: Final[dict[str, Text]] = {"confidential": _("With my name, for few people only")}
_STANDINGS: Final[dict[tuple[str, str], Text]] = {
    ("parent", "to-me"): _("It is about my child"),
    ("staff", "to-me"): pgettext_lazy("staff at the door", "It happened to me"),
}
OWN_STANDINGS: Final = frozenset(who for who, _code in _STANDINGS)
"""Those for whom the question how they know it has words of its own."""

REQUIRED: Final[dict[str, Text]] = {
    "openness": _("Choose one of these. You can change it later."),
    "teller-name": _("Write your name, or go back and choose to tell without it."),
    "who": _("Choose the one that fits best. “None of these” is fine too."),
    "standing": _("Choose the one that fits best."),
    "safe-now": _("Choose one of these. “I am not sure” is fine too."),
    "what": _("Write a few words, or skip this question."),
}
"""What to do about a question that was passed over without pressing Skip."""


NOTHING: Final = _("Write a few words about what happened. One sentence is enough.")


EMPTY: Final = _("Nothing stands here yet. Write or choose something first.")


def title(page_id: str, draft: Draft) -> Text:
    """The heading of a page."""
    return (not about_me(draft) and _TITLES_OTHERS.get(page_id)) or TITLES[page_id]


def field_label(pack: Pack, name: str, draft: Draft, lang: str) -> Text:
    """What a question is called."""
    path = f"events.{KIND}.fields.{name}.label"
    if name in _LABELS and not _says_itself(pack, path):
        return (not about_me(draft) and _LABELS_OTHERS.get(name)) or _LABELS[name]
    return labels.label(pack, path, lang)


def field_hint(pack: Pack, name: str, lang: str) -> Text:
    """The line under a question; empty where there is none."""
    path = f"events.{KIND}.fields.{name}.help"
    if name != "who" and labels.lookup(pack, path):
        return labels.label(pack, path, lang)
    return _HINTS.get(name, "")


def option_label(pack: Pack, options: str, code: str, lang: str) -> str:
    """An option in the pack's words; what a name means, as honestly as the software can keep it, unless the pack says it."""
    path = f"options.{options}.{code}.label"
    if options == "openness" and code in _OPENNESS_LABELS and path in pack.builtin_words:
        return str(_OPENNESS_LABELS[code])
    return labels.label(pack, path, lang)


def option_hint(pack: Pack, options: str, code: str, lang: str) -> Text:
    """What an option means: the pack's help, else for the choice of a name what is honestly true of this software."""
    path = f"options.{options}.{code}.help"
    if labels.lookup(pack, path):
        return labels.label(pack, path, lang)
    return _OPENNESS.get(code, "") if options == "openness" else ""


def who_choices(pack: Pack, lang: str) -> list[tuple[str, Text, Text]]:
    """(code, label, hint) of "Which fits best": a pupil by how they know it, everybody else by who they are."""
    found: list[tuple[str, Text, Text]] = []
    for code in pack.options.get("source-kinds", {}):
        for both in [f"{code}.{each}" for each in pack.options.get("standings", {})] if code == "pupil" else [code]:
            own = option_label(pack, "source-kinds", code, lang)
            found.append((both, _WHO.get(both, own), _WHO_HINTS.get(both, "")))
    return found


def standing_label(pack: Pack, who: str, code: str, lang: str) -> Text:
    """How somebody who is no pupil knows it."""
    return _STANDINGS.get((who, code)) or option_label(pack, "standings", code, lang)


def _says_itself(pack: Pack, path: str) -> bool:
    return bool(labels.lookup(pack, path)) and path not in pack.builtin_words
