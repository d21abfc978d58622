"""Whom to talk to, and what was said."""

from __future__ import annotations

from pydantic import Field

from lso.canonical.model import Instant, Model, Side, Text
from lso.canonical.place import FieldedAddress


class PostalAddress(FieldedAddress):
    """Where a contact receives mail."""

    role: Text | None = Field(None, description="what the address is for")
    schema_location: Text | None = Field(None, description="URI of the sender's definition of it")


class Contact(Model):
    """A person or desk, and what they are to be contacted about."""

    role: Text | None = Field(None, description="productOrderContact, buyerTechnicalContact")
    name: Text | None = None
    organization: Text | None = Field(None, description="whom the contact works for")
    email: Text | None = None
    phone: Text | None = None
    phone_extension: Text | None = None
    address: PostalAddress | None = None
    party_id: Text | None = Field(None, description="id in the party registry of a TM Forum client")


class Note(Model):
    """A remark; notes are only ever appended."""

    id: Text | None = None
    author: Text | None = None
    at: Instant | None = None
    side: Side | None = Field(None, description="who speaks")
    text: Text | None = None
