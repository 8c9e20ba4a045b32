"""Commands for packs: list, lint, test, sentences, simulate."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from upstander.cli.problems import Cannot
from upstander.policy import compiled, loader, scenarios, verdict_json
from upstander.policy.lint import together
from upstander.policy.log import Event
from upstander.policy.model import Pack, Series
from upstander.policy.problems import address
from upstander.policy.sentences import sentence
from upstander.ui import languages


def listing(options: argparse.Namespace) -> int:
    """Print every pack that comes with the installation."""
    for name in loader.names():
        pack = loader.load(name)
        print(f"{name:24} {pack.version:8} {pack.language:8} {pack.title}")
    return 0


def lint(options: argparse.Namespace) -> int:
    """Print all problems of a pack, or of each of several and of their standing together; 1 if one of them is an error."""
    found = [loader.check(path) for path in options.paths]
    problems = [problem for _pack, several in found for problem in several]
    packs = [pack for pack, _problems in found if pack is not None]
    if len(packs) > 1:
        problems += together(packs)
    for problem in problems:
        print(problem.in_words(languages.current().tag))
    for code in sorted({problem.code for problem in problems}, key=lambda code: (code[0], int(code[1:]))):
        print(_("{code} is explained at {address}").format(code=code, address=address(code)))
    errors = sum(problem.code.startswith("E") for problem in problems)
    print(_("{errors} errors, {warnings} warnings").format(errors=errors, warnings=len(problems) - errors))
    return 1 if errors or len(packs) < len(found) else 0


def load(path: str) -> Pack:
    """The pack of a folder, a file or a name; what is wrong with it is a sentence to the person at the terminal."""
    try:
        return loader.load(path)
    except loader.PackErrors as errors:
        raise Cannot(errors.in_words(languages.current().tag)) from errors


def test(options: argparse.Namespace) -> int:
    """Run the pack's scenarios; 1 if one fails."""
    pack = load(options.path)
    failed = 0
    found = loader.scenarios_of(options.path)
    for name, scenario in found:
        failures = scenarios.run(pack, scenario)
        failed += bool(failures)
        print(f"{'✗' if failures else '✓'} {name}: {scenario.get('name', '')}")
        for failure in failures:
            print(f"    {failure}")
    print(_("{passed} scenarios passed, {failed} failed").format(passed=len(found) - failed, failed=failed))
    return 1 if failed else 0


def sentences(options: argparse.Namespace) -> int:
    """Print every rule as a sentence."""
    pack = load(options.path)
    lang = options.lang or pack.language
    for rules in (pack.duties, pack.limits, pack.facts, pack.closure):
        for rule in rules.values():
            print(sentence(pack, rule, lang))
    return 0


def moment(text: str, pack: Pack) -> datetime:
    """A civil minute in the pack's zone from what somebody typed; an offset is turned into the zone."""
    try:
        return verdict_json.read_minute(text, pack.timezone, "now")
    except ValueError as problem:
        raise Cannot(_("“{text}” is no moment; write it like 2026-05-11T12:00.").format(text=text)) from problem


def read_log(path: str, *packs: Pack) -> dict[tuple[str, str], list[Event]]:
    """The records of a log file; a kind of event must be known to one of the packs."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        return verdict_json.read_log(text, packs[0], also=packs[1:])
    except (OSError, ValueError) as problem:
        raise Cannot(str(problem)) from problem


def simulate(options: argparse.Namespace) -> int:
    """Evaluate each record of a log file at a moment."""
    pack = load(options.path)
    series = Series((pack,))
    calendar = loader.load_calendar(options.calendar) if options.calendar else None
    now = moment(options.now, pack)
    logs = read_log(options.log, pack)
    pictures = [
        compiled.picture(series, events, calendar, now, kind=kind, record=record)
        for (record, kind), events in logs.items()
    ]
    if options.json:
        json.dump(verdict_json.pictures_to_json(pictures), sys.stdout, ensure_ascii=False, indent=1)
        print()
        return 0
    for picture in pictures:
        print(f"{picture.kind} {picture.record}")
        for duty in picture.duties:
            key = ", ".join(value for _name, value in duty.key)
            print(f"  {duty.state:15} {duty.due or '–'}  {duty.rule} ({key}) {' '.join(duty.clause)}")
        for breach in picture.breaches:
            print(f"  {_('breach'):15} {breach.rule}: {', '.join(breach.missing)}")
    return 0
