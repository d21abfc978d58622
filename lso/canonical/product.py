"""What is asked for, ordered and owned."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from lso.canonical.model import Model, Text
from lso.canonical.place import Place


class ProductRelation(Model):
    """A tie to a product that exists."""

    product_id: Text | None = None
    kind: Text | None = Field(None, description="from the vocabulary of the product")
    group: Text | None = Field(None, description="grouping key; quotes and qualifications know it, orders do not")


class Product(Model):
    """What is ordered: its configuration when it is added, its id once it exists."""

    id: Text | None = Field(None, description="id in the inventory")
    offering_id: Text | None = None
    schema_urn: Text | None = Field(None, alias="schema", description="URN of the product schema of configuration")
    configuration: dict[str, Any] | None = Field(None, description="verbatim, as the product schema has it")
    relations: tuple[ProductRelation, ...] | None = None
    places: tuple[Place, ...] | None = None
