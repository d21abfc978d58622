"""Other spellings of product URNs that are about in the world, and where a document uses one.

They are taken for what is meant, and whoever is not strict is only told so (index of the product schemas).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from lso.errors import Finding
from lso.lens import Document
from lso.settings import data_folder, read_yaml


@lru_cache(maxsize=1)
def aliases() -> Mapping[str, str]:
    """Respellings of product URNs, and what is meant; the index of product schemas has them."""
    index = read_yaml(data_folder("specs") / "products" / "index.yaml")
    return dict(index.get("aliases") or {})


def respelled(document: Document) -> tuple[Finding, ...]:
    """Each place of a document, in whatever dialect, that names a product by another spelling."""
    return tuple(Finding(pointer, "invalidValue", f"This is a respelling of {aliases()[text]}.")
                 for pointer, text in _texts(document, "") if text in aliases())


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if type(value) is dict:
        for name, member in value.items():
            yield from _texts(member, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
    elif type(value) is list:
        for index, element in enumerate(value):
            yield from _texts(element, f"{pointer}/{index}")
    elif type(value) is str:
        yield pointer, value
