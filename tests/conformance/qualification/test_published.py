"""The published questions, where they are present: what is valid is accepted and answered, the rest gets exactly the
pointers of what is wrong, and every corrected twin is accepted (issue 4, story 1)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.desk import Desk
from tests.conformance.qualification.inquiring import FINAL, PATH, SONATA, Document
from tests.running import Running

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
NAMES = ["mef125_0_1/uc02a_poq_add_epl", "mef125_0_1/uc02b_poq_add_evpl", "mef139/uc02_poq_add_basic",
         "mef139/uc03_poq_add_advanced", "mef139/uc04_poq_add_exclusive", "mef139/uc07_poq_modify_bandwidth"]


def sample(name: str) -> Document:
    file = SAMPLES / f"{name}.json"
    if not file.is_file():
        pytest.skip(f"the published samples are not beside the project: {name}")
    document: Document = json.loads(file.read_text(encoding="utf-8"))
    return document


@pytest.mark.parametrize("name", NAMES)
def test_a_corrected_question_is_accepted_and_answered(service: Running, name: str) -> None:
    corrected = SAMPLES / "corrected" / f"{name}.json"
    document = sample(f"corrected/{name}" if corrected.is_file() else name)
    desk = Desk(service, SONATA, "demo-carrier")
    made = desk.made(document, PATH)
    done = desk.once(made["id"], *FINAL, path=PATH)
    assert done["state"] == "done.ready"
    assert all(item["serviceabilityConfidence"] == "green" for item in done["productOfferingQualificationItem"])


@pytest.mark.parametrize(("name", "wrong"), [
    ("mef139/uc02_poq_add_basic", "0/product/productConfiguration/ipUni/ingressBandwidthProfileEnvelope"),
    ("mef139/uc03_poq_add_advanced", "2/product/productConfiguration/ipv6ConnectionAddressing/0/ipv6Subnet"),
    ("mef139/uc04_poq_add_exclusive",
     "0/product/productConfiguration/ipUniAccessLink/ipv6ConnectionAddressing/0/ipv6Subnet"),
])
def test_a_published_question_that_is_wrong_is_told_where(service: Running, name: str, wrong: str) -> None:
    desk = Desk(service, SONATA, "demo-carrier")
    assert desk.refused(sample(name), PATH) == {(f"/productOfferingQualificationItem/{wrong}", "invalidFormat")}


@pytest.mark.parametrize("name", ["mef125_0_1/uc02a_poq_add_epl", "mef125_0_1/uc02b_poq_add_evpl"])
def test_respellings_and_strangers_are_for_the_strict_to_refuse(service: Running, name: str) -> None:
    assert Desk(service, SONATA, "demo-carrier").made(sample(name), PATH)["state"] == "acknowledged"
    found = Desk(service, SONATA, "norms-strict").refused(sample(name), PATH)
    assert {(f"/productOfferingQualificationItem/{item}/product/productConfiguration/@type", "invalidValue")
            for item in (1, 2)} <= found
    assert {code for _, code in found} == {"invalidValue", "unexpectedProperty"}
