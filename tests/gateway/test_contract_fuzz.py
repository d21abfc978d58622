"""Whatever one sends, right or wrong: no answer that the document does not allow, and no failure of ours.

Statuses that HTTP itself may add (405, 409, 413, 415, 429, 503) may come beside what a document declares, so may 501.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lso.dialects.edition import Edition, load_editions
from lso.gateway.specification import load
from tests.gateway.conftest import Running
from tests.gateway.paths import SPECS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.checks import load_all_checks
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

load_all_checks()
CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BESIDE = {405, 409, 413, 415, 429, 501, 503}
EXAMPLES = int(os.environ.get("LSO_FUZZ_EXAMPLES", "10"))
CLIENTS = {"pil": "carrier", "any": "carrier", "sil": "carrier-sil"}


def operations() -> Iterator[tuple[Edition, Any]]:
    for edition in load_editions(SPECS):
        document = load(SPECS / edition.document).mounted(
            base_path=edition.base_path, version=edition.version, unrouted=edition.unrouted
        )
        for found in schemathesis.openapi.from_dict(document).get_all_operations():
            yield edition, found.ok()


ALL = list(operations())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("edition", "operation"), ALL, ids=[f"{one.edition}-{two.label}" for one, two in ALL])
def test_every_answer_is_one_that_the_document_allows(service: Running, edition: Edition, operation: Any) -> None:
    declared = {int(status) for status in operation.definition.raw["responses"] if status.isdigit()}
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    cases = right if edition.api == "health" else st.one_of(right, _wrong(operation))

    @given(case=cases)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    def send(case: Any) -> None:
        headers = {"Authorization": f"Bearer {service.tokens[CLIENTS[edition.audience]]}"}
        answer = case.call(base_url=service.url + edition.base_path, headers=headers)
        assert answer.status_code < 500 or answer.status_code in BESIDE, answer.text
        if answer.status_code in declared or answer.status_code not in BESIDE:
            # Who asks for some members (`fields`) gets those, required or not: the document describes them all.
            chosen = "fields" in (case.query or {})
            case.validate_response(answer, checks=CHECKS[:-1] if chosen else CHECKS)

    send()


def _wrong(operation: Any) -> Any:
    """Cases that break the document, where there is anything to break."""
    if "requestBody" in operation.definition.raw or len(operation.query):
        return operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    return operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
