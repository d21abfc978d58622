"""Habits of the wire that the conformance kits of TM Forum rely on, kept for all that can be asked: tmf630.yaml, H."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.conformance.desk import Desk, Document, changed
from tests.conformance.qualification.inquiring import question
from tests.conformance.quote.quoting import request as priced
from tests.conformance.test_wire_habits import MOMENT, texts
from tests.conformance.tmf.asking import QUOTE, Kind
from tests.journeys.documents import holds

BODIES: tuple[Document, ...] = ({}, {"quoteItem": []}, {"serviceQualificationItem": []}, {"searchCriteria": "quay"},
                                {"quoteItem": [1], "serviceQualificationItem": [1], "searchCriteria": 1})


def test_h1_a_list_without_limit_has_all_there_is(kind: Kind) -> None:
    ids = [kind.made(externalId=f"h1{kind.path}")["id"] for _ in range(2)]
    everything = kind.desk.get(kind.path)
    assert everything.status_code == 200
    assert len(everything.json()) == int(everything.headers["X-Total-Count"])
    assert {row["id"] for row in everything.json()} >= set(ids)
    assert [row["id"] for row in kind.listed(f"externalId=h1{kind.path}")] == ids


def test_h2_moments_end_in_z(kind: Kind) -> None:
    made = kind.made()
    moments = [text for text in texts(made) if MOMENT.fullmatch(text)]
    assert len(moments) > 2
    assert {moment[-1] for moment in moments} == {"Z"}
    found = kind.listed(f"id={made['id']}&{kind.asked_at}={made[kind.asked_at]}")
    assert [row["id"] for row in found] == [made["id"]], "unescaped, as the kits ask"


def test_h3_filters_find_what_they_say(kind: Kind) -> None:
    name = f"h3, one{kind.path}"
    asked = kind.asking(externalId=name, description="h3")
    party = {**asked["relatedParty"][0], "name": "H3"}
    made = kind.made(externalId=name, description="h3", relatedParty=[party])
    where = kind.part.strip("/").replace("/0", "").replace("/", ".")
    for query in (f'externalId="{name}"', f"externalId=%22{quote(name)}%22", "relatedParty.name=H3&description=h3",
                  f"{where}.place.id=SITE-QUAY-4&relatedParty.name=H3", f"{kind.instant}=true&description=h3"):
        assert [row["id"] for row in kind.listed(query)] == [made["id"]], query
    assert kind.listed("description=h3&relatedParty.name=H4") == kind.listed(f"id={made['id']}&description=h4") == []


def test_h4_fields_choose(kind: Kind) -> None:
    made = kind.made(externalId=f"h4{kind.path}")
    least = {"id": made["id"], "href": made["href"]}
    parties = [{"name": party["name"]} for party in made["relatedParty"]]
    (row,) = kind.listed(f"externalId=h4{kind.path}&fields=state,colour,relatedParty.name")
    assert row == {**least, "state": kind.answered, "relatedParty": parties}
    one = f"{kind.path}/{made['id']}?fields="
    assert kind.desk.get(f"{one}externalId,colour").json() == {"externalId": made["externalId"]}
    assert kind.desk.get(f"{one}relatedParty.name").json() == {"relatedParty": parties}


@pytest.mark.parametrize("body", BODIES)
def test_h5_what_is_wrong_with_a_body_is_a_400(kind: Kind, body: Document) -> None:
    answer = kind.desk.post(body, kind.path)
    assert (answer.status_code, answer.json()["status"]) == (400, "400")


@pytest.mark.parametrize("id", ["42", "{id}", "no such thing", "Ω", "a.b;c=d", "%"])
def test_h5_an_id_that_is_not_there_is_a_404(kind: Kind, id: str) -> None:
    for method in ("GET", "PATCH", "DELETE"):
        answer = kind.desk.call(method, f"{kind.path}/{quote(id)}", json={} if method == "PATCH" else None)
        assert (answer.status_code, answer.json()["status"]) == (404, "404"), method


@pytest.mark.parametrize("type", ["application/json", "application/json; charset=utf-8",
                                  "application/json;charset=UTF-8"])
def test_h6_a_patch_of_json_is_a_merge_patch_whatever_the_charset_and_with_a_slash(kind: Kind, type: str) -> None:
    headers = {"Content-Type": type, "Accept": type}
    document = kind.asking(instant=False, place=kind.slow, externalId="h6")
    made = kind.desk.call("POST", f"{kind.path}/", json=document, headers=headers)
    assert made.status_code == 201, made.text
    path = f"{kind.path}/{made.json()['id']}"
    answer = kind.desk.patch(f"{path}/", {"externalId": None, "description": "h6"}, type)
    assert (answer.status_code, answer.json()["description"]) == (200, "h6")
    assert "externalId" not in answer.json()
    for way in (path, f"{path}/"):
        assert kind.desk.call("GET", way, headers={"Accept": type}).json()["description"] == "h6"


def test_h7_members_that_the_document_does_not_know_are_kept(kind: Kind) -> None:
    asked = changed(kind.asking(mood={"of": ["the", 1.50, None]}), f"{kind.part}/colour", "blue")
    answer = kind.desk.post(asked, kind.path)
    assert answer.status_code == 200, answer.text
    assert holds(answer.json(), asked) == holds(kind.desk.read(answer.json()["id"], kind.path), asked) == []


@pytest.mark.parametrize("kind", ["quote", "check"], indirect=True)
def test_h8_what_came_by_another_dialect_is_listed_as_complete_as_any(kind: Kind) -> None:
    assert kind.elsewhere is not None
    base, path = kind.elsewhere
    sent = priced(externalId="h8") if kind.path == QUOTE else question(externalId="h8")
    id = Desk(kind.desk.service, base, "demo-carrier").made(sent, path)["id"]
    (seen,) = kind.listed(f"id={id}")
    assert seen["href"].endswith(f"{kind.desk.base}{kind.path}/{id}")
    assert {"id", "href", "state", kind.asked_at, kind.instant, "externalId", "relatedParty"} <= set(seen)
    for party in seen["relatedParty"]:
        assert {"id", "role", "name", "@referredType"} <= set(party)
    for item in seen[kind.items]:
        assert {"id", "state"} <= set(item)
