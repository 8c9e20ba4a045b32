"""What an author should look at in letters, surveys and agreements."""

from __future__ import annotations

from collections.abc import Iterator

from upstander.policy.model import Pack
from upstander.policy.problems import Problem, problem, suggestion
from upstander.policy.words import worded
from upstander.policy.writing_labels import everything

OUTSIDE = frozenset({"guardian", "pupil-self", "teller"})


def writings(pack: Pack) -> Iterator[Problem]:
    """W7: an attachment or a law that is not there. W9: a point of an agreement that the law makes void."""
    attachable = {*pack.agreements, *pack.letters, *pack.guidance, *pack.questions}
    laws = {law.id: law for law in pack.laws}
    for agreement in pack.agreements.values():
        for name in agreement.attach:
            if name not in attachable:
                message = worded(
                    "agreement '{agreement}' attaches '{name}', which is not there", agreement=agreement.id, name=name
                )
                yield problem(agreement.mark, "W7", message, suggestion(name, attachable))
        for name in agreement.yields_to:
            if name not in laws:
                message = worded(
                    "agreement '{agreement}' yields to '{name}', which is not there", agreement=agreement.id, name=name
                )
                yield problem(agreement.mark, "W7", message, suggestion(name, laws))
        for point in agreement.points.values():
            for law in pack.laws:
                if law.effect == "makes void" and set(law.clauses) & set(point.clause):
                    message = worded(
                        "point '{point}' of agreement '{agreement}': the law makes it void ({source})",
                        point=point.id,
                        agreement=agreement.id,
                        source=law.source,
                    )
                    yield problem(point.mark, "W9", message, law.text[:200])


def outward(pack: Pack) -> Iterator[str]:
    """The paths of what pupils and families read in them."""
    read = {f"letters.{each.id}." for each in pack.letters.values() if OUTSIDE & set(each.to)}
    read |= {f"surveys.{each.id}." for each in pack.surveys.values() if OUTSIDE & set(each.for_)}
    read |= {
        f"agreements.{each.id}."
        for each in pack.agreements.values()
        if any(OUTSIDE & set(party.roles) for party in each.parties.values())
    }
    for path, _text in everything(pack):
        if ".".join(path.split(".", 2)[:2]) + "." in read:
            yield path
