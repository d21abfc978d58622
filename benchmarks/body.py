"""The order bodies that are measured: those of the stories, the published ones where they are at hand, else our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

PROJECT = Path(__file__).parent.parent
PUBLISHED = PROJECT.parent / "shared" / "samples" / "corrected"
OWN = PROJECT / "tests" / "samples" / "sonata"
PLACES = {
    "internet access": (PUBLISHED / "mef139" / "uc06_order_add_basic.json", OWN / "internet_add.json"),
    "EPL": (PUBLISHED / "mef125_0_1" / "uc05_order_add_epl.json", OWN / "epl_add.json"),
}


@dataclass(frozen=True)
class Body:
    """An order, without the blanks of the file: `raw` is what a client sends."""

    name: str
    raw: bytes
    document: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.name} ({len(self.raw):,} B)"


def bodies(places: Mapping[str, tuple[Path, ...]] = PLACES) -> list[Body]:
    """Every order of the bench."""
    found = []
    for name, files in places.items():
        file = next((file for file in files if file.is_file()), None)
        if file is None:
            raise FileNotFoundError(f"no order for {name}: {', '.join(str(file) for file in files)}")
        document = orjson.loads(file.read_bytes())
        found.append(Body(name, orjson.dumps(document), document))
    return found
