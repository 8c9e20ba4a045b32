"""``upstander pack new``: a folder that runs, made from the starter, with comments that teach."""

from __future__ import annotations

import argparse
import json
import re
import shutil
from pathlib import Path

from django.utils.translation import gettext as _

from upstander.cli import schemas
from upstander.cli.problems import Cannot
from upstander.policy import loader
from upstander.policy.loader.sources import PACKS
from upstander.ui import languages

FROM = "starter"
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def run(options: argparse.Namespace) -> int:
    """Make the folder and say what comes next."""
    folder = make(options.name, options.title or "")
    _pack, problems = loader.check(folder)
    for each in problems:
        print(each.in_words(languages.current().tag))
    print(_("The pack is in {folder}. It runs as it is; make it yours file by file.").format(folder=folder))
    for command in ("lint", "test", "trace", "sentences"):
        print(f"  upstander pack {command} {folder}")
    return 1 if any(each.stops for each in problems) else 0


def make(name: str, title: str = "") -> Path:
    """A copy of the starter under another name, each file with a comment and its schema."""
    folder = Path(name)
    if not _ID.fullmatch(folder.name):
        said = _("“{name}” is no name for a pack: use lower-case words joined by “-”.")
        raise Cannot(said.format(name=folder.name))
    if folder.name in loader.names():
        raise Cannot(_("A pack called “{name}” comes with Upstander. Choose another name.").format(name=folder.name))
    if folder.exists():
        raise Cannot(_("{folder} is there already.").format(folder=folder))
    shutil.copytree(PACKS / FROM, folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    schemas.write(folder / ".schema")
    for path in sorted(folder.glob("*.yaml")):
        _teach(path)
    _name(folder, title)
    _readme(folder)
    return folder


def _teach(path: Path) -> None:
    """Put the file's schema and what belongs into it on top, instead of the starter's own opening comment."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    while lines and lines[0].startswith("#"):
        lines.pop(0)
    head = [f"# yaml-language-server: $schema=.schema/{path.stem}.json"]
    head += [f"# {line}" for line in _lessons().get(path.name, "").splitlines()]
    path.write_text("\n".join(head) + "\n" + "".join(lines), encoding="utf-8")


def _name(folder: Path, title: str) -> None:
    head = folder / "pack.yaml"
    text = re.sub(rf"(?m)^id: {FROM}$", f"id: {folder.name}", head.read_text(encoding="utf-8"))
    if title:
        text = re.sub(r"(?m)^title: .*$", lambda _found: f"title: {json.dumps(title, ensure_ascii=False)}", text)
        for path in folder.glob("i18n/*.yaml"):  # translations of another title
            kept = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("pack.title:")]
            path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    head.write_text(text, encoding="utf-8")


def _readme(folder: Path) -> None:
    steps = (
        _("Write your document's clauses into clauses.yaml, in your own words, each with its number."),
        _("Name your posts in roles.yaml and your places in options.yaml."),
        _("Answer the vague words in pack.yaml: how soon is “promptly” here?"),
        _("Bind each clause: a rule, a form, a card, a contact, a page. “upstander pack trace” shows what is left."),
        _("Tell what must come out in scenarios/, and run them with “upstander pack test”."),
        _("Read every rule aloud: “upstander pack sentences”. What reads badly is badly named."),
    )
    lines = [f"# {folder.name}", "", *(f"{number}. {step}" for number, step in enumerate(steps, 1)), ""]
    (folder / "README.md").write_text("\n".join(lines), encoding="utf-8")


def _lessons() -> dict[str, str]:
    """{file: what belongs into it}, a line or two each."""
    return {
        "pack.yaml": _(
            "Who you are, from when the policy holds, and your own numbers.\n"
            "A word that the document leaves open (“promptly”) is answered once, under params: words."
        ),
        "clauses.yaml": _(
            "One entry for each sentence of the document that asks somebody to do, record, know, decide or refrain.\n"
            "Rules, forms, cards and contacts name the id of the clause that they serve."
        ),
        "roles.yaml": _(
            "The posts of your school with their deputies, and the roles that people have in a matter.\n"
            "A post that nobody holds is shown in red until somebody does."
        ),
        "options.yaml": _("Lists to choose from: your own places, forms of bullying, measures. The order is kept."),
        "events.yaml": _(
            "Everything that can be written down, with its form. The label is the deed, as a button says it;\n"
            "done is what the timeline shows; recorded by says who may."
        ),
        "records.yaml": _("Kinds of record and who may see, record and decide. What is not listed is not seen."),
        "rules.yaml": _(
            "Facts (what holds), duties (who does what by when), limits (what is not done), closure (when it is over).\n"
            "Change one thing, run “upstander pack test”, read “upstander pack sentences”."
        ),
        "directory.yaml": _(
            "Whom one can turn to, outside and in the school. What is on the door stands on every page there."
        ),
    }
