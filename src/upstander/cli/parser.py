"""Every command with its arguments, its help and an example."""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _

from upstander.cli import care_parser, conform, pack_parser, schools, service
from upstander.cli.command import Commands
from upstander.cli.command import command as _command
from upstander.cli.speaking import speak


def build() -> argparse.ArgumentParser:
    """The whole command line."""
    speak()
    parser = argparse.ArgumentParser(prog="upstander", description=_("Runs a school's own written safety policy."))
    commands = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)
    _services(commands)
    _schools(commands)
    pack_parser.add(commands)
    _conform(commands)
    care_parser.add(commands)
    return parser


def _services(commands: Commands) -> None:
    demo = _command(
        commands,
        "demo",
        _("Make the demo schools and serve them on this machine."),
        "upstander demo --at 2026-09-01",
        service.demo,
    )
    demo.add_argument("--at", metavar=_("DATE"), help=_("Move the demo's clock to this date or moment first."))
    demo.add_argument("--fresh", action="store_true", help=_("Throw the demo's data away and begin again."))
    demo.add_argument("--no-serve", action="store_true", help=_("Prepare everything, but serve nothing."))
    for name, text, action in (
        ("serve", _("Serve the pages."), service.serve),
        ("work", _("Send the mails that are waiting."), service.work),
        ("clock", _("Watch the deadlines: reminders, climbing, daily checkpoints."), service.clock),
        ("run", _("Serve, work and clock in one process tree; Ctrl-C stops all of it."), service.run),
    ):
        made = _command(commands, name, text, f"upstander {name}", action)
        if name in ("work", "clock"):
            made.add_argument("--once", action="store_true", help=_("Do what is waiting and stop."))
            continue
        _address(made)
    _address(demo)
    _command(
        commands, "setup", _("Make or update the database and the static files."), "upstander setup", service.setup
    )


def _address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help=_("The address to listen on (this machine only by default).")
    )
    parser.add_argument("--port", type=int, default=8000, help=_("The port to listen on."))
    parser.add_argument("--workers", type=int, default=2, help=_("How many web processes."))


def _schools(commands: Commands) -> None:
    school = commands.add_parser("school", help=_("Schools of this installation.")).add_subparsers(required=True)
    new = _command(
        school,
        "new",
        _("Make a school that runs a pack, and an invitation for its first head."),
        'upstander school new "Example School" --pack starter --head head@example.org',
        schools.new,
    )
    new.add_argument("name", metavar=_("NAME"))
    new.add_argument(
        "--pack",
        required=True,
        action="append",
        help=_("A pack that the school runs (see: upstander pack list); may be given several times."),
    )
    new.add_argument("--slug", help=_("The school's part of the address; made from the name if left out."))
    new.add_argument("--head", metavar=_("MAIL"), help=_("Mail address of the person who answers for the school."))
    _command(school, "list", _("The schools and their packs."), "upstander school list", schools.listing)
    data = commands.add_parser("import", help=_("Bring in people and classes.")).add_subparsers(required=True)
    csv = _command(
        data,
        "csv",
        _("Classes, pupils, guardians and staff from a CSV file; says what would change with --dry-run."),
        "upstander import csv people.csv --school example --dry-run",
        schools.import_csv,
    )
    csv.add_argument("file", metavar=_("FILE"))
    csv.add_argument("--school", required=True, metavar="SLUG")
    csv.add_argument("--dry-run", action="store_true", help=_("Only say what would change."))


def _conform(commands: Commands) -> None:
    made = _command(
        commands,
        "conform",
        _("Hold a pack against the log of a whole district: each duty of each record, and a table of how it stands."),
        "upstander conform starter log.parquet --now 2026-05-11T12:00 --out verdicts.parquet",
        conform.conform,
    )
    made.add_argument("path", metavar="PACK")
    made.add_argument("log", metavar="LOG", help=_("JSON lines, CSV, Parquet or XES."))
    made.add_argument("--now", required=True, metavar="T", help=_("The moment of the question, like 2026-05-11T12:00."))
    made.add_argument(
        "--before",
        action="append",
        metavar="PACK",
        help=_("An earlier version: what arose before the next one came into force stays judged by it."),
    )
    made.add_argument("--calendar", metavar=_("FILE"))
    made.add_argument("--out", metavar=_("FILE"), help=_("Where each verdict is written: .parquet, .csv or .json."))
    made.add_argument(
        "--map",
        action="append",
        metavar="COLUMN=NAME",
        help=_(
            "What a column of the log is: record, kind, id, event, at, recorded, by.person, by.role, about.…, fields.…"
        ),
    )
    made.add_argument(
        "--form", choices=("jsonl", "csv", "parquet", "xes"), help=_("Where the file's name does not say.")
    )
    made.add_argument(
        "--skip-broken", action="store_true", help=_("Leave lines out that are no events, and say which.")
    )
    made.add_argument("--threads", type=int, default=2, help=_("How many threads judge."))
    made.add_argument("--json", action="store_true", help=_("As JSON for machines."))
