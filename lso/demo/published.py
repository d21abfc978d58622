"""The stories of bodies that others have published: what is valid is accepted and ends well, what is not is told where
it is wrong, and every corrected twin is accepted. The twins are sent by another tenant, which has what the first may
have ended. Where the published bodies do not lie beside the project, our own samples are sent."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import requests

from lso.demo.client import FINAL, Astray, Customer, Document
from lso.demo.door import DOORS
from lso.demo.story import Reached, Story, sample
from lso.settings import read_yaml

GROUPS = read_yaml(Path(__file__).parent / "published.yaml")
FOLDER = Path(__file__).parent.parent.parent.parent / "shared" / "samples"
AS_PUBLISHED, CORRECTED = ("Sonata", "demo-carrier"), ("Cantata", "demo-enterprise")
UNDER_WAY = frozenset({"acknowledged", "inProgress", "pending"})
ACCEPTED, REFUSED, LEFT_OUT = "accepted", "refused", "left out"
ENDS = "as it should"


class Body(NamedTuple):
    """A document to send. valid: what its publisher's index says of it, where there is one. ends: a product, by which
    it can be sent but once. twin: the same, corrected."""

    name: str
    document: Document
    valid: bool | None = None
    ends: bool = False
    twin: Document | None = None


def bodies(group: Document, folder: Path = FOLDER) -> list[Body]:
    """Those of a group."""
    index = folder / "index.json"
    if not index.is_file():
        return [Body(name, sample(name)) for name in group["own"]]
    listed = json.loads(index.read_text(encoding="utf-8"))
    return [_body(folder, told) for told in listed if told["path"].rpartition("/")[2] == group["path"]]


def _body(folder: Path, told: Document) -> Body:
    file = Path(told["file"])
    twin = folder / "corrected" / file
    return Body(file.stem, _read(folder / file), told["valid_against_spec"], "delete" in told["actions"],
                _read(twin) if twin.is_file() else None)


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def sent(group: Document, folder: Path = FOLDER) -> Callable[[Customer], Iterator[Reached]]:
    """The story of a group."""
    def play(customer: Customer) -> Iterator[Reached]:
        found, count = bodies(group, folder), Counter[str]()
        astray = False
        for number, body in enumerate(found, start=1):
            verdict, pointers = _sent(customer, group, body, AS_PUBLISHED, body.document)
            count[verdict] += 1
            astray |= verdict == REFUSED and bool(body.valid)
            twin = ""
            if body.twin is not None:
                twin, _ = _sent(customer, group, body, CORRECTED, body.twin)
                count[f"twin {twin}"] += 1
                astray |= twin == REFUSED
            yield Reached("otherwise" if astray else ENDS, number, len(found), note=_counted(count),
                          verdict=(body.name, verdict, twin, pointers))
    return play


def _sent(customer: Customer, group: Document, body: Body, by: tuple[str, str],
          document: Document) -> tuple[str, str]:
    """What becomes of a document, and where it is wrong. Raises Astray where it is accepted and does not end well."""
    if body.ends and group["kind"] == "order" and not customer.owns:
        return LEFT_OUT, "It ends a product, and this service is not the demo's own."
    language, client = by
    door: str = getattr(DOORS[language], group["kind"])
    door = door.rpartition("/")[0] + f"/{group['path']}"
    answer = customer.call("POST", door, client, document)
    if answer.status_code == 422:
        return REFUSED, "\n".join(sorted({one["propertyPath"] for one in answer.json()}))
    if not answer.ok:
        raise Astray(str(answer.status_code))
    ended = _ended(customer, group, answer, door, client)
    if ended not in group["well"]:
        raise Astray(f"{body.name}: {ended}")
    return ACCEPTED, ""


def _ended(customer: Customer, group: Document, answer: requests.Response, door: str, client: str) -> Any:
    """How that ended which a document has brought about."""
    made: Document = answer.json()
    if made.get("state", "") in UNDER_WAY:
        made = customer.once(f"{door}/{made['id']}", client,
                             lambda seen: seen["state"] in FINAL or seen["state"] in group["well"])
    return made.get(group["told"])


def _counted(count: Counter[str]) -> str:
    twins = sum(number for verdict, number in count.items() if verdict.startswith("twin "))
    mended = f"{count[f'twin {ACCEPTED}']} of {twins} corrected accepted" if twins else ""
    told = [f"{count[verdict]} {verdict}" for verdict in (ACCEPTED, REFUSED, LEFT_OUT) if count[verdict]]
    return ", ".join([*told, mended] if mended else told)


WHOSE = "published" if (FOLDER / "index.json").is_file() else "our own"
STORIES = tuple(Story(f"{group['title']}, {WHOSE}", ENDS, sent(group)) for group in GROUPS)
