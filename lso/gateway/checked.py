"""A document as Connexion is given it: checked by a quick validator, and in outline.

Connexion's own check takes most of the start-up; it uses the same schema. It also copies and resolves a document for
every layer, of which ours only ask for operations, parameters, media types and security: bodies are judged by our own
validators, so their schemas stay out.
"""

from __future__ import annotations

from typing import Any

from jsonschema_rs import Draft4Validator as Rules

from lso.gateway.bundle import SpecificationError
from lso.gateway.framework import OpenAPISpecification
from lso.gateway.schema import reachable
from lso.gateway.violation import pointer

Document = dict[str, Any]
SECTIONS = ("parameters", "requestBodies", "securitySchemes")
LEFT_OUT = frozenset({"responses", "callbacks"})


class Outline(OpenAPISpecification):  # type: ignore[misc]
    """What Connexion's layers need of a document that has been checked."""

    @classmethod
    def _validate_spec(cls, spec: Any) -> None:
        """Done before anything was left out."""


def rules() -> Rules:
    """What an OpenAPI 3.0 document must be like. Not to be kept once documents are checked: it is large."""
    return Rules(OpenAPISpecification.openapi_schema)


def checked(document: Document, rules: Rules) -> Outline:
    """The outline of a document. Raises SpecificationError when it is not OpenAPI 3.0."""
    for error in rules.iter_errors(document):
        title = document.get("info", {}).get("title", "a document")
        raise SpecificationError(f"{title}: not OpenAPI 3.0 at {pointer(error.instance_path) or '/'}")
    return Outline(outline(document))


def outline(document: Document) -> Document:
    """The document without responses and without the schemas of bodies."""
    given = document.get("components", {})
    paths = _without_bodies(document["paths"])
    components = {section: _without_bodies(given[section]) for section in SECTIONS if section in given}
    schemas = reachable([paths, components], given.get("schemas", {}))
    return {**document, "paths": paths, "components": {**components, "schemas": schemas}}


def _without_bodies(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_bodies(element) for element in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {kind: {} for kind in value} if key == "content" and isinstance(value, dict) else _without_bodies(value)
        for key, value in node.items()
        if key not in LEFT_OUT
    }
