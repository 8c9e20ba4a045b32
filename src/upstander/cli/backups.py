"""Commands for what must outlive this machine: backup, restore, and the keys they need."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from upstander.cli.problems import Cannot
from upstander.people import queries as people


def backup(options: argparse.Namespace) -> int:
    """Write everything into one encrypted file while the system runs."""
    from upstander.records.backup import rows
    from upstander.vault import age

    readers = [age.recipient(each) for each in recipients(options)]
    try:
        with age.new_file(Path(options.file)) as out, rows.snapshot() as connection:
            pieces = rows.pieces(connection, progress)
            if readers:
                age.encrypt(pieces, out, readers)
            else:
                out.writelines(pieces)
    except FileExistsError as problem:
        raise Cannot(_("“{file}” is there already; nothing was written over.").format(file=options.file)) from problem
    size = Path(options.file).stat().st_size
    said = _("Backup written to {file} ({size} KB).").format(file=options.file, size=-(-size // 1024))
    print(said, _("The root key is not in it: keep it in another place, or nothing in the backup opens."), sep="\n")
    return 0


def recipients(options: argparse.Namespace) -> list[str]:
    """For whom to encrypt: the command line, or the setting. None only where the command line says so."""
    from upstander.vault import age

    if options.unencrypted:
        return []
    found = options.to or settings.INSTALLATION.backup_to
    if not found:
        raise Cannot(
            _(
                "For whom? Make a key on another machine (upstander keys new backup.key, or age-keygen) and give its public "
                "half: --to age1…, or set UPSTANDER_BACKUP_TO. Without encryption: --unencrypted."
            )
        )
    for each in found:
        try:
            age.recipient(each)
        except age.BadKey as problem:
            raise Cannot(_("“{key}” is no public age key (age1…).").format(key=each)) from problem
    return list(found)


def restore(options: argparse.Namespace) -> int:
    """Read a backup into this empty installation, then verify every chain; 1 if one does not hold."""
    from upstander.cli import care, service
    from upstander.records.backup import restoring
    from upstander.records.backup.errors import CannotRestore

    service.data_folder()
    try:
        with Path(options.file).open("rb") as source:
            header = restoring.restore(source, identities(options.key), progress)
    except CannotRestore as problem:
        raise Cannot(_why(problem)) from problem
    print(_("Restored as it was at {moment} (UTC).").format(moment=header["made"][:19].replace("T", " ")))
    print(_("Now every chain is checked …"))
    options.school = None
    found = care.verify(options)
    print(
        _(
            "Nobody is signed in; invitations that nobody has used must be sent again. Run “upstander setup”, then “upstander run”."
        )
    )
    return found


def identities(path: str | None) -> list[Any]:
    """The secret age keys in a file. Raises Cannot."""
    from upstander.vault import age

    try:
        return age.identities(Path(path)) if path else []
    except age.BadKey as problem:
        raise Cannot(_("“{file}” holds no secret age key (AGE-SECRET-KEY-1…).").format(file=path)) from problem


def _why(problem: Any) -> str:
    words = {
        "not-a-backup": _("This is no backup of Upstander."),
        "wrong-key": _("This backup opens only with the secret key that belongs to it: give it with --key FILE."),
        "broken": _("The backup was changed or its end is missing. Nothing was restored."),
        "newer": _("A newer version of Upstander made this backup. Install that version first."),
        "not-empty": _("There is data in this database. A backup is only restored into an empty one."),
        "root-key": _(
            "The root key that this backup needs is not here (its mark is {mark}). Put it in place first: "
            "UPSTANDER_ROOT_KEY_FILE, UPSTANDER_ROOT_KEY or UPSTANDER_ROOT_KEY_COMMAND."
        ).format(mark=problem.about),
    }
    return words[problem.code]


def new_key(options: argparse.Namespace) -> int:
    """Make a key pair for backups or hand-overs: the secret half in a file, the public half on the screen."""
    from upstander.vault import age

    try:
        public = age.new_identity(Path(options.file))
    except FileExistsError as problem:
        raise Cannot(_("“{file}” is there already; nothing was written over.").format(file=options.file)) from problem
    print(
        _("The secret key lies in {file}: keep it away from this machine.").format(file=options.file), file=sys.stderr
    )
    print(public)
    return 0


def rotate(options: argparse.Namespace) -> int:
    """Wrap all keys by a new root key while the system runs; what was stopped half-way goes on."""
    from upstander.vault import keys, root

    if root.provider() == "file" and not root.previous_place().exists():
        root.begin_rotation()
    changed = keys.rotate(progress)
    kept = root.end_rotation()
    print(_("The keys of {changed} schools are wrapped by the present root key.").format(changed=changed))
    if kept is not None:
        where = _(
            "The root key before lies in {file}: keep it as long as you keep backups made before today, then destroy it."
        )
        print(where.format(file=kept))
    elif not changed:
        print(
            _(
                "To change a root key that comes from the environment or a command: give the new one, set the one before as "
                "UPSTANDER_ROOT_KEY_PREVIOUS or UPSTANDER_ROOT_KEY_PREVIOUS_COMMAND, start Upstander again, and run this."
            )
        )
    return 0


def progress(done: int, of: int) -> None:
    """One line on the terminal that counts up; nothing where the output goes into a file."""
    if sys.stderr.isatty() or os.environ.get("UPSTANDER_PROGRESS"):
        print(f"\r{done}/{of}", end="" if done < of else "\n", file=sys.stderr, flush=True)


def school_of(slug: str) -> Any:
    """A school by its part of the address. Raises Cannot."""
    found = people.schools().filter(slug=slug).first()
    if found is None:
        raise Cannot(_("There is no school “{slug}” here (see: upstander school list).").format(slug=slug))
    return found
