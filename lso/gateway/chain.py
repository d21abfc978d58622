"""The layers of one operation, tied to each other.

Connexion's layers each look up what an operation is to them, on every request. They know when all of them have been
built, so what they would find is found once.
"""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp

from lso.gateway.framework import RoutedMiddleware


def tied(app: Any, base_path: str, operation_id: str) -> ASGIApp:
    """What a request for that operation comes to behind a layer; each part of it leads straight to the next."""
    first: ASGIApp = _part(app, base_path, operation_id)
    operation: Any = first
    while (behind := getattr(operation, "next_app", None)) is not None:
        operation.next_app = operation = _part(behind, base_path, operation_id)
    return first


def _part(app: Any, base_path: str, operation_id: str) -> Any:
    """What the next layer that looks at operations has for this one."""
    while not isinstance(app, RoutedMiddleware):
        app = app.next_app
    return next(api.operations[operation_id] for api in app.apis[base_path] if operation_id in api.operations)
