"""Where a buyer does business: one edition of a running service, in the name of one client; and documents to send."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests

from tests.journeys.documents import ours
from tests.running import Running, eventually

Document = dict[str, Any]
Found = set[tuple[str, str]]
FINAL = {"completed", "rejected", "failed", "partial", "cancelled"}
ITEM = "/productOrderItem/0"


@dataclass(frozen=True)
class Desk:
    """query: what goes with every request, `buyerId=north`."""

    service: Running
    base: str
    client: str
    query: str = ""

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        """Any request."""
        if self.query:
            path += ("&" if "?" in path else "?") + self.query
        return self.service.call(method, self.base + path, self.client, **more)

    def get(self, path: str) -> requests.Response:
        """Look something up."""
        return self.call("GET", path)

    def post(self, document: Any, path: str = "/productOrder") -> requests.Response:
        """Send a document."""
        return self.call("POST", path, json=document)

    def patch(self, path: str, document: Any, kind: str = "application/json") -> requests.Response:
        """Send a change."""
        return self.call("PATCH", path, json=document, headers={"Content-Type": kind})

    def made(self, document: Any, path: str = "/productOrder") -> Document:
        """What a document has brought about."""
        answer = self.post(document, path)
        assert answer.status_code == 201, answer.text
        made: Document = answer.json()
        return made

    def refused(self, document: Any, path: str = "/productOrder") -> Found:
        """What is wrong with a document: pointers into it, and codes."""
        answer = self.post(document, path)
        assert answer.status_code == 422, answer.text
        return {(error.get("propertyPath", ""), error["code"]) for error in answer.json()}

    def read(self, id: str, path: str = "/productOrder") -> Document:
        """A resource as it is now."""
        answer = self.get(f"{path}/{id}")
        assert answer.status_code == 200, answer.text
        read: Document = answer.json()
        return read

    def listed(self, query: str = "", path: str = "/productOrder") -> list[Document]:
        """What a list shows."""
        answer = self.get(f"{path}?{query}" if query else path)
        assert answer.status_code == 200, answer.text
        rows: list[Document] = answer.json()
        return rows

    def once(self, id: str, *states: str, path: str = "/productOrder") -> Document:
        """A resource, once it is in one of these states."""
        def look() -> Any:
            seen = self.read(id, path)
            return seen["state"] in states and seen
        reached: Document = eventually(look, every=0.02)
        return reached

    def ended(self, id: str) -> Document:
        """An order, once it has come to its end."""
        return self.once(id, *FINAL)

    def seen(self, id: str) -> Iterator[Document]:
        """An order, as often as one looks, until it has come to its end."""
        while True:
            order = self.read(id)
            yield order
            if order["state"] in FINAL:
                return
            time.sleep(0.01)


def internet(**members: Any) -> Document:
    """An order of internet access, with members of its own."""
    return {**ours("sonata/internet_add.json"), **members}


def at(street: str, *streets: str, **members: Any) -> Document:
    """The same in a street, or with an item for each of several: some bring out what the sandbox does on demand
    (`rules.yaml` there)."""
    order = changed(internet(**members), f"{ITEM}/product/place/0/streetName", street)
    (item,) = order["productOrderItem"]
    for number, other in enumerate(streets, start=2):
        another = changed(order, f"{ITEM}/product/place/0/streetName", other)["productOrderItem"][0]
        order["productOrderItem"].append({**another, "id": f"{item['id']}-{number}"})
    return order


def changed(order: Document, path: str, value: Any = None) -> Document:
    """An order with one member set, or left out."""
    order = copy.deepcopy(order)
    *way, last = path.strip("/").split("/")
    node: Any = order
    for name in way:
        node = node[int(name)] if isinstance(node, list) else node[name]
    if value is None:
        node.pop(int(last) if isinstance(node, list) else last)
    else:
        node[last] = value
    return order


def bought(desk: Desk) -> Document:
    """A product of one's own, by an order of internet access that has come to its end: as that order shows it."""
    order = desk.ended(desk.made(internet())["id"])
    product: Document = order["productOrderItem"][0]["product"]
    assert product["id"]
    return product


def change(product: Document) -> Document:
    """An order that changes a product."""
    return changed(changed(internet(), f"{ITEM}/action", "modify"), f"{ITEM}/product", product)


def removal(product: Document) -> Document:
    """An order that removes a product."""
    return changed(changed(internet(), f"{ITEM}/action", "delete"), f"{ITEM}/product", {"id": product["id"]})
