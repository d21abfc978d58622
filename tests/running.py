"""A running service: the real command as a process of its own, on a free port, its state in a folder of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import requests

from tests.databases import free_port
from tests.forked import LSO, ROOT, Forked

START_SECONDS = 60.0
MEF = "/mefApi/sonata/productOrderingManagement/v10"
CANTATA = "/mefApi/cantata/productOrderingManagement/v5"
TMF = "/tmf-api/productOrderingManagement/v4"


def eventually(look: Callable[[], Any], seconds: float = 20.0, every: float = 0.05) -> Any:
    """The first true thing that `look` gives; fails when time is up."""
    until = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < until, f"nothing after {seconds} s"
        time.sleep(every)
    return seen


def granted(url: str, client: str, secret: str, scope: str = "") -> str:
    """A token for a client that has that secret."""
    form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
    answer = requests.post(f"{url}/oauth2/token", data=form, auth=(client, secret), timeout=10)
    assert answer.status_code == 200, answer.text
    token: str = answer.json()["access_token"]
    return token


class Process:
    """A command under way; its output goes to a file that a failure can show. cold: in an interpreter of its own."""

    def __init__(self, words: list[str], env: dict[str, str], log: Path, *, cold: bool = False) -> None:
        self.words, self.env, self.log, self.cold = words, env, log, cold
        self.popen: Forked | subprocess.Popen[bytes]
        self.start()

    def start(self) -> None:
        """Begin, or begin again."""
        with self.log.open("ab") as out:
            self.popen = (subprocess.Popen([LSO, *self.words], env=self.env, cwd=ROOT, stdout=out, stderr=out)
                          if self.cold else Forked(self.words, self.env, out, out))

    def kill(self) -> None:
        """As the machine would: no warning."""
        self.popen.kill()
        self.popen.wait()

    def stop(self) -> int:
        """As an operator would; gives the exit status."""
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGINT)
            try:
                self.popen.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
        return self.popen.returncode


class Running:
    """`lso serve` and how to talk to it."""

    def __init__(self, folder: Path, *words: str, cold: bool = False, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        names = {f"LSO_{name.upper()}": value for name, value in settings.items()}
        self.env = {**os.environ, "LSO_VAR": str(folder), "LSO_PUBLIC_URL": self.url, **names}
        self.tokens: dict[str, str] = {}
        self.http = requests.Session()
        self.process = Process(["serve", "--port", str(self.port), *words], self.env, folder / "service.log",
                               cold=cold)
        self.wait()

    def wait(self) -> None:
        """Until it takes requests."""
        def ready() -> bool:
            assert self.process.popen.poll() is None, (self.folder / "service.log").read_text()[-4000:]
            try:
                return requests.get(f"{self.url}/ready", timeout=1).status_code == 200
            except requests.ConnectionError:
                return False
        eventually(ready, START_SECONDS)

    def restart(self) -> None:
        """Start again after a kill or a stop; what was kept is kept."""
        self.process.start()
        self.wait()

    def close(self) -> None:
        """Stop it."""
        self.http.close()
        self.process.stop()

    def token(self, client: str = "demo-carrier", scope: str = "") -> str:
        """A bearer token of a demo client."""
        key = f"{client} {scope}"
        if key not in self.tokens:
            self.tokens[key] = self.token_of(self.folder, self.url, client, scope)
        return self.tokens[key]

    @staticmethod
    def token_of(folder: Path, url: str, client: str, scope: str = "") -> str:
        """A new token of a demo client whose secret is in a folder."""
        secrets = json.loads((folder / "demo-credentials.json").read_text())
        return granted(url, client, secrets[client], scope)

    def admit(self, secrets: Mapping[str, str]) -> None:
        """Get tokens for clients of other tenants, by their secrets. It may take a second until they are heard of."""
        def look(client: str, secret: str) -> str | None:
            try:
                return granted(self.url, client, secret)
            except AssertionError:
                return None

        for client, secret in secrets.items():
            self.tokens[f"{client} "] = eventually(partial(look, client, secret))

    def call(self, method: str, path: str, client: str = "demo-carrier", **more: Any) -> requests.Response:
        """A request in the name of a demo client."""
        headers = {"Authorization": f"Bearer {self.token(client)}", **more.pop("headers", {})}
        return self.http.request(method, self.url + path, headers=headers, timeout=30, **more)

    def get(self, path: str, client: str = "demo-carrier", **more: Any) -> requests.Response:
        """GET in the name of a demo client."""
        return self.call("GET", path, client, **more)

    def post(self, path: str, document: Any, client: str = "demo-carrier", **more: Any) -> requests.Response:
        """POST a JSON document in the name of a demo client."""
        return self.call("POST", path, client, json=document, **more)
