"""The processes of a service, in either form, under a supervisor that starts again whatever has died."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Lock, Thread

import requests

from tests.databases import own_postgres, own_redis
from tests.journeys.chaos.network import Network
from tests.journeys.chaos.plan import ROUTES, Plan, prepare
from tests.running import START_SECONDS, Process, Running, eventually
from tests.servers import Server, free_port

SETTINGS = {"LSO_LEASE_SECONDS": "2.0", "LSO_SWEEP_SECONDS": "0.5", "LSO_BACKOFF_SECONDS": "0.1",
            "LSO_BACKOFF_MOST_SECONDS": "2.0", "LSO_CALLBACK_TIMEOUT_SECONDS": "2.0"}
TENANT = "demo-carrier"
WATCH_SECONDS = 0.2
STARTING_SECONDS = 3.0  # what a worker needs until it works, more or less
Member = Process | Server


class Fleet:
    """members: who may be killed, by name. doors: where they answer. deaths: who died without having been killed."""

    def __init__(self, plan: Plan, form: str, folder: Path, network: Network) -> None:
        self.folder = folder
        self.doors: dict[str, str] = {}
        self.members: dict[str, Member] = {}
        self.deaths: list[str] = []
        self._down: set[str] = set()
        self._started: dict[str, float] = {}
        self._lock = Lock()
        self._stack = ExitStack()
        self._closing = Event()
        self.tokens: dict[str, str] = {}
        self.env = {**os.environ, "LSO_VAR": str(folder), **SETTINGS, **network.settings}
        try:
            self._start(plan, form)
        except BaseException:
            self.close()
            raise

    def _start(self, plan: Plan, form: str) -> None:
        roles: dict[str, list[str]] = {"web": ["serve"]}
        if form == "production":
            postgres = self._stack.enter_context(own_postgres("fsync=off"))  # for power cuts, which are not played
            redis = self._stack.enter_context(own_redis())
            self.members |= {"PostgreSQL": postgres, "Redis": redis}
            self.env |= {"LSO_DATABASE_URL": str(postgres.url), "LSO_BROKER_URL": redis.url}
            roles = {layer: ["serve", "--layer", layer] for layer in ("pil", "sil")}
        self.store_url = self.env.get("LSO_DATABASE_URL") or f"sqlite:///{self.folder / 'lso.sqlite3'}"
        prepare(plan, self.store_url, self.folder, TENANT, routes=ROUTES)
        for name, words in roles.items():
            port = free_port()
            self.doors[name] = f"http://127.0.0.1:{port}"
            self._add(name, [*words, "--port", str(port)], {"LSO_PUBLIC_URL": self.doors[name]})
        if form == "production":
            for number in range(plan.workers):
                self._add(f"worker {number + 1}", ["worker"])
            self._add("beat", ["beat"])
        for url in self.doors.values():
            eventually(lambda url=url: ready(url), 60)
        self._supervisor = Thread(target=self._supervise, name="supervisor", daemon=True)
        self._supervisor.start()
        self._stack.callback(self._supervisor.join)

    def door(self, audience: str) -> str:
        """Where clients of PIL or SIL call."""
        return self.doors.get(audience) or self.doors["web"]

    def token(self, client: str) -> str:
        """A bearer token of a demo client; got before the first kill, and good for an hour."""
        if client not in self.tokens:
            self.tokens[client] = Running.token_of(self.folder, next(iter(self.doors.values())), client)
        return self.tokens[client]

    def kill(self, *names: str) -> None:
        """No warning; they stay away until they are raised."""
        with self._lock:
            self._down.update(names)
            for name in names:
                self.members[name].kill()

    def raise_again(self, *names: str) -> None:
        """Start what was killed; what everybody needs comes first, since that is how they stand in the list."""
        for name in (name for name in self.members if name in names):
            self.members[name].start()
            with self._lock:
                self._down.discard(name)
                self._started[name] = time.monotonic()

    def up(self, name: str) -> bool:
        """Whether a member works by now; of those without a door that is guessed."""
        if name in self.doors:
            return ready(self.doors[name])
        since = time.monotonic() - self._started.get(name, 0.0)
        return isinstance(self.members[name], Server) or since > STARTING_SECONDS

    def wait(self, name: str) -> None:
        """Until a member works; fails with what it said, where it never does."""
        try:
            eventually(lambda: self.up(name), START_SECONDS)
        except AssertionError:
            raise AssertionError(f"{name} does not come up: {self._log(name).read_text()[-2000:]}") from None

    def close(self) -> None:
        """Stop everything, those that need others first."""
        self._closing.set()
        processes = [one for one in self.members.values() if isinstance(one, Process)]
        for one in processes:
            one.popen.terminate()
        for one in processes:
            one.stop()
        self._stack.close()

    def _add(self, name: str, words: list[str], more: Mapping[str, str] | None = None) -> None:
        self.members[name] = Process(words, {**self.env, **(more or {})}, self._log(name))

    def _log(self, name: str) -> Path:
        return self.folder / f"{name.replace(' ', '-')}.log"

    def _supervise(self) -> None:
        while not self._closing.wait(WATCH_SECONDS):
            with self._lock:
                for name, one in self.members.items():
                    if isinstance(one, Process) and name not in self._down and one.popen.poll() is not None:
                        self.deaths.append(name)
                        self._started[name] = time.monotonic()
                        one.start()


def ready(url: str) -> bool:
    """Whether a layer takes requests, its database included."""
    try:
        return requests.get(f"{url}/ready", timeout=2).status_code == 200
    except requests.RequestException:
        return False
