"""The order: the union of what the releases and dialects can say, each member once.

Members are optional unless nothing makes sense without them: a translated document may lack what the service adds
later (id, state, dates), and a draft from a small dialect what enrichment adds. Absent means "not said": a flag that
is absent counts as false, and `dump` never invents it. Moments are RFC 3339 strings in UTC ending in Z; numbers stay
the JSON type they came in (1 and 1.0 are different spellings); texts are never re-spelled.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

Text = StrictStr
Number = StrictInt | StrictFloat
Instant = Annotated[str, Field(strict=True, json_schema_extra={"format": "date-time"})]  # UTC, ends in Z

Action = Literal["add", "modify", "delete", "no_change"]
Side = Literal["buyer", "seller"]
OrderState = Literal[
    "acknowledged", "in_progress", "pending", "assessing_modification", "held", "assessing_charge",
    "assessing_cancellation", "cancelling", "cancelled", "completed", "partial", "failed", "rejected"]
ItemState = Literal[
    "acknowledged", "in_progress", "pending", "held", "assessing_cancellation", "cancelling", "cancelled", "completed",
    "failed", "rejected", "rejected_validated", "rejected_unassessed"]


class Model(BaseModel):
    """Frozen, and closed to members it does not know: a table that writes one is a bug, not data."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Duration(Model):
    """A length of time."""

    amount: Number | None = Field(None, description="how many units; MEF knows integers only")
    unit: Text | None = Field(None, description="calendar_months, _days, _hours, _minutes, business_days, _hours, "
                              "_minutes; else free text of a TM Forum client")


class Term(Model):
    """A commitment and what follows it."""

    name: Text | None = Field(None, description="name agreed with the buyer")
    description: Text | None = Field(None, description="for people")
    duration: Duration | None = Field(None, description="how long it binds")
    at_end: Literal["roll", "disconnect", "renew"] | None = Field(None, description="what happens when it runs out")
    roll: Duration | None = Field(None, description="length of each further stretch, with at_end roll")


class SubUnit(Model):
    """The smallest part of an address: suite 4B, rack 12."""

    kind: Text | None = Field(None, description="suite, rack, door")
    number: Text | None = Field(None, description="its number or name")


class Within(Model):
    """Where inside a property."""

    building: Text | None = Field(None, description="name of the building")
    level_kind: Text | None = Field(None, description="floor, basement, mezzanine")
    level: Text | None = Field(None, description="number or name of the level")
    private_street: Text | None = Field(None, description="street inside a campus")
    private_number: Text | None = Field(None, description="number on that street")
    units: tuple[SubUnit, ...] | None = Field(None, description="from large to small")


class FieldedAddress(Model):
    """A postal address, one member a part, as sent."""

    number: Text | None = Field(None, description="house number, or the first of a range")
    number_suffix: Text | None = Field(None, description="the B of 12B")
    number_last: Text | None = Field(None, description="last number of a range")
    number_last_suffix: Text | None = Field(None, description="suffix of the last number")
    street: Text | None = Field(None, description="name of the street")
    street_type: Text | None = Field(None, description="street, avenue, lane")
    street_suffix: Text | None = Field(None, description="direction behind the street name")
    city: Text | None = None
    locality: Text | None = Field(None, description="district within the city")
    region: Text | None = Field(None, description="state or province")
    postcode: Text | None = None
    postcode_extension: Text | None = Field(None, description="what some countries add to the postcode")
    country: Text | None = Field(None, description="as sent, any language")
    country_code: Text | None = Field(None, description="ISO 3166-1, two letters, where it is known")
    within: Within | None = Field(None, description="where inside the property")


class PostalAddress(FieldedAddress):
    """Where a contact receives mail."""

    role: Text | None = Field(None, description="what the address is for")
    schema_location: Text | None = Field(None, description="URI of the sender's definition of it")


class FormattedAddress(Model):
    """A postal address in lines, as sent."""

    line1: Text | None = None
    line2: Text | None = None
    city: Text | None = None
    locality: Text | None = Field(None, description="district within the city")
    region: Text | None = Field(None, description="state or province")
    postcode: Text | None = None
    postcode_extension: Text | None = Field(None, description="what some countries add to the postcode")
    country: Text | None = Field(None, description="as sent, any language")
    country_code: Text | None = Field(None, description="ISO 3166-1, two letters, where it is known")


class LabelledPlace(Model):
    """A place under the label of a third party, or under a name."""

    label: Text | None = Field(None, description="the label (CLLI code) or name")
    label_type: Text | None = Field(None, description="who administers the label")


class Point(Model):
    """A point by its coordinates, as sent."""

    datum: Text | None = Field(None, description="reference system agreed at onboarding")
    x: Text | None = Field(None, description="latitude")
    y: Text | None = Field(None, description="longitude")
    z: Text | None = Field(None, description="elevation")


class Place(Model):
    """A place in a role; `kind` says which representation came first, the others may stand beside it."""

    role: Text | None = Field(None, description="from the vocabulary of the product: INSTALL_LOCATION")
    kind: Text | None = Field(None, description="first representation: fielded_address, formatted_address, "
                              "address_label, address, site, point; other: as it came, in raw; else a client's word")
    id: Text | None = Field(None, description="id of an address or site of ours")
    fielded: FieldedAddress | None = None
    formatted: FormattedAddress | None = None
    labelled: LabelledPlace | None = None
    point: Point | None = None
    schema_location: Text | None = Field(None, description="URI of the sender's definition of it")
    raw: Any = Field(None, description="a place of a kind we do not know, verbatim")


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


class Reference(Model):
    """Something of ours, by id; links to it are minted by whoever shows it."""

    id: Text | None = None


class OrderChange(Model):
    """An entry in the history of an order."""

    state: OrderState | None = None
    at: Instant | None = None
    reason: Text | None = None


class ItemChange(Model):
    """An entry in the history of an item."""

    state: ItemState | None = None
    at: Instant | None = None
    reason: Text | None = None


class QuoteItem(Model):
    """The quoted item that an item follows."""

    quote_id: Text | None = None
    item_id: Text | None = None


class QualificationItem(Model):
    """The qualified item that an item follows."""

    qualification_id: Text | None = None
    item_id: Text | None = None
    alternate_id: Text | None = Field(None, description="the alternative chosen, where one was offered")


class ItemRelation(Model):
    """A tie to another item of the same order."""

    item_id: Text | None = None
    kind: Text | None = Field(None, description="from the vocabulary of the product: CONNECTS_TO_UNI")


class ProductRelation(Model):
    """A tie to a product that exists."""

    product_id: Text | None = None
    kind: Text | None = Field(None, description="from the vocabulary of the product")
    group: Text | None = Field(None, description="grouping key; quotes and qualifications know it, orders do not")


class Coordination(Model):
    """When an item begins or ends in relation to another item."""

    item_id: Text | None = None
    delay: Duration | None = None
    dependency: Literal["start_to_start", "start_to_finish", "finish_to_start", "finish_to_finish"] | None = None


class Milestone(Model):
    """A product-specific step that was reached."""

    name: Text | None = None
    at: Instant | None = None
    note: Text | None = None


class ItemError(Model):
    """Why an item that had been accepted was given up."""

    code: Text | None = Field(None, description="an Error422 code")
    pointer: Text | None = Field(None, description="JSON Pointer into the document as it was submitted")
    reason: Text | None = None


class Product(Model):
    """What is ordered: its configuration when it is added, its id once it exists."""

    id: Text | None = Field(None, description="id in the inventory")
    offering_id: Text | None = None
    schema_urn: Text | None = Field(None, alias="schema", description="URN of the product schema of configuration")
    configuration: dict[str, Any] | None = Field(None, description="verbatim, as the product schema has it")
    relations: tuple[ProductRelation, ...] | None = None
    places: tuple[Place, ...] | None = None


class Item(Model):
    """One product that the order adds, changes or removes."""

    id: Text | None = Field(None, description="chosen by the buyer, unique within the order")
    action: Action | None = None
    state: ItemState | None = None
    history: tuple[ItemChange, ...] | None = None
    product: Product | None = None
    agreement: Text | None = Field(None, description="name of the frame contract")
    agreement_id: Text | None = Field(None, description="its id, where a dialect has one")
    billing_account_id: Text | None = None
    end_customer: Text | None = Field(None, description="customer of the buyer, where the buyer resells")
    buyer_pon: Text | None = Field(None, description="purchase order number of the buyer")
    tsp_priority: Text | None = Field(None, description="code of the Telecommunications Service Priority programme")
    expedite: StrictBool | None = Field(None, description="wanted sooner than usual")
    expedite_accepted: StrictBool | None = Field(None, description="the seller agreed to hurry")
    requested_completion_at: Instant | None = None
    expected_completion_at: Instant | None = None
    completed_at: Instant | None = None
    requested_term: Term | None = Field(None, description="what the buyer asks for")
    terms: tuple[Term, ...] | None = Field(None, description="what was agreed; at most one in MEF")
    quote_item: QuoteItem | None = None
    qualification_item: QualificationItem | None = None
    relations: tuple[ItemRelation, ...] | None = None
    coordination: tuple[Coordination, ...] | None = None
    charges: tuple[Reference, ...] | None = None
    milestones: tuple[Milestone, ...] | None = None
    errors: tuple[ItemError, ...] | None = None
    notes: tuple[Note, ...] | None = None
    contacts: tuple[Contact, ...] | None = None


class Order(Model):
    """A request to add, change or remove products, and how it fares."""

    id: Text | None = Field(None, description="ours, the same in every dialect")
    external_id: Text | None = Field(None, description="order number of the buyer")
    project_id: Text | None = Field(None, description="groups orders of one project of the buyer")
    description: Text | None = None
    category: Text | None = Field(None, description="kind of order, B2B")
    priority: Text | None = Field(None, description="0 is highest, 4 lowest")
    state: OrderState | None = None
    history: tuple[OrderChange, ...] | None = None
    ordered_at: Instant | None = None
    requested_start_at: Instant | None = None
    requested_completion_at: Instant | None = Field(None, description="for all items that name none of their own")
    expected_completion_at: Instant | None = None
    completed_at: Instant | None = None
    cancelled_at: Instant | None = None
    cancellation_reason: Text | None = None
    cancellation_charges: tuple[Reference, ...] | None = None
    notes: tuple[Note, ...] | None = None
    contacts: tuple[Contact, ...] | None = None
    items: tuple[Item, ...] = ()


def dump(order: Order) -> dict[str, Any]:
    """The document the order was made from, with the changes since: what was set, and nothing else."""
    return order.model_dump(mode="json", by_alias=True, exclude_unset=True)
