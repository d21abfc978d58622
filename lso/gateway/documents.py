"""Serves each document as it is mounted, a page of Swagger UI beside it, and a list of all of them at `/docs`: those of
an application, and of the others behind the same address.

A document stands at `<base path>/openapi.json`, its page at `<base path>/docs`; those without a base path have
`/<dialect>/<api>` in its place. The files they are made of are under `/specs`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from pathlib import Path

from swagger_ui_bundle import swagger_ui_path  # type: ignore[import-untyped]

from lso.gateway.mount import Mount
from lso.gateway.parser import dump
from lso.gateway.request import Answer

Page = Callable[[], Answer]
FILES = "/docs/static"
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".png": "image/png"}
SOURCES = {".yaml": "application/yaml", ".json": "application/json"}
HTML = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json"}
VIEWER = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>{title}</title>
  <link rel="stylesheet" href="{files}/swagger-ui.css">
</head>
<body>
  <div id="swagger-ui"></div>
  <script src="{files}/swagger-ui-bundle.js"></script>
  <script>SwaggerUIBundle({{url: "{document}", dom_id: "#swagger-ui", deepLinking: true}})</script>
</body>
</html>
"""
LISTING = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>LSO Bridge</title></head>
<body>
<h1>LSO Bridge</h1>
<ul>
{items}
</ul>
</body>
</html>
"""


def documents(mounts: Sequence[Mount], specs: Path, listed: Sequence[Mount]) -> Mapping[str, Page]:
    """What is served at which path. specs: the folder of specifications. listed: what the list shows, when asked."""
    pages: dict[str, Page] = {"/docs": partial(_listing, listed)}
    for mount in mounts:
        place = place_of(mount)
        pages[f"{place}/openapi.json"] = partial(_document, mount)
        pages[f"{place}/docs"] = partial(_viewer, mount)
    for file in sorted(Path(swagger_ui_path).rglob("*")):
        if file.suffix in KINDS:
            pages[f"{FILES}/{file.name}"] = partial(_file, file)
    for file in sorted(specs.rglob("*")):
        if file.suffix in SOURCES:
            pages[f"/specs/{file.relative_to(specs).as_posix()}"] = partial(_file, file)
    return pages


def place_of(mount: Mount) -> str:
    """Where the document of an edition is served."""
    return mount.prefix or f"/{mount.edition.dialect}/{mount.edition.api}"


def _document(mount: Mount) -> Answer:
    return Answer(200, dump(mount.document), JSON)


def _viewer(mount: Mount) -> Answer:
    page = VIEWER.format(
        title=escape(mount.title), files=FILES, document=f"{place_of(mount)}/openapi.json"
    )
    return Answer(200, page.encode(), HTML)


def _listing(mounts: Sequence[Mount]) -> Answer:
    items = "\n".join(
        f'<li><a href="{place_of(mount)}/docs">{escape(mount.edition.edition)}</a>: '
        f"{escape(mount.title)}</li>"
        for mount in mounts
    )
    return Answer(200, LISTING.format(items=items).encode(), HTML)


def _file(file: Path) -> Answer:
    kind = (KINDS | SOURCES)[file.suffix]
    return Answer(200, file.read_bytes(), {"Content-Type": kind, "Cache-Control": "max-age=3600"})
