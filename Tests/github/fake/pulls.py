"""How a pull request lives: by what is pushed, and by what is asked of it."""

import uuid

from . import ci, rules
from .git import ZERO
from .world import Issue, Person, Pull, Refusal, Repository, Token, World, invalid

BODY_LENGTH, TITLE_LENGTH = 65536, 256


def long_enough(resource: str, body: str | None, title: str | None = None) -> None:
    """Refuses what is too long, as the schema file knows no limits of texts."""
    if body is not None and len(body) > BODY_LENGTH:
        raise invalid(resource, "body", "custom", f"body is too long (maximum is {BODY_LENGTH} characters)")
    if title is not None and len(title) > TITLE_LENGTH:
        raise invalid(resource, "title", "custom", f"title is too long (maximum is {TITLE_LENGTH} characters)")


def open_issue(world: World, repository: Repository, user: Person, title: str, body: str | None) -> Issue:
    now = world.clock.now()
    number = max(repository.issues, default=0) + 1
    issue = Issue(world.next_id(), number, title, body, user, now, now)
    repository.issues[number] = issue
    return issue


def open_pull(world: World, repository: Repository, user: Person, head: str, base: str, **fields) -> Issue:
    owner, _, branch = head.rpartition(":")
    long_enough("PullRequest", fields.get("body"), fields.get("title"))
    if owner and owner.lower() != repository.owner.login.lower():
        raise invalid("PullRequest", "head")
    tips = {name: repository.git.tip(name) for name in (branch, base)}
    for name, role in ((base, "base"), (branch, "head")):
        if tips[name] is None:
            raise invalid("PullRequest", role)
    if any(one.pull.head == branch and one.pull.base == base for one in repository.open_pulls):
        text = f"A pull request already exists for {repository.owner.login}:{branch}."
        raise invalid("PullRequest", "base", "custom", text)
    if repository.git.is_ancestor(tips[branch], tips[base]):
        raise invalid("PullRequest", "base", "custom", f"No commits between {base} and {branch}")
    issue = open_issue(world, repository, user, fields.get("title") or branch, fields.get("body"))
    issue.pull = Pull(branch, base, tips[branch], tips[base], bool(fields.get("draft")))
    issue.pull.maintainer_can_modify = bool(fields.get("maintainer_can_modify", False))
    _show_head(repository, issue)
    world.record(repository, "opened", user, issue.number, head=branch, sha=tips[branch])
    return issue


def _show_head(repository: Repository, issue: Issue) -> None:
    repository.git.text("update-ref", f"refs/pull/{issue.number}/head", issue.pull.head_sha)


def close(world: World, repository: Repository, issue: Issue, actor: Person) -> None:
    if issue.state == "open":
        issue.state, issue.closed = "closed", world.clock.now()
        world.record(repository, "closed", actor, issue.number)


def reopen(world: World, repository: Repository, issue: Issue, actor: Person) -> None:
    if issue.state == "open":
        return
    if pull := issue.pull:
        if pull.merged_at:
            raise invalid(
                "PullRequest", "state", "custom", "state cannot be changed. The pull request cannot be reopened."
            )
        tip = repository.git.tip(pull.head)
        if tip is None or any(
            one.pull.head == pull.head and one.pull.base == pull.base for one in repository.open_pulls
        ):
            raise invalid("PullRequest", "state", "custom", "state cannot be changed.")
        pull.head_sha = tip
        _show_head(repository, issue)
    issue.state, issue.closed = "open", None
    world.record(repository, "reopened", actor, issue.number)


def rebase_onto(world: World, repository: Repository, issue: Issue, base: str, actor: Person) -> None:
    """Gives a pull request another base branch."""
    if repository.git.tip(base) is None:
        raise invalid("PullRequest", "base")
    if base != issue.pull.base:
        issue.pull.base = base
        issue.pull.base_sha = repository.git.tip(base)
        world.record(repository, "base_ref_changed", actor, issue.number, base=base)


# --- What a push does

Change = tuple[str, str, str]


def refs_changed(world: World, repository: Repository, actor: Token, changes: list[Change]) -> None:
    """Everything that follows from refs having moved in one push.

    First the bases, with the heads as they were known before: a head that is now contained is merged. Then the heads:
    one that brings nothing new is closed. So one push of head and base together closes, and two in that order merge.
    """
    heads = [(ref.removeprefix("refs/heads/"), old, new) for ref, old, new in changes if ref.startswith("refs/heads/")]
    for ref, old, new in changes:
        forced = ZERO not in (old, new) and not repository.git.is_ancestor(old, new)
        world.record(repository, "push", actor.user, ref=ref, before=old, after=new, forced=forced)
    for branch, old, new in heads:
        for issue in [one for one in repository.open_pulls if one.pull.base == branch]:
            _base_moved(world, repository, issue, actor, old, new)
    for branch, old, new in heads:
        for issue in [one for one in repository.open_pulls if one.pull.head == branch]:
            reads = repository.settings["head_reads"]
            if reads > 0 and new != ZERO:
                issue.pull.coming, issue.pull.coming_reads = (actor, new), reads
            else:
                issue.pull.coming = None
                _head_moved(world, repository, issue, actor, new)
    for branch, _, new in heads:
        if new != ZERO:
            ci.start(world, repository, branch, new, actor)


def _base_moved(world: World, repository: Repository, issue: Issue, actor: Token, old: str, new: str) -> None:
    if new == ZERO:
        close(world, repository, issue, actor.user)
    elif repository.git.is_ancestor(issue.pull.head_sha, new):
        merged(world, repository, issue, actor.user, new)


def look(world: World, repository: Repository, issue: Issue) -> None:
    """Counts a read or a merge of a pull request whose head has not arrived yet."""
    pull = issue.pull
    if pull.coming is None:
        return
    if pull.coming_reads > 0:
        pull.coming_reads -= 1
        return
    (actor, new), pull.coming = pull.coming, None
    if issue.state == "open":
        _head_moved(world, repository, issue, actor, new)


def _head_moved(world: World, repository: Repository, issue: Issue, actor: Token, new: str) -> None:
    pull, old = issue.pull, issue.pull.head_sha
    if new == ZERO:
        world.record(repository, "head_ref_deleted", actor.user, issue.number)
        close(world, repository, issue, actor.user)
        return
    pull.head_sha = new
    # As on the service: the base shown is that of the last push to the head, not the branch as it is now.
    pull.base_sha = repository.git.tip(pull.base) or pull.base_sha
    _show_head(repository, issue)
    if not repository.git.is_ancestor(old, new):
        world.record(repository, "head_ref_force_pushed", actor.user, issue.number, commit_id=new)
    world.record(repository, "synchronize", actor.user, issue.number, before=old, after=new)
    base = repository.git.tip(pull.base)
    if base and repository.git.is_ancestor(new, base):
        close(world, repository, issue, actor.user)


def merged(world: World, repository: Repository, issue: Issue, actor: Person, sha: str) -> None:
    pull = issue.pull
    pull.merged_at, pull.merged_by, pull.merge_sha, pull.queued = world.clock.now(), actor, sha, False
    issue.state, issue.closed = "closed", pull.merged_at
    world.record(repository, "merged", actor, issue.number, commit_id=sha)
    world.record(repository, "closed", actor, issue.number)


# --- Merging


def mergeability(world: World, repository: Repository, issue: Issue, actor: Token) -> tuple[bool | None, str]:
    """What a read says: null and unknown for the first reads after head or base moved."""
    pull, git = issue.pull, repository.git
    base = git.tip(pull.base)
    if issue.state != "open" or base is None:
        return None, "unknown"
    if pull.known_for != (pull.head_sha, base):
        pull.known_for, pull.unknown_reads = (pull.head_sha, base), repository.settings["mergeable_reads"]
    if pull.unknown_reads > 0:
        pull.unknown_reads -= 1
        return None, "unknown"
    if git.merged_tree(base, pull.head_sha) is None:
        return False, "dirty"
    if pull.draft:
        return True, "draft"
    found = rules.binding(world, repository, pull.base, actor)
    if rules.unmet_checks(repository, found, pull.head_sha) or rules.unmet_reviews(world, repository, found, issue):
        return True, "blocked"
    if rules.is_strict(found) and not git.is_ancestor(base, pull.head_sha):
        return True, "behind"
    said = {rules.verdict(repository, pull.head_sha, name) for name in _contexts(repository, pull.head_sha)}
    return True, "clean" if said <= rules.SATISFIED else "unstable"


def _contexts(repository: Repository, sha: str) -> set[str]:
    names = {one.name for one in repository.checks.values() if one.sha == sha}
    return names | {one.context for one in repository.statuses if one.sha == sha}


def refusal_to_merge(
    world: World, repository: Repository, issue: Issue, actor: Token, method: str, queue: bool = False
) -> str | None:
    """Why it may not be merged now, in the words of the service."""
    pull = issue.pull
    if issue.state != "open":
        return "Pull Request is not mergeable"
    if pull.draft:
        return "Pull Request is still a draft"
    if method not in repository.settings["merge_methods"]:
        return f"{method.capitalize()} merges are not allowed on this repository."
    known, _ = mergeability(world, repository, issue, actor)
    if not known:
        return "Pull Request is not mergeable"
    found = rules.binding(world, repository, pull.base, actor)
    if any(rule.type == "merge_queue" for rule in found) and not queue:
        return "Changes must be made through the merge queue"
    if unmet := rules.unmet_checks(repository, found, pull.head_sha):
        return unmet[0]
    if unmet := rules.unmet_reviews(world, repository, found, issue):
        return unmet
    base = repository.git.tip(pull.base)
    if rules.is_strict(found) and not repository.git.is_ancestor(base, pull.head_sha):
        return "Head branch is out of date. Review and try the merge again."
    if any(rule.type == "update" for rule in found):
        return "Cannot update this protected ref."
    return None


def merge(world: World, repository: Repository, issue: Issue, actor: Token, options: dict) -> str:
    """Merges what was found mergeable; the landed commit."""
    pull, git = issue.pull, repository.git
    base, method = git.tip(pull.base), options.get("merge_method") or "merge"
    title = options.get("commit_title")
    text = options.get("commit_message")
    if method == "squash":
        title = title or f"{issue.title} (#{issue.number})"
        text = (
            text
            if text is not None
            else "\n".join(f"* {git.commit(one)['message'].strip()}" for one in git.between(base, pull.head_sha))
        )
        parents = [base]
    else:
        title = title or f"Merge pull request #{issue.number} from {repository.owner.login}/{pull.head}"
        text = text if text is not None else issue.title
        parents = [base, pull.head_sha]
    if method == "rebase":
        if not git.is_ancestor(base, pull.head_sha):
            raise Refusal(405, "This branch can't be rebased")
        landed = pull.head_sha
    else:
        message = f"{title}\n\n{text}\n" if text else f"{title}\n"
        author = (issue.user.login, f"{issue.user.id}+{issue.user.login}@users.noreply.github.com")
        landed = git.commit_tree(git.merged_tree(base, pull.head_sha), parents, message, author, world.clock.now())
    if not git.update(f"refs/heads/{pull.base}", landed, base):
        raise Refusal(409, "Base branch was modified. Review and try the merge again.")
    merged(world, repository, issue, actor.user, landed)
    changes = [(f"refs/heads/{pull.base}", base, landed)]
    if repository.settings["delete_branch_on_merge"] and git.update(f"refs/heads/{pull.head}", ZERO, pull.head_sha):
        changes.append((f"refs/heads/{pull.head}", pull.head_sha, ZERO))
    refs_changed(world, repository, actor, changes)
    return landed


# --- The asynchronous merge


def begin_merge(world: World, repository: Repository, issue: Issue, actor: Token, options: dict) -> tuple[int, dict]:
    """The status and body of a request to merge later."""
    pull = issue.pull
    if pull.merged_at:
        return 200, {
            "status": "merged",
            "details": {"message": "Pull Request is already merged", "sha": pull.merge_sha},
        }
    if pull.queued:
        return 200, {"status": "enqueued", "details": {"message": "Pull Request is already in the merge queue"}}
    if pull.job and pull.job["status"] == "pending":
        return 409, job_shape(pull.job)
    if issue.state != "open" or pull.draft:
        why = "Pull Request is still a draft" if pull.draft else "Pull Request is closed"
        return 400, {"status": "failed", "details": {"message": why}}
    head = options.get("sha") or pull.head_sha
    pull.job = {
        "uuid": str(uuid.uuid4()),
        "status": "pending",
        "method": options.get("merge_method") or "merge",
        "action": options.get("merge_action") or "default",
        "head": head,
        "bypass": bool(options.get("bypass_rules")),
        "options": options,
        "actor": actor,
        "reads": repository.settings["merge_async_reads"],
        "changed": world.clock.now(),
        "message": "Merge is pending",
        "sha": None,
    }
    return 202, job_shape(pull.job)


def job_shape(job: dict) -> dict:
    details = {"message": job["message"]}
    if job["status"] == "pending":
        details |= {"uuid": job["uuid"], "merge_method": job["method"], "merge_action": job["action"]}
        details |= {"expected_head_sha": job["head"], "bypass_rules": job["bypass"]}
    if job["status"] == "merged":
        details["sha"] = job["sha"]
    return {"status": job["status"], "details": details}


def advance_merge(world: World, repository: Repository, issue: Issue) -> None:
    """A read of a pending merge: after the last of them it is decided."""
    job = issue.pull.job
    if job["status"] != "pending":
        return
    if job["reads"] > 0:
        job["reads"] -= 1
        return
    if issue.pull.head_sha != job["head"]:
        _finish(world, job, "failed", "Head branch was modified. Review and try the merge again.")
        return
    found = rules.binding(world, repository, issue.pull.base, job["actor"])
    queue = job["action"] == "merge_queue" or (
        job["action"] == "default" and any(rule.type == "merge_queue" for rule in found)
    )
    issue.pull.unknown_reads, issue.pull.known_for = 0, (issue.pull.head_sha, repository.git.tip(issue.pull.base))
    if why := refusal_to_merge(world, repository, issue, job["actor"], job["method"], queue):
        _finish(world, job, "failed", why)
    elif queue:
        issue.pull.queued = True
        world.record(repository, "added_to_merge_queue", job["actor"].user, issue.number)
        _finish(world, job, "enqueued", "Pull Request was added to the merge queue")
    else:
        job["sha"] = merge(world, repository, issue, job["actor"], job["options"])
        _finish(world, job, "merged", "Pull Request successfully merged")


def _finish(world: World, job: dict, status: str, message: str) -> None:
    job["status"], job["message"], job["changed"] = status, message, world.clock.now()
