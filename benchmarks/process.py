"""Starts, pauses and ends the servers that are measured: real processes, each on its own port, all on one core."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

PROJECT = Path(__file__).parent.parent
LSO = Path(sys.executable).parent / "lso"
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE = CORES[0] if len(CORES) > 1 else None
LOAD_CORE = CORES[1] if len(CORES) > 1 else None
PATIENCE_SECONDS = 60


class Server:
    """A server process; stopped (SIGSTOP) while another is measured, so that its own work does not disturb."""

    def __init__(self, command: list[str], port: int, folder: Path, **settings: str) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.environment = os.environ | {"LSO_LOG_LEVEL": "WARNING"} | settings
        folder.mkdir(parents=True, exist_ok=True)
        self.output = folder / "server.log"
        with self.output.open("ab") as output, on_core(SERVER_CORE):
            self.process = subprocess.Popen(command, cwd=PROJECT, env=self.environment, stdout=output, stderr=output)

    def wait_until_ready(self, path: str, status: int = 200) -> float:
        """Wait for an answer with that status; when it came (perf_counter)."""
        until = time.perf_counter() + PATIENCE_SECONDS
        while (now := time.perf_counter()) < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended:\n{self.output.read_text()[-2000:]}")
            if self._status(path) == status:
                return now
            time.sleep(0.005)
        raise TimeoutError(f"the server is not ready:\n{self.output.read_text()[-2000:]}")

    def _status(self, path: str) -> int:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as probe:
                probe.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
                return int(probe.recv(4096)[9:12] or 0)
        except OSError:
            return 0

    def resident(self) -> int:
        """Resident bytes of the process and its children."""
        process = psutil.Process(self.process.pid)
        return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)])

    def processor_seconds(self) -> float:
        """Processor time it has used so far, all threads."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    def pause(self) -> None:
        """Stop it where it stands."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """End it, kindly first."""
        self.resume()
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """What is started meanwhile stays on that core; None where there is only one."""
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, set(CORES))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service(folder: Path, **settings: str) -> Iterator[Server]:
    """The whole embedded service with its state in a folder, as `lso serve` starts it."""
    port = free_port()
    own = {"LSO_VAR": str(folder), "LSO_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    server = Server([str(LSO), "serve", "--port", str(port)], port, folder, **own, **settings)
    try:
        yield server
    finally:
        server.end()


@contextmanager
def stock_app(folder: Path) -> Iterator[Server]:
    """Stock Connexion with the same document."""
    port = free_port()
    server = Server([sys.executable, "-W", "ignore", "-m", "benchmarks.stock", str(port)], port, folder)
    try:
        yield server
    finally:
        server.end()


def token(server: Server, client: str) -> str:
    """A bearer token, as any script gets it."""
    found = subprocess.run([str(LSO), "token", client, "--url", server.url], env=server.environment, cwd=PROJECT,
                           capture_output=True, text=True, check=True)
    return found.stdout.strip()


def load(server: Server, request: bytes, seconds: float, connections: int) -> dict[str, Any]:
    """One round of the load generator, on its own core."""
    given = {"port": server.port, "request": request.decode(), "seconds": seconds, "connections": connections}
    with on_core(LOAD_CORE):
        found = subprocess.run([sys.executable, "-m", "benchmarks.load"], input=json.dumps(given), capture_output=True,
                               text=True, cwd=PROJECT, check=False)
    if found.returncode:
        raise RuntimeError(found.stderr[-2000:])
    answer: dict[str, Any] = json.loads(found.stdout)
    return answer
