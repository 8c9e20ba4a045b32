"""Commands that take one record out of this installation: the sealed bundle, and the hand-over to another school."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from upstander.cli.backups import identities
from upstander.cli.problems import Cannot


def bundle(options: argparse.Namespace) -> int:
    """Write the sealed bundle of a record."""
    from upstander.records.bundle import handing, making, verify_bundle
    from upstander.vault import age

    record = record_of(options.record, options.school)
    viewer = _reader(handing, record, options.reader)
    what = f"bundle:{options.reader}" if options.reader else "bundle"
    try:
        with age.new_file(Path(options.file)) as out:
            out.write(making.make(viewer, record, options.lang or language(), what=what))
    except FileExistsError as problem:
        raise Cannot(_("“{file}” is there already; nothing was written over.").format(file=options.file)) from problem
    sign = verify_bundle.fingerprint(handing.public_key(record))
    print(_("Bundle written to {file}.").format(file=options.file))
    print(_("Tell the receiver the fingerprint of the school's key in another way: {sign}").format(sign=sign))
    return 0


def handover(options: argparse.Namespace) -> int:
    """Write a record's bundle encrypted for whoever takes it over, with a signed receipt beside it."""
    from upstander.records.bundle import handing
    from upstander.vault import age

    record = record_of(options.record, options.school)
    viewer = _reader(handing, record, options.reader)
    place = Path(options.file)
    try:
        receipt = handing.hand_over(viewer, record, options.lang or language(), options.to, place)
    except age.BadKey as problem:
        raise Cannot(_("“{key}” is no public age key (age1…).").format(key=options.to)) from problem
    except FileExistsError as problem:
        raise Cannot(_("“{file}” is there already; nothing was written over.").format(file=options.file)) from problem
    print(_("Hand-over written to {file}, its receipt to {receipt}.").format(file=place, receipt=receipt))
    print(_("The receiver opens it with: upstander receive {file} --key their.key bundle.zip").format(file=place.name))
    return 0


def receive(options: argparse.Namespace) -> int:
    """Open a hand-over with one's own key and check it; 1 where it does not hold."""
    from upstander.records.bundle import handing
    from upstander.vault import age

    try:
        found = handing.received(Path(options.file), identities(options.key))
        with age.new_file(Path(options.out)) as out:
            out.write(found)
    except age.CannotDecrypt as problem:
        raise Cannot(_("This file is not for this key, or it was changed.")) from problem
    except FileExistsError as problem:
        raise Cannot(_("“{file}” is there already; nothing was written over.").format(file=options.out)) from problem
    return verify(Path(options.out))


def verify(path: Path) -> int:
    """Check a bundle; 1 and what is wrong if it does not hold."""
    from upstander.records.bundle import handing, verify_bundle

    problems, said = verify_bundle.check(path.read_bytes())
    for problem in problems:
        print(f"{path.name}: {problem}")
    if problems:
        print(_("This bundle does not hold."))
        return 1
    print(
        _("Record {number} of {school}: {entries} entries, {withheld} withheld. Everything holds.").format(
            number=said["record"]["number"],
            school=said["school"]["name"],
            entries=said["record"]["length"],
            withheld=len(said["withheld"]),
        )
    )
    sign = verify_bundle.fingerprint(bytes.fromhex(said["public"]))
    if handing.is_ours(said):
        print(_("It was signed by a school of this installation."))
    else:
        print(
            _("Compare this fingerprint with the one that the school gives you in another way: {sign}").format(
                sign=sign
            )
        )
    return 0


def record_of(number: str, slug: str | None) -> Any:
    """A record by its reference. Raises Cannot where there is none, or several schools have it."""
    from upstander.records.bundle import handing

    found = handing.by_number(number, slug)
    if len(found) != 1:
        raise Cannot(
            _("No record has the reference “{number}” here.").format(number=number)
            if not found
            else _("Several schools have a record “{number}”: say which with --school.").format(number=number)
        )
    return found[0]


def _reader(handing: Any, record: Any, role: str | None) -> Any:
    """For whom the bundle is: a role of the school's policy, or everything."""
    try:
        return handing.reader(record, role)
    except KeyError as problem:
        roles = ", ".join(handing.roles(record))
        raise Cannot(
            _("There is no role “{role}” in the policy. There are: {roles}").format(role=role, roles=roles)
        ) from problem


def language() -> str:
    """The language of the terminal, as the policy names languages."""
    from upstander.ui import languages

    return languages.get(get_language() or "").tag
