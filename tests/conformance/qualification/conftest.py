"""Desks for questions; the service is that of the folder above."""

from tests.conformance.qualification.inquiring import poq

__all__ = ["poq"]
