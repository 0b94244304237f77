"""Holds every request and every answer against the schema file, and keeps what it found."""

import json
import threading
from urllib.parse import parse_qsl

from .schema import GENERAL, Description, Operation

VERSIONS = {"2022-11-28", "2026-03-10"}
ACCEPT = "application/vnd.github+json"


class Inspector:
    def __init__(self, description: Description):
        self.description = description
        self.findings: list[dict] = []
        self._lock = threading.Lock()

    def note(self, side: str, operation: str, message: str) -> None:
        """Side is `client` or `fake`."""
        with self._lock:
            self.findings.append({"side": side, "operation": operation, "message": message})

    def request(self, operation: Operation, query: str, body: bytes, headers) -> list[str]:
        """Notes what is wrong with a request. The result is only what the service itself would refuse with 422."""
        for message in [*_header_faults(headers), *self._query_faults(operation, query)]:
            self.note("client", operation.id, message)
        if operation.body is None:
            if body:
                self.note("client", operation.id, "sends a body, which the operation does not take")
            return []
        try:
            value = json.loads(body) if body else None
        except ValueError:
            self.note("client", operation.id, "the body is no JSON")
            return []
        if value is None and not self.description.faults(operation.body, {}):
            return []
        refused = [str(one) for one in self.description.faults(operation.body, value)]
        for message in refused:
            self.note("client", operation.id, f"body{message}" if message[0] in ".[" else f"body: {message}")
        known = self.description.fields(operation.body)
        if isinstance(value, dict) and known is not None:
            for name in sorted(set(value) - known):
                self.note("client", operation.id, f"body.{name} is no field of the operation")
        return refused

    def _query_faults(self, operation: Operation, query: str) -> list[str]:
        found, seen = [], set()
        for name, text in parse_qsl(query, keep_blank_values=True):
            if name in seen:
                found.append(f"query {name} is given twice")
            seen.add(name)
            parameter = operation.query.get(name)
            if parameter is None:
                found.append(f"query {name} is no parameter of the operation")
            elif all(self.description.faults(parameter.get("schema", {}), value) for value in _readings(text)):
                found.append(f"query {name}={text} does not fit")
        return found

    def answer(self, operation: Operation, status: int, value):
        """The answer at full width; notes what is wrong with it."""
        schema = operation.response_schema(status)
        if str(status) not in operation.responses and status not in GENERAL and status < 500:
            self.note("fake", operation.id, f"status {status} is not listed")
        if schema is None and status in GENERAL | {500, 502, 503}:
            schema = {"$ref": "#/components/schemas/BasicError"} if value is not None else None
        if schema is None or value is None:
            return value
        value = self.description.filled(schema, value)
        for one in self.description.faults(schema, value)[:3]:
            self.note("fake", operation.id, f"answer {status}: {one}")
        return value

    def webhook(self, name: str, payload: dict) -> dict:
        schema = self.description.webhooks.get(name)
        if schema is None:
            return payload
        payload = self.description.filled(schema, payload)
        for one in self.description.faults(schema, payload)[:3]:
            self.note("fake", f"webhook {name}", str(one))
        return payload


def _header_faults(headers) -> list[str]:
    found = []
    accept = headers.get("Accept", "")
    if accept != ACCEPT:
        found.append(f"header Accept is {accept!r}, not {ACCEPT}")
    if headers.get("X-GitHub-Api-Version") not in VERSIONS:
        found.append(f"header X-GitHub-Api-Version is {headers.get('X-GitHub-Api-Version')!r}")
    if not headers.get("User-Agent"):
        found.append("header User-Agent is missing")
    if not headers.get("Authorization", "").startswith(("Bearer ", "token ")):
        found.append("header Authorization is no Bearer token")
    return found


def _readings(text: str) -> list:
    """What a text in a query may mean: numbers and booleans come as text."""
    out: list = [text, text.split(",")]
    if text in ("true", "false"):
        out.append(text == "true")
    if text.lstrip("-").isdigit():
        out.append(int(text))
    return out
