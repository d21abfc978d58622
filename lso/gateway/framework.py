"""What we use of Connexion, in one place: part of it is only half public, which is why its version is pinned.

Its imports warn about names that its own dependencies want to retire; nobody here can act on that.
"""

from __future__ import annotations

import warnings

from lso.lean import without

with warnings.catch_warnings(), without("pygments"):
    warnings.simplefilter("ignore")
    from connexion.apps.abstract import AbstractApp
    from connexion.apps.asynchronous import AsyncApi, AsyncApp, AsyncASGIApp
    from connexion.middleware.abstract import RoutedMiddleware
    from connexion.middleware.lifespan import Lifespan, LifespanMiddleware
    from connexion.middleware.main import API
    from connexion.middleware.request_validation import RequestValidationAPI, RequestValidationMiddleware
    from connexion.middleware.routing import RoutingAPI, RoutingMiddleware, RoutingOperation
    from connexion.middleware.security import SecurityAPI, SecurityMiddleware
    from connexion.operations import AbstractOperation
    from connexion.resolver import Resolver
    from connexion.spec import OpenAPISpecification

__all__ = [
    "API",
    "AbstractApp",
    "AbstractOperation",
    "AsyncASGIApp",
    "AsyncApi",
    "AsyncApp",
    "Lifespan",
    "LifespanMiddleware",
    "OpenAPISpecification",
    "RequestValidationAPI",
    "RequestValidationMiddleware",
    "Resolver",
    "RoutedMiddleware",
    "RoutingAPI",
    "RoutingMiddleware",
    "RoutingOperation",
    "SecurityAPI",
    "SecurityMiddleware",
]
