"""`lso serve`: the layers behind one address; by default with worker and sandbox network, all in one process."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time

import click

from lso.cli.composition import Foundation, foundation, world
from lso.cli.layer import application
from lso.gateway import trace
from lso.gateway.front import front
from lso.gateway.memory import share
from lso.gateway.reach import Inside
from lso.settings import Settings, settings

LAYERS = ("pil", "sil")
# Longer than proxies and clients keep an idle connection (a minute, mostly): who ends it first must not be the server,
# or a request that is on its way just then is lost.
IDLE_SECONDS = 75
# How long a thread may go on while others want to: for a burst of requests, all that the writer then keeps together.
# With the usual 5 ms they take turns in the middle of either, which costs a busy door a twentieth of its time and more.
SWITCH_SECONDS = 0.015


@click.command()
@click.option("--host", help="default: LSO_HOST, 127.0.0.1")
@click.option("--port", type=click.IntRange(1, 65_535), help="default: LSO_PORT, 8080")
@click.option("--layer", type=click.Choice(["all", *LAYERS]), default="all", show_default=True)
def serve(host: str | None, port: int | None, layer: str) -> None:
    """Serve until told to stop. Demo data are seeded into a store that is still empty."""
    share()
    sys.setswitchinterval(SWITCH_SECONDS)
    chosen = decide(host, port)
    with listen(chosen.host, chosen.port) as listener, foundation(chosen) as base:
        if layer == "all":
            from lso.cli.seed import seed_demo, welcome

            seed_demo(base.store, chosen)
            welcome(chosen)
        run(base, LAYERS if layer == "all" else (layer,), listener)


def decide(host: str | None, port: int | None) -> Settings:
    """The settings of this process: what the command line says counts as said by the environment."""
    for name, said in (("LSO_HOST", host), ("LSO_PORT", port)):
        if said is not None:
            os.environ[name] = str(said)
    first = Settings()
    os.environ.setdefault("LSO_PUBLIC_URL", f"http://{bracketed(first.host)}:{first.port}")
    return settings()


def bracketed(host: str) -> str:
    """A host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host


def listen(host: str, port: int) -> socket.socket:
    """The listening socket: bound before anything slow, so that a port in use is told at once."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise click.ClickException(f"{host}:{port} cannot be used: {error.strerror}") from error
    return listener


def run(base: Foundation, layers: tuple[str, ...], listener: socket.socket) -> None:
    """Serve the layers on a socket."""
    import uvicorn

    from lso.gateway.wire import Wire

    with world(base) as parts:
        doors = {name: application(name, parts) for name in layers}

        async def started() -> None:
            if isinstance(base.place, Inside):
                base.place.offer(lambda: doors.get("sil") or application("sil", parts))

        async def stopped() -> None:
            last = threading.Timer(base.settings.stop_seconds, leave)
            last.daemon = True
            last.start()

        config = uvicorn.Config(front(*doors.values(), start=started, stop=stopped), loop="uvloop", http=Wire,
                                ws="none", log_config=None, access_log=False, server_header=False, proxy_headers=False,
                                timeout_keep_alive=IDLE_SECONDS, timeout_graceful_shutdown=base.settings.stop_seconds)
        server = uvicorn.Server(config)

        def stop(*_signal: object) -> None:
            server.should_exit = True

        # Before uvicorn listens to signals, and after: it stops in order, then raises the signal again for others.
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, stop)
        server.run(sockets=[listener])


def leave() -> None:
    """End now, whatever a thread still waits for: a back end or subscriber that hangs may keep us waiting for each item
    of a request. Nothing is lost by it that would not be taken up again after a kill."""
    trace.log.warning("left_unfinished")
    time.sleep(10 * trace.GATHER_SECONDS)
    os._exit(0)
