"""A throw-away PostgreSQL on a Unix socket, for tests and benchmarks: own folder, no fsync, gone afterwards.

``python -m upstander.web.testing.postgres COMMAND…`` runs a command with ``UPSTANDER_DATABASE_URL`` set, then stops the server.
As root it drops to the user ``postgres``, because the server refuses to run as root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=64MB",
    "max_connections=60",
    "listen_addresses=",
    "logging_collector=off",
)
OWNER = "postgres"
"""As whom the server runs where we are root."""
PATIENCE = 30.0
"""Seconds after which a server that does not start is given up."""


class NoPostgres(Exception):
    """The server's programs are not installed here."""


def binaries() -> Path:
    """The folder of the server's programs. Raises NoPostgres."""
    found: list[Path] = []
    if program := shutil.which("pg_config"):
        said = subprocess.run([program, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603
        found.append(Path(said))
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in found:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres("initdb and postgres were not found; install the package postgresql")


def available() -> bool:
    """Whether a server can be started here."""
    try:
        binaries()
        if os.geteuid() == 0:
            _known(OWNER)
    except NoPostgres:
        return False
    return True


@contextmanager
def throw_away_cluster(durable: bool = False) -> Iterator[str]:
    """Start a server of its own and give its address; stop it and remove it afterwards.

    ``durable`` keeps fsync on, for measurements. Raises NoPostgres, or RuntimeError with the server's own words.
    """
    programs = binaries()
    user = OWNER if os.geteuid() == 0 else None
    if user is not None:
        _known(user)
    folder = Path(tempfile.mkdtemp(prefix="upstander-pg-"))
    if user is not None:
        shutil.chown(folder, user)
    folder.chmod(0o700)
    try:
        with _server(programs, folder, user, SETTINGS[3:] if durable else SETTINGS):
            # Not as a superuser: the policies of row-level security would not hold for one.
            _run([programs / "createuser", "-h", folder, "-U", "upstander", "--createdb", "school"], user, folder)
            _run([programs / "createdb", "-h", folder, "-U", "upstander", "-O", "school", "upstander"], user, folder)
            yield f"postgres://school@{str(folder).replace('/', '%2F')}/upstander"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(programs: Path, folder: Path, user: str | None, settings: Sequence[str]) -> Iterator[None]:
    """Make the cluster, start its server and wait until it answers; stop it afterwards."""
    data, log = folder / "data", folder / "log"
    made = ["-U", "upstander", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
    _run([programs / "initdb", "-D", data, *made], user, folder)
    options = [part for each in settings for part in ("-c", each)]
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603
            [programs / "postgres", "-D", data, "-k", folder, *options],
            stdout=output,
            stderr=output,
            user=user,
            cwd=folder,
            env=_environment(),
        )
    try:
        _wait(programs, folder, server, log, user)
        yield
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _known(user: str) -> None:
    try:
        pwd.getpwnam(user)
    except KeyError:
        raise NoPostgres(f"the server does not run as root, and there is no user {user}") from None


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _run(command: Sequence[str | Path], user: str | None, folder: Path) -> None:
    done = subprocess.run(  # noqa: S603
        command, user=user, cwd=folder, env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name}: {done.stderr.strip()}")


def _wait(programs: Path, folder: Path, server: subprocess.Popen[bytes], log: Path, user: str | None) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        ready = subprocess.run(  # noqa: S603
            [programs / "pg_isready", "-q", "-h", folder], user=user, cwd=folder, env=_environment(), check=False
        )
        if ready.returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(log.read_text(errors="replace")[-2000:])


def main(arguments: list[str]) -> int:
    """Run a command beside a server of its own; 3 where there is none to run."""
    try:
        with throw_away_cluster(durable="--durable" in arguments[:1]) as url:
            command = arguments[1:] if arguments[:1] == ["--durable"] else arguments
            done = subprocess.run(command, env={**os.environ, "UPSTANDER_DATABASE_URL": url}, check=False)  # noqa: S603
            return done.returncode
    except NoPostgres as reason:
        sys.stderr.write(f"{reason}\n")
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
