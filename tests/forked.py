"""Our commands as processes of their own, each forked from one process that has loaded everything already.

An interpreter loads modules for a second or two before it does anything, and the tests start hundreds of commands. So
one process loads them, begins no thread, and makes a child whenever it is asked to. The child has arguments,
environment and files of its own, runs the command and ends as interpreters end: it can be killed, told to stop and
waited for. What must begin with an interpreter of its own is no business of this file.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import IO, Any

ROOT = Path(__file__).parent.parent
LSO = str(Path(sys.executable).parent / "lso")
COMMAND = "lso.cli:main"
NEVER = ("lso.store.migrations",)  # run by Alembic, which finds the files
BY_NAME = ("alembic.command", "alembic.ddl.postgresql", "celery.app.amqp", "celery.app.control", "celery.app.events",
           "celery.concurrency.thread", "celery.events.dispatcher", "celery.events.receiver", "celery.fixups.django",
           "celery.loaders.app", "celery.worker.autoscale", "celery.worker.components", "celery.worker.consumer",
           "celery.worker.consumer.delayed_delivery", "celery.worker.loops", "celery.worker.strategy",
           "celery.worker.worker", "kombu.transport.memory", "kombu.transport.redis", "uvicorn.lifespan.on",
           "uvicorn.loops.uvloop")
"""What is imported by a name that is a setting, or not before it is needed."""
MOST = 1 << 17  # bytes of a request


class Forked:
    """A process, with what we use of `subprocess.Popen`. call: `module:function`, which it runs."""

    def __init__(self, words: Sequence[str], env: Mapping[str, str], stdout: IO[Any], stderr: IO[Any],
                 call: str = COMMAND) -> None:
        self.args = [LSO, *words]
        self.returncode: int | None = None
        self._lock = Lock()
        self._news, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            asked = json.dumps({"call": call, "argv": self.args, "env": dict(env)}).encode()
            socket.send_fds(_parent(), [asked], [theirs.fileno(), stdout.fileno(), stderr.fileno()])
        self.pid = int(self._news.recv(16))

    def poll(self) -> int | None:
        """The status once it has ended, or minus the signal that ended it."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        """The same, when it has ended."""
        with self._lock:
            if self.returncode is None:
                if not select.select([self._news], [], [], timeout)[0]:
                    raise subprocess.TimeoutExpired(self.args, timeout or 0)
                self.returncode = int(self._news.recv(16))
                self._news.close()
            return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has ended, and the news is on its way
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


def run(words: Sequence[str], env: Mapping[str, str], timeout: float = 60,
        call: str = COMMAND) -> subprocess.CompletedProcess[str]:
    """A command from its beginning to its end, and what it said."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = Forked(words, env, out, err, call)
        try:
            status = process.wait(timeout)
        finally:
            process.kill()
            process.wait()
        for file in (out, err):
            file.seek(0)
        return subprocess.CompletedProcess(process.args, status, out.read(), err.read())


@cache
def _parent() -> socket.socket:
    """Where children are asked for; it ends with us."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen([sys.executable, "-c", "from tests.forked import main; main()"], cwd=ROOT,
                                   stdin=theirs)

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def main() -> None:
    """What the parent does; and then each child."""
    _load()
    gc.collect()
    gc.freeze()
    module, _, function = _serve().partition(":")
    getattr(importlib.import_module(module), function)()


def _load() -> None:
    """Everything of ours, and with it what it rests on."""
    for name in ("lso", "pil", "sil"):
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not module.name.startswith(NEVER):
                importlib.import_module(module.name)
    for name in BY_NAME:
        importlib.import_module(name)


def _serve() -> str:
    """Make children until nobody is there to ask for them. Comes back in a child only, which is to make this call."""
    with socket.socket(fileno=os.dup(0)) as door:
        while True:
            asked, files, _, _ = socket.recv_fds(door, MOST, 3)
            _reap()
            if not asked:
                os._exit(0)
            if os.fork():
                for file in files:
                    os.close(file)
            else:
                break
    return _born(json.loads(asked), *files)


def _reap() -> None:
    """Let go of children that have ended; their time counts as ours."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _born(asked: dict[str, Any], news: int, stdout: int, stderr: int) -> str:
    """Two processes become of one: who tells how the other ended, and the child itself, which goes on."""
    if pid := os.fork():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for file in (0, stdout, stderr):
            os.close(file)
        os.write(news, str(pid).encode())
        os.write(news, str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())
        os._exit(0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for file, number in ((nothing, 0), (stdout, 1), (stderr, 2)):
        os.dup2(file, number)
        os.close(file)
    os.close(news)
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.argv = asked["argv"]
    call: str = asked["call"]
    return call
