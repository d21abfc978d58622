"""SOAP 1.1 envelopes around the four messages that are exchanged with the legacy system, and its faults.

    SubmitServiceOrder(ServiceOrder)  ->  SubmitServiceOrderResponse(ServiceOrder as it is now)
    QueryServiceOrder(OrderNumber)    ->  QueryServiceOrderResponse(ServiceOrder as it is now)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from lxml import etree

from lso.dialects.xml import Layout, XmlRefused, parse, serialise
from lso.settings import data_folder

Document = dict[str, Any]
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
NAMESPACE = "urn:lso-bridge:service-order:2"
MEDIA_TYPE = "text/xml; charset=utf-8"
ENVELOPE, BODY, FAULT = (f"{{{SOAP}}}{name}" for name in ("Envelope", "Body", "Fault"))
CLIENT = "Client"
UNKNOWN_ORDER = "UnknownOrder"


@dataclass(frozen=True, slots=True)
class Fault:
    """code: whose fault, Client or Server; detail: one word of the legacy system; text: a sentence."""

    code: str
    detail: str
    text: str


@lru_cache(maxsize=1)
def order_layout() -> Layout:
    """How a service order is laid out."""
    schemas = yaml.safe_load((data_folder("specs") / "soap" / "serviceOrder.yaml").read_text(encoding="utf-8"))
    return Layout.of(schemas["definitions"], "ServiceOrder", NAMESPACE)


def of_order(operation: str, order: Document) -> bytes:
    """A message that carries a service order. Raises XmlRefused for what XML cannot say."""
    return _wrapped(_operation(operation, order_layout().write(order)))


def of_number(operation: str, number: str) -> bytes:
    """A message that names a service order. Raises XmlRefused for what XML cannot say."""
    element = etree.Element(f"{{{NAMESPACE}}}OrderNumber")
    try:
        element.text = number
    except ValueError as error:
        raise XmlRefused("the order number cannot be said in XML") from error
    return _wrapped(_operation(operation, element))


def of_fault(fault: Fault) -> bytes:
    """A fault."""
    element = etree.Element(FAULT, nsmap={"soap": SOAP})
    etree.SubElement(element, "faultcode").text = f"soap:{fault.code}"
    etree.SubElement(element, "faultstring").text = fault.text
    etree.SubElement(etree.SubElement(element, "detail"), f"{{{NAMESPACE}}}Code").text = fault.detail
    return _wrapped(element)


def opened(raw: bytes) -> tuple[str, etree._Element] | Fault:
    """The operation and what it carries, or a fault. Raises XmlRefused for anything else."""
    root = parse(raw)
    body = root.find(BODY) if root.tag == ENVELOPE else None
    if body is None or len(body) != 1:
        raise XmlRefused("not a SOAP envelope with one message")
    message = body[0]
    if message.tag == FAULT:
        code = (message.findtext("faultcode") or "").rpartition(":")[2].partition(".")[0]
        detail = message.findtext(f"detail/{{{NAMESPACE}}}Code") or ""
        return Fault(code, detail, (message.findtext("faultstring") or "").strip())
    if len(message) != 1 or not str(message.tag).startswith(f"{{{NAMESPACE}}}"):
        raise XmlRefused("not a message of ours")
    return etree.QName(message).localname, message[0]


def order_in(element: etree._Element) -> Document:
    """The service order that a message carries, as a tree. Raises XmlRefused."""
    return order_layout().read(element)


def number_in(element: etree._Element) -> str:
    """The order number that a message carries. Raises XmlRefused."""
    if element.tag != f"{{{NAMESPACE}}}OrderNumber" or len(element):
        raise XmlRefused("OrderNumber was expected")
    return element.text or ""


def _operation(name: str, content: etree._Element) -> etree._Element:
    element = etree.Element(f"{{{NAMESPACE}}}{name}", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    element.append(content)
    return element


def _wrapped(content: etree._Element) -> bytes:
    root = etree.Element(ENVELOPE, nsmap={"soap": SOAP})
    etree.SubElement(root, BODY).append(content)
    return serialise(root)
