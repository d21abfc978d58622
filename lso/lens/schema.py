"""A specification seen as a tree of what a document may hold: members, elements, words, formats.

Reads OpenAPI and JSON Schema alike: follows `$ref` (also into other files, through a loader the caller gives), folds
`allOf`, knows discriminator cases, and sees a pydantic model through its JSON schema. Everything is looked up when
asked for, so recursive schemas are no trouble. Validation is not its business: constraints that do not change the
shape of a document are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from lso.lens.reference import Documents, Part, below

SHAPE = ("type", "properties", "items", "enum", "const", "allOf", "anyOf", "oneOf", "$ref", "additionalProperties")


def schema_at(documents: Documents, reference: str) -> SchemaNode:
    """The schema at `file#/pointer`; a bare `#/Name` means components/schemas/Name.

    `file#/A|B` is a document that may be either.
    """
    name, _, pointer = reference.partition("#")
    first, *others = pointer.split("|")
    home = first.rpartition("/")[0]
    parts = tuple(documents.find(name, one) for one in (first, *(f"{home}/{other}" for other in others)))
    if len(parts) > 1:
        parts = (Part(name, pointer, {"oneOf": [{"$ref": f"#{one.pointer}"} for one in parts]}),)
    return SchemaNode(documents, parts)


def model_schema(model: type[BaseModel]) -> SchemaNode:
    """A pydantic model as a schema tree, under the names its documents use."""
    documents = Documents({model.__name__: model.model_json_schema(by_alias=True)}.__getitem__)
    return schema_at(documents, f"{model.__name__}#")


class SchemaNode:
    """One place in a document, and what may stand there."""

    def __init__(self, documents: Documents, parts: tuple[Part, ...], *,
                 fixed: Mapping[str, str] | None = None) -> None:
        self._documents = documents
        self._heads = tuple(documents.resolve(part) for part in parts)
        self.fixed: Mapping[str, str] = fixed or self._inherited_tags()
        self.identity = "+".join(f"{part.document}#{part.pointer}" for part in self._heads)

    def __repr__(self) -> str:
        return f"<{self.identity}>"

    # -- what may stand here ------------------------------------------------------------------------------------

    @cached_property
    def types(self) -> frozenset[str]:
        """JSON types, `null` apart; empty when anything goes."""
        found: set[str] = set()
        for part in self._plain:
            declared = part.raw.get("type")
            found.update([declared] if isinstance(declared, str) else declared or ())
            found.update({"object"} if "properties" in part.raw else ())
        for choice in self.alternatives:
            found |= choice.types
        return frozenset(found - {"null"})

    @cached_property
    def nullable(self) -> bool:
        """Whether null is among the values that the specification allows."""
        return any(
            part.raw.get("nullable") is True or "null" in (part.raw.get("type") or ())
            or any(isinstance(one, Mapping) and one.get("type") == "null" for one in _choices(part.raw))
            for part in self._plain
        )

    @cached_property
    def words(self) -> tuple[Any, ...] | None:
        """The values listed, where they are listed."""
        found: list[Any] = []
        for part in self._plain:
            found += part.raw.get("enum") or ([part.raw["const"]] if "const" in part.raw else [])
        for choice in self.alternatives:
            if choice.words is None:
                return tuple(found) or None
            found += choice.words
        return tuple(dict.fromkeys(word for word in found if word is not None)) or None

    @cached_property
    def format(self) -> str:
        """`date-time`, `uri` and so on; empty where none is declared."""
        return next((str(part.raw["format"]) for part in self._plain if "format" in part.raw), "")

    @cached_property
    def members(self) -> Mapping[str, SchemaNode]:
        """The declared members of an object, those of all alternatives included."""
        found: dict[str, list[Part]] = {}
        for part in self._plain:
            for name, raw in (part.raw.get("properties") or {}).items():
                found.setdefault(name, []).append(below(part, "properties", name, raw))
        members = {name: SchemaNode(self._documents, tuple(parts)) for name, parts in found.items()}
        for choice in self.alternatives:
            for name, node in choice.members.items():
                known = members.get(name)
                members[name] = node if known is None else SchemaNode(self._documents, _both(known, node))
        return members

    @cached_property
    def required(self) -> frozenset[str]:
        """Members that must be there, whichever alternative is meant."""
        own = frozenset(str(name) for part in self._plain for name in part.raw.get("required") or ())
        shared = [choice.required for choice in self.alternatives]
        return own | (frozenset.intersection(*shared) if shared else frozenset())

    @cached_property
    def items(self) -> SchemaNode | None:
        """The elements of a list."""
        found = tuple(Part(part.document, f"{part.pointer}/items", part.raw["items"])
                      for part in self._plain if isinstance(part.raw.get("items"), Mapping))
        if found:
            return SchemaNode(self._documents, found)
        return next((choice.items for choice in self.alternatives if choice.items is not None), None)

    @cached_property
    def most_items(self) -> int | None:
        """How long a list may be."""
        return next((int(part.raw["maxItems"]) for part in self._plain if "maxItems" in part.raw), None)

    @cached_property
    def extra(self) -> SchemaNode | bool | None:
        """Undeclared members: a schema for them, whether they are allowed, or None where nothing is said."""
        for part in self._plain:
            said = part.raw.get("additionalProperties")
            if isinstance(said, bool):
                return said
            if isinstance(said, Mapping):
                return SchemaNode(self._documents, (Part(part.document, f"{part.pointer}/additionalProperties", said),))
        return None

    @property
    def opaque(self) -> bool:
        """Nothing is said about the inside: any JSON, or an object that declares no member."""
        if not self.types and not self.members:
            return True
        return "object" in self.types and not self.members and self.extra is not False

    # -- polymorphism -------------------------------------------------------------------------------------------

    @cached_property
    def tag(self) -> str | None:
        """The member that tells which case a document is, where the schema itself has cases."""
        return str(self._discriminator["propertyName"]) if self._discriminator and not self.fixed else None

    @cached_property
    def cases(self) -> Mapping[str, SchemaNode]:
        """The cases by the value of the tag."""
        if self.tag is None or self._discriminator is None:
            return {}
        tags = self._discriminator.get("mapping") or {}
        home = self._heads[0]
        return {
            value: SchemaNode(self._documents, (Part(home.document, home.pointer, {"$ref": target}),),
                              fixed={self.tag: value})
            for value, target in tags.items()
        }

    @property
    def _discriminator(self) -> Mapping[str, Any] | None:
        found = self._heads[0].raw.get("discriminator")
        return found if isinstance(found, Mapping) else None

    def _inherited_tags(self) -> Mapping[str, str]:
        """A schema that is one case of another, met directly: its tag can have one value only."""
        mine = {(head.document, head.pointer) for head in self._heads}
        for head in self._heads:
            for number, raw in enumerate(head.raw.get("allOf") or ()):
                parent = self._documents.resolve(below(head, "allOf", str(number), raw))
                rule = parent.raw.get("discriminator") or {}
                for value, target in (rule.get("mapping") or {}).items():
                    case = self._documents.resolve(Part(parent.document, parent.pointer, {"$ref": target}))
                    if (case.document, case.pointer) in mine:
                        return {str(rule["propertyName"]): str(value)}
        return {}

    # -- folding ------------------------------------------------------------------------------------------------

    @cached_property
    def _plain(self) -> tuple[Part, ...]:
        """Every schema that applies here: `allOf` unfolded, and the one alternative that is not null."""
        return tuple(plain for head in self._heads for plain in self._unfold(head))

    def _unfold(self, part: Part) -> Iterator[Part]:
        yield part
        for number, raw in enumerate(part.raw.get("allOf") or ()):
            yield from self._unfold(self._documents.resolve(below(part, "allOf", str(number), raw)))
        choices = self._real_choices(part)
        if len(choices) == 1:
            yield from self._unfold(choices[0])

    @cached_property
    def alternatives(self) -> tuple[SchemaNode, ...]:
        """The schemas of which one applies, where there is a choice of shapes."""
        return tuple(SchemaNode(self._documents, (choice,)) for part in self._plain
                     if len(choices := self._real_choices(part)) > 1 for choice in choices)

    def _real_choices(self, part: Part) -> list[Part]:
        found = [below(part, keyword, str(number), raw) for keyword in ("anyOf", "oneOf")
                 for number, raw in enumerate(part.raw.get(keyword) or ())
                 if any(key in raw for key in SHAPE) and raw.get("type") != "null"]
        return [self._documents.resolve(choice) for choice in found]


def leaves(node: SchemaNode, at: str = "", above: frozenset[str] = frozenset()) -> Iterator[str]:
    """The places of a schema that hold values, as paths; a schema inside itself counts once.

    `*` is any element; a case of a polymorphic object stands in angle brackets.
    """
    if node.identity in above and (node.members or node.items):
        yield at
        return
    below = above | {node.identity}
    if node.cases:
        for value, case in node.cases.items():
            yield from leaves(case, f"{at}<{value}>", below)
    elif node.members:
        for name, member in node.members.items():
            yield from leaves(member, f"{at}/{name}" if at else name, below)
    elif node.items is not None and (node.items.members or node.items.cases):
        yield from leaves(node.items, f"{at}/*", below)
    else:
        yield at


def _choices(raw: Mapping[str, Any]) -> list[Any]:
    return [*(raw.get("anyOf") or ()), *(raw.get("oneOf") or ())]


def _both(one: SchemaNode, other: SchemaNode) -> tuple[Part, ...]:
    parts = tuple(dict.fromkeys((head.document, head.pointer) for node in (one, other) for head in node._heads))
    by_place = {(head.document, head.pointer): head for node in (one, other) for head in node._heads}
    return tuple(by_place[place] for place in parts)


ANYTHING = schema_at(Documents({"": {}}.__getitem__), "#")
"""What is known of a place that no specification describes."""
