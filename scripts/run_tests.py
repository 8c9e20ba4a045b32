"""Run all checks in order: style, types, rooms, messages, packs, then the tests; say plainly what could not be run.

With arguments only pytest runs, with those arguments. Environment: ``UPSTANDER_TEST_POSTGRES=no`` leaves PostgreSQL out,
``UPSTANDER_TEST_INSTALL=no`` installs nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("Style", [str(BIN / "ruff"), "check", "."]),
    ("Format", [str(BIN / "ruff"), "format", "--check", "."]),
    ("Spelling", [str(BIN / "typos"), "--config", "pyproject.toml", "src", "docs", "README.md"]),
    ("Rooms", [str(BIN / "lint-imports"), "--no-cache"]),
    ("Types", [str(BIN / "mypy")]),
    ("Messages", [sys.executable, "scripts/messages.py", "check"]),
)

WORKERS = ("-n", str(min(4, os.cpu_count() or 1)), "--dist", "worksteal")
"""Each worker takes whole files as long as there are some, so that what a file's tests share is made once."""


def say(text: str) -> None:
    """Print at once, so that a long run shows where it is."""
    print(text, flush=True)


def run(title: str, command: list[str], env: dict[str, str]) -> bool:
    """Run one command and say how long it took."""
    say(f"== {title}")
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=env, check=False)
    say(f"== {title}: {'fine' if done.returncode == 0 else 'FAILED'} ({time.monotonic() - started:.0f} s)\n")
    return done.returncode == 0


def install_chromium() -> str | None:
    """The browser for the browser tests: found, or installed from Debian where that is possible."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found or os.environ.get("UPSTANDER_TEST_INSTALL") == "no":
        return found
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        say("Installing Debian's Chromium and a font for Japanese and Chinese for the browser tests …")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([apt, "update"], check=False, env=env, **quiet)
        packages = ["chromium", "fonts-noto-cjk"]
        subprocess.run([apt, "install", "-y", "--no-install-recommends", *packages], check=False, env=env, **quiet)
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def test_environment() -> tuple[dict[str, str], list[str]]:
    """The environment of the tests and what will not be run, each with its reason."""
    left_out: list[str] = []
    env = {**os.environ, "UPSTANDER_DATA": tempfile.mkdtemp(prefix="upstander-test-")}
    env.pop("UPSTANDER_DATABASE_URL", None)
    if env.pop("PYTHONDONTWRITEBYTECODE", ""):
        # Every worker, server and command of the tests would compile all that it imports; nothing is left in the checkout.
        env["PYTHONPYCACHEPREFIX"] = str(Path(env["UPSTANDER_DATA"], "bytecode"))
    env["PATH"] = f"{BIN}{os.pathsep}{env.get('PATH', '')}"
    browser = install_chromium()
    if browser:
        env["UPSTANDER_CHROMIUM"] = browser
    else:
        left_out.append("the browser tests: no Chromium here (on Debian: apt install chromium fonts-noto-cjk)")
    return env, left_out


def main(arguments: list[str]) -> int:
    env, left_out = test_environment()
    try:
        pytest = [sys.executable, "-m", "pytest", "-q", "-rfE", "-p", "no:randomly", *arguments]
        together = [*pytest, *WORKERS]
        if arguments:
            return subprocess.run(pytest, cwd=ROOT, env=env, check=False).returncode
        fine = [run(title, command, env) for title, command in CHECKS]
        fine.append(run("Tests", together, env))
        fine.append(run_on_postgres(together, env, left_out))
    finally:
        shutil.rmtree(env["UPSTANDER_DATA"], ignore_errors=True)
    for reason in left_out:
        say(f"NOT RUN: {reason}")
    say(f"{sum(fine)} passed, {len(fine) - sum(fine)} failed")
    return 0 if all(fine) else 1


def run_on_postgres(together: list[str], env: dict[str, str], left_out: list[str]) -> bool:
    """Run every test that touches a table once more on a PostgreSQL of our own, where its server is installed."""
    from upstander.web.testing import postgres

    if os.environ.get("UPSTANDER_TEST_POSTGRES") == "no":
        left_out.append("PostgreSQL: left out by UPSTANDER_TEST_POSTGRES=no")
        return True
    if not postgres.available():
        left_out.append("PostgreSQL: no server binaries here (on Debian: apt install postgresql)")
        return True
    with postgres.throw_away_cluster() as url:
        command = [*together, "-m", "database and not browser"]
        return run("Tests on PostgreSQL", command, {**env, "UPSTANDER_DATABASE_URL": url})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
