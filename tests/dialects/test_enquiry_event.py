"""Events about qualifications, queries and quotes, in each subscriber's words."""

from __future__ import annotations

import pytest

from lso.canonical.event import Event, EventKind, QualificationEventKind, QuoteEventKind, dump, resource_of
from lso.dialects import event
from lso.dialects.edition import Edition
from lso.errors import NotUnderstood
from lso.gateway.specification import load
from lso.gateway.validator import Validators
from lso.settings import data_folder
from tests.dialects.test_face import BOOK

MEF_POQ = {"qualification_created": "poqCreateEvent", "qualification_state": "poqStateChangeEvent",
           "qualification_item_state": "poqItemStateChangeEvent"}
MEF_QUOTE = {"quote_state": "quoteStateChangeEvent", "quote_item_state": "quoteItemStateChangeEvent"}
CHECK, QUERY = "CheckServiceQualification", "QueryServiceQualification"
TMF_CHECK = {
    "qualification_created": f"{CHECK}CreateEvent", "qualification_state": f"{CHECK}StateChangeEvent",
    "qualification_changed": f"{CHECK}AttributeValueChangeEvent",
    "qualification_item_state": f"{CHECK}AttributeValueChangeEvent",
    "qualification_information_required": f"{CHECK}InformationRequiredEvent",
    "qualification_deleted": f"{CHECK}DeleteEvent", "qualification_query_created": f"{QUERY}CreateEvent",
    "qualification_query_state": f"{QUERY}StateChangeEvent", "qualification_query_deleted": f"{QUERY}DeleteEvent"}
TMF_QUOTE = {
    "quote_created": "QuoteCreateEvent", "quote_state": "QuoteStateChangeEvent",
    "quote_changed": "QuoteAttributeValueChangeEvent", "quote_item_state": "QuoteAttributeValueChangeEvent",
    "quote_information_required": "QuoteInformationRequiredEvent", "quote_deleted": "QuoteDeleteEvent"}
EDITIONS = [(BOOK.edition(name), types) for name, types in (
    ("sonata.grace.qualification", MEF_POQ), ("cantata.grace.qualification", MEF_POQ),
    ("sonata.grace.quote", MEF_QUOTE), ("cantata.grace.quote", MEF_QUOTE),
    ("tmf.v4.qualification", TMF_CHECK), ("tmf.v4.quote", TMF_QUOTE))]
EACH = pytest.mark.parametrize(("edition", "types"), EDITIONS, ids=[edition.edition for edition, _ in EDITIONS])
SHOWN = {"qualification": {"id": "POQ-1", "state": "done"}, "qualification_query": {"id": "QSQ-1", "state": "done"},
         "quote": {"id": "QUO-1", "state": "approved", "quoteItem": [{"id": "1"}]}}


def happened(kind: EventKind) -> dict[str, str]:
    found: dict[str, str] = dump(Event(
        id="EV-1", at="2026-01-12T09:31:00Z", kind=kind, resource=resource_of(kind), item_id="1", buyer_id="harbour",
        subject_id=SHOWN.get(resource_of(kind), {"id": "ORD-1"})["id"], state="ready"))
    return found


@pytest.mark.parametrize("kind", EventKind.__args__)  # type: ignore[attr-defined]
@EACH
def test_every_kind_has_a_valid_notice_where_there_is_a_word_for_it(
        edition: Edition, types: dict[str, str], kind: EventKind) -> None:
    assert edition.notification is not None
    tmf, resource = edition.dialect == "tmf", resource_of(kind)
    notice = event.write(BOOK, edition, happened(kind), SHOWN.get(resource) if tmf else None)
    if kind not in types:
        assert notice is None
        return
    assert notice is not None
    assert notice.event_type == types[kind]
    listener = types[kind][0].lower() + types[kind][1:]
    assert notice.path == f"{edition.notification.base_path}/listener/{listener}"
    body = Validators(load(data_folder("specs") / edition.notification.document), None, None).body(
        f"/listener/{listener}", "post")
    assert body is not None
    assert body.findings(notice.body) == ()
    assert ("fieldPath" in notice.body) is (tmf and kind.endswith("item_state"))
    if tmf:
        assert notice.body["event"] == {BOOK.resource(edition, resource).path: SHOWN[resource]}


@EACH
def test_every_listener_of_a_document_has_an_event(edition: Edition, types: dict[str, str]) -> None:
    assert edition.notification is not None
    document = load(data_folder("specs") / edition.notification.document).document
    listeners = {path.rpartition("/")[2].casefold() for path in document["paths"] if path.startswith("/listener/")}
    assert {name.casefold() for name in types.values()} == listeners


@EACH
def test_a_subscription_without_query_asks_for_all_events_of_its_api(edition: Edition, types: dict[str, str]) -> None:
    assert event.wanted(BOOK, edition, None) == set(types)


def test_an_event_of_another_api_is_refused() -> None:
    with pytest.raises(NotUnderstood):
        event.wanted(BOOK, BOOK.edition("sonata.grace.quote"), "eventType=poqCreateEvent")


def test_a_mef_event_of_an_item_names_it() -> None:
    for name, kind, member in (("qualification", "qualification_item_state", "poqItemId"),
                               ("quote", "quote_item_state", "quoteItemId")):  # MEF 115 R57; MEF 87 leaves it open
        notice = event.write(BOOK, BOOK.edition(f"sonata.grace.{name}"), happened(kind))  # type: ignore[arg-type]
        assert notice is not None
        assert notice.body["event"] == {"id": SHOWN[name]["id"], member: "1", "buyerId": "harbour"}


def test_the_kinds_of_events_of_an_api_are_about_its_resources() -> None:
    about = {resource_of(kind) for kind in QualificationEventKind.__args__}  # type: ignore[attr-defined]
    assert about == {"qualification", "qualification_query"}
    assert {resource_of(kind) for kind in QuoteEventKind.__args__} == {"quote"}  # type: ignore[attr-defined]
