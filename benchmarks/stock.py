"""The other side of the comparisons: Connexion as it comes, with the same document.

It validates and echoes: no token, no product schemas, no translation, no store. Of our preparations it gets only what
it cannot do without: references of other files bundled, media types without parameters. As a program it serves that.
"""

from __future__ import annotations

import sys
from typing import Any

import connexion
import uvicorn
from connexion.operations import OpenAPIOperation
from connexion.resolver import Resolver
from connexion.spec import Specification
from connexion.validators import JSONRequestBodyValidator

from lso.gateway.specification import load
from lso.settings import data_folder

BASE_PATH = "/mefApi/sonata/productOrderingManagement/v10"
PATH, METHOD = "/productOrder", "post"


def document() -> dict[str, Any]:
    """The product order document, without the security and the header that our loader adds."""
    specification = load(data_folder("specs") / "sonata" / "productOrderManagement.yaml")
    plain = specification.mounted(base_path=BASE_PATH, version="10.0.0")
    plain["components"].pop("securitySchemes", None)
    for item in plain["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "operationId" in operation:
                operation.pop("security", None)
                operation["parameters"] = [
                    parameter for parameter in operation.get("parameters", [])
                    if parameter.get("name") != "Idempotency-Key"]
    return plain


async def echo(body: Any) -> tuple[Any, int]:
    """Give back what came."""
    return body, 201


def validator() -> JSONRequestBodyValidator:
    """Connexion's default validator of the body of an order."""
    specification = Specification.from_dict(document())
    operation = OpenAPIOperation.from_spec(
        specification, path=PATH, method=METHOD, resolver=Resolver(function_resolver=lambda _: echo))
    return JSONRequestBodyValidator(
        schema=operation.body_schema("application/json"), required=True, nullable=False, encoding="utf-8",
        strict_validation=False)


def serve(port: int) -> None:
    """Serve until the process is ended, with the server and the event loop that we use ourselves."""
    app = connexion.AsyncApp(__name__, specification_dir=".")
    app.add_api(document(), base_path=BASE_PATH, resolver=Resolver(function_resolver=lambda _: echo))
    uvicorn.run(app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", access_log=False, log_level="error")


if __name__ == "__main__":
    serve(int(sys.argv[1]))
