"""PostgreSQL and Redis as processes of our own, from the binaries on this machine: they can be killed and come back."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import psycopg
from sqlalchemy import URL


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def postgres_binaries() -> Path | None:
    """The folder with initdb and postgres: what pg_config says, else PATH."""
    folders = []
    if config := shutil.which("pg_config"):
        folders.append(subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True).stdout.strip())
    folders += os.environ.get("PATH", "").split(os.pathsep)
    folders += sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    return next(
        (Path(each) for each in folders if (Path(each) / "initdb").exists() and (Path(each) / "postgres").exists()),
        None,
    )


def redis_binary() -> str | None:
    """The Redis server."""
    return shutil.which("redis-server")


def _unprivileged() -> dict[str, int]:
    """How to start a process: initdb refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid}
    raise RuntimeError("no unprivileged account to start PostgreSQL with")


class Server:
    """A server on a port of its own. What it keeps, if anything, is in its folder."""

    name = "server"
    seconds = 30.0

    def __init__(self, command: list[Any], **how: Any) -> None:
        self._command = command
        self._how = how
        self.start()

    def start(self) -> None:
        """Begin, or begin again, and wait for it to answer."""
        self.process = subprocess.Popen(
            [str(word) for word in self._command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self._how)
        self._wait(self.ready)

    def ready(self) -> bool:
        """Whether it answers."""
        raise NotImplementedError

    def kill(self) -> None:
        """As the machine would: no warning, and none of its children goes on."""
        family = [self.process, *psutil.Process(self.process.pid).children(recursive=True)]
        for one in family:
            one.kill()
        for one in family:
            one.wait(10)

    def stop(self) -> None:
        """As an operator would."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # PostgreSQL does not wait for open connections then
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def _wait(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + self.seconds
        while not ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not start")
            time.sleep(0.02)


class PostgresServer(Server):
    """PostgreSQL, its data in a folder. settings: as `name=value`."""

    name = "PostgreSQL"

    def __init__(self, binaries: Path, folder: Path, *settings: str) -> None:
        account = _unprivileged()
        if account:
            os.chown(folder, account["user"], account["group"])
        data, port = folder / "data", free_port()
        how: dict[str, Any] = {"cwd": folder, **account,
                               "env": {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LC_ALL": "C.UTF-8"}}
        subprocess.run([binaries / "initdb", "--pgdata", data, "--username", "lso", "--auth", "trust",
                        "--encoding", "UTF8", "--no-sync"], check=True, capture_output=True, **how)
        self.url = URL.create("postgresql", username="lso", host="127.0.0.1", port=port, database="postgres")
        chosen = [word for setting in ("listen_addresses=127.0.0.1", *settings) for word in ("-c", setting)]
        super().__init__([binaries / "postgres", "-D", data, "-p", port, "-k", folder, *chosen], **how)

    def ready(self) -> bool:
        """Whether it takes connections."""
        try:
            psycopg.connect(self.url.render_as_string(hide_password=False), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


class RedisServer(Server):
    """Redis without a disk: started again, it has forgotten everything."""

    name = "Redis"

    def __init__(self, binary: str, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        super().__init__([binary, "--port", self.port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                          "--dir", folder])

    def ready(self) -> bool:
        """Whether it listens."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True
