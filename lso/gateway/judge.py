"""Judges product configurations by themselves: for orders whose own dialect has no place for a product schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lso.errors import Finding
from lso.gateway.product import load_products
from lso.gateway.schema import Rewriter
from lso.gateway.stranger import Strangers
from lso.gateway.validator import Validator

Document = dict[str, Any]


class ProductJudge:
    """What the product schema of a URN has to say against a configuration; pointers into the configuration.

    An unknown URN is judged by nobody here: whether a product may be ordered is another question.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` holds the product schemas."""
        products = load_products(folder)
        self._references = products.known_to(None)
        self._schemas = Rewriter(products.schemas).rewritten()
        self._strangers = Strangers(self._schemas, products.aliases)
        self._validators: dict[str, Validator] = {}

    def __call__(self, urn: str, configuration: Document, strict: bool = False) -> tuple[Finding, ...]:
        """All that is wrong with a configuration; to the strict, a member that the schema does not know is wrong."""
        reference = self._references.get(urn)
        if reference is None:
            return ()
        validator = self._validators.get(reference)
        if validator is None:
            validator = self._validators[reference] = Validator({"$ref": reference}, self._schemas, self._strangers)
        return validator.findings(configuration, strict=strict)
