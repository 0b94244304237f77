"""Who asks, and what that one may do."""

import base64
import json
import subprocess
import tempfile
import time
from pathlib import Path

from .world import ACTIONS_APP, Refusal, Repository, Token, World

JWT_SECONDS = 600
JWT_SKEW = 60
JWT_ONLY = {
    "apps/get-authenticated",
    "apps/list-installations",
    "apps/create-installation-access-token",
    "apps/get-repo-installation",
}

# Per operation: the least role of a person, and the permissions of an App any one of which is enough.
NEEDS: dict[str, tuple[str, list[str]]] = {
    "rate-limit/get": ("none", []),
    "users/get-authenticated": ("none", []),
    "repos/get": ("read", ["metadata=read"]),
    "repos/get-branch": ("read", ["contents=read"]),
    "repos/get-branch-protection": ("admin", ["administration=read"]),
    "repos/get-branch-rules": ("read", ["metadata=read"]),
    "repos/get-repo-rulesets": ("read", ["metadata=read"]),
    "repos/get-repo-ruleset": ("read", ["metadata=read"]),
    "repos/get-collaborator-permission-level": ("read", ["metadata=read"]),
    "repos/get-content": ("read", ["contents=read"]),
    "repos/compare-commits": ("read", ["contents=read"]),
    "repos/create-dispatch-event": ("write", ["contents=write"]),
    "repos/get-combined-status-for-ref": ("read", ["statuses=read"]),
    "repos/create-commit-status": ("write", ["statuses=write"]),
    "repos/list-webhooks": ("admin", ["repository_hooks=read"]),
    "repos/create-webhook": ("admin", ["repository_hooks=write"]),
    "repos/list-webhook-deliveries": ("admin", ["repository_hooks=read"]),
    "repos/redeliver-webhook-delivery": ("admin", ["repository_hooks=write"]),
    "pulls/create": ("read", ["pull_requests=write"]),
    "pulls/update": ("read", ["pull_requests=write"]),  # the author may, too: looked at where it is done
    "pulls/check-if-merged": ("read", ["contents=read"]),
    "pulls/merge": ("write", ["contents=write"]),
    "pulls/merge-async": ("write", ["contents=write"]),
    "pulls/get-merge-async-result": ("read", ["contents=read"]),
    "pulls/update-branch": ("write", ["pull_requests=write"]),
    "pulls/create-review": ("read", ["pull_requests=write"]),
    "checks/list-for-ref": ("read", ["checks=read"]),
    "checks/list-suites-for-ref": ("read", ["checks=read"]),
    "checks/get": ("read", ["checks=read"]),
    "checks/create": ("app", ["checks=write"]),
    "checks/update": ("app", ["checks=write"]),
    "actions/create-workflow-dispatch": ("write", ["actions=write"]),
    "actions/cancel-workflow-run": ("write", ["actions=write"]),
    "actions/re-run-workflow-failed-jobs": ("write", ["actions=write"]),
    "issues/create": ("read", ["issues=write"]),
    "issues/update": ("read", ["issues=write", "pull_requests=write"]),  # and the author's own
    "issues/create-comment": ("read", ["issues=write", "pull_requests=write"]),
    "issues/update-comment": ("read", ["issues=write", "pull_requests=write"]),  # and the author's own
    "issues/delete-comment": ("read", ["issues=write", "pull_requests=write"]),
    "issues/create-label": ("write", ["issues=write", "pull_requests=write"]),
    "issues/update-label": ("write", ["issues=write", "pull_requests=write"]),
}
for _name in ["add-labels", "set-labels", "remove-label", "remove-all-labels"]:
    NEEDS[f"issues/{_name}"] = ("triage", ["issues=write", "pull_requests=write"])
for _name in ["create-ref", "update-ref", "delete-ref"]:
    NEEDS[f"git/{_name}"] = ("write", ["contents=write"])
READS = {
    "pulls": ["pull_requests=read"],
    "issues": ["issues=read", "pull_requests=read"],
    "git": ["contents=read"],
    "actions": ["actions=read"],
}


def identify(world: World, header: str | None) -> Token | None:
    """Whose token it is; None without one. A token nobody gave out is refused."""
    if not header:
        return None
    scheme, _, text = header.partition(" ")
    if scheme.lower() == "basic":
        try:
            text = base64.b64decode(text).decode().partition(":")[2]
        except ValueError:
            raise Refusal(401, "Bad credentials") from None
    if text.count(".") == 2 and text.startswith("ey"):
        return _app_of_jwt(world, text)
    token = world.tokens.get(text)
    if token is None or (token.expires is not None and token.expires <= world.clock.now()):
        raise Refusal(401, "Bad credentials")
    return token


def _app_of_jwt(world: World, text: str) -> Token:
    """The App that signed it. Judged by the machine's clock, as the signer has no other."""
    try:
        head, body, signature = text.split(".")
        header, claims = json.loads(_decoded(head)), json.loads(_decoded(body))
        app = world.apps.get(int(claims["iss"]))
        issued, ends = float(claims["iat"]), float(claims["exp"])
    except (ValueError, KeyError, TypeError):
        raise Refusal(401, "A JSON web token could not be decoded") from None
    if header.get("alg") != "RS256" or app is None or app.public_key is None:
        raise Refusal(401, "A JSON web token could not be decoded")
    if not _is_signed(f"{head}.{body}".encode(), _decoded(signature), app.public_key):
        raise Refusal(401, "A JSON web token could not be decoded")
    now = time.time()
    if ends <= now:
        raise Refusal(
            401,
            "'Expiration time' claim ('exp') must be a numeric value representing the future time "
            "at which the assertion expires",
        )
    if ends > now + JWT_SECONDS + JWT_SKEW:
        raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
    if issued > now + JWT_SKEW:
        raise Refusal(
            401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
        )
    return Token("app", app.user, app, key=f"app:{app.slug}")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _is_signed(message: bytes, signature: bytes, key: Path) -> bool:
    with tempfile.NamedTemporaryFile() as file:
        file.write(signature)
        file.flush()
        command = ["openssl", "dgst", "-sha256", "-verify", str(key), "-signature", file.name]
        return subprocess.run(command, input=message, capture_output=True).returncode == 0


def new_key(folder: Path, name: str) -> tuple[Path, Path]:
    """A fresh RSA key: the files of its private and its public half."""
    private, public = folder / f"{name}.private.pem", folder / f"{name}.public.pem"
    subprocess.run(["openssl", "genrsa", "-out", private, "2048"], check=True, capture_output=True)
    subprocess.run(["openssl", "rsa", "-in", private, "-pubout", "-out", public], check=True, capture_output=True)
    return private, public


def admit(world: World, actor: Token | None, operation: str, repository: Repository | None) -> None:
    """Refuses what the actor may not do: 401 for nobody, 404 for what he may not see, 403 for the rest."""
    if actor is None:
        raise Refusal(401, "Requires authentication")
    if (operation in JWT_ONLY) != (actor.kind == "app"):
        if actor.kind == "app" and operation == "rate-limit/get":
            return
        raise Refusal(401, "A JSON web token could not be decoded" if operation in JWT_ONLY else "Bad credentials")
    if repository is None or actor.kind == "app":
        return
    family = operation.partition("/")[0]
    role, permissions = NEEDS.get(operation, ("read", READS.get(family, [])))
    accepted = {"X-Accepted-GitHub-Permissions": "; ".join(permissions)}
    if actor.kind == "person":
        if not world.may(repository, actor.user.login, "read"):
            raise Refusal(404, "Not Found")
        if role == "app":
            raise Refusal(403, "You must authenticate via a GitHub App.", headers=accepted)
        if not world.may(repository, actor.user.login, role):
            raise Refusal(
                403,
                (
                    "Must have admin rights to Repository."
                    if role == "admin"
                    else "Resource not accessible by personal access token"
                ),
                headers=accepted,
            )
        return
    if actor.repositories is not None and repository.full_name.lower() not in actor.repositories:
        raise Refusal(404 if repository.private else 403, "Resource not accessible by integration", headers=accepted)
    if permissions and not any(has(actor, one) for one in permissions):
        raise Refusal(403, "Resource not accessible by integration", headers=accepted)


def has(actor: Token, permission: str) -> bool:
    """Whether an App's token carries `name=level`; write includes read, and metadata is always readable."""
    name, _, level = permission.partition("=")
    held = actor.permissions.get(name, "read" if name == "metadata" else None)
    return held == level or held in ("write", "admin") and level == "read" or held == "admin"


def may_git(world: World, actor: Token | None, repository: Repository, write: bool) -> None:
    """Refuses a fetch or a push with the statuses that git clients know."""
    challenge = {"WWW-Authenticate": 'Basic realm="GitHub"'}
    if actor is None:
        if write or repository.private:
            raise Refusal(401, "Authentication required", headers=challenge)
        return
    if actor.kind == "app":
        raise Refusal(401, "Bad credentials", headers=challenge)
    if actor.kind == "person":
        if not world.may(repository, actor.user.login, "read"):
            raise Refusal(404, "Repository not found.")
        allowed = world.may(repository, actor.user.login, "write" if write else "read")
    else:
        inside = actor.repositories is None or repository.full_name.lower() in actor.repositories
        allowed = inside and has(actor, "contents=write" if write else "contents=read")
    if not allowed:
        raise Refusal(403, f"Permission to {repository.full_name}.git denied to {actor.user.login}.")


def by_hand(world: World, login: str) -> Token:
    """A person who works in the browser, without a token and without limits."""
    return Token("person", world.person(login), key=f"hand:{login}")


def app_token(app) -> Token:
    kind = "actions" if app.id == ACTIONS_APP else "installation"
    return Token(kind, app.user, app, {**app.permissions}, key=f"{kind}:{app.slug}")
