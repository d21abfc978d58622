"""The bodies of the stories: MEF's published ones where they lie beside the project, else our own; and what is said of
those that come back."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lso.dialects.book import book
from lso.gateway.product import load_products
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.settings import data_folder

ROOT = Path(__file__).parent.parent.parent
PUBLISHED = ROOT.parent / "shared" / "samples"
OWN = ROOT / "tests" / "samples"
SPECS = data_folder("specs")


def published(name: str) -> Any:
    """A published body; the test is skipped where they are not present."""
    file = PUBLISHED / name
    if not file.is_file():
        pytest.skip(f"the published sample {name} is not beside the project")
    return json.loads(file.read_text(encoding="utf-8"))


def published_or_own(name: str, own: str) -> Any:
    """A published body, else ours."""
    file = PUBLISHED / name
    return json.loads((file if file.is_file() else OWN / own).read_text(encoding="utf-8"))


def ours(name: str) -> Any:
    """A body of our own."""
    return json.loads((OWN / name).read_text(encoding="utf-8"))


def holds(answer: Any, sent: Any, at: str = "") -> list[str]:
    """Where an answer does not repeat what was sent: pointers into it. An answer may say more."""
    if isinstance(sent, dict) and isinstance(answer, dict):
        found = [f"{at}/{name}" for name in sent if name not in answer]
        for name in sent.keys() & answer.keys():
            found += holds(answer[name], sent[name], f"{at}/{name}")
        return found
    if isinstance(sent, list) and isinstance(answer, list):
        found = [f"{at}/{index}" for index in range(len(answer), len(sent))]
        for index, (said, wanted) in enumerate(zip(answer, sent, strict=False)):
            found += holds(said, wanted, f"{at}/{index}")
        return found
    return [] if type(answer) is type(sent) and answer == sent else [at]


def linkless(document: Any) -> Any:
    """A document without its links: they lead to the edition that it was read in."""
    if isinstance(document, dict):
        return {name: linkless(value) for name, value in document.items() if not name.lower().endswith("href")}
    return [linkless(value) for value in document] if isinstance(document, list) else document


def wrong_with(edition_name: str, document: Any, path: str = "/productOrder/{id}") -> list[Any]:
    """What the schema of an edition has to say against a document read at a path, product configuration and all."""
    validator = _validators(edition_name).answer(path, "get", 200)
    assert validator is not None
    return list(validator.findings(document, strict=True))


@cache
def _validators(edition_name: str) -> Validators:
    edition = book().edition(edition_name)
    return Validators(load(SPECS / edition.document), load_products(SPECS / "products"), edition.products)
