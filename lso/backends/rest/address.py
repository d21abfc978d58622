"""Addresses as another seller knows them: asked by Sonata's validation (MEF 121, release Grace).

What is sent is what the canonical model holds of the address; members that it does not know stay here.
"""

from __future__ import annotations

from pydantic import ValidationError

from lso.backends.rest.asking import Asking, Document
from lso.backends.verdict import verdict
from lso.canonical.address_validation import AddressValidation, dump
from lso.dialects.book import book
from lso.errors import UpstreamError
from lso.lifecycle.ports.question import Located

SECONDS = 4.0
"""Nobody waits longer for an address."""
PATH, MAPPING = "/geographicAddressValidation", "sonata.address_validation"


class SellerAddresses:
    """Somebody who knows addresses (lifecycle.ports.question.Locating)."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def close(self) -> None:
        """Close the connections."""
        self._asking.close()

    def locate(self, submitted: Document, *, others: bool) -> Located | None:
        """How the seller knows an address; None where it refuses the question."""
        asked = book().mapping(MAPPING).write({"submitted": submitted, "alternatives_wanted": others}).document
        reply = self._asking.send("POST", PATH, asked)
        if verdict(reply.status) == "refused":
            return None
        told = self._read(self._asking.object(reply))
        if (result := told.get("result")) is None:
            raise self._unclear()
        return Located(result, told.get("best_match"), tuple(told.get("alternatives") or ()))

    def _read(self, answer: Document) -> Document:
        try:
            return dump(AddressValidation.model_validate(book().mapping(MAPPING).read(answer).document))
        except ValidationError as wrong:
            raise self._unclear() from wrong

    def _unclear(self) -> UpstreamError:
        return UpstreamError(f"{self._asking.name} gave an answer that cannot be understood.")
