"""A real PostgreSQL for the tests: a server of their own in a folder of their own, gone when they are."""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
import time
import warnings
from functools import cache
from itertools import count
from pathlib import Path

import psycopg

_WATCH = '"$@" & read -r _; kill -QUIT "$(head -n 1 data/postmaster.pid)" 2>/dev/null; wait; rm -rf "$PWD"'
"""The server ends when the tests do, however they end: their end of the pipe is closed then, and no signal to them ends this."""
_SLACK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
"""Where the disk is not what a test is about."""
_NUMBERS = count(1)


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; said in one line when there is none, and a failure where RCS_REQUIRE_POSTGRES=1."""
    found = [Path(p).parent for p in (shutil.which("initdb"), *Path("/usr/lib/postgresql").glob("*/bin/initdb")) if p]
    if found:
        return max(found, key=lambda f: (f / "postgres").exists() and f.parent.name)
    assert os.environ.get("RCS_REQUIRE_POSTGRES") != "1", "PostgreSQL (initdb) is required here and was not found"
    warnings.warn("PostgreSQL is not here: no store was kept in it", stacklevel=3)
    return None


class Cluster:
    """A server that answers on a socket in its folder, as another user where we are root: it refuses to run as root."""

    def __init__(self, folder: Path, slack: bool = True) -> None:
        self.folder, self.slack = folder, slack
        self.user = _other() if os.geteuid() == 0 else getpass.getuser()
        self._as = {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        self._watch: subprocess.Popen[bytes] | None = None
        os.chown(folder, pwd.getpwnam(self.user).pw_uid, -1)
        self._run(
            "initdb", "--pgdata", folder / "data", "--auth=trust", "--username=rcs", "--no-locale", "-E", "UTF8", "--no-sync"
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        say = [f"-c{one}" for one in _SLACK] if self.slack else []
        command = [_program("postgres"), "-D", self.folder / "data", "-k", self.folder, "-clisten_addresses=", *say]
        with (self.folder / "log").open("a") as log:
            self._watch = subprocess.Popen(
                ["sh", "-c", _WATCH, "sh", *map(str, command)], stdin=subprocess.PIPE, stdout=log, stderr=log,
                cwd=self.folder, start_new_session=True, **self._as,
            )  # fmt: skip
        for _ in range(1200):
            try:
                self.do("SELECT 1")
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())

    def stop(self, how: str = "immediate") -> None:
        """Stop the server, at once unless told otherwise, as a power cut would; its folder stays."""
        self._run("pg_ctl", "-D", self.folder / "data", "-m", how, "-w", "stop")

    def start_again(self) -> None:
        """Start a server that was stopped."""
        say = " ".join(f"-c{one}" for one in _SLACK) if self.slack else ""
        told = f"-k {self.folder} -clisten_addresses= {say}"
        self._run("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log2", "-w", "-o", told, "start")

    def end(self) -> None:
        """End it, and remove its folder."""
        if self._watch and self._watch.stdin:
            self._watch.stdin.close()
            self._watch.wait(timeout=30)

    def do(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement as the owner of everything."""
        with psycopg.connect(host=str(self.folder), user="rcs", dbname=database, autocommit=True) as connection:
            found = connection.execute(statement)
            return list(found.fetchall()) if found.description else []

    def url(self, database: str = "", user: str = "rcs", schema: str = "") -> str:
        """The URL of a database; of a new schema of its own where neither is named."""
        if not database:
            schema = schema or f"s{os.getpid()}_{next(_NUMBERS)}"
            self.do(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        path = f"&options=-csearch_path%3D{schema}" if schema else ""
        return f"postgresql://{user}@/{database or 'postgres'}?host={self.folder}{path}"

    def _run(self, program: str, *words: object) -> None:
        done = subprocess.run(
            [_program(program), *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            cwd=self.folder, check=False, text=True, **self._as,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


@cache
def cluster() -> Cluster | None:
    """The server of this process, started when it is first asked for; None where PostgreSQL is not installed."""
    return made() if programs() else None


def made(slack: bool = True) -> Cluster:
    """A new server. slack: one that does not wait for its disk."""
    # Beside, not within, what the tests write: another user must reach it, and a socket's path must be short.
    found = Cluster(Path(tempfile.mkdtemp(prefix="rcs-pg-")), slack)
    found.start()
    return found


def _program(name: str) -> str:
    folder = programs()
    assert folder is not None
    return str(folder / name)


def _other() -> str:
    names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
