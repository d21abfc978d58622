"""What stands beside orders, at every door that has it: answers that the documents allow, to those who may see it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from lso.dialects.book import book
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.settings import settings
from lso.store import order as orders
from tests.gateway.conftest import CANTATA, SONATA, TMF, Running
from tests.gateway.paths import SPECS
from tests.gateway.test_orders import TMF_INTERNET
from tests.pil.scene import CANCEL, CHARGE, MOVE, a_cancellation, a_charge, a_move, an_order, asked, finished, listed

OPERATOR = "urn:mef:lso:spec:sonata:access-eline-ovc:v5.0.0:all"
DOORS = [(SONATA, "carrier", "sonata.grace.order"), (CANTATA, "carrier-sil", "cantata.grace.order"),
         (TMF, "carrier-sil", "tmf.v4.order")]
ENDS = {"cancellation": ("rejected", {"denied_reason": "It is too late."}), "delivery_date": ("done", {}),
        "charge": ("completed", {})}


def made(service: Running, kind: str, order: str) -> str:
    """One of a kind, for an order of the carrier's."""
    if kind == "charge":
        return a_charge(service, order).id
    path, document = (CANCEL, a_cancellation(order)) if kind == "cancellation" else (
        MOVE, a_move(order, expediteIndicator=True, requestedCompletionDate="2027-01-01T00:00:00Z"))
    id: str = asked(service, SONATA + path, document)["id"]
    return id


PATHS = {"cancellation": CANCEL, "delivery_date": MOVE, "charge": CHARGE}
HAVING = [(kind, *door) for kind in PATHS for door in DOORS if kind == "cancellation" or door[0] != TMF]


@pytest.mark.parametrize(("kind", "base", "client", "edition"), HAVING)
def test_what_is_shown_and_listed_fits_the_document(service: Running, kind: str, base: str, client: str,
                                                    edition: str) -> None:
    order = an_order(service)
    id = made(service, kind, order)
    validators = Validators(load(SPECS / book().edition(edition).document), None, None)
    for state, members in ((None, {}), ENDS[kind]):
        if state is not None:
            finished(service, kind, id, state, **members)
        for path, name in ((f"{PATHS[kind]}/{id}", f"{PATHS[kind]}/{{id}}"), (PATHS[kind], PATHS[kind])):
            answer = service.call("GET", base + path, client)
            assert answer.status_code == 200, answer.text
            validator = validators.answer(name, "get", 200)
            assert validator is not None
            assert validator.findings(answer.json()) == ()


@pytest.mark.parametrize(("kind", "base", "client", "edition"), HAVING)
def test_a_tmf_order_bears_what_every_order_bears(service: Running, kind: str, base: str, client: str,
                                                  edition: str) -> None:
    order = an_order(service, client="carrier-sil", path=TMF, body=TMF_INTERNET)
    if kind == "delivery_date":
        item = TMF_INTERNET["productOrderItem"][0]["id"]
        id = asked(service, SONATA + MOVE, a_move(order, item, expediteIndicator=True))["id"]
    else:
        id = made(service, kind, order)
    shown = service.call("GET", f"{base}{PATHS[kind]}/{id}", client).json()
    validator = Validators(load(SPECS / book().edition(edition).document), None, None).answer(
        f"{PATHS[kind]}/{{id}}", "get", 200)
    assert validator is not None
    assert validator.findings(shown) == ()


@pytest.mark.parametrize("kind", list(PATHS))
def test_what_is_about_products_that_a_dialect_does_not_know_is_not_there_in_it(service: Running, kind: str) -> None:
    order = an_order(service)
    service.world.store.commit_now(lambda connection: _about(connection, order, OPERATOR))
    id = made(service, kind, order)
    assert service.call("GET", f"{SONATA}{PATHS[kind]}/{id}").status_code == 200
    assert id in listed(service, SONATA + PATHS[kind])
    for base in (CANTATA, TMF) if kind == "cancellation" else (CANTATA,):
        assert service.call("GET", f"{base}{PATHS[kind]}/{id}", "carrier-sil").status_code == 404
        assert id not in listed(service, base + PATHS[kind], "carrier-sil")
    answer = service.call("POST", f"{CANTATA}{CANCEL}", "carrier-sil", json=a_cancellation(order))
    assert {one["code"] for one in answer.json()} == {"referenceNotFound"}


def _about(connection: Any, id: str, schema: str) -> None:
    stored = orders.fetch(connection, "alpha", id)
    assert stored is not None
    orders.replace(connection, dataclasses.replace(stored, schemas=(schema,)), stored.version)


def test_a_page_that_we_cut_says_so_and_how_many_there_are(service: Running) -> None:
    order, most = an_order(service), settings().page_most
    for _ in range(most + 1):
        a_charge(service, order)
    for query, cut in ((f"productOrderId={order}", "true"), (f"productOrderId={order}&limit={most}", "false"),
                       (f"productOrderId={order}&limit={most + 5}", "true"),
                       (f"productOrderId={order}&creationDate.gt=2026-01-01T00:00:00Z", "true")):
        answer = service.call("GET", f"{SONATA}{CHARGE}?{query}")
        assert len(answer.json()) == most
        assert answer.headers["x-result-count"] == str(most)
        assert answer.headers["x-total-count"] == str(most + 1)
        assert answer.headers["x-pagination-throttled"] == cut
