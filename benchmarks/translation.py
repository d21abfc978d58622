"""Translation against the least that any JSON service must do, and against what one would write by hand.

The floor is orjson reading the bytes of the order and writing them again. Translations go from parsed document to
document; the last comparison is the whole way from bytes to bytes: strict parse, validation with the product schema,
translation, dump.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from benchmarks import handwritten
from benchmarks.body import Body
from benchmarks.report import Figure, micro
from benchmarks.timing import Contender, in_turns
from benchmarks.validation import order_validator
from lso.dialects.book import Book, book
from lso.gateway.parser import Limits, dump, parse

PART, WHOLE = "2 translation", "3 bytes to bytes"
MOST_OF_FLOOR, MOST_OF_HANDWRITTEN, MOST_OF_WHOLE = 1.5, 2.5, 4.0


def measure(orders: list[Body]) -> Iterator[Figure]:
    """Three directions for each order, then the whole way."""
    opened = book()
    for order in orders:
        yield from _directions(order, opened)
    for order in orders:
        yield from _whole(order, opened)


def _directions(order: Body, opened: Book) -> Iterator[Figure]:
    sonata, tmf = opened.mapping("sonata.order"), opened.mapping("tmf.order")
    ours = sonata.read(order.document).document
    directions: dict[str, tuple[Contender, Contender]] = {
        "Sonata to canonical": (lambda: sonata.read(order.document), lambda: handwritten.read_order(order.document)),
        "canonical to Sonata": (lambda: sonata.write(ours), lambda: handwritten.write_order(ours)),
        "canonical to TMF622": (lambda: tmf.write(ours), lambda: handwritten.write_tmf(ours)),
    }
    contenders: dict[str, Contender] = {"floor": lambda: orjson.dumps(orjson.loads(order.raw))}
    by_hand = set()
    for name, (table, written) in directions.items():
        contenders[name] = table
        if written() == table().document:
            by_hand.add(name)
            contenders[f"{name}, by hand"] = written
    took = in_turns(contenders)
    floor = f"orjson loads+dumps {micro(took.seconds('floor'))}"
    for name in directions:
        yield Figure(PART, f"{name}, {order}", micro(took.seconds(name)), floor, took.ratio(name, "floor"),
                     most=MOST_OF_FLOOR)
        if name in by_hand:
            hand = f"{name}, by hand"
            yield Figure(PART, f"{name}, {order}", micro(took.seconds(name)), f"by hand {micro(took.seconds(hand))}",
                         took.ratio(name, hand), most=MOST_OF_HANDWRITTEN)
        else:
            yield Figure(PART, f"{name}, {order}", micro(took.seconds(name)), "by hand: not timed, its result differs",
                         None, most=MOST_OF_HANDWRITTEN)


def _whole(order: Body, opened: Book) -> Iterator[Figure]:
    sonata, tmf = opened.mapping("sonata.order"), opened.mapping("tmf.order")
    validator, limits = order_validator(), Limits()

    def to_canonical() -> bytes:
        document = parse(order.raw, limits)
        assert not validator.findings(document)
        return dump(sonata.read(document).document)

    def to_tmf() -> bytes:
        document = parse(order.raw, limits)
        assert not validator.findings(document)
        return dump(tmf.write(sonata.read(document).document).document)

    took = in_turns({"floor": lambda: orjson.dumps(orjson.loads(order.raw)), "canonical": to_canonical,
                     "TMF622": to_tmf})
    for name, most in (("canonical", MOST_OF_WHOLE), ("TMF622", None)):
        yield Figure(WHOLE, f"parse, validate, to {name}, dump, {order}", micro(took.seconds(name)),
                     f"orjson loads+dumps {micro(took.seconds('floor'))}", took.ratio(name, "floor"), most=most)
