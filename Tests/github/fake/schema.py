"""The schema file: which operation a request is, whether a value fits, how an answer becomes as wide as a real one."""

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

# These path parameters may contain slashes; the others not.
WIDE = {"ref", "branch", "path", "basehead"}
# Every operation may answer with these, whatever it lists.
GENERAL = {304, 400, 401, 403, 404, 422, 429}
# A fixed instant, so that two equal answers have one ETag.
NEUTRAL_TIME = "2026-01-01T00:00:00Z"
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool}
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)")
DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Fault:
    """One place where a value does not fit: how deep, where, and why."""

    depth: int
    path: str
    why: str

    def __str__(self) -> str:
        return f"{self.path or 'the value'}: {self.why}"


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    template: str
    pattern: re.Pattern
    query: dict
    body: dict | None
    responses: dict

    def response_schema(self, status: int) -> dict | None:
        return _json_schema(self.responses.get(str(status), {}))


class Description:
    def __init__(self, file: Path):
        self.document = json.loads(file.read_text(encoding="utf-8"))
        self.components = self.document["components"]["schemas"]
        self.webhooks = self.document["x-webhooks"]
        self.operations = sorted(self._operations(), key=lambda one: -len(re.sub(r"\{\w+\}", "", one.template)))
        self._neutral: dict[str, object] = {}

    def _operations(self) -> Iterator[Operation]:
        for template, methods in self.document["paths"].items():
            parts = re.split(r"\{(\w+)\}", template)
            literal = [re.escape(part) for part in parts[::2]]
            groups = [f"(?P<{name}>{'.+' if name in WIDE else '[^/]+'})" for name in parts[1::2]]
            source = "".join(part + group for part, group in zip(literal, [*groups, ""]))
            for method, entry in methods.items():
                query = {one["name"]: one for one in entry.get("parameters", []) if one["in"] == "query"}
                body = _json_schema(entry["requestBody"]) if "requestBody" in entry else None
                yield Operation(
                    entry["operationId"], method.upper(), template, re.compile(source), query, body, entry["responses"]
                )

    def match(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation of a request and its path parameters, decoded; None outside the subset."""
        for operation in self.operations:
            if operation.method == method and (found := operation.pattern.fullmatch(path)):
                return operation, {name: unquote(value) for name, value in found.groupdict().items()}
        return None

    # --- Values

    def faults(self, schema: dict, value, path: str = "", depth: int = 0) -> list[Fault]:
        """Where `value` does not fit; empty when it does."""
        if "$ref" in schema:
            return self.faults(self._target(schema), value, path, depth)
        if "anyOf" in schema:
            return self._faults_of_any(schema["anyOf"], value, path, depth)
        found = [Fault(depth, path, why) for why in _own_faults(schema, value)]
        if isinstance(value, dict):
            missing = [name for name in schema.get("required", []) if name not in value]
            found += [Fault(depth + 1, path, f"lacks {name}") for name in missing]
            for name, part in schema.get("properties", {}).items():
                if name in value:
                    found += self.faults(part, value[name], f"{path}.{name}", depth + 1)
        if isinstance(value, list) and "items" in schema:
            for index, item in enumerate(value):
                found += self.faults(schema["items"], item, f"{path}[{index}]", depth + 1)
        return found

    def _faults_of_any(self, alternatives: list[dict], value, path: str, depth: int) -> list[Fault]:
        """None when one fits; else the alternative that came furthest, as it is the one that was meant."""
        best: list[Fault] = []
        for alternative in alternatives:
            found = self.faults(alternative, value, path, depth)
            if not found:
                return []
            if not best or max(one.depth for one in found) > max(one.depth for one in best):
                best = found
        return best

    def _target(self, schema: dict) -> dict:
        return self.components[schema["$ref"].rsplit("/", 1)[1]]

    def fields(self, schema: dict) -> set[str] | None:
        """The top-level fields that any alternative knows; None when a value without fields is free to come."""
        if "$ref" in schema:
            return self.fields(self._target(schema))
        if "anyOf" in schema:
            known = [self.fields(part) for part in schema["anyOf"]]
            known = [part for part in known if part is not None]
            return set().union(*known) if known else None
        return set(schema["properties"]) if schema.get("properties") else None

    # --- Answers

    def filled(self, schema: dict, value):
        """The value with every required property it lacks, neutral, at each depth."""
        if "$ref" in schema:
            return self.filled(self._target(schema), value)
        if "anyOf" in schema:
            return self.filled(self._alternative(schema["anyOf"], value), value)
        if isinstance(value, dict) and "properties" in schema:
            properties = schema["properties"]
            out = {name: self.filled(properties.get(name, {}), part) for name, part in value.items()}
            for name in schema.get("required", []):
                if name not in out:
                    out[name] = self.neutral(properties.get(name, {}))
            return out
        if isinstance(value, list) and "items" in schema:
            return [self.filled(schema["items"], part) for part in value]
        return value

    def _alternative(self, alternatives: list[dict], value) -> dict:
        """The alternative that knows most of the value's fields, or has its type."""

        def fit(schema: dict) -> tuple[int, int]:
            schema = self._target(schema) if "$ref" in schema else schema
            if "anyOf" in schema:
                return max(fit(part) for part in schema["anyOf"])
            typed = not _own_faults(schema, value)
            known = len(set(value) & set(schema.get("properties", {}))) if isinstance(value, dict) else 0
            return int(typed), known

        return max(alternatives, key=fit)

    def neutral(self, schema: dict):
        if "$ref" in schema:
            name = schema["$ref"]
            if name not in self._neutral:
                self._neutral[name] = None  # ends a schema that requires itself
                self._neutral[name] = self.neutral(self._target(schema))
            return copy.deepcopy(self._neutral[name])
        if "anyOf" in schema:
            if any(part.get("type") == "null" for part in schema["anyOf"]):
                return None
            return self.neutral(schema["anyOf"][0])
        if "enum" in schema:
            return schema["enum"][0]
        if schema.get("type") == "object" or "properties" in schema:
            return self.filled(schema, {})
        if schema.get("format") == "date-time":
            return NEUTRAL_TIME
        if schema.get("format") == "date":
            return NEUTRAL_TIME[:10]
        least = schema.get("minimum", 0)
        return {
            "array": [],
            "string": "0" * schema.get("minLength", 0),
            "integer": least,
            "number": least,
            "boolean": False,
        }.get(schema.get("type"))


def _json_schema(entry: dict) -> dict | None:
    return (entry.get("content") or {}).get("application/json", {}).get("schema")


def _own_faults(schema: dict, value) -> Iterator[str] | list[str]:
    """What one level of a schema says against a value, without its properties and items."""
    wanted = schema.get("type")
    if wanted and not _has_type(wanted, value):
        return [f"is {type(value).__name__}, not {wanted}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{value!r} is not one of {schema['enum']}")
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            found.append(f"is shorter than {schema['minLength']}")
        if len(value) > schema.get("maxLength", len(value)):
            found.append(f"is longer than {schema['maxLength']}")
        form = {"date-time": DATE_TIME, "date": DATE}.get(schema.get("format", ""))
        if form and not form.fullmatch(value):
            found.append(f"{value!r} is no {schema['format']}")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value < schema.get("minimum", value):
            found.append(f"{value} is below {schema['minimum']}")
        if value > schema.get("maximum", value):
            found.append(f"{value} is above {schema['maximum']}")
    return found


def _has_type(wanted: str, value) -> bool:
    if wanted == "null":
        return value is None
    if wanted in ("integer", "number"):
        whole = isinstance(value, int) or (isinstance(value, float) and (wanted == "number" or value.is_integer()))
        return whole and not isinstance(value, bool)
    return isinstance(value, TYPES[wanted])
