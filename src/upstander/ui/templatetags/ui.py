"""``{% load ui %}``: icons, states, dates in words, clauses, QR codes, fields and errors of forms."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from upstander.ui import dates, icons, languages, markdown, qr, words
from upstander.ui.parts import Clause

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Show an icon: ``{% icon "back" %}``. Put a word beside it."""
    return mark_safe(icons.svg(str(name)))  # noqa: S308 - our own drawings


@register.simple_tag
def mark() -> SafeString:
    """Show the product's mark."""
    return mark_safe(icons.MARK)  # noqa: S308 - our own drawing


@register.simple_tag
def html_lang() -> str:
    """Return the ``lang`` attribute for the page in its current language."""
    return languages.current().tag


@register.simple_tag
def lang_attr(lang: str | None) -> SafeString:
    """Return `` lang="ja"`` where a text's language is not the page's, else nothing."""
    found = languages.find(lang)
    if found is None or found == languages.current():
        return SafeString("")
    return format_html(' lang="{}"', found.tag)


@register.simple_tag
def colon() -> str:
    """Return the colon between a name and what it is, as the page's language writes it."""
    return words.colon()


@register.simple_tag
def text(value: str, lang: str | None = None) -> SafeString:
    """Show a text of another language in a ``span`` that says so: ``{% text label pack.language %}``."""
    attribute = lang_attr(lang)
    return format_html("<span{}>{}</span>", attribute, value) if attribute else format_html("{}", value)


_BREAKS = re.compile(r"(?<=[都道府県市区町村国私公]立)(?=.)|(?=（)")
_KEPT_WHOLE = 12


@register.simple_tag
def school_name(name: str, lang: str | None = None) -> SafeString:
    """Show the name of a school or of its policy with its language.

    A Japanese one breaks behind who founded the school and before brackets: 見本市立・あおば中学校.
    """
    found = languages.find(lang)
    if found is None or found.tag != "ja":
        return text(name, lang)
    marked = ((mark_safe(' class="phrase"') if len(each) <= _KEPT_WHOLE else "", each) for each in _BREAKS.split(name))  # noqa: S308
    return format_html(
        "<span{}>{}</span>", lang_attr(lang), format_html_join(mark_safe("<wbr>"), "<span{}>{}</span>", marked)
    )


@register.simple_tag
def state_word(
    state: str, due: datetime | None = None, now: datetime | None = None, late: timedelta | None = None
) -> str:
    """Return the word for a duty's state; with ``due`` and ``now``, "Due today" is said only today."""
    return words.state_word(state, due=due, now=now, late=late)


@register.simple_tag
def state(state: str, word: str = "", late: timedelta | None = None) -> SafeString:
    """Show a state as a pill: icon and word. ``{% state "overdue" %}``, ``{% state s word="5 days late" %}``."""
    said = word or words.state_word(state, late=late)
    return format_html('<span class="state is-{}">{}{}</span>', state, icon(state), said)


@register.inclusion_tag("ui/components/clause.html")
def clause(clause: Clause | str, text: str = "", url: str = "", lang: str = "") -> dict[str, Any]:
    """Quote a clause: ``{% clause clause %}`` or ``{% clause "JP-F.7a" text url %}``."""
    if isinstance(clause, str):
        clause = Clause(id=clause, text=text, url=url, lang=lang)
    return {"clause": clause}


@register.simple_tag
def datetime_words(value: datetime | None, now: datetime | None = None) -> str:
    """Return a moment in words: ``Mon 13:20``, ``昨日 16:30``; without ``now`` the full day and time."""
    if value is None:
        return ""
    lang = languages.current().tag
    if now is not None:
        return dates.moment(value, lang, now)
    return f"{dates.long_day(value, lang)} {dates.clock(value, lang)}"


@register.filter
def day_words(value: date | None) -> str:
    """Return a day as in lists: ``Tue 10 March``."""
    return dates.day(value, languages.current().tag) if value else ""


@register.filter
def long_day(value: date | None) -> str:
    """Return a day in full with its year."""
    return dates.long_day(value, languages.current().tag) if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """Return the time of day: ``16:00``."""
    return dates.clock(value, languages.current().tag) if value else ""


@register.simple_tag
def lateness(due: datetime, now: datetime) -> str:
    """Return how late something is in words, empty where it is not."""
    return dates.lateness(due, now, languages.current().tag)


@register.simple_tag
def distance(value: datetime, now: datetime) -> str:
    """Return how far off a moment is: ``in 3 hours``, ``25 minutes ago``."""
    return dates.distance(value, now, languages.current().tag)


@register.simple_tag(name="qr")
def qr_tag(data: str, label: str = "") -> SafeString:
    """Show a QR code of some text; ``label`` says what it leads to."""
    return qr.svg(data, label or gettext("QR code"))


@register.filter(name="markdown")
def markdown_filter(value: str | None) -> SafeString:
    """Show guidance text: paragraphs, lists, bold; all else is escaped."""
    return markdown.render(value or "")


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Show one field of a form with its label, hint and error; a hidden one as its input alone."""
    return SafeString(bound) if bound.is_hidden else bound.as_field_group()


@register.simple_tag
def errors(form: BaseForm) -> SafeString:
    """Show the summary of a form's errors, each leading to its field; nothing where there are none."""
    from upstander.ui.forms import problems

    found = problems(form)
    return render_to_string("ui/components/errors.html", {"problems": found}) if found else SafeString("")


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> SafeString:
    """Show the other languages as links to this same page (``?lang=``); needs ``request``."""
    request = context.get("request")
    links = []
    for language in languages.ALL:
        if language == languages.current():
            continue
        query = request.GET.copy() if request is not None else None
        if query is not None:
            query["lang"] = language.tag
        links.append((language, f"?{query.urlencode() if query is not None else 'lang=' + language.tag}"))
    return render_to_string("ui/components/languages.html", {"links": links})


@register.simple_tag(takes_context=True)
def lang_input(context: Context) -> SafeString:
    """Carry the reader's chosen language on in a form without a cookie."""
    request = context.get("request")
    asked = languages.find(request.GET.get("lang") or request.POST.get("lang")) if request is not None else None
    return format_html('<input type="hidden" name="lang" value="{}">', asked.tag) if asked else SafeString("")


@register.simple_tag(takes_context=True)
def lang_query(context: Context, lead: str = "?") -> str:
    """Return ``?lang=nl`` (or ``&lang=nl`` with ``lead="&"``) where the reader chose a language, else nothing."""
    request = context.get("request")
    asked = languages.find(request.GET.get("lang") or request.POST.get("lang")) if request is not None else None
    return f"{lead}lang={asked.tag}" if asked else ""
