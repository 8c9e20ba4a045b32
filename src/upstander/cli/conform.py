"""``upstander conform``: a pack held against the log of a whole district."""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upstander.cli import conform_words
from upstander.cli.problems import Cannot
from upstander.policy import loader
from upstander.policy.model import Series
from upstander.ui import languages

if TYPE_CHECKING:  # NumPy is loaded by this command alone
    from upstander.policy.calendar import Calendar
    from upstander.policy.conformance.files.names import Told
    from upstander.policy.conformance.files.run import Progress
    from upstander.policy.conformance.files.summary import Summary
    from upstander.policy.model import Pack


def conform(options: argparse.Namespace) -> int:
    """Judge every record of a log; 1 if a *must* is late or a limit broken, 2 if it could not be judged."""
    from upstander.policy.conformance.files import names, run, writers

    pack, now, calendar = _series(options), _moment(options.now), _calendar(options.calendar)
    log = Path(options.log)
    form = options.form or run.form_of(log)
    if form is None:
        raise Cannot(_("“{name}” is no form of log that can be read: jsonl, csv, parquet, xes.").format(name=log.name))
    if not log.is_file():
        raise Cannot(_("There is no file {name}.").format(name=log))
    told, progress = names.Told(), _Teller()
    try:
        summary = run.conform(
            pack,
            log,
            form,
            calendar=calendar,
            now=now,
            mapping=names.read_map(options.map or (), pack.versions[-1]),
            skip_broken=options.skip_broken,
            writer=writers.writer_for(Path(options.out) if options.out else None),
            told=told,
            tell=progress,
            threads=options.threads,
        )
    except run.LinesBroken:
        progress.end()
        _tell_broken(told)
        print(_("Nothing was judged. With --skip-broken these lines are left out."), file=sys.stderr)
        return 2
    except (names.BadMap, names.Unreadable, writers.UnknownForm, ImportError) as problem:
        raise Cannot(_cannot(problem, options)) from problem
    progress.end()
    _tell_broken(told)
    _tell_unused(told)
    _tell_json(summary, told) if options.json else _tell_summary(summary, told)
    return 0 if summary.fine else 1


def _tell_json(summary: Summary, told: Told) -> None:
    json.dump(_as_data(summary, told), sys.stdout, ensure_ascii=False, indent=1)
    print()


def _cannot(problem: Exception, options: argparse.Namespace) -> str:
    """What is in the way, in a sentence."""
    from upstander.policy.conformance.files import names

    if isinstance(problem, names.BadMap):
        return _("“{pair}” maps nothing; write it like --map activity=event.").format(pair=problem)
    if isinstance(problem, names.Unreadable):
        text = _("“{name}” cannot be read: {why}.")
        return text.format(name=Path(options.log).name, why=conform_words.why(str(problem)))
    if isinstance(problem, ImportError):
        text = _("CSV and Parquet need Arrow, which is not installed: {command}")
        return text.format(command='pip install "upstander[conform]"')
    return _("“{name}” cannot be written: use .parquet, .csv or .json.").format(name=options.out)


def _pack(path: str) -> Pack:
    try:
        return loader.load(path)
    except loader.PackErrors as errors:
        raise Cannot(errors.in_words(languages.current().tag)) from errors


def _series(options: argparse.Namespace) -> Series:
    """The pack with the versions before it, by the day from which each is in force."""
    versions = [_pack(path) for path in (*(options.before or ()), options.path)]
    if len({version.timezone for version in versions}) > 1:
        raise Cannot(_("The versions of a pack must keep to one time zone."))
    if len({version.in_force_from for version in versions}) < len(versions):
        raise Cannot(_("Two versions are in force from the same day."))
    return Series(tuple(sorted(versions, key=lambda version: version.in_force_from)))


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as problem:
        raise Cannot(_("“{text}” is no moment; write it like 2026-05-11T12:00.").format(text=text)) from problem


def _calendar(path: str | None) -> Calendar | None:
    if path is None:
        return None
    try:
        return loader.load_calendar(path)
    except loader.PackErrors as errors:
        raise Cannot(errors.in_words(languages.current().tag)) from errors
    except (OSError, ValueError) as problem:
        raise Cannot(str(problem)) from problem


# --- while it runs -----------------------------------------------------------------------------------------------------


class _Teller:
    """Says how far it is: on a terminal in one line, elsewhere every ten seconds."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.terminal = sys.stderr.isatty()
        self.last = self.start if not self.terminal else 0.0
        self.width = 0

    def __call__(self, progress: Progress) -> None:
        here = time.monotonic()
        if here - self.last < (0.2 if self.terminal else 10):
            return
        self.last = here
        rate = f"{progress.events / max(here - self.start, 0.001):,.0f}"
        if progress.step == "read":
            text = _("{events} events read, {rate} a second").format(events=f"{progress.events:,}", rate=rate)
        else:
            text = _("{records} records judged, {events} events, {rate} a second").format(
                records=f"{progress.records:,}", events=f"{progress.events:,}", rate=rate
            )
        end = "\r" if self.terminal else "\n"
        print(text.ljust(self.width), end=end, file=sys.stderr, flush=True)
        self.width = len(text) if self.terminal else 0

    def end(self) -> None:
        if self.width:
            print(" " * self.width, end="\r", file=sys.stderr)


def _tell_broken(told: Told) -> None:
    for broken in sorted(told.broken, key=lambda one: one.line):
        print(_("line {number}: {why}").format(number=broken.line, why=conform_words.why(broken.why)), file=sys.stderr)
    more = told.broken_count - len(told.broken)
    if more:
        text = ngettext("… and {number} more broken line", "… and {number} more broken lines", more)
        print(text.format(number=f"{more:,}"), file=sys.stderr)


def _tell_unused(told: Told) -> None:
    if told.unused:
        columns = ", ".join(told.unused)
        print(_("Columns that no rule knows were left out: {columns}").format(columns=columns), file=sys.stderr)


# --- what came out -----------------------------------------------------------------------------------------------------


def _tell_summary(summary: Summary, told: Told) -> None:
    counts = _(
        "Records: {records}. Events: {events}. Lines left out: {skipped}. Records that may be closed: {closable}."
    )
    print(
        counts.format(
            records=f"{summary.records:,}",
            events=f"{told.events:,}",
            skipped=f"{told.broken_count:,}",
            closable=f"{summary.closable:,}",
        )
    )
    heads = (_("duty"), _("opened"), _("met"), _("late"), _("open"), _("overdue"), _("lapsed"), _("breaches"))
    rows = [
        (line["duty"], *(f"{line[name]:,}" for name in _COUNTS), _span(line["median minutes to meet"]))
        for line in map(_duty_data, summary.duties.values())
    ]
    _table((*heads, _("median time")), rows)
    limits: list[tuple[str, ...]] = [
        (line.rule, f"{line.breaches:,}", f"{line.remarks:,}")
        for line in summary.limits.values()
        if line.breaches or line.remarks
    ]
    if limits:
        print()
        _table((_("limit"), _("breaches"), _("remarks")), limits)
    if summary.handed:
        text = ngettext(
            "{number} rule was judged one record after the other, for some records at least: {rules}",
            "{number} rules were judged one record after the other, for some records at least: {rules}",
            len(summary.handed),
        )
        print(text.format(number=len(summary.handed), rules=", ".join(sorted(summary.handed))), file=sys.stderr)


_COUNTS = ("opened", "met", "late", "open", "overdue", "lapsed", "breaches")


def _duty_data(line: Any) -> dict[str, Any]:
    states = {state.value: number for state, number in line.states.items()}
    return {
        "duty": line.rule,
        "opened": line.opened,
        "met": states.get("met", 0),
        "late": states.get("met-late", 0),
        "open": line.open,
        "overdue": states.get("overdue", 0),
        "lapsed": states.get("lapsed", 0),
        "waived": states.get("waived", 0),
        "not applicable": states.get("not-applicable", 0),
        "breaches": line.breaches,
        "median minutes to meet": line.median_minutes,
    }


def _as_data(summary: Summary, told: Told) -> dict[str, Any]:
    return {
        "records": summary.records,
        "closable": summary.closable,
        "events": told.events,
        "left out": {
            "lines": told.broken_count,
            "first": [{"line": broken.line, "why": broken.why} for broken in told.broken],
            "columns": list(told.unused),
        },
        "duties": [_duty_data(line) for line in summary.duties.values()],
        "limits": [
            {"limit": line.rule, "breaches": line.breaches, "remarks": line.remarks} for line in summary.limits.values()
        ],
        "handed to the compiled strategy": summary.handed,
    }


def _span(minutes: float | None) -> str:
    """A length of time in its two largest units."""
    if minutes is None:
        return "–"
    whole = round(minutes)
    days, hours, rest = whole // 1440, whole % 1440 // 60, whole % 60
    if days:
        return _("{days} d {hours} h").format(days=f"{days:,}", hours=hours)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=rest)


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Columns side by side: names to the left, numbers to the right."""
    widths = [max(map(_cells, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        first = row[0] + " " * (widths[0] - _cells(row[0]))
        others = (" " * (width - _cells(cell)) + cell for cell, width in zip(row[1:], widths[1:], strict=True))
        print(first, *others, sep="  ")


def _cells(text: str) -> int:
    """How wide a text stands on a terminal: Chinese and Japanese signs take two places."""
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
