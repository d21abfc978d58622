"""Qualifications as the door leaves them, and what has become of them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from lso.lifecycle.order import instant
from lso.lifecycle.placing import placing
from lso.service.event import resource_event
from lso.service.visibility import schemas_of
from lso.store import job, outbox, tenant
from lso.store import resource as resources
from lso.store.engine import Store
from lso.store.identifier import new_id
from lso.store.resource import StoredResource
from tests.workflow.scene import TENANT, eventually

Document = dict[str, Any]
KIND, QUERY = "qualification", "qualification_query"
EDITION = "sonata.grace.qualification"


def inquire(store: Store, *items: Document, **members: Any) -> str:
    """A qualification that is not wanted at once: acknowledged and kept, with its event and its job; its id."""
    at = instant(datetime.now(UTC))
    asked = [{name: value for name, value in item.items() if name != "requested_completion_at"} for item in items]
    document = placing(KIND).acknowledge({"contacts": [{"role": "buyerContactInformation", "name": "A"}],
                                          "items": asked, **members}, id=new_id(), at=at)
    agreed = store.query_now(lambda connection: tenant.newest_profile(connection, TENANT))
    kept = StoredResource(TENANT, KIND, document["id"], 1, EDITION, "sonata.qualification",
                          agreed.version if agreed else 1, None, "buyer", None, "client", document, {}, time.time(),
                          schemas_of(document, {}))

    def work(connection: Connection) -> None:
        resources.insert(connection, kept)
        outbox.add(connection, resource_event(kept, "qualification_created", at=at, state="acknowledged"))
        job.add(connection, TENANT, KIND, kept.id, due_at=time.time(), grace=0.0)

    store.commit_now(work)
    return kept.id


def look_around(store: Store, place: str, **members: Any) -> str:
    """A query of what can be had at a place, likewise."""
    at = instant(datetime.now(UTC))
    where = {"role": "INSTALL_LOCATION", "kind": "address", "id": place}
    document = placing(QUERY).acknowledge({"criteria": {"product": {"places": [where]}}, **members}, id=new_id(), at=at)
    agreed = store.query_now(lambda connection: tenant.newest_profile(connection, TENANT))
    kept = StoredResource(TENANT, QUERY, document["id"], 1, "tmf.v4.qualification", "tmf.qualification_query",
                          agreed.version if agreed else 1, None, "buyer", None, "client", document, {}, time.time(), ())

    def work(connection: Connection) -> None:
        resources.insert(connection, kept)
        job.add(connection, TENANT, QUERY, kept.id, due_at=time.time(), grace=0.0)

    store.commit_now(work)
    return kept.id


def qualification_of(store: Store, id: str, kind: str = KIND) -> Document:
    """The qualification, or the query, as it is now."""
    found = store.query_now(lambda connection: resources.fetch(connection, TENANT, kind, id))
    assert found
    return found.document


def judged(store: Store, id: str, kind: str = KIND) -> Document:
    """The same, once it has come to its end."""
    found: Document = eventually(lambda: qualification_of(store, id, kind), placing(kind).ended)
    return found


def in_seconds(seconds: float) -> str:
    """A moment to come."""
    return instant(datetime.now(UTC) + timedelta(seconds=seconds))
