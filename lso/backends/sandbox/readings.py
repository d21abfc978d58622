"""What products were read as. They come in few kinds: most of what is asked about has been read before."""

from __future__ import annotations

from lso.backends.sandbox.reading import Document
from lso.backends.sandbox.rules import Reading, Rules
from lso.canonical.glance import Glance

KEPT_MOST = 64


class Readings:
    """Those by one set of rules: products that tell the same are the same."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._known: dict[bytes, Reading] = {}
        self._last: tuple[Document | None, Reading | None] = None, None

    def of(self, product: Document) -> Reading:
        """What a product is to the network: whoever asks whether it can be had asks next what it costs."""
        last, reading = self._last
        if last is not product or reading is None:
            reading = self._by_text(product)
            self._last = product, reading
        return reading

    def _by_text(self, product: Document) -> Reading:
        told = Glance([product.get(name) for name in self._rules.told])
        if told.text is None or not told.brief:
            return self._rules.read(product)
        reading = self._known.get(told.text)
        if reading is None:
            if len(self._known) >= KEPT_MOST:
                self._known.clear()
            reading = self._known[told.text] = self._rules.read(product)
        return reading
