"""Reads a Swagger 2 document as OpenAPI 3.0, so that everything behind the loader knows one form only."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_DESCRIBES = {"name", "in", "description", "required", "collectionFormat", "schema"}
_STYLES = {
    "csv": ("form", False),
    "multi": ("form", True),
    "ssv": ("spaceDelimited", False),
    "pipes": ("pipeDelimited", False),
}
_NOT_PARAMETERS = {"body", "formData"}


def modernise(swagger: Document) -> Document:
    """The same document as OpenAPI 3.0."""
    consumes = swagger.get("consumes") or ["application/json"]
    produces = swagger.get("produces") or ["application/json"]
    shared = swagger.get("parameters", {})
    document: Document = {
        "openapi": "3.0.3",
        "info": swagger["info"],
        "servers": [{"url": swagger.get("basePath", "/")}],
        "paths": {
            path: _path_item(item, shared, consumes, produces) for path, item in swagger.get("paths", {}).items()
        },
        "components": {"schemas": swagger.get("definitions", {})},
    }
    responses = swagger.get("responses")
    if responses:
        document["components"]["responses"] = {name: _response(body, produces) for name, body in responses.items()}
    moved: Document = _moved(document)
    return moved


def _path_item(item: Document, shared: Document, consumes: list[str], produces: list[str]) -> Document:
    common = [_resolved(parameter, shared) for parameter in item.get("parameters", [])]
    modern: Document = {}
    if common:
        modern["parameters"] = [_parameter(parameter) for parameter in common if parameter["in"] not in _NOT_PARAMETERS]
    for method in METHODS:
        if method in item:
            modern[method] = _operation(item[method], shared, common, consumes, produces)
    return modern


def _operation(
    operation: Document, shared: Document, common: list[Document], consumes: list[str], produces: list[str]
) -> Document:
    media = operation.get("consumes") or consumes
    parameters = [_resolved(parameter, shared) for parameter in operation.get("parameters", [])]
    modern = {
        key: value
        for key, value in operation.items()
        if key not in {"consumes", "produces", "schemes", "parameters", "responses", "security"}
    }
    modern["parameters"] = [
        _parameter(parameter) for parameter in parameters if parameter["in"] not in _NOT_PARAMETERS
    ]
    for parameter in [*common, *parameters]:
        if parameter["in"] == "body":
            modern["requestBody"] = {
                "required": parameter.get("required", False),
                "content": {name: {"schema": parameter.get("schema", {})} for name in media},
            }
    form = [parameter for parameter in parameters if parameter["in"] == "formData"]
    if form:
        properties = {parameter["name"]: _schema(parameter) for parameter in form}
        schema = {
            "type": "object",
            "required": [parameter["name"] for parameter in form if parameter.get("required")],
            "properties": properties,
        }
        modern["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    modern["responses"] = {
        status: _response(response, operation.get("produces") or produces)
        for status, response in operation.get("responses", {}).items()
    }
    return modern


def _resolved(parameter: Document, shared: Document) -> Document:
    reference = parameter.get("$ref")
    resolved: Document = shared[reference.rsplit("/", 1)[1]] if reference else parameter
    return resolved


def _parameter(parameter: Document) -> Document:
    kept = ("name", "in", "description", "required")
    modern: Document = {key: parameter[key] for key in kept if key in parameter}
    modern["schema"] = _schema(parameter)
    if parameter.get("type") == "array" and parameter["in"] == "query":
        modern["style"], modern["explode"] = _STYLES.get(parameter.get("collectionFormat", "csv"), ("form", False))
    return modern


def _schema(parameter: Document) -> Document:
    return {key: value for key, value in parameter.items() if key not in _DESCRIBES}


def _response(response: Document, produces: list[str]) -> Document:
    if "$ref" in response:
        return response
    modern: Document = {"description": response.get("description", "")}
    if "schema" in response:
        modern["content"] = {name: {"schema": response["schema"]} for name in produces}
    if "headers" in response:
        modern["headers"] = {
            name: {
                "description": header.get("description", ""),
                "schema": {key: value for key, value in header.items() if key != "description"},
            }
            for name, header in response["headers"].items()
        }
    return modern


def _moved(node: Any) -> Any:
    """References to where Swagger 2 keeps things, pointed at where OpenAPI 3 does; discriminators as objects."""
    if isinstance(node, list):
        return [_moved(element) for element in node]
    if not isinstance(node, dict):
        return node
    moved = {key: _moved(value) for key, value in node.items()}
    reference = moved.get("$ref")
    if isinstance(reference, str):
        moved["$ref"] = reference.replace("#/definitions/", "#/components/schemas/").replace(
            "#/responses/", "#/components/responses/"
        )
    if isinstance(moved.get("discriminator"), str):
        moved["discriminator"] = {"propertyName": moved["discriminator"]}
    return moved
