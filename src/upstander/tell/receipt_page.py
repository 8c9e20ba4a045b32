"""The receipt: eight words, a QR code, who reads it by when, and two words typed back.

It is the answer to the post that sent the form. Loading it again sends the same form, whose key finds the same concern and
gives the same receipt; browsers are told to store neither, so it does not stay behind in a history.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape

from upstander.access import viewer as viewers
from upstander.access.pages import SchoolRequest
from upstander.records import queries as records
from upstander.records.models import Record
from upstander.tell import draft
from upstander.tell.actions import Told
from upstander.tell.draft import Kept
from upstander.tell.frame import door_page, helplines, url
from upstander.tell.guidance import cards
from upstander.tell.matter import Reader, concern_of, reader_of
from upstander.tell.shown import page_of, place
from upstander.ui import languages, qr
from upstander.vault import codewords

_DRAWN: Final = re.compile(r'<svg class="qr".*?</svg>', re.S)


@dataclass(frozen=True, slots=True)
class Ask:
    """A word to type back: its number from 1, what was typed, whether it is another word."""

    number: int
    typed: str = ""
    wrong: bool = False


def show(request: SchoolRequest, told: Told, safe: str) -> HttpResponse:
    """The receipt of a concern that is durable now."""
    kept = Kept(told.code, told.record.id, safe, told.again)
    return _fresh_page(request, kept, first_asks(told.code), told.record)


def first_asks(code: bytes) -> list[Ask]:
    """The two words to type back, before anything was typed."""
    return [Ask(number) for number in _asked(code)]


@door_page
def kept(request: SchoolRequest) -> HttpResponse:
    """``/<school>/tell/kept``: the two words typed back, or the receipt in another language."""
    found = draft.open_kept(request.school.id, request.POST.get("held", ""))
    if found is None:
        return HttpResponseRedirect(url(request, "door"))
    go = request.POST.get("go", "next")
    lang = languages.current().tag
    words = codewords.words_of(found.code, lang)
    typed = {number: request.POST.get(f"w{number}", "")[:60] for number in _asked(found.code)}
    if go.startswith("lang:"):
        return _page(request, found, [Ask(number, text) for number, text in typed.items()])
    asks = [Ask(number, text, not codewords.same_word(text, words[number - 1])) for number, text in typed.items()]
    if go == "next" and any(ask.wrong for ask in asks):
        return _page(request, found, asks)
    context = {"kept": go == "next", "reader": _reader(request, found), "school": request.school.slug}
    return render(request, "tell/kept.html", context)


def _asked(code: bytes) -> tuple[int, int]:
    """Which two words to type back: the same for every look at one receipt."""
    first = code[0] % codewords.WORDS
    second = (first + 1 + code[1] % (codewords.WORDS - 1)) % codewords.WORDS
    return min(first, second) + 1, max(first, second) + 1


def _reader(request: SchoolRequest, kept: Kept, record: Record | None = None) -> Reader | None:
    """Who reads it by when; ``record`` is the one just written, which carries its picture."""
    picture = getattr(record, "picture", None)
    if picture is None:
        viewer = viewers.teller(request.school, request.now.date(), kept.record)
        picture = records.picture_of(concern_of(viewer, kept.record), request.now)
    return reader_of(request.pack, picture, request.now, languages.current().tag)


def _page(request: SchoolRequest, kept: Kept, asks: list[Ask], record: Record | None = None) -> HttpResponse:
    status = 422 if any(ask.wrong for ask in asks) else 200
    return render(request, "tell/receipt.html", context_of(request, kept, asks, record), status=status)


def _fresh_page(request: SchoolRequest, kept: Kept, asks: list[Ask], record: Record) -> HttpResponse:
    """The same for a concern that has just come in: the page is made once, then only what is this receipt's own is filled in."""
    own = context_of(request, kept, asks, record)
    frame = request.door  # type: ignore[attr-defined]
    look = (frame.school_name, frame.exit_url, frame.strip, languages.find(request.GET.get("lang")), own["address"])
    key = ("receipt", own["school"], look, own["words_lang"], own["again"], own["unsafe"], own["reader"])
    values: dict[str, str] = {f"word{number}": escape(word) for number, word in enumerate(own["words"])}
    values |= {f"ask{number}": str(ask.number) for number, ask in enumerate(asks)}
    values |= {"held": own["held"], "qr": qr.svg(own["back_url"], qr.back_label())}

    def make() -> str:
        shown = {
            "words": [place(f"word{number}") for number in range(len(own["words"]))],
            "asks": [{"number": place(f"ask{number}")} for number in range(len(asks))],
            "held": place("held"),
        }
        return _DRAWN.sub(place("qr"), render_to_string("tell/receipt.html", own | shown, request))

    return HttpResponse(page_of(request.pack, key, values, make))


def context_of(request: SchoolRequest, kept: Kept, asks: list[Ask], record: Record | None = None) -> dict[str, Any]:
    """What the receipt page shows; staff who told for somebody else hand the same receipt over."""
    lang = languages.current().tag
    back = request.build_absolute_uri(reverse("tell:back", args=[request.school.slug]))
    return {
        "school": request.school.slug,
        "held": draft.seal_kept(request.school.id, kept),
        "words": codewords.words_of(kept.code, lang),
        "words_lang": lang,
        # The code stands behind the #, which no browser sends to any server: it is in no log.
        "back_url": f"{back}#{codewords.signs_of(kept.code)}",
        "address": back.partition("://")[2],
        "asks": asks,
        "wrong": any(ask.wrong for ask in asks),
        "again": kept.again,
        "unsafe": kept.safe in ("no", "not-sure"),
        "reader": _reader(request, kept, record),
        "lines": helplines(request.pack, lang),
        "cards": cards(request.pack, "receipt", lang),
        "languages": [each for each in languages.ALL if each.tag != lang],
    }
