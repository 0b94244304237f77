"""Faults on demand: rules that a test queues, and that fire on the n-th request they match."""

import re
import threading
from dataclasses import dataclass, field

# Each kind, and the fields that it takes beside those of every rule.
KINDS = {
    "status": {"status", "headers", "body"},
    "cut": set(),
    "html": set(),
    "secondary": {"status", "retry_after"},
    "primary": {"reset"},
    "slow": {"ms"},
    "stale-labels": {"changes"},
    "refuse-push": {"message", "reason"},
    "action": {"act"},
}
COMMON = {"kind", "method", "path", "nth", "times", "when"}
WHEN = {"before", "after", "middle"}


class BadRule(ValueError):
    """A rule that could never do what it says."""


@dataclass
class Rule:
    kind: str
    method: re.Pattern
    path: re.Pattern
    nth: int
    times: int | None
    when: str
    options: dict = field(default_factory=dict)
    seen: int = 0
    fired: int = 0

    def shape(self) -> dict:
        named = {"kind": self.kind, "method": self.method.pattern, "path": self.path.pattern, "nth": self.nth}
        return {**named, "times": self.times, "when": self.when, "seen": self.seen, "fired": self.fired, **self.options}


class Faults:
    def __init__(self):
        self.rules: list[Rule] = []
        self._lock = threading.Lock()

    def add(self, given: dict) -> Rule:
        kind = given.get("kind")
        if kind not in KINDS:
            raise BadRule(f"{kind!r} is no kind of fault; there are {', '.join(KINDS)}")
        if unknown := set(given) - COMMON - KINDS[kind]:
            raise BadRule(f"{kind} takes no {', '.join(sorted(unknown))}")
        when = given.get("when", "before")
        if when not in WHEN or (when == "middle" and kind != "cut"):
            raise BadRule(f"{kind} cannot happen {when!r}")
        rule = Rule(
            kind,
            re.compile(given.get("method", "")),
            re.compile(given.get("path", "")),
            given.get("nth", 1),
            given.get("times", 1),
            when,
            {name: value for name, value in given.items() if name in KINDS[kind]},
        )
        with self._lock:
            self.rules.append(rule)
        return rule

    def clear(self) -> None:
        with self._lock:
            self.rules = []

    @property
    def cut_ahead(self) -> bool:
        """Whether a connection is still to be cut. Clients ask again by themselves, unseen, when one that they used
        before breaks: so until then each request has to have its own."""
        return any(one.kind == "cut" and (one.times is None or one.fired < one.times) for one in self.rules)

    def fire(self, method: str, target: str) -> list[Rule]:
        """The rules that apply to this request. Each request counts once for each rule that it matches."""
        fired = []
        with self._lock:
            for rule in self.rules:
                if not (rule.method.search(method) and rule.path.search(target)):
                    continue
                rule.seen += 1
                if rule.seen >= rule.nth and (rule.times is None or rule.fired < rule.times):
                    rule.fired += 1
                    fired.append(rule)
        return fired
