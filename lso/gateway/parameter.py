"""Query, path and header parameters of an operation, held against its document. Compiled once per operation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from lso.errors import NotUnderstood
from lso.gateway.request import Request
from lso.gateway.validator import Validator, Validators

Document = dict[str, Any]
_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
FIELDS_MOST = 100
MISSING, EMPTY, WRONG = "missingQueryParameter", "missingQueryValue", "invalidQuery"


def parse_query(query: bytes) -> dict[str, list[str]]:
    """The parameters of a query string, in order."""
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_MOST, errors="strict")
    except ValueError:
        raise NotUnderstood("The query string cannot be read.", code=WRONG) from None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter. `validator` is None where any text will do."""

    name: str
    place: str
    required: bool
    convert: Callable[[str], Any]
    validator: Validator | None
    listed: bool

    def check(self, values: Sequence[str]) -> None:
        """Raise NotUnderstood when the values do not suit."""
        if self.listed or self.validator is None:
            return
        if len(values) > 1:
            raise NotUnderstood(f"The parameter {self.name} is given more than once.", code=WRONG)
        try:
            fits = self.validator.is_valid(self.convert(values[0]))
        except ValueError:
            fits = False
        if not fits:
            if not values[0]:
                raise NotUnderstood(f"The parameter {self.name} has no value.", code=EMPTY)
            raise NotUnderstood(f"The parameter {self.name} does not have a valid value.", code=WRONG)


class Parameters:
    """All parameters of one operation.

    lenient: unknown query parameters are left to the handler (TM Forum filters by any attribute).
    filters: some that the handler understands though the document does not have them (MEF 123 O17: charges by state).
    """

    def __init__(self, declared: Sequence[Document], validators: Validators, *, lenient: bool,
                 filters: frozenset[str] = frozenset()) -> None:
        parameters = [_parameter(parameter, validators) for parameter in declared]
        self.query = {parameter.name: parameter for parameter in parameters if parameter.place == "query"}
        self.required = [parameter.name for parameter in self.query.values() if parameter.required]
        self.path = [parameter for parameter in parameters if parameter.place == "path" and parameter.validator]
        self.headers = [parameter for parameter in parameters if parameter.place == "header"]
        self.lenient = lenient
        self.filters = filters

    def check(self, request: Request) -> None:
        """Raise NotUnderstood for the first parameter that is missing, unknown or wrong."""
        for path_parameter in self.path:
            path_parameter.check([request.path[path_parameter.name]])
        for name in self.required:
            if name not in request.query:
                raise NotUnderstood(f"The parameter {name} is missing.", code=MISSING)
        for name, values in request.query.items():
            parameter = self.query.get(name)
            if parameter is not None:
                parameter.check(values)
            elif not self.lenient and name not in self.filters:
                raise NotUnderstood("The request has a query parameter that this operation does not know.", code=WRONG)
        for header in self.headers:
            value = request.headers.get(header.name.lower())
            if value is not None:
                header.check([value])
            elif header.required:
                raise NotUnderstood(f"The header {header.name} is missing.", code=MISSING)


def _parameter(parameter: Mapping[str, Any], validators: Validators) -> Parameter:
    schema: Document = parameter.get("schema", {})
    kind = schema.get("type", "string")
    plain = kind == "string" and not set(schema) - {"type", "description", "default", "example"}
    return Parameter(
        name=str(parameter["name"]),
        place=str(parameter["in"]),
        required=bool(parameter.get("required")),
        convert=_CONVERSIONS.get(kind, str),
        validator=None if plain else validators.parameter(schema),
        listed=kind in {"array", "object"},
    )


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError("not an integer")
    return int(text)


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a number")
    return float(text)


def _boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError("not a boolean")
    return text == "true"


_CONVERSIONS: dict[str, Callable[[str], Any]] = {"integer": _integer, "number": _number, "boolean": _boolean}
