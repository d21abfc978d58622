"""What a running service says of its requests: one line of JSON each, with a trace id and nobody's data."""

from __future__ import annotations

import json
from typing import Any

from tests.journeys.documents import ours
from tests.running import MEF, Running, eventually


def test_every_request_is_one_line_of_json_without_anybodys_data(service: Running) -> None:
    document = ours("sonata/internet_add.json")
    refused = service.post(f"{MEF}/productOrder?buyerId=hunter2", document)
    placed = service.post(f"{MEF}/productOrder", document, headers={"X-Request-ID": "trace-42"})
    assert (refused.status_code, placed.status_code) == (400, 201)
    assert placed.headers["X-Trace-Id"] == "trace-42"
    log = service.folder / "service.log"

    def told() -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line.get("trace_id") == "trace-42" and line["event"] == "answered"]

    said = eventually(told, 5)[0]
    assert said["operation"] == "createProductOrder"
    assert (said["status"], said["client"]) == (201, "demo-carrier")
    contact = document["relatedContactInformation"][0]
    for secret in (contact["emailAddress"], contact["name"], "hunter2", service.token()):
        assert secret not in log.read_text()
