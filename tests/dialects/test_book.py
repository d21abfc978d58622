"""The book: what is opened at start, and under which names."""

from __future__ import annotations

import pytest

from lso.canonical import qualification, quote
from lso.canonical.address_validation import ValidationResult
from lso.canonical.charge import ChargeItemState, ChargeState, Verdict
from lso.canonical.event import OrderEventKind, QualificationEventKind, QuoteEventKind
from lso.canonical.item import Action
from lso.canonical.order import ItemState, OrderState
from lso.canonical.price import ChargePeriod, PriceKind
from lso.canonical.site import Visibility
from lso.canonical.task import TaskState
from lso.dialects.book import book
from lso.dialects.edition import load_editions
from lso.gateway.specification import load
from lso.lens.load import load_words
from lso.settings import data_folder


def test_cantata_is_sonata_under_another_name() -> None:
    assert book().base_name("cantata.order") == "sonata.order"
    assert book().mapping("cantata.order") is book().mapping("sonata.order")


def test_every_edition_with_a_mapping_has_its_mapping_resource_and_dialect() -> None:
    specs = data_folder("specs")
    for edition in load_editions(specs, unserved=True):
        assert book().edition(edition.edition) == edition
        assert book().dialect(edition).media_type
        if edition.mapping is not None:
            assert book().mapping(edition.mapping).name == book().base_name(edition.mapping)
            paths = {path.split("/")[1] for path in load(specs / edition.document).document["paths"]}
            assert book().resource(edition).path in paths
        for resource in edition.further:
            assert book().mapping(edition.mapping_of(resource) or "")


def test_an_edition_has_the_resources_of_its_document_and_no_others() -> None:
    order, quote = book().edition("sonata.grace.order"), book().edition("sonata.grace.quote")
    assert book().knows(order, "charge")
    assert not book().knows(order, "quote")
    assert book().knows(quote, "quote")
    assert not book().knows(quote, "order")


def test_an_edition_that_is_not_served_is_known_and_not_among_the_others() -> None:
    specs = data_folder("specs")
    known = set(load_editions(specs, unserved=True))
    assert set(book().editions) == set(load_editions(specs)) == {edition for edition in known if edition.served}


def test_the_token_endpoint_has_a_dialect_of_its_own() -> None:
    assert book().dialect(book().edition("platform.v1.identity")).name == "oauth"
    assert book().dialect(book().edition("platform.v1.health")).name == "native"


def test_a_mapping_that_there_is_not_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        book().mapping("latin.order")


@pytest.mark.parametrize(("name", "words"), [
    ("order_state", OrderState), ("item_state", ItemState), ("item_action", Action), ("event_kind", OrderEventKind),
    ("task_state", TaskState), ("charge_state", ChargeState), ("charge_item_state", ChargeItemState),
    ("verdict", Verdict), ("price_kind", PriceKind), ("charge_period", ChargePeriod),
    ("qualification_event_kind", QualificationEventKind), ("qualification_state", qualification.QualificationState),
    ("qualification_item_state", qualification.ItemState), ("confidence", qualification.Confidence),
    ("qualification_result", qualification.Result), ("quote_event_kind", QuoteEventKind),
    ("quote_state", quote.QuoteState), ("quote_item_state", quote.ItemState), ("quote_action", Action),
    ("quote_level", quote.Level), ("requested_quote_level", quote.RequestedLevel),
    ("validation_result", ValidationResult), ("visibility", Visibility)])
def test_words_and_model_know_the_same_words(name: str, words: object) -> None:
    table = load_words(data_folder("mappings") / "words" / f"{name}.yaml")
    ours = table.columns.index("ours")
    assert {row[ours] for row in table.rows} == set(words.__args__)  # type: ignore[attr-defined]
