"""What products were read as. They come in few kinds: most of what is asked about has been read before."""

from __future__ import annotations

import orjson

from lso.backends.sandbox.reading import Document
from lso.backends.sandbox.rules import Reading, Rules
from lso.canonical.glance import Glance

KEPT_MOST = 64


class Readings:
    """Those by one set of rules: products of which the same is told are the same."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._known: dict[tuple[bytes, bytes], Reading] = {}
        self._last: tuple[Document | None, Reading | None] = None, None

    def of(self, product: Document) -> Reading:
        """What a product is to the network: whoever asks whether it can be had asks next what it costs."""
        last, reading = self._last
        if last is not product or reading is None:
            reading = self._by_text(product)
            self._last = product, reading
        return reading

    def _by_text(self, product: Document) -> Reading:
        configured = Glance(product.get("configuration")).text
        try:
            beside = orjson.dumps(list(map(product.get, self._rules.beside)))
        except TypeError:  # an integer beyond 64 bits, a lone surrogate
            return self._rules.read(product)
        if configured is None:
            return self._rules.read(product)
        reading = self._known.get((configured, beside))
        if reading is None:
            if len(self._known) >= KEPT_MOST:
                self._known.clear()
            reading = self._known[configured, beside] = self._rules.read(product)
        return reading
