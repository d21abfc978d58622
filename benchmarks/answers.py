"""What is answered at once before an order, against the order itself: a qualification and a quote of the same product.

Each answer asks the back end, or the price book, and is kept with its event in one transaction, as the order is. All
three go in turn to one service whose worker is paused, so that nothing but the requests themselves is measured.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from benchmarks import stock
from benchmarks.body import Body
from benchmarks.door import request
from benchmarks.process import Server, load, service, token
from benchmarks.report import Figure, micro

PART = "11 answers at once"
ROUNDS, SECONDS, WARM_UP_SECONDS, CONNECTIONS = 7, 1.0, 0.5, 16
LEAST = 0.8
ORDER, QUALIFICATION, QUOTE = "order", "immediate POQ", "immediate quote"
PATHS = {ORDER: stock.BASE_PATH + stock.PATH,
         QUALIFICATION: "/mefApi/sonata/productOfferingQualification/v7/productOfferingQualification",
         QUOTE: "/mefApi/sonata/quoteManagement/v8/quote"}
ANSWERED = {QUALIFICATION: ("done.ready",), QUOTE: ("approved.orderable", "approved.answered")}
Document = dict[str, Any]
Seen = dict[str, Any]


def measure(orders: list[Body], folder: Path) -> Iterator[Figure]:
    """Rate and processor time of each, for each product."""
    with service(folder, LSO_WORKER_THREADS="0") as server:
        server.wait_until_ready("/ready")
        bearer = token(server, "demo-carrier")
        for order in orders:
            bodies = {ORDER: order, QUALIFICATION: question(order), QUOTE: inquiry(order)}
            requests = {name: request(server, body, bearer, PATHS[name]) for name, body in bodies.items()}
            for name in ANSWERED:
                _check(server, name, bodies[name], bearer)
            yield from _figures(order, _in_turns(server, requests))


def question(order: Body) -> Body:
    """Whether the products of an order can be had, wanted at once."""
    return _asked(order, {"instantSyncQualification": True}, "productOfferingQualificationItem",
                  "qualificationItemRelationship")


def inquiry(order: Body) -> Body:
    """What the products of an order would cost, wanted at once."""
    asked = _asked(order, {"instantSyncQuote": True, "buyerRequestedQuoteLevel": "firm"}, "quoteItem",
                   "quoteItemRelationship")
    contact = order.document["relatedContactInformation"][0]
    for item, ordered in zip(asked.document["quoteItem"], order.document["productOrderItem"], strict=True):
        item["requestedQuoteItemTerm"] = ordered["requestedItemTerm"]
        item["relatedContactInformation"] = [{**contact, "role": "quoteItemTechnicalContact"}]
    return Body(order.name, orjson.dumps(asked.document), asked.document)


def _asked(order: Body, members: Document, items: str, relationship: str) -> Body:
    contact = {**order.document["relatedContactInformation"][0], "role": "buyerContactInformation"}
    names = {"id": "id", "action": "action", "product": "product", "productOrderItemRelationship": relationship}
    document = {**members, "relatedContactInformation": [contact], items: [
        {theirs: item[ordered] for ordered, theirs in names.items() if ordered in item}
        for item in order.document["productOrderItem"]]}
    return Body(order.name, orjson.dumps(document), document)


def _check(server: Server, name: str, body: Body, bearer: str) -> None:
    """Raises RuntimeError unless there is an answer in the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
    connection.request("POST", PATHS[name], body.raw, headers)
    answer = connection.getresponse()
    told = json.loads(answer.read())
    if answer.status != 201 or told["state"] not in ANSWERED[name]:
        raise RuntimeError(f"{name}, {body}: {answer.status}: {json.dumps(told)[:1500]}")


def _in_turns(server: Server, requests: dict[str, bytes]) -> dict[str, list[Seen]]:
    took: dict[str, list[Seen]] = {name: [] for name in requests}
    for turn in range(ROUNDS + 1):
        for name, raw in requests.items():
            used = server.processor_seconds()
            seen = load(server, raw, SECONDS if turn else WARM_UP_SECONDS, CONNECTIONS)
            seen["processor"] = (server.processor_seconds() - used) / seen["count"]
            if set(seen["statuses"]) != {"201"}:
                raise RuntimeError(f"{name} answered {seen['statuses']}: {seen['refusal']}")
            if turn:
                took[name].append(seen)
    return took


def _figures(order: Body, took: dict[str, list[Seen]]) -> Iterator[Figure]:
    rate, processor = ({name: [seen[what] for seen in rounds] for name, rounds in took.items()}
                       for what in ("rate", "processor"))
    for name in ANSWERED:
        yield Figure(PART, f"rate, {name}, {order.name}, worker paused", f"{median(rate[name]):,.0f}/s",
                     f"order {median(rate[ORDER]):,.0f}/s", _ratio(rate, name), least=LEAST)
        yield Figure(PART, f"processor time per request, {name}, {order.name}", micro(median(processor[name])),
                     f"order {micro(median(processor[ORDER]))}", _ratio(processor, name))


def _ratio(found: dict[str, list[float]], name: str) -> float:
    return median(one / other for one, other in zip(found[name], found[ORDER], strict=True))
