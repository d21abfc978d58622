"""`lso events`: events that could not be delivered hold up what follows them, until they are replayed or skipped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Connection

from lso.settings import settings
from lso.store import dead_letter
from lso.store import tenant as tenants
from lso.store.delivery import Delivery
from lso.store.engine import Store, open_store


@click.group()
def events() -> None:
    """Dead letters: see, replay, skip."""


@events.command("list")
@click.option("--tenant", help="only this tenant's")
def show(tenant: str | None) -> None:
    """Print dead letters, the oldest first."""
    with _store() as store:
        for letter in _dead(store, tenant):
            event, subscription = letter.event, letter.subscription
            click.echo("\t".join((str(letter.number), letter.tenant, event.kind, event.resource_id, event.id,
                                  f"subscription {subscription.id}", f"{letter.attempts} attempts",
                                  letter.last_error or "")))


@events.command()
@click.argument("identifier", required=False, metavar="ID")
@click.option("--subscription", help="all dead letters of this subscription")
def replay(identifier: str | None, subscription: str | None) -> None:
    """Try again: the letter or event ID, or all of a subscription."""
    if (identifier is None) == (subscription is None):
        raise click.UsageError("give either an ID or --subscription")
    _settle(dead_letter.replay, "replayed",
            lambda letter: letter.subscription.id == subscription if subscription else _is(letter, identifier))


@events.command()
@click.argument("identifier", metavar="ID")
def skip(identifier: str) -> None:
    """Give up the letter or event ID: what follows it goes on."""
    _settle(dead_letter.skip, "skipped", lambda letter: _is(letter, identifier))


def _settle(act: Callable[..., bool], word: str, chosen: Callable[[Delivery], bool]) -> None:
    with _store() as store:
        letters = [letter for letter in _dead(store, None) if chosen(letter)]
        if not letters:
            raise click.ClickException("there is no such dead letter")

        def work(connection: Connection) -> int:
            return sum(act(connection, letter.tenant, letter.number, now=time.time()) for letter in letters)

        click.echo(f"{store.commit_now(work)} {word}")


def _is(letter: Delivery, identifier: str | None) -> bool:
    return identifier in (str(letter.number), letter.event.id)


def _dead(store: Store, tenant: str | None) -> list[Delivery]:
    def read(connection: Connection) -> list[Delivery]:
        named = [profile.tenant for profile in tenants.profiles(connection)] if tenant is None else [tenant]
        return [letter for name in named for letter in dead_letter.dead(connection, name)]

    return store.query_now(read)


@contextmanager
def _store() -> Iterator[Store]:
    with open_store(settings().store_url) as store:
        yield store
