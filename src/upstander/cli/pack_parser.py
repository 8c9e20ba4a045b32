"""The commands for packs with their arguments, help and examples."""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _

from upstander.cli import new_pack, packs, replaying, schemas, tracing
from upstander.cli.command import Commands, command


def add(commands: Commands) -> None:
    """``upstander pack …``"""
    pack = commands.add_parser("pack", help=_("Policy packs: check, read, try.")).add_subparsers(required=True)
    command(pack, "list", _("The packs that are here."), "upstander pack list", packs.listing)
    _authors(pack)
    _readers(pack)
    _triers(pack)


def _path(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("path", metavar="PATH", help=_("A pack's folder or file, or the name of one that is here."))
    return parser


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("As JSON for machines."))


def _authors(pack: Commands) -> None:
    new = command(
        pack,
        "new",
        _("Begin a pack: a folder that runs, with comments that teach."),
        "upstander pack new our-school",
        new_pack.run,
    )
    new.add_argument("name", metavar=_("NAME"), help=_("Lower-case words joined by '-'; the folder is made here."))
    new.add_argument("--title", metavar=_("TITLE"), help=_("What the policy is called."))
    lint = command(
        pack, "lint", _("All problems of a pack, with their places."), "upstander pack lint starter", packs.lint
    )
    lint.add_argument(
        "paths", metavar="PATH", nargs="+", help=_("A pack's folder or file, or the name of one that is here.")
    )
    _path(command(pack, "test", _("Run the scenarios of a pack."), "upstander pack test starter", packs.test))
    schema = command(
        pack,
        "schema",
        _("The shape of a pack as JSON Schema, for editors."),
        "upstander pack schema --file rules.yaml",
        schemas.run,
    )
    schema.add_argument("--file", metavar=_("FILE"), help=_("Of one file of a pack's folder only, such as rules.yaml."))
    schema.add_argument("--to", metavar=_("FOLDER"), help=_("Write the schema of each file into this folder."))


def _readers(pack: Commands) -> None:
    sentences = command(
        pack,
        "sentences",
        _("Every rule of a pack as a sentence."),
        "upstander pack sentences starter --lang nl",
        packs.sentences,
    )
    _path(sentences)
    sentences.add_argument("--lang", help=_("One of en-GB, ja, nl, zh-Hans; the pack's own language if left out."))
    trace = command(
        pack,
        "trace",
        _("Each clause of a pack with what makes it live and what proves it."),
        "upstander pack trace starter --missing",
        tracing.run,
    )
    _json(_path(trace))
    trace.add_argument("--missing", action="store_true", help=_("Only clauses without a binding or a proof."))
    trace.add_argument("--catalogue", metavar=_("FILE"), help=_("A YAML list of clauses that must all be there."))


def _triers(pack: Commands) -> None:
    simulate = command(
        pack,
        "simulate",
        _("Duties, limits and facts of the records in a log file."),
        "upstander pack simulate starter log.jsonl --now 2026-05-11T12:00 --json",
        packs.simulate,
    )
    _path(simulate)
    simulate.add_argument("log", metavar="LOG.jsonl")
    simulate.add_argument("--now", required=True, metavar="T")
    simulate.add_argument("--calendar", metavar=_("FILE"))
    _json(simulate)
    replay = command(
        pack,
        "replay",
        _("What would have been different with this pack, for a school or the records of a log file."),
        "upstander pack replay ./our-school --against example-school",
        replaying.run,
    )
    _path(replay)
    replay.add_argument("--against", required=True, metavar=_("RECORDS"), help=_("A school's slug, or a log file."))
    replay.add_argument(
        "--instead-of", metavar=_("PACK"), help=_("Compare with this pack; of a school, with what it runs if left out.")
    )
    replay.add_argument(
        "--now", metavar="T", help=_("The moment of judging; now, or the log's last event if left out.")
    )
    replay.add_argument("--calendar", metavar=_("FILE"))
    _json(replay)
