"""The published policy on paper: a PDF in the reader's language, drawn from the pack with the school's own answers."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache

from django.utils.translation import gettext

from upstander.school.published import Published, PublishedClause
from upstander.ui import languages, pdf, words


def policy_pdf(published: Published, school: str, now: datetime) -> bytes:
    """The policy of ``school`` as a tagged PDF. ``now``: with its zone; the same policy on the same day gives the same bytes."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return _made(json.dumps(_data(published, school)), published.lang, day)


@lru_cache(maxsize=24)
def _made(data: str, lang: str, day: datetime) -> bytes:
    # Anybody may ask for it without an account: one that was made is kept, so that asking often costs little.
    return pdf.make("school/reports/policy.typ", json.loads(data), lang=lang, now=day)


def _data(published: Published, school: str) -> dict[str, object]:
    pack = published.pack
    clauses, live = published.count()
    return {
        "title": pack.title,
        "school": school,
        "own": pack.language,
        "version": gettext("Version %(version)s") % {"version": pack.version},
        "head": _head(published),
        "words": _words(),
        "chapters": [
            {"title": _title(chapter.title), "clauses": [_clause(each) for each in chapter.clauses]}
            for chapter in published.chapters()
        ],
        "vague": [asdict(each) | {"lang": each.lang or published.lang} for each in published.words()],
        "numbers": [asdict(each) | {"lang": each.lang or published.lang} for each in published.numbers()],
        "count": gettext("%(live)s of %(clauses)s clauses have a step, a limit or a text behind them here.")
        % {"live": live, "clauses": clauses},
    }


def _head(published: Published) -> list[str]:
    lines = [
        gettext("Version %(version)s, in force from %(day)s.")
        % {"version": published.pack.version, "day": published.in_force()}
    ]
    if review := published.review():
        lines.append(gettext("The school looks at it again by %(day)s.") % {"day": review})
    if published.pack.language != published.lang:
        lines.append(
            gettext("The clauses stand in the school’s own language. What they ask for is said beside them in yours.")
        )
    return lines


def _title(chapter: str) -> str:
    return gettext("Section %(number)s") % {"number": chapter} if chapter.isdecimal() else chapter


def _words() -> dict[str, object]:
    return {
        "contents": gettext("Contents"),
        "policy": gettext("The policy"),
        "answers": gettext("The school’s answers"),
        "answers-note": gettext(
            "Where the document leaves a time or a number open, the school has decided. A school may decide anew; "
            "what has already begun keeps the answer under which it began."
        ),
        "answer-columns": [gettext("In the document"), gettext("Here"), gettext("Decided")],
        "vague": gettext("Words"),
        "numbers": gettext("Times and numbers"),
        "table": gettext("What the software does for each clause"),
        "table-columns": [gettext("Clause"), gettext("What is behind it")],
    }


def _clause(clause: PublishedClause) -> dict[str, object]:
    does = [_does(each.what, each.label, each.label_lang, each.sentence) for each in clause.rules]
    does += [_does(each.what, each.label, each.lang) for each in clause.serves]
    return {
        "at": clause.at,
        "text": clause.text,
        "lang": clause.lang,
        "strength": clause.strength,
        "does": does,
        "nothing": clause.not_automated or gettext("People keep this by themselves. Nothing here counts it."),
    }


def _does(what: str, label: str, lang: str, sentence: str = "") -> dict[str, str]:
    return {"what": what + words.colon(), "label": label, "lang": lang or languages.current().tag, "sentence": sentence}
