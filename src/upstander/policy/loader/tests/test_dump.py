"""Law 10: printing a pack and loading it gives the same pack."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.policy import model as m
from upstander.policy.loader import check_text
from upstander.policy.loader.folder import gather_text
from upstander.policy.loader.load import load_tree
from upstander.policy.loader.printing.dump import dump
from upstander.policy.loader.printing.emit import emit
from upstander.policy.loader.tests.packs import pack, small
from upstander.policy.loader.tree import parse, plain
from upstander.policy.tests import shipped
from upstander.policy.tests.trying import examples

spans = st.builds(m.Span, st.integers(0, 30), st.integers(0, 60), st.integers(0, 3000)).filter(
    lambda span: span != m.Span()
)
distances = st.one_of(spans, st.builds(m.SchoolDays, st.integers(1, 20)), st.builds(m.WorkingDays, st.integers(1, 20)))
facts = st.sampled_from(["quiet", "kept", "closed"])
some_facts = st.lists(facts, max_size=2, unique=True).map(tuple)
roles = st.sampled_from(["head", "tutor"])
some_roles = st.lists(roles, max_size=2, unique=True).map(tuple)
numbers = st.integers(0, 30_000).map(lambda n: Decimal(n) / 1000)
days = numbers.map(lambda n: min(n, Decimal(30)))
conditions = st.one_of(
    st.builds(m.Is, days),
    st.builds(m.OneOf, st.lists(days, min_size=1, max_size=3).map(tuple)),
    st.builds(m.AtLeast, days),
    st.builds(m.AtMost, days),
    st.builds(m.IsNot, st.lists(days, min_size=1, max_size=2).map(tuple)),
    st.builds(lambda low, high: m.Both((m.AtLeast(low), m.AtMost(high))), days, days),
)
tests = st.one_of(
    st.builds(m.Test, st.just("days"), conditions),
    st.builds(m.Test, st.just("number of target"), st.builds(m.AtLeast, days)),
    st.builds(m.Test, st.just("time of day"), st.builds(m.AtMost, st.integers(0, 1439).map(Decimal))),
    st.builds(m.Test, st.just("weekday"), st.builds(m.Is, st.sampled_from(["monday", "sunday"]))),
    st.builds(m.Test, st.just("role"), st.builds(m.Is, roles)),
    st.builds(m.Test, st.just("school day"), st.builds(m.Is, st.sampled_from(["yes", "no"]))),
)
alternatives = st.one_of(
    st.builds(m.Alternative, st.sampled_from(["recognised", "parents-told", "act", "close", "told"])),
    st.builds(m.Alternative, st.just("act"), st.lists(tests, max_size=2, unique_by=lambda test: test.field).map(tuple)),
)
patterns = st.builds(m.Pattern, st.lists(alternatives, min_size=1, max_size=3).map(tuple))
deadlines: st.SearchStrategy[m.Deadline] = st.recursive(
    st.one_of(
        st.sampled_from(list(m.SimpleDeadline)),
        st.builds(m.In, distances),
        st.builds(m.AtClock, st.integers(0, 23), st.integers(0, 59)),
        st.builds(m.AfterEvent, patterns, distances),
        st.builds(m.BeforeEvent, patterns),
        st.builds(m.FromDate, st.just("on"), st.none() | distances),
        st.builds(m.FromDate, st.just("on"), st.none(), distances),
        st.just(m.Said("promptly", m.In(m.SchoolDays(1)))),
    ),
    lambda inner: st.builds(m.Earliest, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    max_leaves=4,
)
for_each = st.lists(
    st.builds(m.KeyName, st.sampled_from(["target", "actor", "pupil"]), st.booleans()),
    max_size=2,
    unique_by=lambda key: key.name,
).map(tuple)
triggers = st.one_of(
    st.builds(m.WhenEvent, patterns),
    st.builds(m.BecomesTrue, facts),
    st.just(m.WhenOverdue("tell-parents")),
    st.just(m.WhenBreach("hear-alone")),
)
bearers = st.one_of(
    st.builds(m.Role, roles),
    st.builds(m.DidTrigger, st.none() | roles),
    st.just(m.IsKey("target")),
    st.just(m.NamedAs("actor")),
    st.just(m.GuardiansOf("target")),
)
rhythms = st.one_of(
    st.tuples(st.builds(m.RepeatEvery, spans), st.none()),
    st.tuples(st.builds(m.RepeatEach, st.sampled_from(list(m.Period))), st.none()),
    st.tuples(st.builds(m.AgainAfter, distances), st.none()),
    st.just((m.RepeatEach(m.Period.TERM), "regularly")),
)
windows = st.one_of(
    st.builds(m.InMonths, st.lists(st.integers(1, 12), min_size=1, max_size=3).map(tuple)),
    st.builds(m.InTerms, st.lists(st.sampled_from(["1", "2", "autumn"]), min_size=1, max_size=2).map(tuple)),
    st.builds(m.OnDay, st.integers(1, 12), st.integers(1, 28), st.booleans()),
    st.just(m.Between("on", "on")),
)
labels = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).map(str.strip)


pairs = st.lists(patterns, min_size=1, max_size=2).map(tuple)


@st.composite
def duties(draw: st.DrawFn) -> m.Duty:
    recurrence, said = draw(st.just((None, None)) | rhythms)
    return m.Duty(
        id="d",
        when=draw(triggers),
        must=draw(pairs),
        for_each=draw(for_each),
        if_=draw(some_facts),
        unless=draw(some_facts),
        each_trigger=draw(st.booleans()),
        times=draw(st.integers(1, 3)),
        by=draw(deadlines),
        who=draw(st.lists(bearers, max_size=2).map(tuple)),
        strength=draw(st.sampled_from(list(m.Strength))),
        until=draw(st.none() | patterns),
        paused_while=draw(st.none() | facts),
        recurrence=recurrence,
        recurrence_said=said,
        not_before=draw(st.none() | deadlines),
        window=draw(windows) if recurrence is None and draw(st.booleans()) else None,
        early_counts=draw(st.booleans()),
        remind=draw(st.none() | distances),
        climbs=draw(st.lists(st.builds(m.Climb, distances, roles), max_size=2).map(tuple)),
        waived_by=draw(some_roles),
        extended_by=draw(some_roles),
        clause=draw(st.sampled_from([(), ("A.1",), ("A.1", "A.2")])),
        label=draw(labels),
    )


limits = st.builds(
    m.Limit,
    id=st.just("l"),
    act=patterns,
    for_each=for_each,
    never=st.just(True),
    only_after=st.lists(patterns, max_size=2).map(tuple),
    only_while=some_facts,
    only_by=some_roles,
    not_by=st.sampled_from([(), ("actor", "heard")]),
    while_=some_facts,
    unless=some_facts,
    warns=st.booleans(),
    strength=st.sampled_from(list(m.Strength)),
    clause=st.just(("A.2",)),
    label=labels,
)
forms = st.one_of(
    st.builds(m.TrueFrom, patterns, st.none() | patterns, st.none() | distances, st.none() | st.just("on")),
    st.builds(m.Quiet, patterns, patterns, distances),
    st.builds(
        m.Count,
        patterns,
        numbers,
        st.sampled_from(list(m.Within)) | spans,
        st.none() | st.just("days"),
        st.none() | st.just("day"),
    ),
    st.just(m.Overdue("tell-parents")),
    st.builds(m.Combination, st.sampled_from(list(m.Combine)), st.lists(facts, min_size=1, max_size=2).map(tuple)),
    st.builds(m.During, st.sampled_from(list(m.Season))),
)


def reloaded(found: m.Pack) -> m.Pack | None:
    loaded = load_tree(gather_text(dump(found)))
    assert [str(each) for each in loaded.problems if each.stops] == []
    return loaded.pack


@settings(max_examples=examples(40))
@given(duties(), limits, forms, for_each, labels)
def test_printing_a_pack_and_loading_it_gives_the_same_pack(
    duty: m.Duty, limit: m.Limit, form: m.FactForm, names: m.ForEach, label: str
) -> None:
    """Printing a pack and loading it gives the same pack."""
    base = small()
    drawn = replace(
        base,
        duties={**base.duties, "d": duty},
        limits={**base.limits, "l": limit},
        facts={**base.facts, "f": m.Fact("f", form, for_each=names, label=label)},
    )
    found = reloaded(drawn)

    assert found is not None
    assert replace(found, digest="") == replace(drawn, digest="")


@pytest.mark.parametrize("name", ["jp-junior-high", "gb-secondary"])
def test_the_packs_that_come_with_upstander_print_and_load_to_the_same_digest(name: str) -> None:
    found = shipped.pack(name)
    again, _ = check_text(dump(found))

    assert again is not None
    assert again == found
    assert again.digest == found.digest


def test_what_a_pack_took_away_stays_away() -> None:
    found = pack(
        "events: {told-more: ~, told: {fields: {files: ~}}}\nroles: {bystander: ~, actor: {of the matter: no}}"
    )
    again = reloaded(found)

    assert again is not None
    assert "told-more" not in again.events
    assert not again.roles["actor"].of_the_matter
    assert "files" not in again.events["told"].fields
    assert again.digest == found.digest


@settings(max_examples=examples(100))
@given(
    st.dictionaries(
        st.text(max_size=8), st.one_of(st.text(max_size=20), st.lists(st.text(max_size=9), max_size=3)), max_size=4
    )
)
def test_any_text_survives_being_printed(values: dict[str, object]) -> None:
    """Whatever a text holds, it reads back to the same."""
    clean = {
        _printable(key): [_printable(each) for each in value] if isinstance(value, list) else _printable(str(value))
        for key, value in values.items()
    }
    read = plain(parse(emit(clean), "x.yaml"))

    assert read == {key: tuple(value) if isinstance(value, list) else value for key, value in clean.items()}


def _printable(text: str) -> str:
    return "".join(each for each in text if not 0xD800 <= ord(each) < 0xE000)
