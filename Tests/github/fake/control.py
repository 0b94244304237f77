"""What the tests ask of the fake, under /_control/. Bodies and answers are JSON."""

import dataclasses
from urllib.parse import parse_qsl, urlsplit

from . import auth, by_hand
from .faults import BadRule
from .world import SETTINGS, Refusal, Repository, Token, stamp

GETS, POSTS = {}, {}


def answer(service, method: str, target: str, given: dict):
    url = urlsplit(target)
    name = url.path.removeprefix("/_control/")
    table = {"GET": GETS, "POST": POSTS}.get(method, {})
    if name not in table:
        raise Refusal(404, f"there is no {method} {name}; there are {', '.join(sorted(table))}")
    return table[name](service, dict(parse_qsl(url.query)) if method == "GET" else given) or {}


def get(name: str):
    return lambda function: GETS.setdefault(name, function)


def post(name: str):
    return lambda function: POSTS.setdefault(name, function)


# --- Looking


@get("findings")
def findings(service, _):
    return {"findings": service.inspector.findings}


@get("counts")
def counts(service, _):
    return service.counts()


@get("requests")
def requests(service, _):
    return {"requests": service.requests}


@get("faults")
def faults(service, _):
    return {"faults": [rule.shape() for rule in service.faults.rules]}


@get("events")
def events(service, query):
    """What happened, in order; `since` leaves out what was known, as an id of an event."""
    since = int(query.get("since", 0))
    with service.world.lock:
        return {"events": [one for one in service.world.events if one["id"] > since]}


@get("time")
def time(service, _):
    return {"now": service.world.clock.now(), "text": stamp(service.world.clock.now())}


@get("state")
def state(service, query):
    """The whole state of a repository."""
    with service.world.lock:
        repository = service.world.pick(query.get("repository"))
        return {
            "repository": repository.full_name,
            "refs": {name: sha for name, (sha, _) in repository.git.refs().items()},
            "issues": {str(number): _plain(one) for number, one in repository.issues.items()},
            "comments": [_plain(one) for one in repository.comments.values()],
            "labels": [one.name for one in repository.labels.values()],
            "checks": [_plain(one) for one in repository.checks.values()],
            "statuses": [_plain(one) for one in repository.statuses],
            "runs": [_plain(one) for one in repository.runs.values()],
            "roles": repository.roles,
        }


def _plain(value):
    """A value of the model as JSON: people and Apps by their names."""
    if isinstance(value, Token):
        return value.key
    if hasattr(value, "login"):
        return value.login
    if hasattr(value, "slug"):
        return value.slug
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, (list, tuple)) else value


# --- Setting up


@post("repository")
def repository(service, given):
    """Makes a repository with a first commit, unless `files` is null."""
    owner, _, name = given["name"].partition("/")
    branch = given.get("branch", "main")
    with service.world.lock:
        made = service.world.create_repository(owner, name, branch, given.get("private", False))
        for login, role in given.get("roles", {}).items():
            service.world.person(login)
            made.roles[login.lower()] = role
        files = given.get("files", {"README.md": f"# {name}\n"})
        if files is not None:
            act = {"repository": given["name"], "do": "push", "branch": branch, "files": files, "message": "Begin"}
            by_hand.act(service.world, act)
    return {"name": made.full_name, "git": f"{service.world.base}/{made.full_name}.git", "path": str(made.git.path)}


@post("person")
def person(service, given):
    """Makes an account with a token; `role` gives it a right in the repository."""
    with service.world.lock:
        made = service.world.person(given["login"])
        if "role" in given:
            service.world.pick(given.get("repository")).roles[made.login.lower()] = given["role"]
        return {
            "id": made.id,
            "login": made.login,
            "token": service.world.add_token("person", made, given.get("token")),
        }


@post("app")
def app(service, given):
    """Makes an App; without `public_key` (PEM) with a fresh pair, whose private half is in the answer."""
    slug, folder = given["slug"], service.world.root
    private = None
    if key := given.get("public_key"):
        public = folder / f"{slug}.public.pem"
        public.write_text(key)
    else:
        private, public = auth.new_key(folder, slug)
    with service.world.lock:
        made = service.world.create_app(slug, given.get("permissions", {}), public, given.get("id"))
    shape = {"id": made.id, "slug": slug, "login": made.user.login, "installation_id": made.installation}
    return {**shape, "private_key": private.read_text(), "private_key_file": str(private)} if private else shape


@post("token")
def token(service, given):
    """A token without the way through a JWT: `kind` installation or actions, for the App of that `slug`."""
    world, kind = service.world, given["kind"]
    with world.lock:
        if kind == "person":
            return {"token": world.add_token("person", world.person(given["login"]))}
        slug = "github-actions" if kind == "actions" else given["slug"]
        made = next((one for one in world.apps.values() if one.slug == slug), None)
        made = made or by_hand.ci.app_of(world, slug)
        expires = world.clock.now() + given.get("seconds", 3600)
        permissions = given.get("permissions", made.permissions)
        text = world.add_token(kind, made.user, app=made, permissions=permissions, expires=expires)
        return {"token": text, "expires_at": stamp(expires), "login": made.user.login, "app_id": made.id}


@post("settings")
def settings(service, given):
    """Settings of a repository; see SETTINGS in world.py."""
    repository = _of(service, given)
    values = {name: value for name, value in given.items() if name != "repository"}
    if unknown := set(values) - set(SETTINGS):
        raise Refusal(400, f"there is no setting {', '.join(unknown)}; there are {', '.join(SETTINGS)}")
    repository.settings |= values
    return repository.settings


@post("limits")
def limits(service, given):
    for name, value in given.items():
        if not hasattr(service.world.limits, name) or name.startswith("_"):
            raise Refusal(400, f"there is no limit {name}")
        setattr(service.world.limits, name, value)


@post("protection")
def protection(service, given):
    """Protects a branch, or names by pattern; `rules` null ends it."""
    repository = _of(service, given)
    if given["rules"] is None:
        repository.protections.pop(given["branch"], None)
    else:
        repository.protections[given["branch"]] = given["rules"]


@post("ruleset")
def ruleset(service, given):
    repository = _of(service, given)
    shape = {"name": "rules", "target": "branch", "enforcement": "active", "bypass_actors": []}
    shape["conditions"] = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}
    shape |= {name: value for name, value in given.items() if name != "repository"}
    shape["id"] = service.world.next_id()
    repository.rulesets.append(shape)
    return {"id": shape["id"]}


@post("ci")
def ci(service, given):
    """Scripts that answer for pushed branches; they replace the old ones."""
    repository = _of(service, given)
    repository.ci, repository.ci_runs = given["scripts"], {}


def _of(service, given: dict) -> Repository:
    return service.world.pick(given.get("repository"))


# --- Making things happen


@post("act")
def act(service, given):
    return by_hand.act(service.world, given)


@post("clock")
def clock(service, given):
    with service.world.lock:
        if given.get("freeze"):
            service.world.clock.freeze()
        service.world.clock.advance(given.get("advance", 0))
        for one in service.world.repositories.values():
            by_hand.ci.settle(service.world, one)
    return time(service, {})


@post("faults")
def add_faults(service, given):
    """One rule, or a list under `rules`."""
    try:
        return {"faults": [service.faults.add(one).shape() for one in given.get("rules", [given])]}
    except BadRule as error:
        raise Refusal(400, str(error)) from None


@post("clear")
def clear(service, given):
    """Forgets faults, findings and counted requests."""
    service.faults.clear()
    with service.world.lock:
        service.inspector.findings.clear()
        service.requests.clear()
        service.free = 0


@post("webhooks")
def webhooks(service, given):
    """How many of the next deliveries are dropped, doubled, or held and sent in reverse; `wait` until all are out."""
    for name in ("drop", "double", "reorder"):
        setattr(service.webhooks, name, given.get(name, getattr(service.webhooks, name)))
    if given.get("wait"):
        service.webhooks.wait()
