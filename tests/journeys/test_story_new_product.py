"""A product that nobody has heard of is qualified, quoted, ordered and delivered in every language. What makes it is
in the folder time_feed: a schema, a price book, and what is added to files of data. No line of Python knows of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from lso.settings import data_folder
from tests.conformance.desk import Document
from tests.forked import run
from tests.journeys.documents import ROOT, holds
from tests.journeys.purchase import Language, Wanted, languages
from tests.running import Running
from tests.tenants import like

HERE = Path(__file__).parent / "time_feed"
ORIGINS = {"specs": data_folder("specs"), "rules": ROOT / "lso" / "lifecycle" / "rules",
           "sandbox": ROOT / "lso" / "backends" / "sandbox"}
TENANT, LANGUAGES = "observatory", ("sonata", "cantata", "tmf")
CLOCK = {"clockClass": "GNSS", "holdover": {"timeDurationValue": 12, "timeDurationUnits": "HOUR"},
         "protocols": ["PTP", "NTP"]}


@cache
def added() -> Any:
    """What the new product adds."""
    return yaml.safe_load((HERE / "added.yaml").read_text(encoding="utf-8"))


def feed(**configuration: Any) -> Wanted:
    """The new product."""
    return Wanted(added()["offering"]["id"], added()["urn"], {**CLOCK, **configuration}, "ADDR-QUAY-6")


def joined(told: Any, more: Any) -> Any:
    """A file of data with what is added to it."""
    if isinstance(told, dict):
        return {**told, **{name: joined(told[name], one) if name in told else one for name, one in more.items()}}
    assert isinstance(told, list)
    return told + more


def with_the_product(folder: Path) -> Path:
    """A folder of data as an operator keeps one, with the new product in it."""
    for name, origin in ORIGINS.items():
        shutil.copytree(origin, folder / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for name, more in added()["files"].items():
        file = folder / name
        file.write_text(yaml.safe_dump(joined(yaml.safe_load(file.read_text(encoding="utf-8")), more), sort_keys=False))
    (folder / "specs" / "products" / "timing").mkdir()
    shutil.copy(HERE / "timeFeed.yaml", folder / "specs" / "products" / "timing")
    return folder


@pytest.fixture(scope="module")
def observatory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service with that data, and a tenant that is offered the product; made as an operator makes them."""
    folder = tmp_path_factory.mktemp("observatory")
    service = Running(folder, data=str(with_the_product(folder / "data")), backoff_seconds="0.1")

    def lso(*words: str) -> str:
        done = run(words, service.env)
        done.check_returncode()
        return done.stdout.strip()

    offerings = [*like(TENANT)["offerings"], added()["offering"]]
    (folder / "profile.json").write_text(json.dumps(like(TENANT, offerings=offerings)))
    lso("spec", "check", "--quiet")
    lso("tenant", "apply", str(folder / "profile.json"))
    assert lso("prices", "import", str(HERE / "prices.csv")).startswith("3 prices kept, 0 faults")
    for client, audience in ((TENANT, "pil"), (f"{TENANT}-sil", "sil")):
        service.admit({client: lso("client", "add", TENANT, client, "--audience", audience)})
    yield service
    service.close()


@pytest.fixture(params=LANGUAGES)
def counter(observatory: Running, request: pytest.FixtureRequest) -> Language:
    return languages(observatory, TENANT)[request.param]


def made(desk: Any, document: Document, path: str) -> Document:
    """What a question has brought about, be the answer new or only an answer."""
    answer = desk.post(document, path)
    assert answer.status_code in (200, 201), answer.text
    told: Document = answer.json()
    assert holds(told, document) == []
    return told


def test_the_new_product_is_qualified_quoted_ordered_and_delivered(counter: Language) -> None:
    poq = made(counter.poq, counter.question(feed()), counter.poqs)
    assert counter.confidence(poq) in ("green", "qualified")
    quote = made(counter.quote, counter.inquiry(feed(), poq["id"]), counter.quotes)
    assert quote["state"] == counter.approved
    assert [amount for _, amount in counter.amounts(quote)] in ([310, 84.25], [84.25, 310])
    order = counter.order.ended(made(counter.order, counter.purchase(feed(), poq["id"], quote["id"]),
                                     counter.orders)["id"])
    assert order["state"] == "completed", order
    for other in languages(counter.service, TENANT).values():
        seen = other.order.read(order["id"])
        assert seen["state"] == "completed"
        assert seen["productOrderItem"][0]["product"]["id"] == order["productOrderItem"][0]["product"]["id"]


def test_what_its_schema_does_not_allow_is_refused_with_a_pointer(counter: Language) -> None:
    answer = counter.poq.post(counter.question(feed(clockClass="SUNDIAL")), counter.poqs)
    assert answer.status_code in (400, 422), answer.text
    errors = answer.json() if counter.name != "tmf" else answer.json()["violation"]
    (error,) = errors
    assert error["code"] == "invalidValue"
    assert "clockClass" in error["propertyPath"] or "serviceCharacteristic" in error["propertyPath"]


def test_the_network_that_cannot_deliver_it_says_so_when_it_is_asked(counter: Language) -> None:
    poq = made(counter.poq, counter.question(feed(clockClass="HYDROGEN_MASER")), counter.poqs)
    assert counter.confidence(poq) in ("red", "unqualified")
    assert "There is no maser on this network." in json.dumps(poq)


def test_its_delivery_fails_where_a_rule_says_so(observatory: Running) -> None:
    sonata = languages(observatory, TENANT)["sonata"]
    wanted = feed(clockClass="CAESIUM")
    poq = made(sonata.poq, sonata.question(wanted), sonata.poqs)
    quote = made(sonata.quote, sonata.inquiry(wanted, poq["id"]), sonata.quotes)
    order = sonata.order.ended(sonata.order.made(sonata.purchase(wanted, poq["id"], quote["id"]))["id"])
    assert order["state"] == "failed"
    assert "The beam tube was empty." in json.dumps(order)


def test_whoever_is_not_offered_it_cannot_have_it(observatory: Running) -> None:
    sonata = languages(observatory)["sonata"]
    assert ("/productOfferingQualificationItem/0/product/productOffering/id", "referenceNotFound") in (
        sonata.poq.refused(sonata.question(feed()), sonata.poqs))
