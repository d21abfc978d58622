"""The address: a location as the seller knows it, with an id that later requests may name.

Members are optional for the reasons said in `model.py`.
"""

from __future__ import annotations

from pydantic import Field, StrictBool

from lso.canonical.model import Text
from lso.canonical.place import FieldedAddress, Location


class AssociatedAddress(FieldedAddress):
    """The postal address that goes with a point or label."""

    id: Text | None = Field(None, description="where it is an address of ours as well")
    schema_location: Text | None = Field(None, description="URI of the sender's definition of it")


class Address(Location):
    """A location as submitted, or as the seller knows it."""

    associated: AssociatedAddress | None = None
    allows_new_site: StrictBool | None = Field(None, description="false: one of the existing sites has to be used")
    has_public_site: StrictBool | None = Field(None, description="there are sites here that anybody may know of")
