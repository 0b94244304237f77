"""What answers for a pushed commit: scripts of the tests, by branch, as check runs or statuses."""

import fnmatch

from .world import ACTIONS_APP, App, CheckRun, Repository, Status, Token, WorkflowRun, World

# Verdicts that are no conclusion: nothing is ever reported, or it starts and never ends.
NEVER, HUNG = "never", "hung"


def app_of(world: World, slug: str | None) -> App:
    """The App that writes the checks of a script."""
    slug = slug or "github-actions"
    for app in world.apps.values():
        if app.slug == slug:
            return app
    everything = {
        "contents": "write",
        "checks": "write",
        "statuses": "write",
        "pull_requests": "write",
        "issues": "write",
    }
    return world.create_app(slug, everything, None, ACTIONS_APP if slug == "github-actions" else None)


def start(world: World, repository: Repository, branch: str, sha: str, actor: Token) -> None:
    """Starts the scripts for a branch at its new commit. What GITHUB_TOKEN pushes starts nothing."""
    if actor.kind == "actions":
        return
    for script in repository.ci:
        if not fnmatch.fnmatchcase(branch, script["branch"]):
            continue
        run = None
        if script.get("kind", "check") == "check":
            run = WorkflowRun(world.next_id(), sha, branch, "push", _workflow(script), world.clock.now())
            run.actor = actor.user
            repository.runs[run.id] = run
        for check in script["checks"]:
            _begin(world, repository, script, check, branch, sha, run)
    settle(world, repository)


def rerun_failed(world: World, repository: Repository, run: WorkflowRun) -> None:
    """Starts those jobs again that did not succeed, with the next result of their script."""
    run.attempt += 1
    run.cancelled = False
    for script in repository.ci:
        if script.get("kind", "check") != "check" or not fnmatch.fnmatchcase(run.branch or "", script["branch"]):
            continue
        if _workflow(script) != run.name:
            continue
        for check in script["checks"]:
            old = [one for one in repository.checks.values() if one.run == run.id and one.name == check["name"]]
            if old and old[-1].conclusion not in ("success", "skipped", "neutral"):
                _begin(world, repository, script, check, run.branch, run.sha, run)
    settle(world, repository)


def _workflow(script: dict) -> str:
    return script.get("workflow", "ci")


def _begin(world: World, repository: Repository, script: dict, check: dict, branch, sha: str, run) -> None:
    key = f"{script['branch']} {_workflow(script)} {check['name']}"
    turn = repository.ci_runs.get(key, 0)
    repository.ci_runs[key] = turn + 1
    results = check.get("results") or [check.get("result", "success")]
    result = results[min(turn, len(results) - 1)]
    if result == NEVER:
        return
    now = world.clock.now()
    timing = {"reads": check.get("after_reads"), "verdict": None if result == HUNG else result}
    timing["due"] = None if timing["reads"] is not None else now + check.get("after", 0)
    if script.get("kind", "check") == "status":
        app = app_of(world, script.get("app", "ci"))
        status = Status(world.next_id(), sha, check["name"], "pending", app.user, now, **timing)
        repository.statuses.append(status)
        return
    app = app_of(world, script.get("app"))
    begun = CheckRun(world.next_id(), check["name"], sha, app, "in_progress", None, now, branch=branch, **timing)
    begun.run = run.id if run else None
    repository.checks[begun.id] = begun


def settle(world: World, repository: Repository) -> None:
    """Ends what is due by now."""
    now = world.clock.now()
    for one in [*repository.checks.values(), *repository.statuses]:
        if one.verdict and ((one.due is not None and one.due <= now) or one.reads == 0):
            _end(world, repository, one)


def was_read(world: World, repository: Repository, sha: str) -> None:
    """Counts a read of a commit's checks for those that answer after some."""
    for one in [*repository.checks.values(), *repository.statuses]:
        if one.sha == sha and one.verdict and one.reads:
            one.reads -= 1


def _end(world: World, repository: Repository, one: CheckRun | Status) -> None:
    result, one.verdict = one.verdict, None
    if isinstance(one, Status):
        one.state = result if result in ("success", "failure", "error") else "success"
        world.record(repository, "status", one.user, sha=one.sha, context=one.context, state=one.state)
        return
    complete(world, repository, one, result)


def complete(world: World, repository: Repository, check: CheckRun, conclusion: str) -> None:
    check.status, check.conclusion, check.completed = "completed", conclusion, world.clock.now()
    check.verdict = None
    world.record(
        repository,
        "check_run.completed",
        check.app.user,
        sha=check.sha,
        name=check.name,
        conclusion=conclusion,
        check=check.id,
    )
    suite = jobs_of_suite(repository, check.suite)
    if all(one.status == "completed" for one in suite):
        data = {"sha": check.sha, "app": check.app.id, "suite": check.suite, "conclusion": overall(suite)}
        world.record(repository, "check_suite.completed", check.app.user, **data)
        if check.run:
            world.record(repository, "workflow_run.completed", check.app.user, run=check.run, conclusion=overall(suite))


def jobs_of_suite(repository: Repository, suite: int) -> list[CheckRun]:
    """The newest check run of each name in a suite."""
    newest: dict[str, CheckRun] = {}
    for one in repository.checks.values():
        if one.suite == suite:
            newest[one.name] = one
    return list(newest.values())


def overall(checks: list[CheckRun]) -> str | None:
    """The conclusion of several: none while one is open, the worst else."""
    if not checks or any(one.status != "completed" for one in checks):
        return None
    said = {one.conclusion for one in checks}
    for worst in ("failure", "timed_out", "cancelled", "action_required"):
        if worst in said:
            return worst
    return "success" if "success" in said else "skipped" if "skipped" in said else "neutral"
