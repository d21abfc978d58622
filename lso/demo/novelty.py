"""The story of a product that nobody has heard of: qualified, quoted, ordered and delivered in every language. All that
makes it lies in the folder dark_fibre; no line of Python knows of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from lso.demo.buyer import Wanted
from lso.demo.client import Customer, Document
from lso.demo.door import DOORS
from lso.demo.purchase import bought
from lso.demo.story import Reached, Story
from lso.settings import data_folder, read_yaml

HERE = Path(__file__).parent / "dark_fibre"
PRICES = HERE / "prices.csv"
PACKAGE = Path(__file__).parent.parent
ORIGINS = {"rules": PACKAGE / "lifecycle" / "rules", "sandbox": PACKAGE / "backends" / "sandbox"}


def added() -> Any:
    """What the new product adds."""
    return read_yaml(HERE / "added.yaml")


def lay_out(folder: Path) -> None:
    """A folder of data as an operator keeps one, for LSO_DATA, with the new product in it."""
    for name, origin in {"specs": data_folder("specs"), **ORIGINS}.items():
        shutil.copytree(origin, folder / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name, more in added()["files"].items():
        file = folder / name
        told = yaml.safe_dump(joined(read_yaml(file), more), sort_keys=False, allow_unicode=True)
        file.write_text(told, encoding="utf-8")
    for schema in HERE.glob("*.schema.yaml"):
        shutil.copy(schema, folder / "specs" / "products")


def joined(told: Any, more: Any) -> Any:
    """A file of data with what is added to it."""
    if isinstance(told, dict):
        return {**told, **{name: joined(told[name], one) if name in told else one for name, one in more.items()}}
    return [*told, *more]


def fibre(place: Document) -> Wanted:
    """A pair of fibres there."""
    told = added()
    return Wanted(told["offering"]["id"], {"@type": told["urn"], **told["wanted"]}, place)


def delivered(language: str) -> Callable[[Customer], Iterator[Reached]]:
    """The purchase of it; of its moments the last is shown."""
    def play(customer: Customer) -> Iterator[Reached]:
        for reached in bought(language, fibre)(customer):
            last = "a new product is there" if reached.order and not reached.faces else ""
            yield reached._replace(moment=f"{language}: {last}" if last else "", whole="")
    return play


STORIES = tuple(Story(f"A new product, by data alone, is bought by {language}", "completed", delivered(language),
                      alone=True) for language in DOORS)
