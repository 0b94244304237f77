"""The repository itself, its people, and its rules; and who asks."""

from .. import rules
from ..call import Answer, Call, operation
from ..world import ROLES, Refusal


@operation("repos/get")
def get(call: Call) -> Answer:
    return Answer(200, call.show.home())


@operation("users/get-authenticated")
def myself(call: Call) -> Answer:
    if call.actor.kind != "person":
        raise Refusal(403, "Resource not accessible by integration")
    return Answer(200, call.show.user(call.actor.user))


@operation("repos/get-collaborator-permission-level")
def permission(call: Call) -> Answer:
    login = call.parameters["username"]
    person = call.world.people.get(login.lower())
    if person is None:
        raise Refusal(404, f"{login} is not a user")
    role = call.world.role(call.repository, login) if person.type == "User" else "none"
    plain = {"maintain": "write", "triage": "read"}.get(role, role)
    held = ROLES.index(role)
    rights = {
        name: held >= ROLES.index(least)
        for name, least in {
            "pull": "read",
            "triage": "triage",
            "push": "write",
            "maintain": "maintain",
            "admin": "admin",
        }.items()
    }
    user = {**call.show.user(person), "permissions": rights, "role_name": role}
    return Answer(200, {"permission": plain, "role_name": role, "user": user})


@operation("repos/get-branch")
def branch(call: Call) -> Answer:
    name = call.parameters["branch"]
    sha = call.repository.git.tip(name)
    if sha is None:
        raise Refusal(404, "Branch not found")
    found = rules.rules_of(call.repository, name)
    url = f"{call.show.url}/branches/{name}"
    shape = {
        "name": name,
        "commit": call.show.commit(sha),
        "protected": bool(found),
        "protection_url": f"{url}/protection",
        "protection": {"enabled": bool(found), "required_status_checks": _checks(found)},
        "_links": {"html": url, "self": url},
    }
    return Answer(200, shape)


def _checks(found: list) -> dict:
    wanted = [one for rule, _ in found for one in rule.parameters.get("required_status_checks", [])]
    checks = [{"context": one["context"], "app_id": one.get("integration_id") or one.get("app_id")} for one in wanted]
    return {"contexts": [one["context"] for one in wanted], "checks": checks, "enforcement_level": "non_admins"}


@operation("repos/get-branch-protection")
def protection(call: Call) -> Answer:
    name = call.parameters["branch"]
    if call.repository.git.tip(name) is None:
        raise Refusal(404, "Branch not found")
    found = [(rule, source) for rule, source in rules.rules_of(call.repository, name) if rule.source == "protection"]
    if not found:
        raise Refusal(404, "Branch not protected")
    source = found[0][1]
    shape = {
        "url": f"{call.show.url}/branches/{name}/protection",
        "enforce_admins": {"url": "", "enabled": bool(source.get("enforce_admins"))},
        "allow_force_pushes": {"enabled": bool(source.get("allow_force_pushes"))},
        "allow_deletions": {"enabled": bool(source.get("allow_deletions"))},
    }
    if "required_status_checks" in source:
        shape["required_status_checks"] = {
            **_checks(found),
            "strict": bool(source["required_status_checks"].get("strict")),
        }
    if "required_approving_review_count" in source:
        count = source["required_approving_review_count"]
        shape["required_pull_request_reviews"] = {"required_approving_review_count": count}
    return Answer(200, shape)


@operation("repos/get-branch-rules")
def branch_rules(call: Call) -> Answer:
    """Only what rulesets say: branch protection has its own operation."""
    found = []
    for rule, ruleset in rules.rules_of(call.repository, call.parameters["branch"]):
        if rule.source == "ruleset":
            shape = {
                "type": rule.type,
                "ruleset_source_type": "Repository",
                "ruleset_id": rule.ruleset,
                "ruleset_source": call.repository.full_name,
            }
            found.append({**shape, "parameters": rule.parameters} if rule.parameters else shape)
    return call.page(found)


def _ruleset(call: Call, one: dict, whole: bool) -> dict:
    shape = {name: one[name] for name in ("id", "name", "target", "enforcement")}
    shape |= {"source_type": "Repository", "source": call.repository.full_name}
    if whole:
        shape |= {"conditions": one["conditions"], "rules": one["rules"]}
        shape["current_user_can_bypass"] = "never"
        probe = [(rules.Rule("update", {}, "ruleset", one["id"]), one)]
        if all(rules.passes(call.world, call.repository, rule, source, call.actor) for rule, source in probe):
            shape["current_user_can_bypass"] = "always"
    return shape


@operation("repos/get-repo-rulesets")
def rulesets(call: Call) -> Answer:
    return call.page([_ruleset(call, one, False) for one in call.repository.rulesets])


@operation("repos/get-repo-ruleset")
def ruleset(call: Call) -> Answer:
    for one in call.repository.rulesets:
        if one["id"] == call.number("ruleset_id"):
            return Answer(200, _ruleset(call, one, True))
    raise Refusal(404, "Not Found")
