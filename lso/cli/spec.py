"""`lso spec`: are the specifications whole, what do they promise, and what of it do we serve.

The check puts the layers together as `lso serve` does, over a store of its own that is thrown away: what it says is
served is what would be served.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from lso.settings import data_folder, settings

if TYPE_CHECKING:
    from lso.dialects.book import Book
    from lso.dialects.edition import Edition
    from lso.gateway.mount import Mount
    from lso.gateway.specification import Specification
    from lso.gateway.validator import Validators
    from lso.gateway.world import World

AUDIENCES = frozenset({"pil", "sil", "any"})
MEDIA_TYPES = ("application/json", "application/problem+json", "application/x-www-form-urlencoded")


@click.group()
def spec() -> None:
    """The specifications: what we promise."""


@spec.command("list")
def list_editions() -> None:
    """Print each edition: its name, version, audience, base path, document and mapping."""
    from lso.dialects.edition import load_editions

    for one in load_editions(data_folder("specs")):
        click.echo("\t".join((one.edition, one.version, one.audience, one.base_path or "/", one.document,
                              one.mapping or "-")))


@spec.command()
@click.option("--specs", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="another folder of specifications, to be tried in place of ours")
@click.option("--quiet", is_flag=True, help="Only what must be mended.")
def check(specs: Path | None, quiet: bool) -> None:
    """Load every document, resolve its references, compile its validators; print what is served; fail on any error."""
    from lso.dialects.edition import load_editions

    folder = specs or data_folder("specs")
    problems = [f"products: {reason}" for reason in _products(folder)]
    if not problems:  # every edition that knows products rests on them
        with _world(folder) as world:
            every = load_editions(folder, unserved=True)
            twice = Counter(one.edition for one in every)
            problems = [f"{name}: is listed {times} times" for name, times in twice.items() if times > 1]
            for edition in world.book.editions:
                problems += [f"{edition.edition}: {reason}" for reason in _edition(edition, world, quiet)]
            problems += [f"{one.edition}: {reason}" for one in every if not one.served
                         for reason in _entry(one, world.book)]
            problems += _unlisted(folder, world.book.editions, quiet)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        click.echo(f"{len(problems)} to be mended", err=True)
        sys.exit(1)


def _edition(edition: Edition, world: World, quiet: bool) -> Iterator[str]:
    """What is wrong with an edition; prints it when it can be mounted."""
    from lso.gateway.app import build
    from lso.gateway.specification import load

    yield from _entry(edition, world.book)
    try:
        (mounted,) = build([edition], world).mounts
        notification = edition.notification
        listeners = load(world.specs / notification.document) if notification is not None else None
    except Exception as wrong:  # whatever it is, the other editions are still worth checking
        yield _described(wrong)
        return
    if not quiet:
        click.echo(_shown(mounted))
    yield from (f"{edition.document}: {reason}" for reason in _compiled(mounted.specification, mounted.validators))
    if listeners is not None and listeners is not mounted.specification:
        from lso.gateway.validator import Validators

        own = Validators(listeners, None, None)
        yield from (f"{listeners.name}: {reason}" for reason in _compiled(listeners, own))


def _unlisted(specs: Path, editions: Sequence[Edition], quiet: bool) -> Iterator[str]:
    """What is wrong with the documents that no served edition names: they wait for one, whole."""
    from lso.gateway.bundle import read
    from lso.gateway.specification import load
    from lso.gateway.validator import Validators

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
            yield f"{name}: {_described(wrong)}"
            continue
        if not quiet:
            click.echo(f"{name}: {sum(1 for _ in document.operations())} operations, served by no edition")


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
    from lso.gateway.schema import HERE
    from lso.gateway.stranger import Strangers
    from lso.gateway.validator import Validator

    for operation in specification.operations():
        where = operation.path, operation.method
        try:
            for media_type in MEDIA_TYPES:
                validators.body(*where, media_type)
                for status in operation.body.get("responses", {}):
                    if status.isdigit():
                        validators.answer(*where, int(status), media_type)
        except Exception as wrong:  # as above
            yield f"{operation.name}: {_described(wrong)}"
    try:
        every = {"anyOf": [{"$ref": HERE + name} for name in validators.schemas]}
        Validator(every, validators.schemas, Strangers(validators.schemas, {}))
    except Exception as wrong:  # as above
        yield _described(wrong)


def _products(specs: Path) -> Iterator[str]:
    """What is wrong with the product schemas, their respellings and the allow-lists."""
    import yaml

    from lso.gateway.judge import ProductJudge
    from lso.gateway.product import load_products

    try:
        products = load_products(specs / "products")
        judge = ProductJudge(specs / "products")
        allowed = yaml.safe_load((specs / "editions.yaml").read_text(encoding="utf-8"))["products"]
    except Exception as wrong:  # as above
        yield _described(wrong)
        return
    for urn in products.references:
        try:
            judge(urn, {})
        except Exception as wrong:  # as above
            yield f"{urn}: {_described(wrong)}"
    for respelled, urn in products.aliases.items():
        if urn not in products.references:
            yield f"{respelled} stands for {urn}, which has no schema"
    for name, urns in allowed.items():
        yield from (f"{name} allows {urn}, which has no schema" for urn in urns if urn not in products.references)


@contextmanager
def _world(specs: Path) -> Iterator[World]:
    """All that the layers need, over an empty store and with nobody at work."""
    from lso.cli.composition import foundation, world
    from lso.dialects.book import Book

    with TemporaryDirectory() as var:
        alone = {"var": Path(var), "database_url": "", "broker_url": "memory://", "worker_threads": 0}
        with foundation(settings().model_copy(update=alone)) as base:
            try:
                opened = Book(data_folder("mappings"), specs)
            except Exception as wrong:
                raise click.ClickException(f"editions.yaml: {_described(wrong)}") from wrong
            with world(replace(base, book=opened)) as parts:
                yield replace(parts, specs=specs)


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


def _described(wrong: Exception) -> str:
    if isinstance(wrong, KeyError):
        return f"{wrong} is referred to, and is not there"
    return f"{type(wrong).__name__}: {wrong}".splitlines()[0]
