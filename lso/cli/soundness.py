"""What is wrong with a folder of specifications, in sentences: with the list of editions, with documents, with product
schemas. Whatever cannot be mounted or compiled, the rest is still looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from lso.dialects.book import Book
from lso.dialects.edition import Edition, load_editions
from lso.gateway.app import build
from lso.gateway.bundle import read
from lso.gateway.judge import ProductJudge
from lso.gateway.mount import Mount
from lso.gateway.product import load_products
from lso.gateway.schema import HERE
from lso.gateway.specification import Specification, load
from lso.gateway.stranger import Strangers
from lso.gateway.validator import Validator, Validators
from lso.gateway.world import World

AUDIENCES = frozenset({"pil", "sil", "any"})
MEDIA_TYPES = ("application/json", "application/problem+json", "application/x-www-form-urlencoded")


def of_products(specs: Path) -> Iterator[str]:
    """What is wrong with the product schemas, their respellings and the allow-lists."""
    try:
        products = load_products(specs / "products")
        judge = ProductJudge(specs / "products")
        allowed = yaml.safe_load((specs / "editions.yaml").read_text(encoding="utf-8"))["products"]
    except Exception as wrong:  # all that is wrong is to be told
        yield described(wrong)
        return
    for urn in products.references:
        try:
            judge(urn, {})
        except Exception as wrong:  # all that is wrong is to be told
            yield f"{urn}: {described(wrong)}"
    for respelled, urn in products.aliases.items():
        if urn not in products.references:
            misplaced = (specs / "products" / urn).is_file()
            yield f"{respelled} stands for {urn}, which " + (
                "is a file: the line of a product belongs under `schemas:`" if misplaced else "has no schema")
    for name, urns in allowed.items():
        yield from (f"{name} allows {urn}, which has no schema" for urn in urns if urn not in products.references)


def of_editions(world: World, say: Callable[[str], None]) -> Iterator[str]:
    """What is wrong with the list of editions, and with all documents, listed or not. say: is told what is served."""
    every = load_editions(world.specs, unserved=True)
    times = Counter(one.edition for one in every)
    yield from (f"{name}: is listed {number} times" for name, number in times.items() if number > 1)
    for edition in world.book.editions:
        yield from (f"{edition.edition}: {reason}" for reason in _edition(edition, world, say))
    for edition in every:
        if not edition.served:
            yield from (f"{edition.edition}: {reason}" for reason in _entry(edition, world.book))
    yield from _unlisted(world, say)


def described(wrong: Exception) -> str:
    """An error in one line."""
    if isinstance(wrong, KeyError):
        return f"{wrong} is referred to, and is not there"
    return f"{type(wrong).__name__}: {wrong}".splitlines()[0]


def _edition(edition: Edition, world: World, say: Callable[[str], None]) -> Iterator[str]:
    yield from _entry(edition, world.book)
    try:
        (mounted,) = build([edition], world).mounts
        notification = edition.notification
        listeners = load(world.specs / notification.document) if notification is not None else None
    except Exception as wrong:  # whatever it is, the other editions are still worth checking
        yield described(wrong)
        return
    say(_shown(mounted))
    yield from (f"{edition.document}: {reason}" for reason in _compiled(mounted.specification, mounted.validators))
    if listeners is not None and listeners is not mounted.specification:
        own = Validators(listeners, None, None)
        yield from (f"{listeners.name}: {reason}" for reason in _compiled(listeners, own))


def _unlisted(world: World, say: Callable[[str], None]) -> Iterator[str]:
    """What is wrong with the documents that no served edition names: they wait for one, whole."""
    specs, editions = world.specs, world.book.editions
    named = {specs / one.document for one in editions}
    named |= {specs / one.notification.document for one in editions if one.notification is not None}
    for file in sorted(set(specs.rglob("*.yaml")) - named):
        name = file.relative_to(specs).as_posix()
        try:
            if not read(file).get("paths"):
                continue
            document = load(file)
            yield from (f"{name}: {reason}" for reason in _compiled(document, Validators(document, None, None)))
        except Exception as wrong:  # as above
            yield f"{name}: {described(wrong)}"
            continue
        say(f"{name}: {sum(1 for _ in document.operations())} operations, served by no edition")


def _entry(edition: Edition, book: Book) -> Iterator[str]:
    """What the list of editions itself says."""
    if edition.audience not in AUDIENCES:
        yield f"there is no audience {edition.audience}"
    if edition.dialect not in book.dialects:
        yield f"there is no dialect {edition.dialect}"
    if edition.mapping is not None:
        try:
            book.mapping(edition.mapping)
            book.resource(edition)
        except KeyError:
            yield f"there is no mapping {edition.mapping} with a resource beside it"


def _compiled(specification: Specification, validators: Validators) -> Iterator[str]:
    """Compiles the schema of every body and answer, and all schemas that have a name; yields what cannot be."""
    for operation in specification.operations():
        where = operation.path, operation.method
        try:
            for media_type in MEDIA_TYPES:
                validators.body(*where, media_type)
                for status in operation.body.get("responses", {}):
                    if status.isdigit():
                        validators.answer(*where, int(status), media_type)
        except Exception as wrong:  # as above
            yield f"{operation.name}: {described(wrong)}"
    try:
        every = {"anyOf": [{"$ref": HERE + name} for name in validators.schemas]}
        Validator(every, validators.schemas, Strangers(validators.schemas, {}))
    except Exception as wrong:  # as above
        yield described(wrong)


def _shown(mount: Mount) -> str:
    """An edition: where it is, what it serves, what it answers with 501."""
    edition = mount.edition
    routed = [name for item in mount.document["paths"].values() for method in item.values()
              if isinstance(method, dict) and (name := method.get("operationId"))]
    served = [name for name in routed if name in mount.offers]
    rest = [name for name in routed if name not in mount.offers]
    left = sum(1 for _ in mount.specification.operations()) - len(routed)
    lines = [f"{edition.edition} {edition.version} for {edition.audience}, at {edition.base_path or '/'}",
             f"  {edition.document}: {len(routed)} operations"
             + (f", and {left} that the subscriber serves" if left else "")]
    lines += [f"  {label}: {' '.join(names)}" for label, names in (("served", served), ("501", rest)) if names]
    return "\n".join(lines)
