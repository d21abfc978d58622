"""Whose data, who calls, and what was agreed at onboarding.

A tenant is one buyer inside one seller. Its profile is a versioned document; an order keeps the version it began with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Audience = Literal["pil", "sil"]


class Model(BaseModel):
    """Frozen, and closed to members it does not know: a table that writes one is a bug, not data."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Contact(Model):
    """A person or desk of the seller or buyer, to be shown where a standard demands one."""

    role: str
    name: str
    email: str
    phone: str
    organization: str | None = None


class Offering(Model):
    """A product offering this tenant may order: id, the URNs it may be configured with, and its life-cycle status."""

    id: str
    schemas: tuple[str, ...] = Field(description="URNs of the product schemas an order of it may carry")
    name: str = ""
    status: Literal["announced", "orderable", "onHold", "endOfSale", "endOfSupport"] = "orderable"


class Place(Model):
    """A site or address that orders may refer to by id. address: id of the one that a site is at."""

    id: str
    kind: Literal["address", "site"]
    name: str = ""
    address: str | None = None


class Route(Model):
    """Which back end fulfils: the first route whose offering and place prefix fit; None fits all."""

    backend: str = "sandbox"
    offering: str | None = None
    place_prefix: str | None = None


class Profile(Model):
    """What was agreed with a tenant. Version 1 is the first applied; a new one never touches orders under way."""

    tenant: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    name: str
    version: int = 0
    buyer_ids: tuple[str, ...] = ()
    seller_ids: tuple[str, ...] = ()
    strict: bool = Field(False, description="unknown members and respelled URNs are refused")
    tmf_extended: bool = Field(False, description="TMF documents carry MEF facts as extension members")
    seller_contacts: tuple[Contact, ...] = ()
    billing_accounts: tuple[str, ...] = ()
    single_billing_account: bool = False
    offerings: tuple[Offering, ...] = ()
    places: tuple[Place, ...] = ()
    routes: tuple[Route, ...] = (Route(),)
    settings: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated client acting for a tenant in one audience.

    buyer_ids: the buyers this client may name; one means it must not send `buyerId`, several that it must.
    scopes: granted operation scopes; "*" grants all of the audience.
    order_id: the id that the order gets which is placed with this credential; only delegated ones name one.
    """

    client: str
    tenant: str
    audience: Audience
    scopes: frozenset[str]
    buyer_ids: tuple[str, ...]
    seller_ids: tuple[str, ...]
    profile: Profile
    order_id: str | None = None
