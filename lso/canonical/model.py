"""What every canonical model is made of: closed, frozen, and plain JSON underneath.

Members are optional unless nothing makes sense without them: a translated document may lack what the service adds
later (id, state, dates), and a draft from a small dialect what enrichment adds. Absent means "not said": a flag that
is absent counts as false, and dumping never invents it. Moments are RFC 3339 strings in UTC ending in Z; numbers stay
the JSON type they came in (1 and 1.0 are different spellings); texts are never re-spelled.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr

Text = StrictStr
Number = StrictInt | StrictFloat
Instant = Annotated[str, Field(strict=True, json_schema_extra={"format": "date-time"})]  # UTC, ends in Z
Side = Literal["buyer", "seller"]


class Model(BaseModel):
    """Frozen, and closed to members it does not know: a table that writes one is a bug, not data."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Reference(Model):
    """Something of ours, by id; links to it are minted by whoever shows it."""

    id: Text | None = None
