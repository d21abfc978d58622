"""A document as Connexion wants it, checked against the OpenAPI schema by a quick validator.

Connexion's own check takes most of the start-up; it uses the same schema.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jsonschema_rs

from lso.gateway.bundle import SpecificationError
from lso.gateway.framework import OpenAPISpecification
from lso.gateway.violation import pointer


class CheckedSpecification(OpenAPISpecification):  # type: ignore[misc]
    """Raises SpecificationError when the document is not OpenAPI 3.0."""

    @classmethod
    def _validate_spec(cls, spec: Any) -> None:
        for error in _rules().iter_errors(spec):
            title = spec.get("info", {}).get("title", "a document")
            raise SpecificationError(f"{title}: not OpenAPI 3.0 at {pointer(error.instance_path) or '/'}")


@lru_cache(maxsize=1)
def _rules() -> jsonschema_rs.Draft4Validator:
    return jsonschema_rs.Draft4Validator(OpenAPISpecification.openapi_schema)
