"""A service of the demo's own, for as long as it plays: it may be killed and started again, and it was given beforehand
what somebody else's would not have: a new product, and a tenant whose quotes do not last."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import requests

from lso.demo.client import Astray
from lso.demo.novelty import PRICES as NEW_PRICES
from lso.demo.novelty import added, lay_out
from lso.demo.seed import PRICES, load_demo
from lso.service.directory import apply_profile
from lso.service.price_book import Bad, import_file
from lso.store.engine import open_store

BUYING, HASTY = "demo-carrier", "demo-enterprise"
VALID_SECONDS = 2.0
LEASE_SECONDS = "2"                   # how long work is nobody's when its process was killed
COMMAND = (sys.executable, "-c", "from lso.cli import main; main()", "serve")


class Own:
    """Made, but not started. folder: an empty one, for all that it keeps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._env = {"LSO_VAR": str(folder), "LSO_DATA": str(folder / "data"), "LSO_PORT": str(port),
                     "LSO_LEASE_SECONDS": LEASE_SECONDS, "PATH": ""}
        lay_out(folder / "data")
        self._agree()

    def start(self) -> None:
        """Until it takes requests. Raises Astray."""
        self._process = subprocess.Popen(COMMAND, env=self._env, stdout=subprocess.DEVNULL,  # noqa: S603
                                         stderr=subprocess.DEVNULL)
        wait(self.url, self._process)

    def revive(self) -> None:
        """Killed as the machine would, and started again."""
        self._process.kill()
        self._process.wait()
        self.start()

    def stop(self) -> None:
        """For good."""
        self._process.terminate()
        self._process.wait()

    def _agree(self) -> None:
        """What the demo's tenants have beside what they always have; the service seeds the rest when it starts."""
        profiles = {profile["tenant"]: profile for profile in load_demo().profiles}
        buying, hasty = profiles[BUYING], profiles[HASTY]
        with open_store(f"sqlite:///{self.folder / 'lso.sqlite3'}") as store:
            apply_profile(store, {**buying, "offerings": [*buying["offerings"], added()["offering"]]})
            brief = {**hasty["settings"], "quote": {"valid_seconds": VALID_SECONDS}}
            apply_profile(store, {**hasty, "settings": brief})
            for file in (PRICES, NEW_PRICES):
                import_file(store, file, bad=_refuse, done=lambda _read: None)


def answers(url: str) -> bool:
    """Whether a service there is ready."""
    try:
        return requests.get(f"{url}/ready", timeout=1).status_code == 200
    except requests.RequestException:
        return False


def wait(url: str, process: subprocess.Popen[bytes], seconds: float = 60.0) -> None:
    """Until a service takes requests. Raises Astray where it does not."""
    until = time.monotonic() + seconds
    while not answers(url):
        if process.poll() is not None or time.monotonic() > until:
            raise Astray("the service did not start")
        time.sleep(0.1)


def _refuse(bad: Bad) -> None:
    raise Astray(str(bad))
