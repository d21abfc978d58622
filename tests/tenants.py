"""Tenants that are like one of the demo, but for their names and what a test says of them."""

from __future__ import annotations

from typing import Any

from lso.demo.seed import load_demo

MODEL = "demo-carrier"


def like(tenant: str, *, model: str = MODEL, settings: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    """A profile. settings: some of them; members: whole ones."""
    found = next(profile for profile in load_demo().profiles if profile["tenant"] == model)
    return {**found, "tenant": tenant, "name": tenant, **members, "settings": {**found["settings"], **(settings or {})}}
