"""Pull requests, their reviews, and their merging."""

from .. import pulls, rules
from ..call import Answer, Call, operation
from ..git import ZERO
from ..world import Issue, Refusal, Review, invalid

MOST_FILES, MOST_COMMITS, KEPT_SECONDS = 3000, 250, 24 * 3600
STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


def _whole(call: Call, issue: Issue, status: int = 200) -> Answer:
    return Answer(status, call.show.pull(issue, *pulls.mergeability(call.world, call.repository, issue, call.actor)))


@operation("pulls/list")
def listing(call: Call) -> Answer:
    state, head, base = (call.query.get(name) for name in ("state", "head", "base"))
    found = [one for one in call.repository.issues.values() if one.pull and (state or "open") in (one.state, "all")]
    if head:
        owner, _, branch = head.rpartition(":")
        # As the service does: without the owner the filter is ignored.
        found = [
            one
            for one in found
            if not owner or (owner.lower() == call.repository.owner.login.lower() and one.pull.head == branch)
        ]
    found = [one for one in found if not base or one.pull.base == base]
    by = {"updated": lambda one: (one.updated, one.number)}.get(call.query.get("sort", ""), lambda one: one.number)
    found.sort(
        key=by,
        reverse=call.query.get(
            "direction", "desc" if "sort" not in call.query or call.query["sort"] == "created" else "asc"
        )
        == "desc",
    )
    answer = call.page(found)
    answer.value = [call.show.pull_simple(one) for one in answer.value]
    return answer


@operation("pulls/create")
def create(call: Call) -> Answer:
    if call.given("issue") is None and not call.given("title"):
        raise invalid("PullRequest", "title", "missing_field")
    fields = {name: call.given(name) for name in ("title", "body", "draft", "maintainer_can_modify")}
    return _whole(
        call,
        pulls.open_pull(call.world, call.repository, call.actor.user, call.given("head"), call.given("base"), **fields),
        201,
    )


@operation("pulls/get")
def get(call: Call) -> Answer:
    pulls.look(call.world, call.repository, call.pull)
    return _whole(call, call.pull)


@operation("pulls/update")
def update(call: Call) -> Answer:
    issue, user, world = call.pull, call.actor.user, call.world
    if call.actor.kind == "person" and user is not issue.user and not world.may(call.repository, user.login, "write"):
        raise Refusal(403, "Resource not accessible by personal access token")
    pulls.long_enough("PullRequest", call.given("body"), call.given("title"))
    if call.given("base"):
        pulls.rebase_onto(world, call.repository, issue, call.given("base"), user)
    if (title := call.given("title")) and title != issue.title:
        world.record(call.repository, "renamed", user, issue.number, rename={"from": issue.title, "to": title})
        issue.title = title
    if isinstance(call.body, dict) and "body" in call.body and call.body["body"] != issue.body:
        issue.body = call.body["body"]
        world.record(call.repository, "edited", user, issue.number)
    if call.given("state") == "closed":
        pulls.close(world, call.repository, issue, user)
    elif call.given("state") == "open":
        pulls.reopen(world, call.repository, issue, user)
    return _whole(call, issue)


def _fork(call: Call, issue: Issue) -> str:
    git = call.repository.git
    base = git.tip(issue.pull.base) if issue.state == "open" else None
    base = base or issue.pull.base_sha
    return git.merge_base(base, issue.pull.head_sha) or base


@operation("pulls/list-files")
def files(call: Call) -> Answer:
    issue = call.pull
    found = call.repository.git.changes(_fork(call, issue), issue.pull.head_sha)[:MOST_FILES]
    return call.page([call.show.file(one) for one in found])


@operation("pulls/list-commits")
def commits(call: Call) -> Answer:
    issue = call.pull
    answer = call.page(call.repository.git.between(_fork(call, issue), issue.pull.head_sha)[:MOST_COMMITS])
    answer.value = [call.show.commit(sha) for sha in answer.value]
    return answer


@operation("pulls/list-review-comments")
def review_comments(call: Call) -> Answer:
    call.pull
    return call.page([])


@operation("pulls/list-reviews")
def reviews(call: Call) -> Answer:
    issue = call.pull
    return call.page([call.show.review(one, issue) for one in issue.pull.reviews if one.state != "PENDING"])


@operation("pulls/create-review")
def review(call: Call) -> Answer:
    issue, event, body = call.pull, call.given("event"), call.given("body") or ""
    one = add_review(call.world, call.repository, issue, call.actor.user, event, body, call.given("commit_id"))
    return Answer(200, call.show.review(one, issue))


def add_review(
    world, repository, issue: Issue, user, event: str | None, body: str, commit: str | None = None
) -> Review:
    """What a review needs: a text where it asks for changes, and another author where it judges."""
    pulls.long_enough("PullRequestReview", body)
    if event in ("REQUEST_CHANGES", "COMMENT") and not body:
        raise Refusal(422, "Unprocessable Entity", ["Body can't be blank"])
    if event in ("APPROVE", "REQUEST_CHANGES") and user is issue.user:
        verb = "approve" if event == "APPROVE" else "request changes on"
        raise Refusal(422, "Unprocessable Entity", [f"Can not {verb} your own pull request"])
    if commit and repository.git.resolve(commit) is None:
        raise Refusal(422, "Unprocessable Entity", ["No commit found for SHA"])
    sha = commit or issue.pull.head_sha
    one = Review(world.next_id(), user, body, STATES.get(event or "", "PENDING"), sha, world.clock.now())
    issue.pull.reviews.append(one)
    if one.state != "PENDING":
        world.record(repository, "reviewed", user, issue.number, state=one.state, review=one.id, body=body)
    return one


# --- Merging


@operation("pulls/check-if-merged")
def is_merged(call: Call) -> Answer:
    if call.pull.pull.merged_at is None:
        raise Refusal(404, "Not Found")
    return Answer(204)


@operation("pulls/merge")
def merge(call: Call) -> Answer:
    issue, options = call.pull, call.body or {}
    pulls.look(call.world, call.repository, issue)
    method = options.get("merge_method") or "merge"
    if options.get("sha") and issue.state == "open" and options["sha"] != issue.pull.head_sha:
        raise Refusal(409, "Head branch was modified. Review and try the merge again.")
    if why := pulls.refusal_to_merge(call.world, call.repository, issue, call.actor, method):
        raise Refusal(405, why)
    landed = pulls.merge(call.world, call.repository, issue, call.actor, options)
    return Answer(200, {"sha": landed, "merged": True, "message": "Pull Request successfully merged"})


@operation("pulls/merge-async")
def merge_async(call: Call) -> Answer:
    status, shape = pulls.begin_merge(call.world, call.repository, call.pull, call.actor, call.body or {})
    return Answer(status, shape)


@operation("pulls/get-merge-async-result")
def merge_result(call: Call) -> Answer:
    issue = call.pull
    job = issue.pull.job
    if job is None or job["uuid"] != call.parameters["uuid"] or call.world.clock.now() > job["changed"] + KEPT_SECONDS:
        raise Refusal(404, "Not Found")
    pulls.advance_merge(call.world, call.repository, issue)
    return Answer(200, pulls.job_shape(job))


@operation("pulls/update-branch")
def update_branch(call: Call) -> Answer:
    issue, git = call.pull, call.repository.git
    pull, expected = issue.pull, call.given("expected_head_sha")
    if expected and expected != pull.head_sha:
        raise Refusal(422, "expected head sha didn't match current head ref.")
    if call.actor.kind != "person" and call.actor.permissions.get("contents") != "write":
        raise Refusal(
            403,
            "Resource not accessible by integration",
            headers={"X-Accepted-GitHub-Permissions": "contents=write,pull_requests=write"},
        )
    base = git.tip(pull.base)
    if issue.state != "open" or base is None or git.is_ancestor(base, pull.head_sha):
        raise Refusal(422, "There are no new commits on the base branch.")
    tree = git.merged_tree(base, pull.head_sha)
    if tree is None:
        raise Refusal(422, "merge conflict between base and head")
    ref, old = f"refs/heads/{pull.head}", pull.head_sha
    message = f"Merge branch '{pull.base}' into {pull.head}\n"
    author = (call.actor.user.login, f"{call.actor.user.login}@users.noreply.github.com")
    new = git.commit_tree(tree, [old, base], message, author, call.world.clock.now())
    if rules.refusals(call.world, call.repository, call.actor, ref, old, new) or not git.update(ref, new, old):
        raise Refusal(422, "Cannot update this protected ref.")
    pulls.refs_changed(call.world, call.repository, call.actor, [(ref, old, new)])
    return Answer(202, {"message": "Updating pull request branch.", "url": f"{call.show.url}/pulls/{issue.number}"})


def run_queue(world, repository, number: int, actor) -> None:
    """Lets the merge queue merge a pull request that waits in it, or throw it out."""
    issue = repository.issues[number]
    if not issue.pull.queued:
        raise Refusal(422, "The pull request is in no queue")
    issue.pull.queued = False
    issue.pull.unknown_reads, issue.pull.known_for = 0, (issue.pull.head_sha, repository.git.tip(issue.pull.base))
    options = issue.pull.job["options"]
    if pulls.refusal_to_merge(world, repository, issue, actor, issue.pull.job["method"], True) is None:
        pulls.merge(world, repository, issue, actor, {**options, "merge_method": issue.pull.job["method"]})
    else:
        world.record(repository, "removed_from_merge_queue", actor.user, number)


def move_ref(call: Call, ref: str, old: str, new: str) -> None:
    """Moves a ref as a push would: the same rules, the same consequences."""
    if found := rules.refusals(call.world, call.repository, call.actor, ref, old, new):
        source, _, message = found[0].partition(" ")
        raise Refusal(422, message if source == "protection" else f"Repository rule violations found\n\n{message}\n\n")
    if not call.repository.git.update(ref, new, old):
        raise Refusal(422, "Reference already exists" if old == ZERO else "Reference cannot be updated")
    pulls.refs_changed(call.world, call.repository, call.actor, [(ref, old, new)])
