"""Loads a specification file, ours or the published one, and prepares it for being mounted.

The file stays as it is; every change is made here, to the copy in memory: references of other files are bundled,
Swagger 2 becomes OpenAPI 3, media types lose their parameters (a router that compares them literally would answer 415
to all), operations get a security requirement and, where requests may be repeated, the idempotency header.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from lso.gateway.bundle import Bundle, SpecificationError
from lso.gateway.swagger import METHODS, modernise

Document = dict[str, Any]
SCHEME = "oauth2"
PROMISED = frozenset({"post", "put", "delete"})
"""Methods whose requests may be repeated under an idempotency key; a PATCH says itself what it is about to change."""
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Makes a repeated request safe: the same key and body get the first answer again, for a day.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """Where an operation stands in its document, and what stands there."""

    path: str
    method: str
    body: Document

    @property
    def name(self) -> str:
        """The operationId."""
        return str(self.body["operationId"])

    @property
    def public(self) -> bool:
        """True when anybody may call it."""
        return self.body.get("security") == []

    @property
    def declared(self) -> frozenset[int]:
        """The statuses it may answer with; `default` declares every error."""
        statuses = self.body.get("responses", {})
        named = frozenset(int(status) for status in statuses if str(status).isdigit())
        return named | frozenset(range(400, 600)) if "default" in statuses else named


@dataclass(frozen=True, slots=True)
class Specification:
    """A bundled OpenAPI 3.0 document, with the paths that others serve still in it."""

    name: str
    document: Document

    def operations(self) -> Iterator[Operation]:
        """Every operation, the unrouted too."""
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield Operation(path, method, item[method])

    def mounted(self, *, base_path: str, version: str, unrouted: tuple[str, ...] = (), server: str = "") -> Document:
        """The document as it is routed and served: our address and version, without what the subscribers serve."""
        document: Document = orjson.loads(orjson.dumps(self.document))
        document["info"]["version"] = version
        document["servers"] = [{"url": f"{server}{base_path}" or "/"}]
        document["paths"] = {
            path: item
            for path, item in document["paths"].items()
            if not any(fnmatchcase(path, pattern) for pattern in unrouted)
        }
        return document


@lru_cache(maxsize=64)
def load(path: Path) -> Specification:
    """The specification in a file."""
    document = Bundle(path, prepare=_as_openapi).build()
    version = str(document.get("openapi", ""))
    if not version.startswith("3.0"):
        raise SpecificationError(f"{path.name}: OpenAPI 3.0 or Swagger 2 is needed, this is {version or 'neither'}")
    for item in document["paths"].values():
        for method in METHODS:
            if method in item:
                _prepare(item[method], method, document)
    _strip_media_types(document)
    schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
    scopes = {
        item[method]["operationId"]: item[method].get("summary", "")
        for item in document["paths"].values()
        for method in METHODS
        if method in item and item[method]["security"]
    }
    schemes.clear()
    if scopes:
        flow = {"tokenUrl": "/oauth2/token", "scopes": scopes}
        schemes[SCHEME] = {"type": "oauth2", "flows": {"clientCredentials": flow}}
    document.pop("security", None)
    return Specification(path.name, document)


def _as_openapi(document: Document) -> Document:
    return modernise(document) if document.get("swagger") == "2.0" else document


def _prepare(operation: Document, method: str, document: Document) -> None:
    if "operationId" not in operation:
        raise SpecificationError(f"an operation of {document['info']['title']} has no operationId")
    declared = operation.get("security", document.get("security"))
    operation["security"] = [] if declared == [] else [{SCHEME: [operation["operationId"]]}]
    if method in PROMISED and operation["security"]:
        parameters = operation.setdefault("parameters", [])
        names = {str(parameter.get("name", "")).lower() for parameter in parameters}
        if not names & {"idempotency-key", "x-idempotency-key"}:
            parameters.append(IDEMPOTENCY_KEY)


def bare(media_type: str) -> str:
    """A media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def _strip_media_types(node: Any) -> None:
    if isinstance(node, Mapping):
        content = node.get("content")
        if isinstance(content, dict) and all("/" in str(name) for name in content):
            stripped = {bare(name): media for name, media in content.items()}
            content.clear()
            content.update(stripped)
        for value in node.values():
            _strip_media_types(value)
    elif isinstance(node, list):
        for element in node:
            _strip_media_types(element)
