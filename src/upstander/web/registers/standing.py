"""How a record stands, in words: the named facts that hold now, about whom, and since when."""

from __future__ import annotations

from django.utils.translation import gettext as _

from upstander.cases.looking import Looking
from upstander.cases.shapes import Line
from upstander.records import standing
from upstander.ui import dates


def facts(looking: Looking) -> list[Line]:
    """A line for each fact that holds and that the viewer may learn of."""
    found = []
    for each in standing.holding(looking.viewer, looking.picture):
        who = [looking.words.joined([looking.names.get(one, one) for _name, one in key]) for key in each.keys]
        since = each.since or max(
            (at for key in each.keys if (at := looking.view.outlook(each.fact, key).since)), default=None
        )
        when = dates.moment(since, looking.lang, looking.now) if since else ""
        found.append(
            Line(
                label=looking.words.fact(each.fact),
                lang=looking.words.lang_of(f"facts.{each.fact}.label"),
                value=looking.words.joined(list(dict.fromkeys(who))),
                note=_("since %(when)s") % {"when": when} if when else "",
            )
        )
    return found
