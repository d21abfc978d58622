"""The models of all resources beside the order, by their kind: the word that the store and the events have for them."""

from __future__ import annotations

from collections.abc import Mapping

from lso.canonical.cancellation import Cancellation
from lso.canonical.charge import Charge
from lso.canonical.delivery_date import DeliveryDate
from lso.canonical.model import Model
from lso.canonical.qualification import Qualification
from lso.canonical.qualification_query import QualificationQuery
from lso.canonical.quote import Quote

MODELS: Mapping[str, type[Model]] = {
    "cancellation": Cancellation, "charge": Charge, "delivery_date": DeliveryDate,
    "qualification": Qualification, "qualification_query": QualificationQuery, "quote": Quote,
}
