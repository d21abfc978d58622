"""XML as plain trees, and back: '@name' is an attribute, '#' the text beside attributes, repeated elements are lists.

A layout says what a document type looks like: its namespace, the order of its elements, which of them may repeat and
which hold others. It is read from a schema of the tree (`specs/soap`). What the layout does not know is carried too,
after what it knows.

What comes from outside is read without DTD, entities or network, and within bounds; text between elements, comments and
instructions would not survive, so text is refused and the others are not carried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

Document = dict[str, Any]
BYTES_MOST = 1_000_000
DEPTH_MOST = 32
ELEMENTS_MOST = 20_000
TEXT = "#"


class XmlRefused(ValueError):
    """Not XML, or not of a kind that is read here; the reason quotes nothing of it."""


@dataclass(frozen=True)
class Shape:
    """An element: what it holds in which order, and whether it may repeat."""

    members: Mapping[str, Shape] = field(default_factory=dict)
    repeats: bool = False

    @property
    def holds(self) -> bool:
        """Whether there is anything inside but text."""
        return bool(self.members)


PLAIN = Shape()


def parse(raw: bytes, *, bytes_most: int = BYTES_MOST) -> etree._Element:
    """The root element of a document from outside. Raises XmlRefused."""
    if len(raw) > bytes_most:
        raise XmlRefused("the document is too large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
                             attribute_defaults=False, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise XmlRefused("the document is not XML") from None
    about: Any = root.getroottree().docinfo
    if about.doctype or about.internalDTD is not None:
        raise XmlRefused("the document has a DTD")
    _measure(root)
    return root


def serialise(root: etree._Element) -> bytes:
    """The document of a root element."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


@dataclass(frozen=True)
class Layout:
    """A document type: `name` is the root element, `shape` what it holds."""

    namespace: str
    name: str
    shape: Shape

    @classmethod
    def of(cls, schemas: Mapping[str, Any], name: str, namespace: str) -> Layout:
        """The layout that the schema of that name describes; `$ref`s lead to other schemas of the mapping."""
        return cls(namespace, name, _shape(schemas, schemas[name]))

    def read(self, element: etree._Element) -> Document:
        """The tree of a root element. Raises XmlRefused."""
        if element.tag != self._tag(self.name):
            raise XmlRefused(f"{self.name} was expected")
        found = self._value(element, self.shape)
        return found if isinstance(found, dict) else {TEXT: found} if found else {}

    def write(self, document: Mapping[str, Any]) -> etree._Element:
        """The root element of a tree. Raises XmlRefused for what XML cannot say."""
        root = etree.Element(self._tag(self.name), nsmap={None: self.namespace})  # type: ignore[dict-item]
        self._fill(root, document, self.shape)
        return root

    def _tag(self, name: str) -> str:
        return name if name.startswith("{") else f"{{{self.namespace}}}{name}"

    def _value(self, element: etree._Element, shape: Shape) -> Any:
        if not len(element) and not element.attrib and not shape.holds:
            return element.text or ""
        tree: Document = {f"@{name!s}": value for name, value in element.attrib.items()}
        if len(element):
            if any((text or "").strip() for text in (element.text, *(child.tail for child in element))):
                raise XmlRefused("there is text between elements")
        elif element.text:
            tree[TEXT] = element.text
        for child in element:
            name = self._name(child)
            known = shape.members.get(name, PLAIN)
            value = self._value(child, known)
            if known.repeats:
                tree.setdefault(name, []).append(value)
            elif name in tree:
                held = tree[name]
                tree[name] = [*held, value] if isinstance(held, list) else [held, value]
            else:
                tree[name] = value
        return tree

    def _name(self, element: etree._Element) -> str:
        prefix, tag = f"{{{self.namespace}}}", str(element.tag)
        return tag.removeprefix(prefix)

    def _fill(self, element: etree._Element, document: Mapping[str, Any], shape: Shape) -> None:
        ranks = {name: rank for rank, name in enumerate(shape.members)}
        try:
            for name in sorted(document, key=lambda name: ranks.get(name, len(ranks))):
                value = document[name]
                if name == TEXT:
                    element.text = _text(value)
                elif name.startswith("@"):
                    element.set(name[1:], _text(value))
                else:
                    for one in value if isinstance(value, list) else [value]:
                        child = etree.SubElement(element, self._tag(name))
                        if isinstance(one, Mapping):
                            self._fill(child, one, shape.members.get(name, PLAIN))
                        else:
                            child.text = _text(one)
        except ValueError as error:
            raise XmlRefused("a text cannot be said in XML") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _measure(root: etree._Element) -> None:
    """Within bounds, and nothing but elements."""
    level, depth, count = [root], 0, 0
    while level:
        depth, count = depth + 1, count + len(level)
        if depth > DEPTH_MOST or count > ELEMENTS_MOST:
            raise XmlRefused("the document is too deep" if depth > DEPTH_MOST else "the document has too many elements")
        level = [child for element in level for child in _children(element)]


def _children(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if not isinstance(child.tag, str):
            raise XmlRefused("the document uses entities")
        yield child


def _shape(schemas: Mapping[str, Any], schema: Mapping[str, Any], *, repeats: bool = False) -> Shape:
    if "$ref" in schema:
        return _shape(schemas, schemas[str(schema["$ref"]).rpartition("/")[2]], repeats=repeats)
    if schema.get("type") == "array":
        return _shape(schemas, schema["items"], repeats=True)
    return Shape({name: _shape(schemas, member) for name, member in schema.get("properties", {}).items()}, repeats)
