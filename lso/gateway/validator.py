"""Compiles the validators of a specification: one per request body, one per answer, each once.

A body is first asked whether it is valid, which is nearly always the end of it; only an invalid one is gone through
again, for all that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import jsonschema_rs

from lso.errors import Finding
from lso.gateway import violation
from lso.gateway.bundle import follow
from lso.gateway.flat import flat
from lso.gateway.product import Products
from lso.gateway.schema import HERE, Rewriter, reachable
from lso.gateway.specification import Specification
from lso.gateway.stranger import Strangers

Document = dict[str, Any]


class Validator:
    """Judges documents by one schema. What it needs for that is compiled when it is first asked: of the operations of
    all documents, few are ever called.

    quick: ask a flattened twin of the schema first; worth its making where many documents are judged.
    """

    def __init__(self, schema: Document, schemas: Document, strangers: Strangers, *, quick: bool = False) -> None:
        self._schema = schema
        self._schemas = schemas
        self._strangers = strangers
        self._quick = quick

    @cached_property
    def is_valid(self) -> Callable[[Any], bool]:
        """Whether the schema has nothing against a document."""
        return (_compiled(flat(self._schema, self._schemas)) if self._quick else self._faithful).is_valid

    def findings(self, document: Any, *, strict: bool = False) -> tuple[Finding, ...]:
        """All that is wrong; for strict callers also every member that the schema does not know."""
        wrong = () if self.is_valid(document) else violation.findings(self._faithful.iter_errors(document))
        return tuple(dict.fromkeys(wrong + self._strangers.findings(document, self._schema))) if strict else wrong

    @cached_property
    def _faithful(self) -> jsonschema_rs.Draft202012Validator:
        needed = reachable(self._schema, self._schemas)
        return _compiled({**self._schema, "components": {"schemas": needed}})


def _compiled(schema: Document) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


class Validators:
    """The validators of one specification, compiled when first asked for.

    allowed: URNs of the products that the edition knows; None where any will do.
    """

    def __init__(self, specification: Specification, products: Products | None, allowed: frozenset[str] | None) -> None:
        self.paths = specification.document["paths"]
        self.components = specification.document.get("components", {})
        known = products.known_to(allowed) if products is not None else None
        own = self.components.get("schemas", {})
        self._rewriter = Rewriter(own, known)
        self.schemas: Document = self._rewriter.rewritten()
        if products is not None:
            self.schemas |= Rewriter(products.schemas).rewritten()
        self._strangers = Strangers(self.schemas, products.aliases if products is not None else {})
        self._compiled: dict[tuple[str, ...], Validator | None] = {}

    def body(self, path: str, method: str, media_type: str = "application/json") -> Validator | None:
        """The validator of a request body; None where no schema is declared."""
        request = self._resolved(self.paths[path][method].get("requestBody", {}))
        return self._of(("body", path, method, media_type), _media(request, media_type), quick=True)

    def answer(self, path: str, method: str, status: int, media_type: str = "application/json") -> Validator | None:
        """The validator of an answer; None where the status has no schema."""
        responses = self.paths[path][method].get("responses", {})
        response = self._resolved(responses.get(str(status), responses.get("default", {})))
        return self._of(("answer", path, method, str(status), media_type), _media(response, media_type))

    def parameter(self, schema: Document) -> Validator:
        """The validator of one parameter, whose schema stands on its own."""
        return Validator(self._rewriter.rewrite(schema), {}, self._strangers)

    def named(self, name: str) -> Validator:
        """The validator of a component schema."""
        return Validator(self._rewriter.rewrite({"$ref": HERE + name}), self.schemas, self._strangers)

    def _of(self, key: tuple[str, ...], schema: Document | None, *, quick: bool = False) -> Validator | None:
        if key not in self._compiled:
            rewritten = None if schema is None else self._rewriter.rewrite(schema)
            self._compiled[key] = (
                None if rewritten is None else Validator(rewritten, self.schemas, self._strangers, quick=quick)
            )
        return self._compiled[key]

    def _resolved(self, node: Document) -> Document:
        reference = node.get("$ref")
        if isinstance(reference, str):
            return dict(follow({"components": self.components}, reference.removeprefix("#")))
        return node


def _media(holder: Document, media_type: str) -> Document | None:
    content = holder.get("content", {})
    media = content.get(media_type) or content.get("*/*") or {}
    return media.get("schema") if isinstance(media, dict) else None
