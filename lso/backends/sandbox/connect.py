"""The pretend network that the settings ask for: behind its URL, or in this process with its state under `var`."""

from __future__ import annotations

from lso.backends.sandbox.client import SandboxClient
from lso.backends.sandbox.embedded import Sandbox
from lso.settings import Settings


def connect(settings: Settings) -> Sandbox | SandboxClient:
    """A back end; whoever asked closes it."""
    if settings.sandbox_url:
        return SandboxClient(settings.sandbox_url)
    return Sandbox(settings.var / "sandbox.sqlite3", lead_seconds=settings.sandbox_lead_seconds,
                   only_listed=settings.sandbox_only_listed)
