"""What stands in the way of a push or a merge: branch protection and rulesets as one list of rules."""

import fnmatch
from dataclasses import dataclass

from .git import ZERO
from .world import Issue, Repository, Token, World

SATISFIED = {"success", "skipped", "neutral"}


@dataclass(frozen=True)
class Rule:
    type: str
    parameters: dict
    source: str  # "protection" or "ruleset"
    ruleset: int = 0


def rules_of(repository: Repository, branch: str) -> list[tuple[Rule, dict]]:
    """Each active rule for a branch, with the ruleset or protection it comes from."""
    found = []
    for pattern, protection in repository.protections.items():
        if fnmatch.fnmatchcase(branch, pattern):
            found += [(rule, protection) for rule in _rules_of_protection(protection)]
    for ruleset in repository.rulesets:
        active = ruleset["enforcement"] == "active" and ruleset["target"] == "branch"
        if active and _names(ruleset.get("conditions") or {}, repository, branch):
            for one in ruleset["rules"]:
                found.append((Rule(one["type"], one.get("parameters") or {}, "ruleset", ruleset["id"]), ruleset))
    return found


def _rules_of_protection(protection: dict) -> list[Rule]:
    rules = []
    if not protection.get("allow_force_pushes"):
        rules.append(Rule("non_fast_forward", {}, "protection"))
    if not protection.get("allow_deletions"):
        rules.append(Rule("deletion", {}, "protection"))
    if checks := protection.get("required_status_checks"):
        wanted = [{"context": one} if isinstance(one, str) else one for one in checks.get("checks", [])]
        parameters = {
            "strict_required_status_checks_policy": checks.get("strict", False),
            "required_status_checks": wanted,
        }
        rules.append(Rule("required_status_checks", parameters, "protection"))
    if "required_approving_review_count" in protection:
        count = protection["required_approving_review_count"]
        rules.append(Rule("pull_request", {"required_approving_review_count": count}, "protection"))
    return rules


def _names(conditions: dict, repository: Repository, branch: str) -> bool:
    names = conditions.get("ref_name", {"include": ["~ALL"], "exclude": []})

    def fits(pattern: str) -> bool:
        if pattern == "~DEFAULT_BRANCH":
            return branch == repository.default_branch
        return pattern == "~ALL" or fnmatch.fnmatchcase(f"refs/heads/{branch}", pattern)

    return any(map(fits, names.get("include", []))) and not any(map(fits, names.get("exclude", [])))


def binding(world: World, repository: Repository, branch: str, actor: Token) -> list[Rule]:
    """The rules that the actor may not pass by."""
    return [rule for rule, source in rules_of(repository, branch) if not passes(world, repository, rule, source, actor)]


def passes(world: World, repository: Repository, rule: Rule, source: dict, actor: Token) -> bool:
    admin = actor.kind == "person" and world.role(repository, actor.user.login) == "admin"
    if rule.source == "protection":
        return admin and not source.get("enforce_admins", False)
    for one in source.get("bypass_actors", []):
        if one["actor_type"] == "Integration" and actor.app and actor.app.id == one["actor_id"]:
            return True
        if one["actor_type"] == "RepositoryRole" and one["actor_id"] == 5 and admin:
            return True
        if one["actor_type"] == "User" and actor.kind == "person" and actor.user.id == one["actor_id"]:
            return True
    return False


# --- Checks


def verdict(repository: Repository, sha: str, context: str, app: int | None = None) -> str:
    """What a commit has to say about a required check: missing, pending, or how it ended."""
    runs = [one for one in repository.checks.values() if one.sha == sha and one.name == context]
    runs = [one for one in runs if not app or one.app.id == app]
    if runs:
        last = max(runs, key=lambda one: one.id)
        return last.conclusion or "pending" if last.status == "completed" else "pending"
    statuses = [one for one in repository.statuses if one.sha == sha and one.context == context]
    if statuses and not app:
        return statuses[-1].state
    return "missing"


def unmet_checks(repository: Repository, rules: list[Rule], sha: str) -> list[str]:
    """One sentence for each required check that the commit lacks."""
    unmet = []
    for rule in rules:
        for one in rule.parameters.get("required_status_checks", []) if rule.type == "required_status_checks" else []:
            app = one.get("integration_id") or one.get("app_id")
            said = verdict(repository, sha, one["context"], app)
            if said in ("missing", "pending"):
                unmet.append(f'Required status check "{one["context"]}" is expected.')
            elif said not in SATISFIED:
                unmet.append(f'Required status check "{one["context"]}" is failing.')
    return unmet


def is_strict(rules: list[Rule]) -> bool:
    """Whether a head has to contain its base. Without a check in it the policy has no effect."""
    wanted = [rule.parameters for rule in rules if rule.parameters.get("strict_required_status_checks_policy")]
    return any(one.get("required_status_checks") for one in wanted)


def unmet_reviews(world: World, repository: Repository, rules: list[Rule], issue: Issue) -> str | None:
    wanted = max(
        (r.parameters.get("required_approving_review_count", 0) for r in rules if r.type == "pull_request"), default=0
    )
    last: dict[int, str] = {}
    for review in issue.pull.reviews:
        # A bot's review says something too; only people without the right to write do not count.
        counts = review.user.type == "Bot" or world.may(repository, review.user.login, "write")
        if counts and review.state in ("APPROVED", "CHANGES_REQUESTED"):
            last[review.user.id] = review.state
    if "CHANGES_REQUESTED" in last.values() and wanted:
        return "Changes have been requested by a reviewer with write access."
    if list(last.values()).count("APPROVED") < wanted:
        return f"At least {wanted} approving review is required by reviewers with write access."
    return None


# --- Pushes


def refusals(world: World, repository: Repository, actor: Token, ref: str, old: str, new: str, extra=None) -> list[str]:
    """Why a ref may not move that way; empty when it may. The first word says which kind of rule it was."""
    if not ref.startswith("refs/heads/"):
        return []
    git, branch = repository.git, ref.removeprefix("refs/heads/")
    rules = binding(world, repository, branch, actor)
    found = []
    for rule in rules:
        message = None
        if rule.type == "creation" and old == ZERO:
            message = "Cannot create ref due to creations being restricted."
        elif rule.type == "deletion" and new == ZERO:
            message = "Cannot delete this branch"
        elif ZERO in (old, new):
            continue
        elif rule.type == "update":
            message = "Cannot update this protected ref."
        elif rule.type == "non_fast_forward" and not git.is_ancestor(old, new, extra):
            message = "Cannot force-push to this branch"
        elif rule.type == "pull_request":
            message = "Changes must be made through a pull request."
        elif rule.type == "merge_queue":
            message = "Changes must be made through the merge queue"
        elif rule.type == "required_linear_history" and git.text("rev-list", "--merges", new, f"^{old}", extra=extra):
            message = "This branch must not contain merge commits."
        elif rule.type == "required_status_checks":
            found += [f"{rule.source} {one}" for one in unmet_checks(repository, [rule], new)]
        if message:
            found.append(f"{rule.source} {message}")
    return found
