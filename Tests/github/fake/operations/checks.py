"""Check runs, which only Apps write, and commit statuses, which anybody with the right may."""

from datetime import datetime

from .. import ci
from ..call import Answer, Call, operation
from ..world import CheckRun, Refusal, Repository, Status, World, invalid

MOST_STATUSES, TEXT_LENGTH, DESCRIPTION_LENGTH = 1000, 65535, 140


def _settled(call: Call) -> str:
    """The commit that is asked about, after what is due has ended."""
    sha = call.commit(call.parameters["ref"])
    ci.was_read(call.world, call.repository, sha)
    ci.settle(call.world, call.repository)
    return sha


def _runs(call: Call, sha: str) -> list[CheckRun]:
    query = call.query
    found = [one for one in call.repository.checks.values() if one.sha == sha]
    if query.get("filter", "latest") == "latest":
        found = list({(one.name, one.suite): one for one in found}.values())
    wanted = {"name": query.get("check_name"), "status": query.get("status")}
    found = [one for one in found if all(value in (None, getattr(one, name)) for name, value in wanted.items())]
    return [one for one in found if query.get("app_id") in (None, str(one.app.id))]


@operation("checks/list-for-ref")
def listing(call: Call) -> Answer:
    return call.page([call.show.check(one) for one in _runs(call, _settled(call))], "check_runs")


@operation("checks/list-suites-for-ref")
def suites(call: Call) -> Answer:
    sha = _settled(call)
    found = dict.fromkeys(one.suite for one in _runs(call, sha))
    return call.page([call.show.suite(one) for one in found], "check_suites")


@operation("checks/get")
def get(call: Call) -> Answer:
    return Answer(200, call.show.check(_run(call)))


def _run(call: Call) -> CheckRun:
    one = call.repository.checks.get(call.number("check_run_id"))
    if one is None:
        raise Refusal(404, "Not Found")
    return one


@operation("checks/create")
def create(call: Call) -> Answer:
    sha = call.repository.git.resolve(call.given("head_sha"))
    if sha is None:
        raise Refusal(422, f"No commit found for SHA: {call.given('head_sha')}")
    branches = call.repository.git.refs("refs/heads")
    branch = next((name.removeprefix("refs/heads/") for name, (tip, _) in branches.items() if tip == sha), None)
    one = CheckRun(
        call.world.next_id(), call.given("name"), sha, call.actor.app, branch=branch, started=call.world.clock.now()
    )
    _write(call, one)
    call.repository.checks[one.id] = one
    if one.status == "completed":
        ci.complete(call.world, call.repository, one, one.conclusion)
    return Answer(201, call.show.check(one))


@operation("checks/update")
def update(call: Call) -> Answer:
    one = _run(call)
    if one.app is not call.actor.app:
        raise Refusal(403, "Invalid app_id `check_run` can only be modified by the GitHub App that created it.")
    was = one.status
    _write(call, one)
    if one.status == "completed" and was != "completed":
        ci.complete(call.world, call.repository, one, one.conclusion)
    return Answer(200, call.show.check(one))


def _write(call: Call, one: CheckRun) -> None:
    output = call.given("output") or {}
    for name in ("summary", "text"):
        if len(output.get(name) or "") > TEXT_LENGTH:
            raise invalid("CheckRun", name, "custom", f"{name} exceeds a maximum bytesize of {TEXT_LENGTH}")
    status, conclusion = call.given("status"), call.given("conclusion")
    if status == "completed" and not conclusion:
        raise invalid("CheckRun", "conclusion", "missing_field")
    for name in ("name", "details_url", "external_id"):
        if call.given(name) is not None:
            setattr(one, name, call.given(name))
    one.output = {**one.output, **output}
    if conclusion:
        one.status, one.conclusion = "completed", conclusion
    elif status:
        one.status, one.conclusion = status, None
    if started := call.given("started_at"):
        one.started = datetime.fromisoformat(started.replace("Z", "+00:00")).timestamp()


# --- Statuses


@operation("repos/get-combined-status-for-ref")
def combined(call: Call) -> Answer:
    sha = _settled(call)
    newest = {one.context: one for one in call.repository.statuses if one.sha == sha}
    said = {one.state for one in newest.values()}
    state = "failure" if said & {"error", "failure"} else "pending" if not said or "pending" in said else "success"
    shapes = [call.show.status(one) for one in newest.values()]
    url = f"{call.show.url}/commits/{sha}"
    return call.page(
        shapes, "statuses", state=state, sha=sha, repository=call.show.home(), commit_url=url, url=f"{url}/status"
    )


@operation("repos/create-commit-status")
def create_status(call: Call) -> Answer:
    sha = call.repository.git.resolve(call.parameters["sha"])
    if sha is None:
        raise Refusal(422, f"No commit found for SHA: {call.parameters['sha']}")
    fields = {name: call.given(name) for name in ("description", "target_url")}
    one = add_status(
        call.world,
        call.repository,
        sha,
        call.given("context") or "default",
        call.given("state"),
        call.actor.user,
        **fields,
    )
    return Answer(201, call.show.status(one))


def add_status(world: World, repository: Repository, sha: str, context: str, state: str, user, **fields) -> Status:
    if len(fields.get("description") or "") > DESCRIPTION_LENGTH:
        raise invalid(
            "Status", "description", "custom", f"description is too long (maximum is {DESCRIPTION_LENGTH} characters)"
        )
    if sum(one.sha == sha and one.context == context for one in repository.statuses) >= MOST_STATUSES:
        raise Refusal(
            422,
            "Validation Failed",
            [
                {
                    "resource": "Status",
                    "field": "context",
                    "code": "custom",
                    "message": "This SHA and context has reached the maximum number of statuses.",
                }
            ],
        )
    one = Status(world.next_id(), sha, context, state, user, world.clock.now(), **fields)
    repository.statuses.append(one)
    world.record(repository, "status", user, sha=sha, context=context, state=state)
    return one
