"""The published requests for quotes, where they are present: what is valid is accepted and priced, the rest gets
exactly the pointers of what is wrong (issue 4, story 1)."""

from __future__ import annotations

import pytest

from tests.conformance.desk import Desk
from tests.conformance.qualification.test_published import sample
from tests.conformance.quote.quoting import PATH, SONATA, priced
from tests.running import Running


def test_a_published_request_to_remove_is_priced(service: Running) -> None:
    told = priced(Desk(service, SONATA, "demo-carrier"), sample("mef139/uc08_quote_delete_basic"))
    assert told["state"] == "approved.orderable"
    assert told["quoteItem"][0]["quoteItemPrice"]


def test_a_published_request_that_is_wrong_is_told_where(service: Running) -> None:
    here = "/quoteItem/0/product/productConfiguration/ipUni/ingressBandwidthProfileEnvelope"
    document = sample("mef139/uc05_quote_add_basic")
    assert Desk(service, SONATA, "demo-carrier").refused(document, PATH) == {(here, "invalidFormat")}


def test_a_published_request_mended_is_priced(service: Running) -> None:
    document = sample("mef139/uc05_quote_add_basic")
    uni = document["quoteItem"][0]["product"]["productConfiguration"]["ipUni"]
    uni["ingressBandwidthProfileEnvelope"] = [uni["ingressBandwidthProfileEnvelope"]]
    assert priced(Desk(service, SONATA, "demo-carrier"), document)["state"] == "approved.orderable"


@pytest.mark.parametrize("client", ["demo-carrier", "norms-strict"])
def test_respellings_are_taken_but_by_the_strict(service: Running, client: str) -> None:
    desk, document = Desk(service, SONATA, client), sample("mef125_0_1/uc04_quote_add_epl")
    if client == "demo-carrier":
        assert priced(desk, document)["state"].startswith("approved.")
        return
    found = desk.refused(document, PATH)
    assert {(f"/quoteItem/{item}/product/productConfiguration/@type", "invalidValue") for item in (1, 2)} <= found
