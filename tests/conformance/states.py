"""What an order and its items must have, and must not have, in each state: states.yaml beside this file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.desk import Document

NEEDED: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))


def lacking(order: Document) -> Iterator[str]:
    """What tables 10 and 11 demand or forbid and an order does not have, or has."""
    for where, what in (("order", order), *(("item", item) for item in order["productOrderItem"])):
        for member, states in NEEDED[where].items():
            if what["state"] in states.get("needed", ()) and member not in what:
                yield f"{where} {what['state']}: no {member}"
            if what["state"] in states.get("barred", ()) and member in what:
                yield f"{where} {what['state']}: {member}"
