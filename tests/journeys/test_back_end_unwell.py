"""A back end that answers, but with nothing of use, where an answer is wanted at once: the question comes back as a
failure and is not kept, the quote says that it cannot be provided, and neither shows anything of the inside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from lso.gateway.identity import client as clients
from lso.service.directory import apply_profile
from lso.store.engine import open_store
from tests.backends.misbehaving import Answer, Misbehaving, Seen
from tests.conformance.desk import Document
from tests.journeys.documents import wrong_with
from tests.journeys.purchase import languages
from tests.journeys.test_story_purchase import internet
from tests.running import Running
from tests.tenants import like

TENANT, BACK_END, PLACE = "unwell", "ailing", "ADDR-QUAY-4"
WORDS = "Traceback (most recent call last): secret of the network"
UNWELL = {
    "500": Answer(500, WORDS.encode()),
    "503": Answer(503, b"{}"),
    "half an answer": Answer(body=json.dumps({"confidence": "high", "reason": WORDS}).encode(), cut=30),
    "no JSON": Answer(body=WORDS.encode()),
    "no object": Answer(body=b"[]"),
    "nothing": Answer(body=b"{}"),
    "another thing": Answer(body=b'{"confidence": 7, "reason": [], "quotation": {"prices": 1}}'),
    "strange parts": Answer(body=json.dumps({
        "reason": None, "confidence": "low", "installation_interval": 7, "guaranteed_until": "soon",
        "alternates": [{"product": 1}],
        "quotation": {"prices": [1], "terms": [None], "interval": 7}}).encode()),
    "silence": Answer(hang_up=True),
}
EDITIONS = {"sonata": "sonata.grace.quote", "cantata": "cantata.grace.quote", "tmf": "tmf.v4.quote"}
SURE = {"sonata": "green", "cantata": "green", "tmf": "qualified"}
FAILURE = {"sonata": "internalError", "cantata": "internalError", "tmf": "upstream"}


class Ailing:
    """What the back end does: as `how` has it, else all is well."""

    how = ""

    def __call__(self, seen: Seen) -> Answer:
        if self.how:
            return UNWELL[self.how]
        return Answer(body=b'{"confidence": "high", "reason": null, "quotation": null}')


@pytest.fixture(scope="module")
def ailing() -> Ailing:
    return Ailing()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, ailing: Ailing) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("unwell")
    with open_store(f"sqlite:///{folder / 'lso.sqlite3'}") as store:
        apply_profile(store, like(TENANT, routes=[{"backend": BACK_END}]))
        secrets = {TENANT: clients.add(store, TENANT, TENANT, "pil"),
                   f"{TENANT}-sil": clients.add(store, TENANT, f"{TENANT}-sil", "sil")}
    with Misbehaving(always=ailing) as network:
        described(folder, network.url)
        running = Running(folder, backends=str(folder / "backends.yaml"))
        running.admit(secrets)
        yield running
        running.close()


def described(folder: Path, url: str) -> None:
    entries = [{"name": BACK_END, "kind": "sandbox", "url": url, "limits": {"timeout_seconds": 5}}]
    (folder / "backends.yaml").write_text(yaml.safe_dump(entries), encoding="utf-8")


@pytest.mark.parametrize("how", UNWELL)
@pytest.mark.parametrize("language", EDITIONS)
def test_a_question_whose_back_end_fails_comes_back_as_a_failure_and_is_not_kept(
        service: Running, ailing: Ailing, language: str, how: str) -> None:
    buyer: Any = languages(service, TENANT)[language]
    question, key = buyer.question(internet(PLACE)), {"Idempotency-Key": f"{language} {how}"}
    before = buyer.poq.listed(path=buyer.poqs)
    ailing.how = how
    answer = buyer.poq.call("POST", buyer.poqs, json=question, headers=key)
    assert (answer.status_code, shown(answer)["code"]) == (500, FAILURE[language])
    assert buyer.poq.listed(path=buyer.poqs) == before

    ailing.how = ""
    again = buyer.poq.call("POST", buyer.poqs, json=question, headers=key)
    assert again.status_code in (200, 201), again.text
    assert buyer.confidence(again.json()) == SURE[language]


@pytest.mark.parametrize("how", UNWELL)
@pytest.mark.parametrize("language", EDITIONS)
def test_a_quote_whose_back_end_fails_says_that_it_cannot_be_provided(
        service: Running, ailing: Ailing, language: str, how: str) -> None:
    buyer: Any = languages(service, TENANT)[language]
    request = buyer.inquiry(internet(PLACE), "no matter")
    del request["quoteItem"][0]["productOfferingQualificationItem"]
    ailing.how = how
    answer = buyer.quote.call("POST", buyer.quotes, json=request)
    quote = shown(answer)
    assert quote["state"] == ("cancelled" if language == "tmf" else "unableToProvide")
    assert "No price could be found in time." in answer.text
    assert buyer.quote.read(quote["id"], buyer.quotes) == quote
    assert wrong_with(EDITIONS[language], quote, "/quote/{id}") == []


def shown(answer: requests.Response) -> Document:
    """A body that tells nothing of the inside, neither ours nor theirs."""
    assert "Traceback" not in answer.text
    assert "secret" not in answer.text
    assert ".py" not in answer.text
    told: Document = answer.json()
    return told
