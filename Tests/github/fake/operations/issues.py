"""Issues, which pull requests are too: labels, comments, the timeline."""

from datetime import datetime

from .. import labels, pulls
from ..call import Answer, Call, operation
from ..pulls import long_enough
from ..world import Comment, Label, Refusal, World, invalid


@operation("issues/list-for-repo")
def listing(call: Call) -> Answer:
    query = call.query
    found = [one for one in call.repository.issues.values() if query.get("state", "open") in (one.state, "all")]
    wanted = [name.strip().lower() for name in query.get("labels", "").split(",") if name.strip()]
    found = [one for one in found if all(name in call.show.label_keys(one) for name in wanted)]
    if creator := query.get("creator"):
        found = [one for one in found if one.user.login.lower() == creator.lower()]
    if "since" in query:
        moment = _moment(query["since"])
        found = [one for one in found if int(one.updated) >= moment]
    if query.get("assignee", "none") != "none" or query.get("mentioned") or query.get("milestone", "none") != "none":
        found = []
    keys = {"updated": lambda one: (one.updated, one.number), "comments": lambda one: call.show.issue(one)["comments"]}
    found.sort(
        key=keys.get(query.get("sort", ""), lambda one: one.number), reverse=query.get("direction", "desc") == "desc"
    )
    answer = call.page(found)
    answer.value = [call.show.issue(one) for one in answer.value]
    return answer


def _moment(text: str) -> float:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00").replace(" ", "+")).timestamp()
    except ValueError:
        raise invalid("Issue", "since") from None


@operation("issues/get")
def get(call: Call) -> Answer:
    return Answer(200, call.show.issue(call.issue))


@operation("issues/create")
def create(call: Call) -> Answer:
    long_enough("Issue", call.given("body"), call.given("title"))
    issue = pulls.open_issue(call.world, call.repository, call.actor.user, call.given("title"), call.given("body"))
    call.world.record(call.repository, "opened", call.actor.user, issue.number)
    labels.add(call.world, call.repository, issue, _names(call), call.actor.user)
    return Answer(201, call.show.issue(issue))


@operation("issues/update")
def update(call: Call) -> Answer:
    issue, user = call.issue, call.actor.user
    may = call.actor.kind != "person" or call.world.may(call.repository, user.login, "write")
    if not may and user is not issue.user:
        raise Refusal(403, "Resource not accessible by personal access token")
    long_enough("Issue", call.given("body"), call.given("title"))
    issue.title = call.given("title") or issue.title
    issue.body = call.given("body", issue.body)
    call.world.record(call.repository, "edited", user, issue.number)
    if call.given("state") == "closed":
        pulls.close(call.world, call.repository, issue, user)
    elif call.given("state") == "open":
        pulls.reopen(call.world, call.repository, issue, user)
    return Answer(200, call.show.issue(issue))


@operation("issues/list-events-for-timeline")
def timeline(call: Call) -> Answer:
    hidden = {"opened", "edited", "synchronize"}
    found = []
    for entry in call.issue.timeline:
        if entry["event"] in hidden:
            continue
        actor = call.show.user(call.world.people[entry["actor"].lower()])
        shape = {**entry, "actor": actor, "url": f"{call.show.url}/issues/events/{entry['id']}"}
        if entry["event"] in ("commented", "reviewed"):
            # What was said is shown itself, under its own id, and goes with its deletion.
            if entry["event"] == "commented" and entry["comment"] not in call.repository.comments:
                continue
            shape |= {"user": actor, "id": entry.get("comment") or entry["review"]}
        found.append(shape)
    return call.page(found)


# --- Labels of an issue


def _names(call: Call) -> list[str]:
    """The names in any of the forms that the operation takes."""
    given = call.body.get("labels", []) if isinstance(call.body, dict) else call.body
    given = [given] if isinstance(given, str) else given or []
    return [one["name"] if isinstance(one, dict) else one for one in given]


def _labels(call: Call, whole: bool = False) -> Answer:
    shapes = call.show.labels(call.issue)
    return Answer(200, shapes) if whole else call.page(shapes)


@operation("issues/list-labels-on-issue")
def issue_labels(call: Call) -> Answer:
    return _labels(call)


@operation("issues/add-labels")
def add_labels(call: Call) -> Answer:
    labels.add(call.world, call.repository, call.issue, _names(call), call.actor.user)
    return _labels(call, True)


@operation("issues/set-labels")
def set_labels(call: Call) -> Answer:
    labels.replace(call.world, call.repository, call.issue, _names(call), call.actor.user)
    return _labels(call, True)


@operation("issues/remove-all-labels")
def remove_all(call: Call) -> Answer:
    labels.replace(call.world, call.repository, call.issue, [], call.actor.user)
    return Answer(204)


@operation("issues/remove-label")
def remove_label(call: Call) -> Answer:
    labels.remove(call.world, call.repository, call.issue, call.parameters["name"], call.actor.user)
    return _labels(call, True)


# --- Labels of the repository


@operation("issues/list-labels-for-repo")
def repository_labels(call: Call) -> Answer:
    return call.page([call.show.label(one) for one in call.repository.labels.values()])


@operation("issues/create-label")
def create_label(call: Call) -> Answer:
    color = call.given("color") or "ededed"
    label = labels.define(call.world, call.repository, call.given("name"), color, call.given("description"))
    return Answer(201, call.show.label(label))


def _label(call: Call) -> Label:
    label = call.repository.labels.get(call.parameters["name"].lower())
    if label is None:
        raise Refusal(404, "Not Found")
    return label


@operation("issues/get-label")
def get_label(call: Call) -> Answer:
    return Answer(200, call.show.label(_label(call)))


@operation("issues/update-label")
def update_label(call: Call) -> Answer:
    label = _label(call)
    labels.redefine(call.repository, label, call.given("new_name"), call.given("color"), call.given("description"))
    return Answer(200, call.show.label(label))


# --- Comments


@operation("issues/list-comments")
def comments(call: Call) -> Answer:
    found = [one for one in call.repository.comments.values() if one.number == call.issue.number]
    if "since" in call.query:
        moment = _moment(call.query["since"])
        found = [one for one in found if int(one.updated) >= moment]
    return call.page([call.show.comment(one) for one in sorted(found, key=lambda one: one.id)])


def add_comment(world: World, repository, number: int, user, body: str) -> Comment:
    long_enough("IssueComment", body)
    if not body.strip():
        raise invalid("IssueComment", "body", "missing_field")
    now = world.clock.now()
    comment = Comment(world.next_id(), number, user, body, now, now)
    repository.comments[comment.id] = comment
    world.record(repository, "commented", user, number, comment=comment.id, body=body)
    return comment


@operation("issues/create-comment")
def comment(call: Call) -> Answer:
    issue = call.issue
    one = add_comment(call.world, call.repository, issue.number, call.actor.user, call.given("body"))
    return Answer(201, call.show.comment(one))


def _comment(call: Call) -> Comment:
    one = call.repository.comments.get(call.number("comment_id"))
    if one is None:
        raise Refusal(404, "Not Found")
    mine = one.user is call.actor.user
    if not mine and call.actor.kind == "person" and not call.world.may(call.repository, call.actor.user.login, "write"):
        raise Refusal(403, "Resource not accessible by personal access token")
    return one


@operation("issues/update-comment")
def update_comment(call: Call) -> Answer:
    one = _comment(call)
    long_enough("IssueComment", call.given("body"))
    one.body, one.updated = call.given("body"), call.world.clock.now()
    call.world.record(call.repository, "comment.edited", call.actor.user, comment=one.id)
    return Answer(200, call.show.comment(one))


@operation("issues/delete-comment")
def delete_comment(call: Call) -> Answer:
    remove_comment(call.world, call.repository, _comment(call), call.actor.user)
    return Answer(204)


def remove_comment(world: World, repository, one: Comment, actor) -> None:
    del repository.comments[one.id]
    world.record(repository, "comment_deleted", actor, one.number, comment=one.id)
