"""Words of orders that TM Forum and MEF share and mean different things by: tmf622.yaml, F (translation 11.1, 11.4)."""

from __future__ import annotations

from lso.dialects.book import book
from tests.conformance.asking import CANCEL, MOVE, cancelling, charged, to_move, under_way
from tests.conformance.desk import Desk, changed, internet
from tests.journeys.documents import ours

ITEM = "/productOrderItem/0"
EARLY, LATE = "2031-01-01T00:00:00Z", "2031-02-01T00:00:00Z"


def test_f1_a_charge_that_awaits_its_answer_holds_order_and_item(sonata: Desk, tmf: Desk) -> None:
    order, _ = charged(sonata)
    assert (order["state"], order["productOrderItem"][0]["state"]) == ("held.assessingCharge", "held")
    seen = tmf.read(order["id"])
    assert (seen["state"], seen["productOrderItem"][0]["state"]) == ("held", "held")


def test_f2_what_is_looked_at_is_pending_in_both_but_for_a_cancellation(sonata: Desk, tmf: Desk) -> None:
    moving = under_way(sonata, "DELAY-30-EXPEDITE-CHARGE-Quay")
    task = sonata.made(to_move(moving, expediteIndicator=True), MOVE)
    sonata.once(task["id"], "inProgress.assessingCharge", path=MOVE)
    theirs, ours_ = sonata.read(moving["id"]), tmf.read(moving["id"])
    assert (theirs["state"], ours_["state"]) == ("pending.assessingModification", "pending")
    ending, request, _ = cancelling(sonata)
    assert sonata.read(request["id"], CANCEL)["state"] == "inProgress.assessingCharge"
    theirs, ours_ = sonata.read(ending["id"]), tmf.read(ending["id"])
    assert (theirs["state"], ours_["state"]) == ("assessingCancellation", "assessingCancellation")
    assert theirs["productOrderItem"][0]["state"] == "pending"


def test_f3_the_term_of_an_item_is_the_wish_and_that_of_the_product_what_was_agreed(sonata: Desk, tmf: Desk) -> None:
    order = sonata.made(internet())
    wished = order["productOrderItem"][0]["requestedItemTerm"]
    (term,) = tmf.read(order["id"])["productOrderItem"][0]["itemTerm"]
    assert (term["name"], term["duration"]) == (
        wished["name"], {"amount": wished["duration"]["amount"], "units": "month"})
    (done,) = tmf.once(order["id"], "completed")["productOrderItem"]
    assert done["itemTerm"] == [term]
    assert "productTerm" not in done["product"]
    mef, theirs = book().mapping("sonata.order"), book().mapping("tmf.order")
    agreed = changed(order, f"{ITEM}/itemTerm", [{**wished, "name": "Agreed"}])
    told = theirs.write(mef.read(agreed).document).document["productOrderItem"][0]
    assert [one["name"] for one in told["itemTerm"]] == [wished["name"]]
    assert [one["name"] for one in told["product"]["productTerm"]] == ["Agreed"]


def test_f4_the_day_wished_for_is_that_of_the_items_if_they_agree_on_one(sonata: Desk, tmf: Desk) -> None:
    one = changed(internet(), f"{ITEM}/requestedCompletionDate", EARLY)
    (item,) = one["productOrderItem"]
    for second, common in ((EARLY, EARLY), (LATE, None)):
        two = {**one, "productOrderItem": [item, {**item, "id": "second", "requestedCompletionDate": second}]}
        assert tmf.read(sonata.made(two)["id"]).get("requestedCompletionDate") == common
    mine = tmf.made(ours("tmf/internet_add.json") | {"requestedCompletionDate": LATE})
    assert sonata.read(mine["id"])["productOrderItem"][0]["requestedCompletionDate"] == LATE


def test_f5_the_day_expected_is_the_latest_of_the_items(sonata: Desk, tmf: Desk) -> None:
    order = under_way(sonata)
    expected = [item["expectedCompletionDate"] for item in order["productOrderItem"]]
    assert tmf.read(order["id"])["expectedCompletionDate"] == max(expected)


def test_f6_an_item_that_leaves_things_as_they_are_has_no_word_in_mef(sonata: Desk, tmf: Desk) -> None:
    sent = ours("tmf/internet_add.json")
    sent["productOrderItem"].append({"id": "2", "action": "noChange", "product": {"id": "PROD-501"}})
    made = tmf.made(sent)
    assert [item["action"] for item in tmf.read(made["id"])["productOrderItem"]] == ["add", "noChange"]
    assert [item["id"] for item in sonata.read(made["id"])["productOrderItem"]] == ["1"]
