"""What was agreed with a tenant, as the life cycle asks for it. Made once a profile, not once an order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from lso.canonical.tenant import Profile
from lso.dialects.edition import Edition
from lso.dialects.spelling import aliases
from lso.errors import Finding
from lso.lifecycle.charge import Terms
from lso.lifecycle.enrichment import Defaults
from lso.lifecycle.known import Known, OfferingFact, ProductFact
from lso.lifecycle.promise import Promises
from lso.lifecycle.quotation import QuoteTerms
from lso.store.product import StoredProduct

T = TypeVar("T")
Document = dict[str, Any]
SELLER_ROLE = "sellerContact"
SETTINGS, CHARGE, QUALIFICATION, QUOTE = "order", "charge", "qualification", "quote"


@dataclass(frozen=True, slots=True)
class Agreement:
    """contacts: the seller's, as orders show them."""

    defaults: Defaults
    contacts: tuple[Document, ...]
    known: Known
    _known_in: dict[frozenset[str], Known] = field(default_factory=dict, repr=False, compare=False)

    def known_to(self, edition: Edition, products: Mapping[str, StoredProduct],
                 places: Mapping[str, str] = MappingProxyType({})) -> Known:
        """What rules may know of an order that came in an edition and names these products, and these places beside
        those that were agreed: address or site, by id."""
        schemas = edition.products or frozenset()
        known = self._known_in.get(schemas)
        if known is None:
            known = self._known_in[schemas] = replace(self.known, schemas=schemas)
        if places:
            known = replace(known, places={**known.places, **places})
        if not products:
            return known
        return replace(known, products={
            product.id: ProductFact(product.schema, product.offering_id, product.status, product.document)
            for product in products.values()})


class Once(Generic[T]):
    """What is made of a profile, made once: as long as it is the present one of its tenant."""

    def __init__(self, make: Callable[[Profile], T]) -> None:
        self._make = make
        self._made: dict[str, tuple[Profile, T]] = {}

    def __call__(self, profile: Profile) -> T:
        """What was made of it. Raises what its making raises."""
        made = self._made.get(profile.tenant)
        if made is None or made[0] is not profile:
            made = self._made[profile.tenant] = profile, self._make(profile)
        return made[1]


class Agreements:
    """Those of all tenants that have called."""

    def __init__(self) -> None:
        self.of = Once(make)


def make(profile: Profile) -> Agreement:
    """Reads a profile that has been checked."""
    defaults = defaults_of(profile)
    contacts = tuple(one.model_dump(exclude_none=True) for one in profile.seller_contacts)
    policies = {"strict": profile.strict, "single_billing_account": profile.single_billing_account,
                "quote_required": defaults.quote_required,
                "qualification_required": quote_terms_of(profile).qualification_required}
    known = Known(
        offerings={offering.id: OfferingFact(frozenset(offering.schemas), offering.status)
                   for offering in profile.offerings},
        places={place.id: place.kind for place in profile.places},
        billing_accounts=frozenset(profile.billing_accounts),
        quotes=frozenset(defaults.quoted),
        aliases=aliases(),
        policies=frozenset(name for name, agreed in policies.items() if agreed),
    )
    return Agreement(defaults, contacts, known)


def defaults_of(profile: Profile) -> Defaults:
    """What was agreed about orders. Raises ValidationError where that was not checked."""
    return Defaults.model_validate(profile.settings.get(SETTINGS, {}))


@Once
def promises_of(profile: Profile) -> Promises:
    """What was agreed about qualifications. Raises ValidationError where that was not checked."""
    return Promises.model_validate(profile.settings.get(QUALIFICATION, {}))


@Once
def quote_terms_of(profile: Profile) -> QuoteTerms:
    """What was agreed about quotes. Raises ValidationError where that was not checked."""
    return QuoteTerms.model_validate(profile.settings.get(QUOTE, {}))


def check(profile: Profile) -> tuple[Finding, ...]:
    """What is wrong with a profile beyond its schema."""
    found = list[Finding]()
    if not any(contact.role == SELLER_ROLE for contact in profile.seller_contacts):
        reason = f"there is no contact with role {SELLER_ROLE} (MEF 123 R17)"
        found.append(Finding("/seller_contacts", "missingProperty", reason))
    try:
        Terms.model_validate(profile.settings.get(CHARGE, {}))
    except ValidationError as wrong:
        found += invalid(wrong, f"/settings/{CHARGE}")
    try:
        promises_of(profile)
    except ValidationError as wrong:
        found += invalid(wrong, f"/settings/{QUALIFICATION}")
    try:
        quote_terms_of(profile)
    except ValidationError as wrong:
        found += invalid(wrong, f"/settings/{QUOTE}")
    here = f"/settings/{SETTINGS}"
    try:
        defaults = defaults_of(profile)
    except ValidationError as wrong:
        return (*found, *invalid(wrong, here))
    if defaults.billing_account is not None and defaults.billing_account not in profile.billing_accounts:
        found.append(Finding(f"{here}/billing_account", "referenceNotFound", "it is not among the accounts"))
    return tuple(found)


def invalid(wrong: ValidationError, at: str = "") -> tuple[Finding, ...]:
    """What a model has to say against a document; values are not repeated."""
    codes = {"missing": "missingProperty", "extra_forbidden": "unexpectedProperty"}
    errors = wrong.errors(include_url=False, include_input=False, include_context=False)
    return tuple(Finding("/".join((at, *map(str, error["loc"]))), codes.get(error["type"], "invalidValue"),
                         error["msg"]) for error in errors)
