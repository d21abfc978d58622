"""The verbs about what a product is asked for by: an offering, or a specification whose offerings are looked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lso.lifecycle.scene import Check, Document, Found, Scene
from lso.lifecycle.verbs import NOTHING, get


def one_of(paths: Sequence[str]) -> Check:
    """One of the members is there, and only one; the first is what is missing where there is none."""
    ways = [(path, path.split("/")) for path in paths]

    def check(_scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        given = [path for path, way in ways if get(subject, way) is not None]
        if not given:
            return [(f"{base}/{paths[0]}", "missingProperty", "what it is asked for by is missing")]
        return [(f"{base}/{path}", "unexpectedProperty", "what it is asked for by is said already")
                for path in given[1:]]

    return check


def specified(path: str) -> Check:
    """A specification named by its id is that of a product schema: the one of the configuration, where there is one."""
    way = path.split("/")

    def check(scene: Scene, subject: Document, base: str) -> Iterable[Found]:
        named = get(subject, way)
        if type(named) is not str:
            return NOTHING
        urn = scene.known.aliases.get(named, named)
        if urn not in scene.known.schemas:
            return [(f"{base}/{path}", "referenceNotFound", "no product specification of that id is known")]
        told = scene.schema(subject.get("product"))
        if told in (None, urn):
            return NOTHING
        return [(f"{base}/{path}", "invalidValue", "the configuration is not of that specification")]

    return check
