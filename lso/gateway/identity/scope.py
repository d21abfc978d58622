"""Which scopes there are: one for each operation, named after it, and three that stand for many."""

from __future__ import annotations

from collections.abc import Iterable

from lso.canonical.tenant import Audience
from lso.dialects.edition import Edition
from lso.errors import NotUnderstood
from lso.gateway.specification import load
from lso.settings import data_folder

BROAD = frozenset({"*", "read", "write"})


def scopes_of(editions: Iterable[Edition], audience: Audience) -> frozenset[str]:
    """All that a client of an audience may be given."""
    specs = data_folder("specs")
    return BROAD | {operation.name for edition in editions if edition.audience in (audience, "any")
                    for operation in load(specs / edition.document).operations() if not operation.public}


def check(scopes: Iterable[str], editions: Iterable[Edition], audience: Audience) -> None:
    """Raises NotUnderstood for scopes that no operation of the audience has: granted, they would allow nothing."""
    if unknown := sorted(set(scopes) - scopes_of(editions, audience)):
        named = ", ".join(unknown)
        raise NotUnderstood(f"No operation for the audience {audience} has the scope {named}.")
