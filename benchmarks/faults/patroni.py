"""The leader of a PostgreSQL cluster under Patroni and etcd dies, or stands still, while people tell.

    apt-get install etcd-server postgresql && pip install 'patroni[etcd3,psycopg3]==4.1.5'   # 3.0.2 loses reports on a freeze
    nice -n 15 .venv/bin/python benchmarks/faults/patroni.py [--times 6] [--how kill] [--seed 1]

Three servers with one synchronous standby, strictly (no commit without it), and one etcd, all on 127.0.0.1, in a folder that is
removed afterwards; nothing of the machine's own PostgreSQL is touched. ``kill``: ``kill -9`` of the leader's Patroni, its server
and all of its processes at once. ``freeze``: all of them are stopped for a minute, then go on as if nothing had been, as a
machine does that was swapped out: it must not take a report that the new leader does not have. Upstander finds the leader by
itself: its database address names all three servers and asks for the one that takes writes.

Prints how long it took until a receipt was shown again, and counts as the other scripts do. Ends with 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ground
from journeys import tree

NODES = 3
TTL, LOOP, RETRY = 20, 5, 5
"""Seconds: after which a leader that is not heard of is deposed, between two looks, until a question is given up. Patroni's own
are 30, 10 and 10; these are the least that it takes."""
FROZEN = 60
PATIENCE = 180
ACCESS = ["local all all trust", "host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]
PARAMETERS = {
    "max_connections": 60,
    "shared_buffers": "64MB",
    "wal_keep_size": "256MB",
    "wal_log_hints": "on",
    "tcp_keepalives_idle": 5,
}


@dataclass
class Cluster:
    """Three servers and what watches over them."""

    folder: Path
    ports: int
    user: str | None
    watchers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [f"node{n}" for n in range(NODES)]

    def database(self, name: str) -> int:
        """The port of a server."""
        return self.ports + 10 + self.names.index(name)

    def watcher(self, name: str) -> int:
        """The port at which its Patroni answers."""
        return self.ports + 20 + self.names.index(name)

    @property
    def address(self) -> str:
        """For Upstander: all servers, and only the one that takes writes is wanted."""
        hosts = ",".join(["127.0.0.1"] * NODES)
        ports = ",".join(str(self.database(name)) for name in self.names)
        more = "target_session_attrs=read-write&connect_timeout=2&tcp_user_timeout=10000"
        return f"postgres://school@/upstander?host={hosts}&port={ports}&{more}"

    def run(self, *command: str | Path) -> subprocess.Popen[bytes]:
        """Start a program of the cluster as the user who owns it, in a group of its own."""
        log = (self.folder / f"{Path(command[0]).name}.log").open("ab")
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(self.folder)}
        return subprocess.Popen(
            command, user=self.user, cwd=self.folder, env=environment, stdout=log, stderr=log, start_new_session=True
        )

    def start(self, name: str) -> None:
        """Start a node's Patroni, which starts its server."""
        self.watchers[name] = self.run("patroni", self.folder / f"{name}.json")

    def members(self) -> dict[str, dict[str, Any]]:
        """What Patroni says of each node; empty while nobody answers."""
        for name in self.names:
            with contextlib.suppress(OSError, ValueError):
                url = f"http://127.0.0.1:{self.watcher(name)}/cluster"
                with urllib.request.urlopen(url, timeout=3) as answer:
                    return {each["name"]: each for each in json.load(answer)["members"]}
        return {}

    def leader(self) -> str:
        """The name of the leader, as soon as all are well again: a leader, a synchronous standby, all of them running."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = self.members()
            roles = sorted(each["role"] for each in found.values())
            well = all(each["state"] in ("running", "streaming") for each in found.values())
            if well and roles == ["leader", "replica", "sync_standby"]:
                return next(name for name, each in found.items() if each["role"] == "leader")
            time.sleep(0.5)
        said = (self.folder / "patroni.log").read_text(errors="replace")[-4000:]
        raise SystemExit(f"the cluster does not get well: {self.members()}\n{said}")

    def writers(self) -> list[str]:
        """The names of the servers that take writes, asked one by one; more than one is a split brain."""
        found = []
        for name in self.names:
            here = ["-h", str(self.folder), "-p", str(self.database(name)), "-U", "postgres", "-Atc"]
            command = ["psql", *here, "SELECT NOT pg_is_in_recovery()", "postgres"]
            said = subprocess.run(
                command, user=self.user, cwd=self.folder, capture_output=True, text=True, timeout=30, check=False
            )
            if said.stdout.strip() == "t":
                found.append(name)
        return found

    def processes(self, name: str) -> list[int]:
        """Patroni of a node, its server and every process of these."""
        found = set(tree(self.watchers[name].pid))
        with contextlib.suppress(OSError, ValueError, IndexError):
            found |= set(tree(int((self.folder / name / "postmaster.pid").read_text().split()[0])))
        return sorted(found)

    def signal(self, name: str, what: signal.Signals) -> None:
        for pid in self.processes(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, what)


def configuration(cluster: Cluster, name: str, programs: Path) -> dict[str, Any]:
    """What a node's Patroni is told."""
    here = f"127.0.0.1:{cluster.database(name)}"
    says = f"127.0.0.1:{cluster.watcher(name)}"
    return {
        "scope": "upstander",
        "name": name,
        "restapi": {"listen": says, "connect_address": says},
        "etcd3": {"hosts": [f"127.0.0.1:{cluster.ports}"]},
        "bootstrap": {
            "dcs": {
                "ttl": TTL,
                "loop_wait": LOOP,
                "retry_timeout": RETRY,
                "synchronous_mode": True,
                "synchronous_mode_strict": True,
                "postgresql": {"use_pg_rewind": True, "use_slots": True, "parameters": PARAMETERS},
            },
            "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
        },
        "postgresql": {
            "listen": here,
            "connect_address": here,
            "data_dir": str(cluster.folder / name),
            "bin_dir": str(programs),
            "authentication": {"superuser": {"username": "postgres"}, "replication": {"username": "replicator"}},
            "parameters": {"unix_socket_directories": str(cluster.folder)},
            "pg_hba": ACCESS,
        },
    }


@contextlib.contextmanager
def cluster_of(ports: int) -> Iterator[Cluster]:
    """A cluster that is well, with an empty database of a user who is no superuser; removed afterwards."""
    from upstander.web.testing import postgres

    for program in ("patroni", "etcd"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is not installed: apt-get install patroni etcd-server postgresql")
    user = postgres.OWNER if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="upstander-patroni-"))
    folder.chmod(0o700)
    cluster, etcd = Cluster(folder, ports, user), None
    try:
        for name in cluster.names:
            said = configuration(cluster, name, postgres.binaries())
            (folder / f"{name}.json").write_text(json.dumps(said))
        if user is not None:
            for path in (folder, *folder.iterdir()):
                shutil.chown(path, user)
        at, peer = f"http://127.0.0.1:{ports}", f"http://127.0.0.1:{ports + 1}"
        etcd = cluster.run(
            *("etcd", "--data-dir", folder / "etcd", "--listen-client-urls", at, "--advertise-client-urls", at),
            *(
                "--listen-peer-urls",
                peer,
                "--initial-advertise-peer-urls",
                peer,
                "--initial-cluster",
                f"default={peer}",
            ),
        )
        for name in cluster.names:
            cluster.start(name)
        _make_database(cluster, cluster.leader(), postgres.binaries())
        yield cluster
    finally:
        for name in cluster.watchers:
            cluster.signal(name, signal.SIGKILL)
        if etcd is not None:
            etcd.kill()
            etcd.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _make_database(cluster: Cluster, leader: str, programs: Path) -> None:
    here = ["-h", str(cluster.folder), "-p", str(cluster.database(leader)), "-U", "postgres"]
    for command in (["createuser", *here, "--createdb", "school"], ["createdb", *here, "-O", "school", "upstander"]):
        subprocess.run([programs / command[0], *command[1:]], check=True, user=cluster.user, cwd=cluster.folder)


def struck(cluster: Cluster, how: str, people: ground.People) -> float:
    """Strike the leader; the seconds until somebody is shown a receipt again whose form was begun afterwards."""
    name = cluster.leader()
    before = len(people.shown)
    began = time.monotonic()
    cluster.signal(name, signal.SIGSTOP if how == "freeze" else signal.SIGKILL)
    went_on = False
    # What was already on its way may still be answered; as many as there are people are not counted.
    while len(people.shown) <= before + people.at_once and time.monotonic() < began + PATIENCE:
        time.sleep(0.05)
        if how == "freeze" and not went_on and time.monotonic() > began + FROZEN:
            cluster.signal(name, signal.SIGCONT)
            went_on = True
    waited = time.monotonic() - began
    if how == "freeze" and not went_on:
        time.sleep(max(0.0, FROZEN - waited))
        cluster.signal(name, signal.SIGCONT)
    if how == "kill":
        cluster.watchers[name].wait(10)
        cluster.start(name)
    return waited


def run(options: argparse.Namespace, database: str) -> bool:
    draw = random.Random(options.seed)
    with contextlib.ExitStack() as stack:
        cluster = stack.enter_context(cluster_of(options.port + 100))
        place = stack.enter_context(ground.installation(database, options.port, address=cluster.address))
        place.start()
        waits: list[float] = []
        with ground.People(options.port, options.at_once) as people:
            until = time.monotonic() + options.minutes * 60
            while len(waits) < options.times and time.monotonic() < until:
                time.sleep(3 + draw.random() * 4)
                waits.append(struck(cluster, options.how, people))
                print(f"  {options.how}: a receipt again after {waits[-1]:.1f} s", flush=True)
            leader, writers = cluster.leader(), cluster.writers()
            print(f"  in the end {leader} leads, and writes are taken by {', '.join(writers)}", flush=True)
        done = f"{len(waits)} times {options.how} of the leader"
        what = f"{done} (a receipt again after {statistics.median(waits):.1f} s, at most {max(waits):.1f} s)"
        return ground.judge(place, people, "patroni", what)


if __name__ == "__main__":
    more = {"--how": {"choices": ["kill", "freeze"], "default": "kill"}}
    sys.exit(ground.main(__doc__ or "", run, "postgresql", times=6, port=8771, more=more))
