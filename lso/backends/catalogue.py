"""Which back ends there are: a YAML file (`LSO_BACKENDS`), one entry each, held to a schema when it is read.

    - name: legacy
      kind: soap                           # sandbox, rest or soap
      url: http://legacy:8091/serviceOrder
      limits: {timeout_seconds: 10, concurrency: 4}
    - name: internet
      kind: rest
      url: https://api.example/internet-on-demand
      token_url: https://api.example/oauth2/token
      client_id: bridge
      secret: {env: INTERNET_SECRET}       # or {file: /run/secrets/internet}; never the secret itself
      additions: [idempotency_key, delete, description]
      addresses: https://api.example/mefApi/sonata/geographicAddressManagement/v7

Secrets are looked up when the file is read, and stay out of every message.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Literal, Protocol

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lso.backends.exchange import Record, unrecorded
from lso.backends.rest.address import SECONDS, SellerAddresses
from lso.backends.rest.asking import Asking
from lso.backends.rest.client import Manner, RestBackEnd
from lso.backends.rest.token import Credentials, Tokens
from lso.backends.sandbox.addresses import ElsewhereAddresses
from lso.backends.sandbox.client import SandboxClient
from lso.backends.soap.client import SoapBackEnd, healthy
from lso.backends.wire import Limits, Wire
from lso.errors import OurError
from lso.lifecycle.ports.back_end import BackEnd
from lso.lifecycle.ports.question import Locating

Addition = Literal["idempotency_key", "delete", "description"]
LIMITS = {one.name for one in fields(Limits)}


class Entry(BaseModel):
    """Whatever can be said of a back end; which members it needs depends on its kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Secret(Entry):
    """Where a secret is: in a variable of the environment, or in a file."""

    env: str | None = None
    file: Path | None = None

    def value(self) -> str:
        """The secret. Raises OurError, which does not tell it."""
        if self.env is not None and (found := os.environ.get(self.env)):
            return found
        if self.file is not None and self.file.is_file():
            with suppress(UnicodeDecodeError):  # its error would quote what is in there
                return self.file.read_text(encoding="utf-8").strip()
        raise OurError(f"There is no secret in {self.env or self.file}.")


class Described(Entry):
    """One back end.

    additions: which of our additions to the published API the far side offers.
    settle_seconds: when a write that is not to be seen yet has surely not happened.
    addresses: where it validates addresses, in Sonata's words.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")
    kind: Literal["sandbox", "rest", "soap"]
    url: str = Field(pattern=r"^https?://")
    limits: dict[str, float] = Field(default_factory=dict)
    poll_seconds: float = Field(5.0, gt=0)
    token_url: str | None = None
    client_id: str | None = None
    secret: Secret | None = None
    scope: str = ""
    additions: frozenset[Addition] = frozenset()
    settle_seconds: float = Field(30.0, ge=0)
    addresses: str | None = Field(None, pattern=r"^https?://")

    @model_validator(mode="after")
    def _complete(self) -> Described:
        if unknown := self.limits.keys() - LIMITS:
            raise ValueError(f"limits are {', '.join(sorted(LIMITS))}; not {', '.join(sorted(unknown))}")
        if any(amount <= 0 for amount in self.limits.values()):
            raise ValueError("limits are above zero")
        if self.token_url and not (self.client_id and self.secret):
            raise ValueError("token_url needs client_id and secret")
        if self.addresses and self.kind != "rest":
            raise ValueError("addresses are for kind rest")
        return self


def described(file: Path) -> tuple[Described, ...]:
    """The entries of a file. Raises OurError, naming entry and member and no value."""
    try:
        entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise OurError(f"{file} cannot be read: {type(error).__name__}.") from error
    if not isinstance(entries, list):
        raise OurError(f"{file} is not a list of back ends.")
    found = []
    for number, entry in enumerate(entries):
        try:
            found.append(Described.model_validate(entry))
        except ValidationError as error:
            said = "; ".join(f"{'/'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise OurError(f"{file}, back end {number + 1}: {said}") from None
    if len({one.name for one in found}) < len(found):
        raise OurError(f"{file} has two back ends of one name.")
    return tuple(found)


class Client(BackEnd, Protocol):
    """A back end that holds connections."""

    def close(self) -> None:
        """Close them."""
        ...


Others = Callable[[str, str], Collection[str]]
PlaceName = Callable[[str, str, str], str]


def connected(one: Described, *, record: Record = unrecorded, others: Others = lambda _name, _their_id: (),
              place: PlaceName = lambda _name, _tenant, id: id) -> Client:
    """The client of a back end. others: external ids of the requests known to have led to a thing of a back end.

    place: what a back end calls a place of a tenant's, by our id.
    """
    limits = _limits(one)
    if one.kind == "sandbox":
        return SandboxClient(one.url, timeout_seconds=limits.timeout_seconds)
    if one.kind == "rest":
        manner = Manner(frozenset(one.additions), one.poll_seconds, one.settle_seconds)
        return RestBackEnd(_asking(one, Wire(one.name, limits, record=record), one.url), manner,
                           others=lambda their_id: others(one.name, their_id),
                           place=lambda tenant, id: place(one.name, tenant, id))
    return SoapBackEnd(Wire(one.name, limits, record=record, healthy=healthy), one.url, poll_seconds=one.poll_seconds)


class AddressClient(Locating, Protocol):
    """Somebody who knows addresses, and holds connections."""

    def close(self) -> None:
        """Close them."""
        ...


def located(one: Described) -> AddressClient | None:
    """Who answers for its addresses, where it does: on a wire of its own, so that neither leaves the other alone."""
    if one.kind == "sandbox":
        return ElsewhereAddresses(one.url)
    if one.addresses is None:
        return None
    limits = _limits(one)
    limits = replace(limits, timeout_seconds=min(limits.timeout_seconds, SECONDS))
    return SellerAddresses(_asking(one, Wire(f"{one.name}-addresses", limits), one.addresses))


def _limits(one: Described) -> Limits:
    whole = {"concurrency", "failures_most", "answer_bytes"}
    said: dict[str, Any] = {name: int(amount) if name in whole else amount for name, amount in one.limits.items()}
    return Limits(**said)


def _asking(one: Described, wire: Wire, url: str) -> Asking:
    credentials = None if one.token_url is None or one.client_id is None or one.secret is None else \
        Credentials(one.token_url, one.client_id, one.secret.value(), one.scope)
    return Asking(wire, url, Tokens(wire, credentials))
