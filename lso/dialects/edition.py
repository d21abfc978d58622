"""The list of editions: which document of which dialect and release may be mounted where. The list itself is data,
`editions.yaml` in the folder of specifications."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lso.settings import read_yaml


@dataclass(frozen=True, slots=True)
class Notification:
    """How events reach a subscriber: the document with the listener operations, and the path in front of theirs."""

    document: str
    base_path: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One document of one dialect and release, as it is mounted.

    edition: `<dialect>.<release>.<resource>`, the name by which everything else refers to it
    further: resources of the document beside the one it is named after
    document: OpenAPI document, relative to the folder of specifications
    base_path: in front of the document's own paths
    audience: pil, sil or any
    mapping: table between this edition and the canonical model; None where there is none
    products: URNs of the product schemas that the dialect knows; None where it has no products
    unrouted: path patterns of the document that the subscriber serves, not we
    served: False where the mappings are there and the services are not: known, yet mounted nowhere
    """

    edition: str
    dialect: str
    release: str
    api: str
    resource: str
    document: str
    base_path: str
    version: str
    audience: str
    mapping: str | None
    notification: Notification | None
    products: frozenset[str] | None
    unrouted: tuple[str, ...]
    further: tuple[str, ...] = ()
    served: bool = True

    def mapping_of(self, resource: str | None = None) -> str | None:
        """The table of a resource of the document (`cancellation`), by default of the one it is named after; None for
        one that the document does not have."""
        if resource in (None, self.resource):
            return self.mapping
        return f"{self.dialect}.{resource}" if resource in self.further else None


def load_editions(folder: Path, *, unserved: bool = False) -> tuple[Edition, ...]:
    """The editions that the folder of specifications lists, in its order; on demand with those not served yet."""
    listed = read_yaml(folder / "editions.yaml")
    every = tuple(_edition(entry, listed["products"]) for entry in listed["editions"])
    return every if unserved else tuple(edition for edition in every if edition.served)


def _edition(entry: dict[str, Any], products: dict[str, list[str]]) -> Edition:
    listener = entry["notification"]
    known = entry["products"]
    return Edition(**{
        **entry,
        "notification": Notification(**listener) if listener else None,
        "products": frozenset(products[known]) if known else None,
        "unrouted": tuple(entry["unrouted"]),
        "further": tuple(entry.get("further", ())),
    })
