"""Desks for quotes; the service is that of the folder above."""

from tests.conformance.quote.quoting import desk

__all__ = ["desk"]
