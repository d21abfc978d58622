"""Asking back ends what has to be known at once: outside of any transaction, and not for ever.

Whoever is out there is asked in a thread, one of a few that do nothing else: those who wait for one that hangs hold up
nobody but each other. What is in this process answers sooner than a thread takes it up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from threading import Event
from typing import Any, TypeVar

from lso.canonical.tenant import Profile
from lso.store.resource import StoredResource

T = TypeVar("T")
Document = dict[str, Any]
Ask = Callable[[StoredResource, Profile, Iterable[Document]], T]
"""Asks about items of a resource; may block, unless they are at hand."""
AtHand = Callable[[Profile, Sequence[Document]], bool]
"""Whether nobody outside of this process would be asked about items."""

AT_ONCE_SECONDS = 20.0
ASKED_MOST = 16

_threads = ThreadPoolExecutor(ASKED_MOST, "asking")
_over: ContextVar[Event | None] = ContextVar("over", default=None)


def nobody_at_hand(_profile: Profile, _items: Sequence[Document]) -> bool:
    """Where it is not known who is asked."""
    return False


async def asked(ask: Ask[T], at_hand: AtHand, resource: StoredResource, profile: Profile,
                items: Sequence[Document]) -> T:
    """The answer. Raises TimeoutError when there is none by then."""
    if at_hand(profile, items):
        return ask(resource, profile, items)
    context, over = copy_context(), Event()
    context.run(_over.set, over)
    answer = asyncio.get_running_loop().run_in_executor(_threads, context.run, ask, resource, profile, items)
    try:
        return await asyncio.wait_for(answer, AT_ONCE_SECONDS)
    finally:
        over.set()


def in_vain() -> bool:
    """Whether this is asked for somebody who no longer waits; what is asked by itself is never in vain."""
    over = _over.get()
    return over is not None and over.is_set()
