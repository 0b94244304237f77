"""What the fake keeps: people, apps, tokens, repositories and what is in them. Data and look-ups; no rules."""

import itertools
import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from .git import Git

ROLES = ["none", "read", "triage", "write", "maintain", "admin"]
ACTIONS_APP = 15368  # the App behind GITHUB_TOKEN


class Refusal(Exception):
    """An answer that ends an operation: a status, a message for people, and at times details."""

    def __init__(self, status: int, message: str, errors=None, headers: dict | None = None, body=None):
        super().__init__(message)
        self.status, self.message, self.errors = status, message, errors
        self.headers, self.body = headers or {}, body


def invalid(resource: str, field_: str, code: str = "invalid", message: str | None = None) -> Refusal:
    detail = {"resource": resource, "field": field_, "code": code}
    return Refusal(422, "Validation Failed", [{**detail, "message": message} if message else detail])


class Clock:
    """The machine's time, moved forward by the tests, or standing still."""

    def __init__(self):
        self.offset, self.frozen = 0.0, None

    def now(self) -> float:
        return self.frozen if self.frozen is not None else time.time() + self.offset

    def advance(self, seconds: float) -> None:
        if self.frozen is not None:
            self.frozen += seconds
        self.offset += seconds

    def freeze(self) -> None:
        self.frozen = self.now()


def stamp(moment: float | None) -> str | None:
    if moment is None:
        return None
    return datetime.fromtimestamp(int(moment), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Person:
    id: int
    login: str
    type: str = "User"
    association: str = "NONE"


@dataclass
class App:
    id: int
    slug: str
    public_key: Path | None
    permissions: dict[str, str]
    installation: int
    user: Person


@dataclass
class Token:
    """Who asks. Kind is person, app (a JWT), installation, or actions (GITHUB_TOKEN)."""

    kind: str
    user: Person
    app: App | None = None
    permissions: dict[str, str] = field(default_factory=dict)
    repositories: list[str] | None = None
    expires: float | None = None
    key: str = ""


@dataclass
class Label:
    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass
class Comment:
    id: int
    number: int
    user: Person
    body: str
    created: float
    updated: float


@dataclass
class Review:
    id: int
    user: Person
    body: str
    state: str
    commit: str
    submitted: float


@dataclass
class Pull:
    head: str
    base: str
    head_sha: str
    base_sha: str
    draft: bool = False
    merged_at: float | None = None
    merged_by: Person | None = None
    merge_sha: str | None = None
    maintainer_can_modify: bool = False
    reviews: list[Review] = field(default_factory=list)
    known_for: tuple[str, str] | None = None
    # A head that was pushed and has not arrived yet: who pushed it, the commit, and after how many reads it does.
    coming: tuple[Token, str] | None = None
    coming_reads: int = 0
    unknown_reads: int = 0
    job: dict | None = None
    queued: bool = False


@dataclass
class Issue:
    id: int
    number: int
    title: str
    body: str | None
    user: Person
    created: float
    updated: float
    state: str = "open"
    closed: float | None = None
    labels: list[str] = field(default_factory=list)
    # The labels before each change, oldest first.
    labels_before: list[list[str]] = field(default_factory=list)
    timeline: list[dict] = field(default_factory=list)
    pull: Pull | None = None


@dataclass
class CheckRun:
    id: int
    name: str
    sha: str
    app: App
    status: str = "queued"
    conclusion: str | None = None
    started: float | None = None
    completed: float | None = None
    output: dict = field(default_factory=dict)
    details_url: str | None = None
    external_id: str | None = None
    branch: str | None = None
    run: int | None = None
    # What a script of the tests says will happen, and when: at a time, or after some reads.
    verdict: str | None = None
    due: float | None = None
    reads: int | None = None

    @property
    def suite(self) -> int:
        """The id of its suite: each run of a workflow has its own, else an App has one for each commit."""
        return self.run or int(self.sha[:7], 16) * 100_000 + self.app.id % 100_000


@dataclass
class Status:
    id: int
    sha: str
    context: str
    state: str
    user: Person
    created: float
    description: str | None = None
    target_url: str | None = None
    verdict: str | None = None
    due: float | None = None
    reads: int | None = None


@dataclass
class WorkflowRun:
    id: int
    sha: str
    branch: str | None
    event: str
    name: str
    created: float
    attempt: int = 1
    cancelled: bool = False
    actor: Person | None = None


@dataclass
class Hook:
    id: int
    config: dict
    events: list[str]
    active: bool
    created: float
    deliveries: list[dict] = field(default_factory=list)


# What a test may set for a repository, and what holds until it does.
SETTINGS = {
    "head_reads": 0,  # reads and merges of a pull request that still know its head from before a push
    "mergeable_reads": 1,  # reads of a pull request that say null after its head or base moved
    "merge_async_reads": 1,  # reads of an asynchronous merge that say pending
    "merge_methods": ["merge", "squash", "rebase"],
    "delete_branch_on_merge": False,
    "max_file_bytes": 100 * 1024 * 1024,
    "push_protection": True,
    "secret_patterns": ["gh[pousr]_[A-Za-z0-9]{36}", "AKIA[0-9A-Z]{16}", "-----BEGIN [A-Z ]*PRIVATE KEY-----"],
}


@dataclass
class Repository:
    id: int
    owner: Person
    name: str
    git: Git
    default_branch: str
    created: float
    private: bool = False
    roles: dict[str, str] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    comments: dict[int, Comment] = field(default_factory=dict)
    checks: dict[int, CheckRun] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)
    runs: dict[int, WorkflowRun] = field(default_factory=dict)
    hooks: dict[int, Hook] = field(default_factory=dict)
    rulesets: list[dict] = field(default_factory=list)
    protections: dict[str, dict] = field(default_factory=dict)
    ci: list[dict] = field(default_factory=list)
    ci_runs: dict[str, int] = field(default_factory=dict)
    settings: dict = field(default_factory=lambda: dict(SETTINGS))
    push_lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"

    @property
    def open_pulls(self) -> list[Issue]:
        return [one for one in self.issues.values() if one.pull and one.state == "open"]


class World:
    def __init__(self, root: Path):
        self.root = root
        self.clock = Clock()
        self.lock = threading.RLock()
        self.people: dict[str, Person] = {}
        self.apps: dict[int, App] = {}
        self.tokens: dict[str, Token] = {}
        self.repositories: dict[str, Repository] = {}
        self.events: list[dict] = []
        self.listeners: list = []
        self.limits = None
        self.redeliver = None
        self.base = ""
        self._ids = itertools.count(1001)

    def next_id(self) -> int:
        return next(self._ids)

    def person(self, login: str, type: str = "User") -> Person:
        """The account of that login, which is made when there is none."""
        key = login.lower()
        if key not in self.people:
            self.people[key] = Person(self.next_id(), login, type)
        return self.people[key]

    def repository(self, owner: str, name: str) -> Repository | None:
        return self.repositories.get(f"{owner}/{name}".lower())

    def pick(self, full_name: str | None) -> Repository:
        """The repository of that name; the first one where none is named."""
        if full_name is None and self.repositories:
            return next(iter(self.repositories.values()))
        if full_name is None or full_name.lower() not in self.repositories:
            raise Refusal(404, f"There is no repository {full_name}")
        return self.repositories[full_name.lower()]

    def create_repository(self, owner: str, name: str, branch: str = "main", private: bool = False) -> Repository:
        git = Git.create(self.root / "repositories" / f"{owner}+{name}.git", branch)
        repository = Repository(
            self.next_id(), self.person(owner), name, git, branch, self.clock.now(), private=private
        )
        self.repositories[f"{owner}/{name}".lower()] = repository
        return repository

    def create_app(self, slug: str, permissions: dict[str, str], public_key: Path | None, id: int | None = None) -> App:
        user = self.person(f"{slug}[bot]", "Bot")
        app = App(id or self.next_id(), slug, public_key, permissions, self.next_id(), user)
        self.apps[app.id] = app
        return app

    def add_token(self, kind: str, user: Person, text: str | None = None, **fields) -> str:
        prefix = {"person": "ghp_", "installation": "ghs_", "actions": "ghs_"}[kind]
        text = text or prefix + secrets.token_hex(20)
        self.tokens[text] = Token(kind, user, key=f"{kind}:{user.login}", **fields)
        return text

    def role(self, repository: Repository, login: str) -> str:
        """The real role; everybody reads what is public."""
        if login.lower() == repository.owner.login.lower():
            return "admin"
        role = repository.roles.get(login.lower(), "none")
        return "read" if role == "none" and not repository.private else role

    def may(self, repository: Repository, login: str, least: str) -> bool:
        return ROLES.index(self.role(repository, login)) >= ROLES.index(least)

    def record(self, repository: Repository, event: str, actor: Person, number: int | None = None, **data) -> dict:
        """Writes an event down: for the tests, for the timeline of its issue, and for webhooks."""
        moment = self.clock.now()
        entry = {"id": self.next_id(), "event": event, "actor": actor.login, "created_at": stamp(moment), **data}
        issue = repository.issues.get(number) if number else None
        if issue:
            entry["number"] = number
            issue.updated = moment
            issue.timeline.append(entry)
        self.events.append({"repository": repository.full_name, **entry})
        for listener in self.listeners:
            listener(repository, entry, actor, issue)
        return entry
