"""Refs, comparisons and contents: what git knows."""

import base64

from ..call import Answer, Call, operation
from ..git import ZERO
from ..world import Refusal
from .pulls import move_ref

MOST_COMMITS, MOST_FILES = 250, 300


@operation("git/get-ref")
def ref(call: Call) -> Answer:
    name = f"refs/{call.parameters['ref']}"
    found = call.repository.git.refs(name).get(name)
    if found is None:
        raise Refusal(404, "Not Found")
    return Answer(200, call.show.ref(name, *found))


@operation("git/list-matching-refs")
def matching(call: Call) -> Answer:
    prefix = f"refs/{call.parameters['ref']}"
    found = call.repository.git.refs()
    shapes = [call.show.ref(name, *found[name]) for name in sorted(found) if name.startswith(prefix)]
    return Answer(200, shapes)


@operation("git/create-ref")
def create(call: Call) -> Answer:
    name, sha, git = call.given("ref"), call.given("sha"), call.repository.git
    if not name.startswith("refs/") or name.count("/") < 2 or git.run("check-ref-format", name, ok=(0, 1))[0]:
        raise Refusal(422, f"{name} is not a valid ref name.")
    if not git.refs():
        raise Refusal(409, "Git Repository is empty.")
    if git.resolve(sha, "object") is None:
        raise Refusal(422, "Object does not exist")
    if name in git.refs(name):
        raise Refusal(422, "Reference already exists")
    move_ref(call, name, ZERO, sha)
    return Answer(201, call.show.ref(name, *git.refs(name)[name]))


def _existing(call: Call) -> tuple[str, str]:
    name = f"refs/{call.parameters['ref']}"
    found = call.repository.git.refs(name).get(name)
    if found is None:
        raise Refusal(422, "Reference does not exist")
    if name.startswith("refs/pull/"):
        raise Refusal(422, "Reference cannot be updated")
    return name, found[0]


@operation("git/update-ref")
def update(call: Call) -> Answer:
    name, old = _existing(call)
    new, git = call.given("sha"), call.repository.git
    if git.resolve(new) is None:
        raise Refusal(422, "Object does not exist")
    if not call.given("force", False) and not git.is_ancestor(old, new):
        raise Refusal(422, "Update is not a fast forward")
    if old != new:
        move_ref(call, name, old, new)
    return Answer(200, call.show.ref(name, *git.refs(name)[name]))


@operation("git/delete-ref")
def delete(call: Call) -> Answer:
    name, old = _existing(call)
    if name == f"refs/heads/{call.repository.default_branch}":
        raise Refusal(422, "Cannot delete the default branch")
    move_ref(call, name, old, ZERO)
    return Answer(204)


@operation("repos/compare-commits")
def compare(call: Call) -> Answer:
    git = call.repository.git
    names = call.parameters["basehead"].split("...")
    if len(names) != 2:
        raise Refusal(404, "Not Found")
    try:
        base, head = (call.commit(name.rpartition(":")[2]) for name in names)
    except Refusal:
        raise Refusal(404, "Not Found") from None
    fork = git.merge_base(base, head)
    if fork is None:
        raise Refusal(404, f"No common ancestor between {names[0]} and {names[1]}.")
    ahead, behind = git.between(base, head), git.between(head, base)
    status = {(False, False): "identical", (True, False): "ahead", (False, True): "behind"}.get(
        (bool(ahead), bool(behind)), "diverged"
    )
    # Without paging the newest of them, at most as many as the service shows.
    page = call.page(ahead if call.query else ahead[-MOST_COMMITS:])
    shown = page.value if call.query else ahead[-MOST_COMMITS:]
    files = git.changes(fork, head)[:MOST_FILES] if call.query.get("page", "1") == "1" else []
    shape = {
        "status": status,
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "base_commit": call.show.commit(base),
        "merge_base_commit": call.show.commit(fork),
        "commits": [call.show.commit(sha) for sha in shown],
        "files": [call.show.file(one) for one in files],
        "url": f"{call.show.url}/compare/{call.parameters['basehead']}",
    }
    return Answer(200, shape, page.headers if call.query else {})


@operation("repos/get-content")
def content(call: Call) -> Answer:
    git, path = call.repository.git, call.parameters["path"].strip("/")
    try:
        commit = call.commit(call.query.get("ref") or call.repository.default_branch)
    except Refusal:
        raise Refusal(404, f"No commit found for the ref {call.query.get('ref')}") from None
    found = git.entry(commit, path)
    if found is None:
        raise Refusal(404, "Not Found")
    kind, sha = found
    if kind == "blob":
        data = git.run("cat-file", "blob", sha)[1]
        encoded = base64.encodebytes(data).decode()
        shape = {"type": "file", "encoding": "base64", "content": encoded, "size": len(data), "sha": sha}
        return Answer(
            200, {**shape, "name": path.rpartition("/")[2], "path": path, "url": f"{call.show.url}/contents/{path}"}
        )
    entries = []
    for line in git.text("ls-tree", "-l", sha).splitlines():
        fields, _, name = line.partition("\t")
        _, kind, entry, size = fields.split()
        entries.append(
            {
                "type": "dir" if kind == "tree" else "file",
                "name": name,
                "path": f"{path}/{name}",
                "sha": entry,
                "size": int(size) if size.isdigit() else 0,
            }
        )
    return Answer(200, entries)
