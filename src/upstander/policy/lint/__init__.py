"""Static checks of a typed pack (§12): what cannot work (errors) and what an author should look at (warnings).

Names that are not declared, values that cannot occur and texts that do not parse are found by the loader, which knows their places.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from upstander.policy.lint.care import care
from upstander.policy.lint.carry import carry
from upstander.policy.lint.clash import clashes, hindered, two_routes
from upstander.policy.lint.posts import posts
from upstander.policy.lint.reach import circles, reach
from upstander.policy.model import Pack
from upstander.policy.problems import Problem
from upstander.policy.together import merged

__all__ = ["errors", "in_turn", "lint", "together", "warnings"]


def errors(pack: Pack) -> list[Problem]:
    """E4 and E7 to E15, as far as they can be told from the typed pack."""
    return sorted({*carry(pack), *reach(pack), *posts(pack), *clashes(pack)})


def warnings(pack: Pack, today: date | None = None) -> list[Problem]:
    """W1 to W16. ``today`` is a civil day of the school, for the review date."""
    return sorted({*care(pack, today), *hindered(pack), *two_routes(pack)})


def lint(pack: Pack, today: date | None = None) -> list[Problem]:
    """Errors and warnings, sorted by place."""
    return sorted({*errors(pack), *warnings(pack, today)})


def together(packs: Sequence[Pack]) -> list[Problem]:
    """E17: what of several packs of one school cannot stand together, such as a shared kind of event with other fields."""
    return merged(packs)[1]


def in_turn(versions: Sequence[Pack]) -> list[Problem]:
    """E9: what of several versions of a policy cannot follow one another, because their rules would wait for each other."""
    return list(circles(versions)) if len(versions) > 1 else []
