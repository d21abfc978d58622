"""The product schemas: which URNs there are, which respellings of them are known, and their schemas as one bundle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from lso.gateway.bundle import Bundle, read

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Products:
    """What `specs/products/index.yaml` lists.

    references: URN -> local reference into `schemas`
    aliases: respelled URN -> the URN meant
    schemas: every product schema and what it is made of, by component name
    """

    references: Mapping[str, str]
    aliases: Mapping[str, str]
    schemas: Mapping[str, Document]

    def known_to(self, allowed: frozenset[str] | None) -> dict[str, str]:
        """URN or respelling -> reference, of the products on an allow-list; None allows all."""
        spelled = {urn: urn for urn in self.references} | dict(self.aliases)
        return {
            spelling: self.references[urn]
            for spelling, urn in spelled.items()
            if urn in self.references and (allowed is None or urn in allowed)
        }


@lru_cache(maxsize=8)
def load_products(folder: Path) -> Products:
    """The registry in a folder of product schemas."""
    index = read(folder / "index.yaml")
    bundle = Bundle(folder / "index.yaml")
    references = {
        urn: bundle.adopt(folder / file, name=f"product.{Path(file).stem}") for urn, file in index["schemas"].items()
    }
    return Products(references, index.get("aliases", {}), bundle.sections.get("schemas", {}))
