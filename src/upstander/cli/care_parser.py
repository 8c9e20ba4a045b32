"""The arguments of the commands that look after the record, its keys and its copies."""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _

from upstander.cli import backups, bundles, care, keeping, owndata
from upstander.cli.command import Commands
from upstander.cli.command import command as _command


def add(commands: Commands) -> None:
    """Declare them."""
    _checks(commands)
    _copies(commands)
    _keys(commands)
    _bundles(commands)
    _own_data(commands)
    _keeping(commands)


def _checks(commands: Commands) -> None:
    verify = _command(
        commands,
        "verify",
        _("Check the chains of events: was anything changed, removed or put in between?"),
        "upstander verify",
        care.verify,
    )
    verify.add_argument("school", nargs="?", metavar=_("SCHOOL"), help=_("A school, or the file of a sealed bundle."))
    _command(
        commands,
        "rebuild",
        _("Make the indexes of duties and facts again from the events."),
        "upstander rebuild",
        care.rebuild,
    )
    _command(
        commands,
        "doctor",
        _("Settings, keys, database, mail, clock, disk: what is wrong and how to mend it."),
        "upstander doctor",
        care.doctor,
    )


def _copies(commands: Commands) -> None:
    backup = _command(
        commands,
        "backup",
        _("Write everything into one encrypted file while the system runs."),
        "upstander backup /media/usb/2026-05-11.age --to age1…",
        backups.backup,
    )
    backup.add_argument("file", metavar=_("FILE"))
    _recipients(backup)
    backup.add_argument("--unencrypted", action="store_true", help=_("Encrypt nothing more than the database does."))
    restore = _command(
        commands,
        "restore",
        _("Read a backup into an empty installation and check every chain."),
        "upstander restore /media/usb/2026-05-11.age --key backup.key",
        backups.restore,
    )
    restore.add_argument("file", metavar=_("FILE"))
    restore.add_argument("--key", metavar=_("FILE"), help=_("The secret key for which the backup was encrypted."))


def _recipients(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to", action="append", metavar="KEY", help=_("A public age key that may read it; may be given several times.")
    )


def _keys(commands: Commands) -> None:
    keys = commands.add_parser("keys", help=_("The keys of this installation.")).add_subparsers(required=True)
    _command(
        keys,
        "rotate",
        _("Wrap all keys by a new root key while the system runs."),
        "upstander keys rotate",
        backups.rotate,
    )
    new = _command(
        keys,
        "new",
        _("Make a key for reading backups or hand-overs; prints its public half."),
        "upstander keys new backup.key",
        backups.new_key,
    )
    new.add_argument("file", metavar=_("FILE"))


def _bundles(commands: Commands) -> None:
    bundle = _command(
        commands,
        "bundle",
        _("Write a record as a sealed file that anybody can check without this software."),
        "upstander bundle K7M-2QX4 case.zip --reader police",
        bundles.bundle,
    )
    handover = _command(
        commands,
        "handover",
        _("Write a record for the school that takes it over, encrypted for it, with a signed receipt."),
        "upstander handover K7M-2QX4 --to age1… case.age",
        bundles.handover,
    )
    handover.add_argument("--to", required=True, metavar="KEY", help=_("The receiver's public age key."))
    for made in (bundle, handover):
        made.add_argument("record", metavar=_("RECORD"), help=_("The record's reference."))
        made.add_argument("file", metavar=_("FILE"))
        made.add_argument("--school", metavar="SLUG", help=_("Where several schools have this reference."))
        made.add_argument(
            "--reader",
            metavar=_("ROLE"),
            help=_("Withhold what the policy keeps from this role; without it, nothing is withheld."),
        )
        made.add_argument("--lang", metavar="L", help=_("The language of the part that people read."))
    receive = _command(
        commands,
        "receive",
        _("Open a record that was handed over, and check it."),
        "upstander receive case.age --key our.key case.zip",
        bundles.receive,
    )
    receive.add_argument("file", metavar=_("FILE"))
    receive.add_argument("out", metavar=_("BUNDLE"))
    receive.add_argument(
        "--key", required=True, metavar=_("FILE"), help=_("The secret key for which it was encrypted.")
    )


def _own_data(commands: Commands) -> None:
    made = _command(
        commands,
        "own-data",
        _("Write everything on record about a person for them, with everybody else covered: a PDF and a JSON file."),
        'upstander own-data "Noor Example" own-data.zip --school example --asked-by "Her mother"',
        owndata.own_data,
    )
    made.add_argument(
        "person", metavar=_("PERSON"), help=_("Their id, their number at the school, or their whole name.")
    )
    made.add_argument("file", metavar=_("FILE"))
    made.add_argument("--school", metavar="SLUG")
    made.add_argument("--asked-by", default="", metavar=_("NAME"), help=_("Who asked for it; stands on the paper."))
    made.add_argument(
        "--everything", action="store_true", help=_("Also what somebody else told in confidence; it can show who told.")
    )
    made.add_argument("--reason", default="", help=_("Why that is left out; stands on the paper."))
    made.add_argument("--lang", metavar="L", help=_("The language of the part that people read."))


def _keeping(commands: Commands) -> None:
    keep = commands.add_parser("keep", help=_("How long records are kept.")).add_subparsers(required=True)
    preview = _command(
        keep,
        "preview",
        _("What would be destroyed now and within a month, and what stands against it."),
        "upstander keep preview example-school",
        keeping.preview,
    )
    preview.add_argument("--days", type=int, default=31, help=_("How many days ahead."))
    apply = _command(
        keep,
        "apply",
        _("Destroy what the policy's period is over for. Nothing brings it back but a backup from before."),
        "upstander keep apply example-school --expect 3",
        keeping.apply,
    )
    apply.add_argument("--expect", type=int, default=-1, metavar="N", help=_("How many the preview said."))
    apply.add_argument("--by", default="", metavar=_("NAME"), help=_("Who asked for it; stands in the certificate."))
    certificates = _command(
        keep,
        "certificates",
        _("The certificates of what was destroyed, as JSON."),
        "upstander keep certificates",
        keeping.certificates,
    )
    for made in (preview, apply, certificates):
        made.add_argument("school", nargs="?", metavar=_("SCHOOL"))
    _holds(keep)


def _holds(keep: Commands) -> None:
    hold = _command(
        keep,
        "hold",
        _("Keep a record beyond its period."),
        'upstander keep hold K7M-2QX4 --reason "Court of appeal"',
        keeping.hold,
    )
    hold.add_argument("--reason", required=True, help=_("Why; lies encrypted."))
    release = _command(
        keep, "release", _("End the holds on a record."), "upstander keep release K7M-2QX4", keeping.release
    )
    for made in (hold, release):
        made.add_argument("record", metavar=_("RECORD"), help=_("The record's reference."))
        made.add_argument("--school", metavar="SLUG", help=_("Where several schools have this reference."))
