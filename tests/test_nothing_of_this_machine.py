"""What is committed says nothing about the machine or the registries it was made with."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOREIGN = re.compile(r"/(?:work|root|tmp/upstander)/|index[-_]url|\.pyenv")
TEXT = {".py", ".md", ".toml", ".yaml", ".html", ".css", ".js", ".txt", ".lock", ".in", ".sh", ".po", ""}


def test_no_path_of_a_developers_machine_is_committed() -> None:
    listed = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    )
    files = [
        ROOT / path for path in listed if path and Path(path).suffix in TEXT and path != "tests/" + Path(__file__).name
    ]
    found = [
        path.name
        for path in files
        if path.is_file() and FOREIGN.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]

    assert files
    assert found == []
