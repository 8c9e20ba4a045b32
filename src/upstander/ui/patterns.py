"""The pattern book for developers: every component in all its states, with invented people. Only in the demo.

Its sample texts are not translated; what the components say themselves is, so ``?lang=ja`` shows the look in Japanese.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upstander.ui import dates, icons, languages, markdown, parts, words
from upstander.ui import forms as look

NOW = datetime(2026, 3, 10, 9, 20)

GUIDANCE = """You will meet the parents at seven. This is the order of the talk, and what not to say.

## Say
- What is known, and what is **not known yet**
- What the school will do next
- That their child is protected to the end

## Never
- That it is the fault of the home
- "There is no bullying in this class"
"""


class Sample(look.Form):
    """Every kind of field."""

    mark_optional = True
    standing = forms.ChoiceField(
        label="Which of these fits best?",
        help_text="You are not in trouble. Nothing is sent until you press Send at the end.",
        widget=look.Cards,
        choices=[
            ("to-me", look.Choice("It is happening to me", help="or it happened to me")),
            ("saw-it", "I saw it or heard it"),
            ("was-told", "Somebody told me about it"),
        ],
    )
    what = forms.CharField(
        label="What happened?",
        help_text="A few words are enough.",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    place = forms.MultipleChoiceField(
        label="Where was it?",
        help_text="Choose as many as you like.",
        widget=look.Places,
        choices=[(name, look.Choice(name.capitalize(), icon=name)) for name in (*icons.PLACES, "unknown")],
    )
    at = look.MomentField(label="When did it happen?")
    safe = look.YesNoField(label="Are you safe now?", unsure=True)
    wishes = forms.MultipleChoiceField(
        label="What do you wish?",
        required=False,
        widget=look.ManyCards,
        choices=[("stop", "That it stops"), ("talk", "To talk with somebody"), ("nothing", "Nothing for now")],
    )
    feel = look.ScaleField(label="How was the last week?", kind="feel", pictures=True)
    true = look.ScaleField(label="In class I can say what I think", kind="agree", required=False)
    way = forms.ChoiceField(label="How did the school hear?", choices=[("", "–"), ("phone", "Phone"), ("box", "Box")])
    number = forms.IntegerField(label="How many were there?", min_value=1, max_value=40, required=False)
    name = forms.CharField(label="Your name", required=False, max_length=80)
    mail = forms.EmailField(label="E-mail", required=False)
    day = look.DayField(label="Since which day?", required=False)
    pictures = look.FilesField(label="Pictures or files", required=False, help_text="Up to 10 MB each.")
    agree = forms.BooleanField(label="I have read this aloud to the pupil")


def _steps() -> list[parts.Step]:
    """One step in each state."""
    lang = languages.current().tag
    due = {
        "overdue": NOW - timedelta(hours=22),
        "due": NOW.replace(hour=16, minute=0),
        "pending": NOW + timedelta(days=3),
        "upcoming": NOW + timedelta(days=1),
        "met-late": NOW - timedelta(days=1),
    }
    clause = parts.Clause(id="GB-9.6", at="Clause 9, tick 6", url="#c", text="Everyone who matters for it hears of it.")
    return [
        parts.Step(
            state=state,
            label="Tell the year lead that the case is open",
            url="#step",
            word=words.state_word(state, due=due.get(state), now=NOW),
            margin=dates.margin(due.get(state), NOW, lang),
            notes=["Who: Ms Quill", "Climbs to the deputy head at 12:00"],
            clauses=[clause],
            deed=parts.Deed(label="Record it", url="#deed") if state in ("overdue", "due", "pending") else None,
            explain_url="#why" if state == "overdue" else "",
        )
        for state in ("overdue", "due", "pending", "paused", "upcoming", "met", "met-late", "lapsed", "waived")
    ]


def _entries() -> list[parts.Entry]:
    """Events of the past, one of them corrected and one written down late."""
    lang = languages.current().tag
    at, recorded = NOW - timedelta(hours=22), NOW - timedelta(hours=18)
    return [
        parts.Entry(when=dates.moment(NOW, lang, NOW), title="Letter to the parents stopped", by=["by the policy"]),
        parts.Entry(
            when=dates.moment(at, lang, NOW),
            title="Juniper told Mr Thistle what happened",
            details=["At the lockers, at the change of lessons."],
            was="since February",
            was_by="Corrected today by Mr Thistle.",
            by=["Mr Thistle"],
            late=words.written_down(at, recorded, NOW),
            strong=True,
        ),
    ]


def _house_context() -> dict[str, Any]:
    """Everything that the page for staff shows."""
    deed = parts.Deed(label="Ask in the hearing at 12:30", url="#ask")
    cards = [
        parts.PersonCard(name="Juniper Vale, 8 Oak", role="It happened to her", shape="target", url="#p"),
        parts.PersonCard(name="Bram Lark, 8 Ash", role="Named as doing it", shape="actor"),
        parts.PersonCard(name="Two pupils of 8 Ash", role="Laughed along", shape="saw"),
        parts.PersonCard(name="", role="Stood by", shape="aside"),
        parts.PersonCard(name="", role="Told us", shape="sealed"),
    ]
    facts = [
        parts.Fact(label="What happened", value="Name-calling and shoving at the lockers"),
        parts.Fact(label="Since when", value="After the winter holiday, about twice a week"),
        parts.Fact(label="Why", sealed=True),
        parts.Fact(label="Who else saw it", blank=True, act=deed),
    ]
    rows = [
        {"head": "Wren Pell", "url": "#r", "cells": [("State", {"state": state, "word": ""}), ("Since", "3 March")]}
        for state in ("overdue", "due", "pending", "met", "met-late", "lapsed", "waived", "upcoming", "paused")
    ]
    return {
        "steps": _steps(),
        "entries": _entries(),
        "people": cards,
        "facts": facts,
        "rows": rows,
        "heads": ["Name", "State", "Since"],
        "why": ["The draft says why it happens.", "Juniper has not told this at home. Nothing was sent."],
        "clauses": [parts.Clause(id="GB-9", at="Clause 9", url="#c", text="The need to safeguard decides.")],
        "guidance": markdown.guidance(GUIDANCE),
        "page": parts.paged(4, 9),
        "deed": deed,
        "ways": [deed, parts.Deed(label="Use the words Juniper agreed", url="#w")],
        "icons": sorted(icons.ICONS),
        "states": words.STATES,
        "form": Sample(),
    }


@require_safe
def house(request: HttpRequest) -> HttpResponse:
    """Show everything that stands on pages for staff."""
    items = [("Today", "bell", 9, False), ("Cases", "folder", 0, False), ("Add note", "plus", 0, False)]
    more = [("Our policy", "book", 0, True), ("People", "people", 0, True)]
    request.house = parts.House(  # type: ignore[attr-defined]
        school_name="Larkrise Example Academy",
        home_url="#home",
        person_name="Ms Quill",
        account_url="#me",
        strip="Demo: it is Tuesday 10 March 2026, 09:20.",
        strip_deed=parts.Deed(label="Move the clock", url="#clock"),
        nav=[
            parts.NavItem(
                label=label, url="#n", icon=icon, count=count, current=label == "Cases", wide=wide, gap=icon == "book"
            )
            for label, icon, count, wide in items + more
        ],
    )
    return render(request, "ui/patterns/house.html", _house_context())


@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """Show the public door: every field, with errors when sent, the receipt and a talk."""
    request.door = parts.Door(  # type: ignore[attr-defined]
        school_name="Larkrise Example Academy",
        home_url="#home",
        exit_url="https://www.example.org/weather",
        helplines=[
            parts.Helpline(title="Police and ambulance", number="999"),
            parts.Helpline(title="Childline", number="0800 1111", hours="day and night"),
        ],
    )
    letters = [
        parts.Letter(who="You", when="Monday 13:20", text="It was at the lockers again.", mine=True),
        parts.Letter(who="Mr Thistle, head of year", when="Monday 15:05", text="Thank you. I will be there tomorrow."),
    ]
    context = {
        "form": Sample(request.POST, request.FILES) if request.method == "POST" else Sample(),
        "words": ["lantern", "cherry", "bicycle", "cloud", "apple", "bridge", "silver", "mill"],
        "letters": letters,
        "answers": [("What happened?", "At the lockers", "#1"), ("Where was it?", "", "#2")],
        "now": NOW,
    }
    return render(request, "ui/patterns/door.html", context)
