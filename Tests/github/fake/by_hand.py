"""What people do beside the client: they relabel, comment, close, push. Rules do not hold them up."""

from . import ci, labels, pulls
from .auth import by_hand
from .git import ZERO
from .operations import checks, hooks, issues
from .operations import pulls as pull_operations
from .world import CheckRun, Issue, Refusal, Repository, Token, World

ACTIONS = {}


def action(name: str):
    def keep(function):
        ACTIONS[name] = function
        return function

    return keep


def act(world: World, given: dict) -> dict:
    """Does one action, as the person under `as`, or the repository's owner."""
    repository = world.pick(given.get("repository"))
    actor = by_hand(world, given.get("as") or repository.owner.login)
    if given.get("do") not in ACTIONS:
        raise Refusal(400, f"{given.get('do')!r} is no action; there are {', '.join(sorted(ACTIONS))}")
    with world.lock:
        return ACTIONS[given["do"]](world, repository, actor, given) or {}


def _issue(repository: Repository, given: dict) -> Issue:
    """By number, or the newest with that head branch."""
    if "number" in given:
        if given["number"] in repository.issues:
            return repository.issues[given["number"]]
    for issue in reversed(repository.issues.values()):
        if issue.pull and issue.pull.head == given.get("head"):
            return issue
    raise Refusal(404, f"There is no pull request or issue {given.get('number', given.get('head'))!r}")


# --- Labels and talk


@action("label")
def label(world, repository, actor, given):
    labels.add(world, repository, _issue(repository, given), [given["label"]], actor.user)


@action("unlabel")
def unlabel(world, repository, actor, given):
    labels.remove(world, repository, _issue(repository, given), given["label"], actor.user)


@action("set-labels")
def set_labels(world, repository, actor, given):
    labels.replace(world, repository, _issue(repository, given), given["labels"], actor.user)


@action("end-rules")
def end_rules(world, repository, actor, given):
    """Takes all rulesets away."""
    repository.rulesets.clear()


@action("define-label")
def define_label(world, repository, actor, given):
    labels.define(world, repository, given["label"], given.get("color", "ededed"), given.get("description"))


@action("comment")
def comment(world, repository, actor, given):
    return {"id": issues.add_comment(world, repository, _issue(repository, given).number, actor.user, given["body"]).id}


@action("edit-comment")
def edit_comment(world, repository, actor, given):
    one = repository.comments[given["id"]]
    one.body, one.updated = given["body"], world.clock.now()


@action("delete-comment")
def delete_comment(world, repository, actor, given):
    issues.remove_comment(world, repository, repository.comments[given["id"]], actor.user)


@action("open-issue")
def open_issue(world, repository, actor, given):
    issue = pulls.open_issue(world, repository, actor.user, given["title"], given.get("body"))
    world.record(repository, "opened", actor.user, issue.number)
    labels.add(world, repository, issue, given.get("labels", []), actor.user)
    return {"number": issue.number}


# --- Pull requests


@action("open-pull")
def open_pull(world, repository, actor, given):
    fields = {name: given.get(name) for name in ("title", "body", "draft")}
    base = given.get("base", repository.default_branch)
    issue = pulls.open_pull(world, repository, actor.user, given["head"], base, **fields)
    labels.add(world, repository, issue, given.get("labels", []), actor.user)
    return {"number": issue.number, "head": issue.pull.head_sha}


@action("edit")
def edit(world, repository, actor, given):
    issue = _issue(repository, given)
    issue.title, issue.body = given.get("title", issue.title), given.get("body", issue.body)
    if "draft" in given and issue.pull:
        issue.pull.draft = given["draft"]
    if "base" in given:
        pulls.rebase_onto(world, repository, issue, given["base"], actor.user)
    world.record(repository, "edited", actor.user, issue.number)


@action("close")
def close(world, repository, actor, given):
    pulls.close(world, repository, _issue(repository, given), actor.user)


@action("reopen")
def reopen(world, repository, actor, given):
    pulls.reopen(world, repository, _issue(repository, given), actor.user)


@action("review")
def review(world, repository, actor, given):
    one = pull_operations.add_review(
        world, repository, _issue(repository, given), actor.user, given["event"], given.get("body", "")
    )
    return {"id": one.id}


@action("merge")
def merge(world, repository, actor, given):
    issue = _issue(repository, given)
    if (
        issue.state != "open"
        or repository.git.merged_tree(repository.git.tip(issue.pull.base), issue.pull.head_sha) is None
    ):
        raise Refusal(405, "Pull Request is not mergeable")
    return {"sha": pulls.merge(world, repository, issue, actor, {"merge_method": given.get("method", "squash")})}


@action("run-queue")
def run_queue(world, repository, actor, given):
    pull_operations.run_queue(world, repository, _issue(repository, given).number, actor)


# --- Branches


@action("push")
def push(world, repository, actor, given):
    """One commit with `files` onto `branch`: on top of it, or, with `from`, on top of that and by force."""
    git, branch = repository.git, given["branch"]
    old = git.tip(branch)
    start = git.resolve(given["from"]) if "from" in given else old or git.tip(repository.default_branch)
    if "from" in given and start is None:
        raise Refusal(422, f"There is no commit {given['from']}")
    message = given.get("message", f"Work on {branch}")
    new = git.write(start, given.get("files", {}), f"{message}\n", actor.user.login, world.clock.now())
    _move(world, repository, actor, branch, old or ZERO, new)
    return {"sha": new, "before": old}


@action("move-branch")
def move_branch(world, repository, actor, given):
    new = repository.git.resolve(given["to"])
    if new is None:
        raise Refusal(422, f"There is no commit {given['to']}")
    _move(world, repository, actor, given["branch"], repository.git.tip(given["branch"]) or ZERO, new)
    return {"sha": new}


@action("delete-branch")
def delete_branch(world, repository, actor, given):
    old = repository.git.tip(given["branch"])
    if old is None:
        raise Refusal(422, f"There is no branch {given['branch']}")
    _move(world, repository, actor, given["branch"], old, ZERO)


def _move(world: World, repository: Repository, actor: Token, branch: str, old: str, new: str) -> None:
    ref = f"refs/heads/{branch}"
    if not repository.git.update(ref, new, old):
        raise Refusal(409, f"{ref} is no longer at {old}")
    pulls.refs_changed(world, repository, actor, [(ref, old, new)])


# --- Checks and rights


def _sha(repository: Repository, given: dict) -> str:
    sha = repository.git.resolve(given.get("sha") or f"refs/heads/{given['branch']}")
    if sha is None:
        raise Refusal(422, f"There is no commit {given.get('sha') or given['branch']}")
    return sha


@action("check")
def check(world, repository, actor, given):
    """The result of a check run of a commit, by an App; without a conclusion it is in progress."""
    sha, app = _sha(repository, given), ci.app_of(world, given.get("app"))
    open_runs = [
        one
        for one in repository.checks.values()
        if one.sha == sha and one.name == given["name"] and one.app is app and one.status != "completed"
    ]
    one = (
        open_runs[-1]
        if open_runs
        else CheckRun(world.next_id(), given["name"], sha, app, "in_progress", started=world.clock.now())
    )
    one.branch = one.branch or given.get("branch")
    one.output = {**one.output, **given.get("output", {})}
    repository.checks[one.id] = one
    if given.get("conclusion"):
        ci.complete(world, repository, one, given["conclusion"])
    return {"id": one.id}


@action("status")
def status(world, repository, actor, given):
    fields = {name: given.get(name) for name in ("description", "target_url")}
    return {
        "id": checks.add_status(
            world, repository, _sha(repository, given), given["context"], given["state"], actor.user, **fields
        ).id
    }


@action("role")
def role(world, repository, actor, given):
    """Gives a person a role in the repository, or takes it: admin, maintain, write, triage, read, none."""
    world.person(given["login"])
    repository.roles[given["login"].lower()] = given["role"]


@action("revoke-token")
def revoke(world, repository, actor, given):
    world.tokens.pop(given["token"], None)


@action("hook")
def hook(world, repository, actor, given):
    config = {"url": given["url"], "content_type": "json", "secret": given.get("secret", "")}
    return {"id": hooks.add_hook(world, repository, config, given.get("events", ["*"])).id}
