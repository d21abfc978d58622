"""The book of everything that is read once at start: mappings, resources, dialects, editions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import NamedTuple

from lso.dialects import mef
from lso.dialects.calls import CALLS
from lso.dialects.codecs import CODECS
from lso.dialects.dialect import Dialect
from lso.dialects.edition import Edition, load_editions
from lso.dialects.link import Links, laid_out
from lso.dialects.native import NATIVE
from lso.dialects.oauth import OAUTH
from lso.dialects.resource import Resource, load_resource
from lso.dialects.tmf import TMF
from lso.lens import Document, compile_mapping, load_table
from lso.lens import Mapping as Mapping_
from lso.lens.table import Table
from lso.settings import data_folder

EXTENDED = "+ext"
EXTENSIBLE = frozenset({"tmf"})


class Compiled(Mapping[str, Mapping_]):
    """Mappings, each compiled when it is first asked for: a process needs few of them, and none to start."""

    def __init__(self) -> None:
        self._tables: dict[str, Callable[[], Table]] = {}
        self._compiled: dict[str, Mapping_] = {}
        self._compiling = RLock()

    def add(self, name: str, table: Callable[[], Table]) -> None:
        """How to come by the table of a name."""
        self._tables[name] = table

    def __getitem__(self, name: str) -> Mapping_:
        found = self._compiled.get(name)
        return found if found is not None else self._compile(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def _compile(self, name: str) -> Mapping_:
        with self._compiling:
            if name not in self._compiled:
                table = self._tables[name]()
                plain = self[name.removesuffix(EXTENDED)] if name.endswith(EXTENDED) else None
                self._compiled[name] = plain if plain is not None and plain.table.sets == table.sets \
                    else compile_mapping(table, CODECS, CALLS)
            return self._compiled[name]


class Face(NamedTuple):
    """One resource in one edition, all that it takes to show it. own: by which name its complement is kept."""

    name: str
    own: str
    mapping: Mapping_
    prepare: Callable[[Document, bool], Document]
    links: Links
    path: str


class Book:
    """Opened once; nothing in it changes afterwards.

    mappings: by name: `sonata.order`, `tmf.order`, `tmf.order+ext`; those that are the same as another are found
        through `base_name`
    editions: those that are served; `edition` knows the others too
    """

    def __init__(self, mappings: Path, specs: Path) -> None:
        every = load_editions(specs, unserved=True)
        self.editions = tuple(one for one in every if one.served)
        self.dialects: Mapping[str, Dialect] = {"sonata": mef.dialect("sonata", mappings),
                                                "cantata": mef.dialect("cantata", mappings),
                                                "tmf": TMF, "native": NATIVE, "platform": NATIVE, "oauth": OAUTH}
        self._editions = {one.edition: one for one in every}
        self._beside = {(one.dialect, one.release, resource): one for one in reversed(self.editions)
                        for resource in (one.resource, *one.further) if one.mapping}
        self._faces: dict[tuple[str, str | None, bool], Face] = {}
        self._links: dict[tuple[str, str | None], Links] = {}
        self._paths: dict[tuple[str, str | None], str] = {}
        self._same: dict[str, str] = {}
        self.mappings = Compiled()
        self._resources: dict[str, Resource] = {}
        for file in sorted(mappings.glob("*/*.yaml")):
            if file.parent.name != "words" and file.stem != "common" and "." not in file.stem:
                self._open(file, mappings)

    def _open(self, file: Path, folder: Path) -> None:
        name = f"{file.parent.name}.{file.stem}"
        table = load_table(file, folder=folder)
        if table.same_as:
            self._same[name] = table.same_as
            return
        self.mappings.add(name, lambda: table)
        if file.parent.name in EXTENSIBLE:
            self.mappings.add(name + EXTENDED, lambda: load_table(file, folder=folder, variant=EXTENDED[1:]))
        beside = file.with_suffix(".resource.yaml")
        if beside.is_file():
            self._resources[name] = load_resource(beside, table)

    def base_name(self, name: str) -> str:
        """The mapping that a name stands for: `cantata.order` is `sonata.order`. Complements are kept by it."""
        return self._same.get(name, name)

    def mapping(self, name: str) -> Mapping_:
        """A compiled mapping. Raises KeyError."""
        return self.mappings[self.base_name(name)]

    def edition(self, name: str) -> Edition:
        """An edition by name. Raises KeyError."""
        return self._editions[name]

    def dialect(self, edition: Edition) -> Dialect:
        """How an edition talks; the token endpoint has a dialect of its own."""
        return self.dialects["oauth" if edition.api == "identity" else edition.dialect]

    def knows(self, edition: Edition, resource: str) -> bool:
        """Whether an edition has such a resource."""
        return edition.mapping is not None and self.base_name(edition.mapping_of(resource) or "") in self._resources

    def resource(self, edition: Edition, resource: str | None = None) -> Resource:
        """The resource of an edition, or another one of the same document. Raises KeyError where it has no mapping."""
        return self._resources[self.base_name(edition.mapping_of(resource) or "")]

    def path(self, edition: Edition, resource: str | None = None) -> str:
        """Where the resource of an edition is, or another one: of the same document, else of the edition beside it, of
        the same dialect and release, that is served and has it. Raises KeyError where there is none."""
        known = self._paths.get((edition.edition, resource))
        if known is None:
            here = edition.mapping_of(resource) is not None
            home = edition if here else self._beside[edition.dialect, edition.release, resource or ""]
            known = self._paths[edition.edition, resource] = f"{home.base_path}/{self.resource(home, resource).path}"
        return known

    def links(self, edition: Edition, resource: str | None = None) -> Links:
        """The links of a resource that lead to what there is."""
        known = self._links.get((edition.edition, resource))
        if known is None:
            known = self._links[edition.edition, resource] = laid_out(
                link for link in self.resource(edition, resource).links if edition.mapping_of(link.leads_to)
                or (edition.dialect, edition.release, link.leads_to) in self._beside)
        return known

    def face(self, edition: Edition, resource: str | None = None, *, extended: bool = False) -> Face:
        """A resource in an edition; `extended` counts only where the dialect has such a variant. Raises KeyError where
        there is none."""
        known = self._faces.get((edition.edition, resource, extended))
        if known is None:
            name = mapping_name(edition, extended=extended, resource=resource)
            known = self._faces[edition.edition, resource, extended] = Face(
                name, self.base_name(name), self.mapping(name), self.dialect(edition).prepare,
                self.links(edition, resource), self.path(edition, resource))
        return known


def mapping_name(edition: Edition, *, extended: bool = False, resource: str | None = None) -> str:
    """The mapping to use with an edition; `extended` counts only where a dialect has such a variant. Raises KeyError
    where there is none."""
    mapping = edition.mapping_of(resource)
    if mapping is None:
        raise KeyError(f"{edition.edition} has no mapping")
    return mapping + (EXTENDED if extended and edition.dialect in EXTENSIBLE else "")


@lru_cache(maxsize=1)
def book() -> Book:
    """The book of this process."""
    return Book(data_folder("mappings"), data_folder("specs"))
