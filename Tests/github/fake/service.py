"""What happens to a request between the socket and its operation: faults, identity, limits, validation, caching."""

import functools
import hashlib
import json
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from . import ci, control, limits, operations
from .auth import admit, identify, may_git
from .by_hand import act
from .call import HANDLERS, Answer, Call
from .faults import Faults, Rule
from .inspector import VERSIONS, Inspector
from .limits import Limits
from .push import DECLINED, PREFIX, SmartHTTP, parse
from .schema import Description, Operation
from .webhooks import Webhooks
from .world import Refusal, Token, World

DOCUMENTATION = "https://docs.github.com/rest"
SCHEMA = Path(__file__).resolve().parents[1] / "openapi-subset.json"
HTML = b"<!DOCTYPE html><html><body><h1>We are having a problem</h1></body></html>\n"
_ = operations  # importing it registers what answers


@dataclass
class Reply:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    # Whether the connection ends before the answer, or in the middle of it.
    cut: str | None = None


@functools.cache
def description() -> Description:
    """The schema file, read once."""
    return Description(SCHEMA)


class Service:
    def __init__(self, root: Path):
        self.world = World(root)
        self.world.limits = Limits()
        self.inspector = Inspector(description())
        self.faults = Faults()
        self.webhooks = Webhooks(self.world, self.inspector)
        self.git = SmartHTTP(self.world)
        self.requests: list[dict] = []
        self.free = 0

    def reply(self, method: str, target: str, headers, body: bytes) -> Reply:
        path = urlsplit(target).path
        if path.startswith(PREFIX):
            return _json(200, self.git.judge(path.removeprefix(PREFIX), json.loads(body)))
        if path.startswith("/_control/"):
            return self._control(method, target, body)
        try:
            return self._faulty(method, target, headers, body)
        except Exception:  # a mistake of the fake shows as a finding, not as a hanging test
            self.inspector.note("fake", f"{method} {path}", traceback.format_exc(limit=-6))
            return _json(500, {"message": "the fake failed"})

    def _control(self, method: str, target: str, body: bytes) -> Reply:
        try:
            return _json(200, control.answer(self, method, target, json.loads(body) if body else {}))
        except Refusal as refusal:
            return _json(refusal.status, {"message": refusal.message, "errors": refusal.errors})
        except KeyError as error:
            return _json(400, {"message": f"the body lacks {error}, or names what is not there"})
        except (ValueError, TypeError) as error:
            return _json(400, {"message": f"{type(error).__name__}: {error}"})

    # --- Faults

    def _faulty(self, method: str, target: str, headers, body: bytes) -> Reply:
        """The answer, with what the tests want to go wrong around it."""
        fired = self.faults.fire(method, target)
        entry = {"method": method, "target": target, "status": None, "faults": [rule.kind for rule in fired]}
        with self.world.lock:
            self.requests.append(entry)
        reply = self._broken(fired, "before", headers)
        if reply is None:
            answer = self._git_or_api(method, target, headers, body, fired, entry)
            reply = self._broken(fired, "after", headers) or answer
            if any(rule.kind == "cut" and rule.when == "middle" for rule in fired):
                reply.cut = "middle"
        entry["status"] = f"cut {reply.cut}" if reply.cut else reply.status
        if self.faults.cut_ahead:
            reply.headers["Connection"] = "close"
        return reply

    def _broken(self, fired: list[Rule], when: str, headers) -> Reply | None:
        """What takes the place of the answer; before its effect, or after it."""
        found = None
        for rule in fired:
            if rule.when != when:
                continue
            if rule.kind == "action":
                actions = rule.options["act"]
                for one in actions if isinstance(actions, list) else [actions]:
                    try:
                        act(self.world, one)
                    except Refusal as refusal:
                        self.inspector.note("fake", "action", f"{one}: {refusal.message} {refusal.errors or ''}")
            elif rule.kind == "slow":
                time.sleep(rule.options.get("ms", 100) / 1000)
            elif rule.kind not in ("stale-labels", "refuse-push"):
                found = self._break(rule, headers)
        return found

    def _break(self, rule: Rule, headers) -> Reply:
        options, now = rule.options, self.world.clock.now()
        if rule.kind == "cut":
            return Reply(0, cut="before")
        if rule.kind == "html":
            return Reply(200, {"Content-Type": "text/html; charset=utf-8"}, HTML)
        if rule.kind == "secondary":
            refusal = limits.secondary(options.get("status", 403), options.get("retry_after"))
            return _json(refusal.status, _error(refusal), {**self._limit_headers("fault", now), **refusal.headers})
        if rule.kind == "primary":
            key = self._key(headers)
            self.world.limits.exhaust(key, now, options.get("reset", 60))
            refusal = Refusal(403, f"API rate limit exceeded for {key}.")
            return _json(403, _error(refusal), self._limit_headers(key, now))
        status = options.get("status", 502)
        given = {name: str(value) for name, value in options.get("headers", {}).items()}
        return _json(status, options.get("body", {"message": "Server Error"}), given)

    def _key(self, headers) -> str:
        try:
            token = identify(self.world, headers.get("Authorization"))
        except Refusal:
            token = None
        return token.key if token else "anonymous"

    def _limit_headers(self, key: str, now: float) -> dict[str, str]:
        return self.world.limits.headers(key, now)

    # --- The honest answer

    def _git_or_api(self, method: str, target: str, headers, body: bytes, fired: list[Rule], entry: dict) -> Reply:
        url = urlsplit(target)
        if named := parse(url.path):
            return self._git(method, url, headers, body, named, fired, entry)
        stale = next((rule.options.get("changes", 1) for rule in fired if rule.kind == "stale-labels"), 0)
        with self.world.lock:
            return self._api(method, url, headers, body, stale, entry)

    def _git(self, method: str, url, headers, body: bytes, named, fired: list[Rule], entry: dict) -> Reply:
        owner, name, service = named
        asked = dict(parse_qsl(url.query)).get("service") if service == "info/refs" else service
        entry["operation"] = asked or service
        repository = self.world.repository(owner, name)
        try:
            actor = identify(self.world, headers.get("Authorization"))
            if repository is None:
                raise Refusal(404, "Repository not found.")
            may_git(self.world, actor, repository, asked == "git-receive-pack")
        except Refusal as refusal:
            challenge = {"WWW-Authenticate": 'Basic realm="GitHub"'} if refusal.status == 401 else {}
            return Reply(refusal.status, {"Content-Type": "text/plain", **challenge}, refusal.message.encode() + b"\n")
        refusals = [one.options for one in fired if one.kind == "refuse-push"]
        refuse = next(((one.get("message", "declined"), one.get("reason", DECLINED)) for one in refusals), None)
        request = {"method": method, "query": url.query, "headers": headers, "body": body}
        return Reply(*self.git.serve(repository, actor, service, request, refuse))

    def _api(self, method: str, url, headers, body: bytes, stale: int, entry: dict) -> Reply:
        now = self.world.clock.now()
        matched = self.inspector.description.match(method, url.path)
        if matched is None:
            self.inspector.note("client", f"{method} {url.path}", "is no operation of the schema file")
            entry["operation"] = "unknown"
            return _json(404, _error(Refusal(404, "Not Found")))
        operation, parameters = matched
        entry["operation"] = operation.id
        refused = self.inspector.request(operation, url.query, body, headers)
        key = "anonymous"
        try:
            answer, key = self._answer(operation, parameters, url, headers, body, stale, refused, entry)
        except Refusal as refusal:
            key = self._key(headers)
            answer = Answer(refusal.status, _error(refusal), refusal.headers)
        value = self.inspector.answer(operation, answer.status, answer.value)
        reply = _json(answer.status, value, answer.headers) if answer.status != 204 else Reply(204, answer.headers)
        reply.headers |= {
            "X-GitHub-Api-Version-Selected": headers.get("X-GitHub-Api-Version", "2022-11-28"),
            "X-GitHub-Media-Type": "github.v3; format=json",
        }
        if method == "GET" and answer.status == 200:
            self._tag(reply, headers, key, now, operation)
        reply.headers |= self._limit_headers(key, now)
        return reply

    def _tag(self, reply: Reply, headers, key: str, now: float, operation: Operation) -> None:
        """Gives the answer a tag, and leaves it out where the client has it: that costs nothing."""
        reply.headers["ETag"] = f'W/"{hashlib.sha256(reply.body + reply.headers.get("Link", "").encode()).hexdigest()}"'
        known = [one.strip().removeprefix("W/") for one in headers.get("If-None-Match", "").split(",")]
        if reply.headers["ETag"].removeprefix("W/") in known:
            reply.status, reply.body = 304, b""
            self.free += 1
            if operation.id != "rate-limit/get":
                self.world.limits.refund(key, now)

    def _answer(
        self, operation: Operation, parameters, url, headers, body: bytes, stale: int, refused, entry
    ) -> tuple[Answer, str]:
        if not headers.get("User-Agent"):
            raise Refusal(
                403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header"
            )
        if headers.get("X-GitHub-Api-Version", "2022-11-28") not in VERSIONS:
            raise Refusal(400, "The API version is not supported.")
        actor = identify(self.world, headers.get("Authorization"))
        entry["actor"] = actor.user.login if actor else None
        repository = None
        if "owner" in parameters:
            repository = self.world.repository(parameters["owner"], parameters["repo"])
        self._charge(operation, actor)
        if "owner" in parameters and repository is None:
            raise Refusal(404, "Not Found")
        admit(self.world, actor, operation.id, repository)
        value = _body(operation, body)
        if refused:
            raise Refusal(422, f"Invalid request.\n\n{refused[0]}")
        self._count_content(operation, actor)
        if repository:
            ci.settle(self.world, repository)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        call = Call(self.world, repository, actor, parameters, query, value, url.path, stale)
        return HANDLERS[operation.id](call), actor.key

    def _charge(self, operation: Operation, actor: Token | None) -> None:
        if operation.id != "rate-limit/get":
            self.world.limits.charge(actor.key if actor else "anonymous", self.world.clock.now())

    def _count_content(self, operation: Operation, actor: Token) -> None:
        if operation.method != "GET" and operation.id not in limits.NO_CONTENT:
            self.world.limits.create(actor.key, self.world.clock.now())

    def counts(self) -> dict:
        """How often each operation was asked for, and how the answers were."""
        with self.world.lock:
            return {
                "total": len(self.requests),
                "free": self.free,
                "operations": dict(Counter(one.get("operation", "faulted") for one in self.requests)),
                "statuses": dict(Counter(str(one["status"]) for one in self.requests)),
            }


def _body(operation: Operation, body: bytes):
    if not body or operation.body is None:
        return None
    try:
        return json.loads(body)
    except ValueError:
        raise Refusal(400, "Problems parsing JSON") from None


def _error(refusal: Refusal):
    if refusal.body is not None:
        return refusal.body
    shape = {"message": refusal.message, "documentation_url": DOCUMENTATION, "status": str(refusal.status)}
    return {**shape, "errors": refusal.errors} if refusal.errors else shape


def _json(status: int, value, headers: dict | None = None) -> Reply:
    body = b"" if value is None else json.dumps(value).encode()
    return Reply(status, {"Content-Type": "application/json; charset=utf-8", **(headers or {})}, body)
