"""The documents under test, and how to walk them. No test of its own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
SPECS = ROOT / "specs"
SHARED = ROOT.parent / "shared"
STANDARDS = SHARED / "standards"
DIFF = SHARED / "tools" / "spec_diff.py"
METHODS = ("get", "put", "post", "delete", "patch")
NAMED = ("properties", "schemas", "definitions")

PUBLISHED = {
    "sonata/geographicAddressManagement.yaml": "sonata/geographicAddressManagement.api.yaml",
    "sonata/geographicSiteManagement.yaml": "sonata/geographicSiteManagement.api.yaml",
    "sonata/productOfferingQualificationManagement.yaml": "sonata/productOfferingQualificationManagement.api.yaml",
    "sonata/productOfferingQualificationNotification.yaml": "sonata/productOfferingQualificationNotification.api.yaml",
    "sonata/quoteManagement.yaml": "sonata/quoteManagement.api.yaml",
    "sonata/quoteNotification.yaml": "sonata/quoteNotification.api.yaml",
    "sonata/productOrderManagement.yaml": "sonata/productOrderManagement.api.yaml",
    "sonata/productOrderNotification.yaml": "sonata/productOrderNotification.api.yaml",
    "tmf/TMF622-ProductOrder-v4.yaml": "tmf/TMF622-ProductOrder-v4.0.0.swagger.json",
    "tmf/TMF645-ServiceQualification-v4.yaml": "tmf/TMF645-ServiceQualification-v4.0.1.swagger.json",
    "tmf/TMF648-Quote-v4.yaml": "tmf/TMF648-Quote-v4.0.0.swagger.json",
    "native/internetOnDemand.yaml": "native/lumen-internet-on-demand.openapi.yaml",
}


@cache
def load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


INDEX = load(SPECS / "products" / "index.yaml")
EDITIONS = load(SPECS / "editions.yaml")
FILES = sorted(p for p in SPECS.rglob("*.yaml") if p.name not in ("index.yaml", "editions.yaml"))
DOCUMENTS = [p for p in FILES if "paths" in load(p)]


def name(path: Path) -> str:
    return path.relative_to(SPECS).as_posix()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method], item


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from nodes(value)


def follow(reference: str, home: Path) -> tuple[Any, Path]:
    """What a $ref in the file `home` points at, and the file that holds it."""
    file, _, pointer = reference.partition("#")
    target = (home.parent / file).resolve() if file else home
    node = load(target)
    for segment in filter(None, pointer.split("/")):
        node = node[segment.replace("~1", "/").replace("~0", "~")]
    return node, target


def inlined(node: Any, home: Path, seen: tuple[str, ...] = (), named: bool = False) -> Any:
    """A schema without prose and without $ref; a definition inside itself becomes its name."""
    if isinstance(node, list):
        return [inlined(value, home, seen) for value in node]
    if not isinstance(node, dict):
        return node
    if not named and isinstance(node.get("$ref"), str):
        target, file = follow(node["$ref"], home)
        title = node["$ref"].rsplit("/", 1)[-1]
        return {"recursion": title} if title in seen else inlined(target, file, (*seen, title))
    prose = () if named else ("description", "title", "example", "examples", "$id", "$schema", "definitions")
    return {
        key: inlined(value, home, seen, not named and key in NAMED)
        for key, value in node.items()
        if key not in prose and not (key == "properties" and value is None and not named)
    }


def sentences(node: Any, named: bool = False) -> Iterator[str]:
    """Summaries and descriptions, but not members that are called so."""
    if isinstance(node, list):
        for value in node:
            yield from sentences(value)
    elif isinstance(node, dict):
        for key, value in node.items():
            if not named and key in ("summary", "description", "title") and isinstance(value, str):
                yield value
            else:
                yield from sentences(value, not named and key in NAMED)
