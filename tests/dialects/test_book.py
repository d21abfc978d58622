"""The book: what is opened at start, and under which names."""

from __future__ import annotations

import pytest

from lso.canonical import qualification, quote
from lso.canonical.charge import ChargeItemState, ChargeState, Verdict
from lso.canonical.event import OrderEventKind, QualificationEventKind, QuoteEventKind
from lso.canonical.item import Action
from lso.canonical.order import ItemState, OrderState
from lso.canonical.price import ChargePeriod, PriceKind
from lso.canonical.task import TaskState
from lso.dialects.book import book
from lso.lens.load import load_words
from lso.settings import data_folder


def test_cantata_is_sonata_under_another_name() -> None:
    assert book().base_name("cantata.order") == "sonata.order"
    assert book().mapping("cantata.order") is book().mapping("sonata.order")


def test_every_edition_with_a_mapping_has_its_mapping_resource_and_dialect() -> None:
    for edition in book().editions:
        assert book().dialect(edition).media_type
        if edition.mapping is not None:
            assert book().mapping(edition.mapping).name == book().base_name(edition.mapping)
            assert book().resource(edition).path == "productOrder"


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
    ("quote_level", quote.Level), ("requested_quote_level", quote.RequestedLevel)])
def test_words_and_model_know_the_same_words(name: str, words: object) -> None:
    table = load_words(data_folder("mappings") / "words" / f"{name}.yaml")
    ours = table.columns.index("ours")
    assert {row[ours] for row in table.rows} == set(words.__args__)  # type: ignore[attr-defined]
