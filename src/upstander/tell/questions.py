"""Which questions the door asks, in which order, on which page.

The order of the pages is the product's; what is asked on them, and every option, comes from the pack's event ``told``. A
question without options in this school's pack is not asked; a field that the pack adds to ``told`` gets a page of its own.
Pure: no request, no database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from upstander.policy.model import FieldType, Pack
from upstander.tell.draft import Draft

KIND: Final = "told"
WHO: Final = "who"
"""Our own question: it answers the two fields ``source-kind`` and ``standing`` at once."""
NO_NAME: Final = "anonymous"
FIRST: Final = "openness"
LAST: Final = "send"
EVERYTHING: Final = "all"

_ASKABLE: Final = frozenset(
    {
        FieldType.TEXT,
        FieldType.LONG_TEXT,
        FieldType.NUMBER,
        FieldType.DATE,
        FieldType.TIME,
        FieldType.YES_NO,
        FieldType.ONE_OF,
        FieldType.SOME_OF,
        FieldType.PLACE,
        FieldType.SCALE,
    }
)
"""Never persons: a public page lists nobody."""
_NOT_ASKED: Final = frozenset({"way"})
"""How the school heard is for staff who enter a matter on behalf; at the door nobody asks it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the door. ``help``: it asks nothing, it helps."""

    id: str
    fields: tuple[str, ...] = ()
    when: Callable[[Draft], bool] = lambda draft: True
    help: bool = False


def has_name(draft: Draft) -> bool:
    """Whether the teller wants the school to know who they are."""
    return draft.text("openness") not in ("", NO_NAME)


def is_pupil(draft: Draft) -> bool:
    """Whether a pupil tells, or nobody has said yet who tells."""
    return draft.text(WHO).partition(".")[0] in ("", "pupil")


def not_safe(draft: Draft) -> bool:
    """Whether somebody is perhaps not safe now."""
    return draft.text("safe-now") in ("no", "not-sure")


def about_me(draft: Draft) -> bool:
    """Whether it happened to the teller (or to nobody said so far)."""
    return draft.text(WHO) in ("", "pupil.to-me")


_PAGES: Final = (
    Page(FIRST, ("openness",)),
    Page("name", ("teller-name", "teller-contact"), has_name),
    Page("who", (WHO,)),
    Page("standing", ("standing",), lambda draft: not is_pupil(draft)),
    Page("safe", ("safe-now",)),
    Page("minute", (), not_safe, help=True),
    Page("what", ("what", "place")),
    Page("when", ("since", "before")),
    Page("people", ("who-was-there",)),
    Page("done", ("done-so-far",)),
    Page("wish", ("wish", "wish-words", "not-told")),
)
_KNOWN: Final = frozenset(name for page in _PAGES for name in page.fields) | {"source-kind", "files"}


def asked(pack: Pack, name: str) -> bool:
    """Whether this school asks this question: the field is there, and where it has options, it has some."""
    fields = pack.events[KIND].fields
    if name == WHO:
        return "source-kind" in fields
    spec = fields.get(name)
    if spec is None or name in _NOT_ASKED or (spec.type not in _ASKABLE):
        return False
    return not spec.options or bool(pack.options.get(spec.options))


def extra(pack: Pack) -> tuple[str, ...]:
    """The questions that this school adds."""
    return tuple(name for name in pack.events[KIND].fields if name not in _KNOWN and asked(pack, name))


def pages(pack: Pack, draft: Draft) -> list[Page]:
    """The pages of this form as it stands, in order; the last one looks everything over and sends."""
    found = []
    for page in (*_PAGES, Page("more", extra(pack))):
        fields = tuple(name for name in page.fields if asked(pack, name))
        if (fields or page.help) and page.when(draft):
            found.append(Page(page.id, fields, page.when, page.help))
    return [*found, Page(LAST, ("files",) if "files" in pack.events[KIND].fields else ())]


def everything(pack: Pack) -> Page:
    """All questions on one page, for those who prefer it."""
    named = [name for page in _PAGES for name in page.fields if asked(pack, name)]
    files = ("files",) if "files" in pack.events[KIND].fields else ()
    return Page(EVERYTHING, (*named, *extra(pack), *files))


def find(pack: Pack, draft: Draft, page_id: str) -> Page | None:
    """One page of this form; None where this form has no such page (now)."""
    if page_id == EVERYTHING:
        return everything(pack)
    return next((page for page in pages(pack, draft) if page.id == page_id), None)


def beside(pack: Pack, draft: Draft, page: Page, step: int) -> Page:
    """The page after (``step`` 1) or before (-1) this one, as the answers now stand; the ends stay where they are."""
    row = pages(pack, draft)
    ids = [each.id for each in row]
    if page.id in ids:
        at = ids.index(page.id)
    else:  # the answer that called for this page has changed: go on from where it would stand
        order = [each.id for each in _PAGES] + ["more", LAST]
        place = order.index(page.id) if page.id in order else 0
        at = max((index for index, each in enumerate(ids) if order.index(each) < place), default=0)
        step = max(step, 0)
    return row[min(max(at + step, 0), len(row) - 1)]


def number(pack: Pack, draft: Draft, page: Page) -> tuple[int, int]:
    """(number of this question, how many there are), pages that only help left out."""
    row = [each.id for each in pages(pack, draft) if not each.help]
    every = [each.id for each in pages(pack, draft)]
    if page.id not in every:
        return 1, len(row)
    at = row.index(page.id) if page.id in row else sum(each in row for each in every[: every.index(page.id)]) - 1
    return at + 1, len(row)
