"""Addresses as the pretend network knows them, in this process or where `lso sandbox` runs: those of addresses.yaml.

It reads addresses in fields. A house that is not there brings the whole street as what may be meant.
"""

from __future__ import annotations

import re
import time
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import requests

from lso.errors import UpstreamError
from lso.lifecycle.ports.question import Located
from lso.settings import read_yaml

Document = dict[str, Any]
SECONDS = 4.0


class PretendAddresses:
    """Somebody who knows addresses (lifecycle.ports.question.Locating)."""

    def locate(self, submitted: Document, *, others: bool) -> Located | None:
        """How it knows an address; None for one that is not told in fields. Raises UpstreamError where it is to."""
        asked = submitted.get("fielded")
        if not isinstance(asked, dict):
            return None
        rules, street = _rules(), _obeyed(str(asked.get("street") or ""))
        if (asked.get("city"), street) not in [(rules["town"], known) for known in rules["streets"]]:
            return Located("fail")
        houses = {str(number): _house(asked, street, number) for number in range(1, rules["houses"] + 1)}
        best = houses.pop(str(asked.get("number")), None)
        if best is not None:
            return Located("success", best)
        return Located("partial", None, tuple(houses.values()) if others else ())


class ElsewhereAddresses:
    """The same where `lso sandbox` runs. url: its base."""

    def __init__(self, url: str) -> None:
        self._url = f"{url.rstrip('/')}/addresses"
        self._session = requests.Session()
        self._session.trust_env = False

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def locate(self, submitted: Document, *, others: bool) -> Located | None:
        """How it knows an address. Raises UpstreamError."""
        try:
            answer = self._session.post(self._url, json={"submitted": submitted, "others": others}, timeout=SECONDS,
                                        allow_redirects=False)
            answer.raise_for_status()
            return located_from(answer.json()["located"])
        except (requests.RequestException, KeyError, TypeError, ValueError) as error:
            raise UpstreamError("The network cannot be asked for addresses.",
                                their_words=type(error).__name__) from error


def answer(body: Document) -> Document:
    """What is told over HTTP: `{"located": null}` where nothing can be said."""
    submitted = body.get("submitted")
    found = PretendAddresses().locate(submitted if isinstance(submitted, dict) else {}, others=bool(body.get("others")))
    return {"located": None if found is None else asdict(found)}


def located_from(document: Any) -> Located | None:
    """The same, read. Raises KeyError or TypeError for what is no such answer."""
    if document is None:
        return None
    return Located(document["result"], document["best"], tuple(document["others"]))


def _obeyed(street: str) -> str:
    """The name of a street behind the words that stand before it, which are done."""
    words = _rules()["words"]
    if re.match(words["away"], street):
        raise UpstreamError("The network is away.")
    if found := re.match(words["think"], street):
        time.sleep(float(found["seconds"]))
        return street[found.end():]
    return street


def _house(asked: Document, street: str, number: int) -> Document:
    id = _rules()["id"].format(street=street, house=number)
    kept = {name: asked[name] for name in ("city", "country", "street_type") if name in asked}
    return {"kind": "fielded_address", "id": id, "fielded": {**kept, "street": street, "number": str(number)}}


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = read_yaml(Path(__file__).parent / "addresses.yaml")
    return rules
