"""Subscriptions and translations, through their services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lso.canonical.tenant import Caller
from lso.dialects.book import Book
from lso.errors import NotFound, NotUnderstood
from lso.service.subscription import Subscriptions
from lso.service.translation import Translations
from lso.store.engine import Store
from tests.service.conftest import now, own, run

Callers = Callable[..., Caller]
SONATA, TMF = "sonata.grace.order", "tmf.v4.order"
CALLBACK = "http://127.0.0.1:9/events"


@pytest.fixture
def subscriptions(store: Store, the_book: Book) -> Subscriptions:
    return Subscriptions(store, the_book, now)


def test_a_subscription_is_kept_as_it_was_asked_for(subscriptions: Subscriptions, the_book: Book,
                                                    caller: Callers) -> None:
    sonata = the_book.edition(SONATA)
    kept = run(subscriptions.register(caller(), sonata, callback=CALLBACK,
                                      query="eventType = productOrderStateChangeEvent"))
    assert (kept.callback, kept.query) == (CALLBACK, "eventType = productOrderStateChangeEvent")
    assert kept.kinds == ("order_state",)
    assert run(subscriptions.retrieve(caller(), sonata, kept.id)) == kept


def test_a_subscription_belongs_to_its_tenant_and_its_edition(subscriptions: Subscriptions, the_book: Book,
                                                              caller: Callers) -> None:
    tmf = the_book.edition(TMF)
    kept = run(subscriptions.register(caller("demo-carrier-sil"), tmf, callback=CALLBACK))
    for client, edition in (("demo-enterprise", TMF), ("demo-carrier", SONATA)):
        with pytest.raises(NotFound):
            run(subscriptions.retrieve(caller(client), the_book.edition(edition), kept.id))
        with pytest.raises(NotFound):
            run(subscriptions.unregister(caller(client), the_book.edition(edition), kept.id))
    assert run(subscriptions.retrieve(caller("demo-carrier-sil"), tmf, kept.id)) == kept


def test_an_ended_subscription_is_gone(subscriptions: Subscriptions, the_book: Book, caller: Callers) -> None:
    sonata = the_book.edition(SONATA)
    kept = run(subscriptions.register(caller(), sonata, callback=CALLBACK))
    run(subscriptions.unregister(caller(), sonata, kept.id))
    for again in (subscriptions.retrieve, subscriptions.unregister):
        with pytest.raises(NotFound):
            run(again(caller(), sonata, kept.id))


@pytest.mark.parametrize(("callback", "query"), [
    ("not a url", ""), ("ftp://host/x", ""), ("http://169.254.169.254/latest", ""), (CALLBACK, "eventType=noSuchEvent"),
    (CALLBACK, "state=completed")])
def test_what_cannot_be_a_subscription_is_refused(subscriptions: Subscriptions, the_book: Book, caller: Callers,
                                                  callback: str, query: str) -> None:
    with pytest.raises(NotUnderstood):
        run(subscriptions.register(caller(), the_book.edition(SONATA), callback=callback, query=query))


def test_a_document_is_translated_there_and_back_again_with_its_complement(the_book: Book, caller: Callers) -> None:
    translations, document = Translations(the_book), own("sonata/internet_add.json")
    there = translations.translate(caller(), "sonata", "tmf", "order", document)
    assert there["document"]["@type"] == "ProductOrder"
    assert there["losses"]
    back = translations.translate(caller(), "tmf", "sonata", "order", there["document"], there["complement"])
    assert back["document"] == document


def test_a_tenant_that_takes_extensions_loses_less(the_book: Book, caller: Callers) -> None:
    translations, document = Translations(the_book), own("sonata/internet_add.json")

    def lost(**profile: Any) -> int:
        return len(translations.translate(caller(**profile), "sonata", "tmf", "order", document)["losses"])

    assert lost(tmf_extended=True) < lost()


def test_each_member_of_a_translation_is_explained(the_book: Book, caller: Callers) -> None:
    told = Translations(the_book).explain(caller(), "sonata", "tmf", "order", own("sonata/internet_add.json"))
    sources = {step["target"]: step["source"] for step in told["explanations"]}
    assert sources["/externalId"] == "/externalId"
    assert sources["/@type"] is None


def test_a_dialect_that_nobody_speaks_is_refused(the_book: Book, caller: Callers) -> None:
    with pytest.raises(NotUnderstood):
        Translations(the_book).translate(caller(), "klingon", "tmf", "order", {})
