"""Several applications behind one address: the embedded form, and what every process does once it is up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lso.gateway.app import Door
from lso.gateway.memory import settle


class Front:
    """Gives each request to the application whose base path it is under; everything else to the last one.

    start, stop: called around the life of the server, in its event loop.
    """

    def __init__(
        self,
        doors: tuple[Door, ...],
        start: Callable[[], Awaitable[None]] | None = None,
        stop: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        prefixes = {prefix: door for door in reversed(doors) for prefix in door.prefixes}
        self.prefixes = sorted(prefixes.items(), key=lambda pair: -len(pair[0]))
        self.doors = doors
        self.otherwise = doors[-1]
        self.otherwise.listed[:] = {one.edition.edition: one for door in doors for one in door.mounts}.values()
        self.start = start
        self.stop = stop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Dispatch."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        path = scope["path"]
        for prefix, door in self.prefixes:
            if path.startswith(prefix):
                await door.entrance(scope, receive, send)
                return
        await self.otherwise.entrance(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """The lifespan protocol: every application starts, then the memory is settled."""
        await receive()
        try:
            async with AsyncExitStack() as stack:
                for door in self.doors:
                    await stack.enter_async_context(_lifespan_of(door))
                if self.start is not None:
                    await self.start()
                settle()
                await send({"type": "lifespan.startup.complete"})
                await receive()
                if self.stop is not None:
                    await self.stop()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": type(error).__name__})
            raise
        await send({"type": "lifespan.shutdown.complete"})


def front(
    *doors: Door,
    start: Callable[[], Awaitable[None]] | None = None,
    stop: Callable[[], Awaitable[None]] | None = None,
) -> ASGIApp:
    """One ASGI application of several."""
    return Front(doors, start, stop)


@asynccontextmanager
async def _lifespan_of(app: ASGIApp) -> Any:
    """Runs an application's lifespan as a context."""
    inbox: asyncio.Queue[Message] = asyncio.Queue()
    outbox: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    task: asyncio.Task[None] = asyncio.create_task(_run(app, scope, inbox.get, outbox.put))
    await inbox.put({"type": "lifespan.startup"})
    await _answer(task, outbox)
    try:
        yield
    finally:
        await inbox.put({"type": "lifespan.shutdown"})
        await _answer(task, outbox)
        await task


async def _run(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


async def _answer(task: asyncio.Task[None], outbox: asyncio.Queue[Message]) -> None:
    """Wait for the application to say that it is done; raise when it fails instead."""
    heard = asyncio.create_task(outbox.get())
    await asyncio.wait({task, heard}, return_when=asyncio.FIRST_COMPLETED)
    if not heard.done():
        heard.cancel()
        await task
        raise RuntimeError("the application ended its life early")
    message = heard.result()
    if message["type"].endswith(".failed"):
        raise RuntimeError(str(message.get("message", "the application did not start")))
