"""Dispatches, workflow runs and their jobs, and the counter of requests."""

import json

from .. import ci
from ..call import Answer, Call, operation
from ..world import Refusal, WorkflowRun, invalid

MOST_PROPERTIES, MOST_BYTES = 10, 64 * 1024


@operation("repos/create-dispatch-event")
def dispatch(call: Call) -> Answer:
    payload = call.given("client_payload") or {}
    if len(payload) > MOST_PROPERTIES:
        raise invalid(
            "Dispatch",
            "client_payload",
            "custom",
            f"No more than {MOST_PROPERTIES} properties are allowed; {len(payload)} were supplied.",
        )
    if len(json.dumps(payload)) >= MOST_BYTES:
        raise invalid("Dispatch", "client_payload", "custom", "client_payload is too large.")
    call.world.record(
        call.repository, "repository_dispatch", call.actor.user, type=call.given("event_type"), payload=payload
    )
    return Answer(204)


@operation("actions/create-workflow-dispatch")
def workflow_dispatch(call: Call) -> Answer:
    ref = call.given("ref")
    sha = call.commit(ref.removeprefix("refs/heads/"))
    name = call.parameters["workflow_id"].removesuffix(".yml").removesuffix(".yaml")
    run = WorkflowRun(
        call.world.next_id(), sha, ref.removeprefix("refs/heads/"), "workflow_dispatch", name, call.world.clock.now()
    )
    run.actor = call.actor.user
    call.repository.runs[run.id] = run
    call.world.record(
        call.repository,
        "workflow_dispatch",
        call.actor.user,
        workflow=name,
        inputs=call.given("inputs") or {},
        run=run.id,
    )
    url = f"{call.show.url}/actions/runs/{run.id}"
    return Answer(200, {"workflow_run_id": run.id, "run_url": url, "html_url": url})


def _run(call: Call) -> WorkflowRun:
    run = call.repository.runs.get(call.number("run_id"))
    if run is None:
        raise Refusal(404, "Not Found")
    ci.was_read(call.world, call.repository, run.sha)
    ci.settle(call.world, call.repository)
    return run


@operation("actions/list-workflow-runs-for-repo")
def listing(call: Call) -> Answer:
    ci.settle(call.world, call.repository)
    query = call.query
    shapes = [call.show.run(one) for one in sorted(call.repository.runs.values(), key=lambda one: -one.id)]
    wanted = {"head_branch": query.get("branch"), "event": query.get("event"), "head_sha": query.get("head_sha")}
    shapes = [one for one in shapes if all(value in (None, one[name]) for name, value in wanted.items())]
    if status := query.get("status"):
        shapes = [one for one in shapes if status in (one["status"], one["conclusion"])]
    return call.page(shapes, "workflow_runs")


@operation("actions/get-workflow-run")
def get(call: Call) -> Answer:
    return Answer(200, call.show.run(_run(call)))


@operation("actions/list-jobs-for-workflow-run")
def jobs(call: Call) -> Answer:
    run = _run(call)
    found = call.show.jobs(run)
    if call.query.get("filter", "latest") == "latest":
        found = list({one.name: one for one in found}.values())
    return call.page([call.show.job(one, run.attempt) for one in found], "jobs")


@operation("actions/cancel-workflow-run")
def cancel(call: Call) -> Answer:
    run = _run(call)
    if call.show.run(run)["status"] == "completed":
        raise Refusal(409, "Cannot cancel a workflow run that is completed.")
    run.cancelled = True
    for one in call.show.jobs(run):
        if one.status != "completed":
            ci.complete(call.world, call.repository, one, "cancelled")
    return Answer(202, {})


@operation("actions/re-run-workflow-failed-jobs")
def rerun(call: Call) -> Answer:
    run = _run(call)
    if call.show.run(run)["status"] != "completed":
        raise Refusal(403, "The workflow run containing this job is already running")
    ci.rerun_failed(call.world, call.repository, run)
    return Answer(201, {})
