"""The fields that matter of each object the API shows. What else a schema requires is filled in later."""

from . import ci
from .world import App, CheckRun, Comment, Issue, Label, Person, Repository, Review, Status, WorkflowRun, World, stamp


class Shapes:
    """The objects of one repository as JSON. `stale` shows labels as they were so many changes ago."""

    def __init__(self, world: World, repository: Repository | None, stale: int = 0):
        self.world, self.repository, self.stale = world, repository, stale
        self.url = f"{world.base}/repos/{repository.full_name}" if repository else world.base

    def user(self, one: Person | None) -> dict | None:
        if one is None:
            return None
        return {
            "login": one.login,
            "id": one.id,
            "type": one.type,
            "node_id": f"U_{one.id}",
            "url": f"{self.world.base}/users/{one.login}",
            "html_url": f"https://github.com/{one.login}",
        }

    def app(self, one: App) -> dict:
        return {
            "id": one.id,
            "slug": one.slug,
            "name": one.slug,
            "owner": self.user(one.user),
            "permissions": one.permissions,
            "events": [],
            "installations_count": 1,
        }

    def installation(self, one: App) -> dict:
        account = self.repository.owner if self.repository else one.user
        return {
            "id": one.installation,
            "app_id": one.id,
            "app_slug": one.slug,
            "account": self.user(account),
            "access_tokens_url": f"{self.world.base}/app/installations/{one.installation}/access_tokens",
            "repository_selection": "selected",
            "permissions": one.permissions,
            "target_type": "User",
        }

    def home(self) -> dict:
        """The repository itself."""
        one, git_url = self.repository, f"{self.world.base}/{self.repository.full_name}.git"
        methods = one.settings["merge_methods"]
        return {
            "id": one.id,
            "name": one.name,
            "full_name": one.full_name,
            "owner": self.user(one.owner),
            "private": one.private,
            "default_branch": one.default_branch,
            "url": self.url,
            "clone_url": git_url,
            "html_url": f"https://github.com/{one.full_name}",
            "open_issues_count": self._open(),
            "open_issues": self._open(),
            "has_issues": True,
            "created_at": stamp(one.created),
            "allow_squash_merge": "squash" in methods,
            "allow_merge_commit": "merge" in methods,
            "allow_rebase_merge": "rebase" in methods,
            "delete_branch_on_merge": one.settings["delete_branch_on_merge"],
        }

    def _open(self) -> int:
        return sum(one.state == "open" for one in self.repository.issues.values())

    def label(self, one: Label) -> dict:
        return {
            "id": one.id,
            "name": one.name,
            "color": one.color,
            "description": one.description,
            "default": False,
            "url": f"{self.url}/labels/{one.name}",
        }

    def label_keys(self, issue: Issue) -> list[str]:
        if self.stale and issue.labels_before:
            return issue.labels_before[max(0, len(issue.labels_before) - self.stale)]
        return issue.labels

    def labels(self, issue: Issue) -> list[dict]:
        known = self.repository.labels
        return [self.label(known[key]) for key in self.label_keys(issue) if key in known]

    def association(self, person: Person) -> str:
        if person.login.lower() == self.repository.owner.login.lower():
            return "OWNER"
        return "COLLABORATOR" if person.login.lower() in self.repository.roles else "NONE"

    def issue(self, one: Issue) -> dict:
        url = f"{self.url}/issues/{one.number}"
        comments = sum(comment.number == one.number for comment in self.repository.comments.values())
        shape = {
            "id": one.id,
            "number": one.number,
            "title": one.title,
            "body": one.body,
            "state": one.state,
            "user": self.user(one.user),
            "labels": self.labels(one),
            "comments": comments,
            "url": url,
            "html_url": f"https://github.com/{self.repository.full_name}/issues/{one.number}",
            "locked": False,
            "created_at": stamp(one.created),
            "updated_at": stamp(one.updated),
            "closed_at": stamp(one.closed),
            "author_association": self.association(one.user),
        }
        if one.pull:
            pull = f"{self.url}/pulls/{one.number}"
            shape["pull_request"] = {
                "url": pull,
                "html_url": pull,
                "diff_url": pull,
                "patch_url": pull,
                "merged_at": stamp(one.pull.merged_at),
            }
            shape["draft"] = one.pull.draft
        return shape

    def pull_simple(self, one: Issue) -> dict:
        pull, home = one.pull, self.home()
        owner = self.user(self.repository.owner)
        return {
            "id": one.id + 500_000,
            "number": one.number,
            "title": one.title,
            "body": one.body,
            "state": one.state,
            "user": self.user(one.user),
            "labels": self.labels(one),
            "draft": pull.draft,
            "locked": False,
            "url": f"{self.url}/pulls/{one.number}",
            "issue_url": f"{self.url}/issues/{one.number}",
            "html_url": f"https://github.com/{self.repository.full_name}/pull/{one.number}",
            "created_at": stamp(one.created),
            "updated_at": stamp(one.updated),
            "closed_at": stamp(one.closed),
            "merged_at": stamp(pull.merged_at),
            "author_association": self.association(one.user),
            "head": {
                "ref": pull.head,
                "sha": pull.head_sha,
                "repo": home,
                "user": owner,
                "label": f"{self.repository.owner.login}:{pull.head}",
            },
            "base": {
                "ref": pull.base,
                "sha": pull.base_sha,
                "repo": home,
                "user": owner,
                "label": f"{self.repository.owner.login}:{pull.base}",
            },
        }

    def pull(self, one: Issue, mergeable: bool | None, state: str) -> dict:
        git, pull = self.repository.git, one.pull
        fork = git.merge_base(pull.base_sha, pull.head_sha) or pull.base_sha
        files = git.changes(fork, pull.head_sha)
        return {
            **self.pull_simple(one),
            "merged": pull.merged_at is not None,
            "mergeable": mergeable,
            "mergeable_state": state,
            "merged_by": self.user(pull.merged_by),
            "comments": self.issue(one)["comments"],
            "review_comments": 0,
            "maintainer_can_modify": pull.maintainer_can_modify,
            "commits": len(git.between(fork, pull.head_sha)),
            "changed_files": len(files),
            "additions": sum(file["additions"] for file in files),
            "deletions": sum(file["deletions"] for file in files),
        }

    def comment(self, one: Comment) -> dict:
        return {
            "id": one.id,
            "body": one.body,
            "user": self.user(one.user),
            "created_at": stamp(one.created),
            "updated_at": stamp(one.updated),
            "url": f"{self.url}/issues/comments/{one.id}",
            "issue_url": f"{self.url}/issues/{one.number}",
            "author_association": self.association(one.user),
        }

    def review(self, one: Review, issue: Issue) -> dict:
        return {
            "id": one.id,
            "body": one.body,
            "state": one.state,
            "user": self.user(one.user),
            "commit_id": one.commit,
            "submitted_at": stamp(one.submitted),
            "author_association": self.association(one.user),
            "pull_request_url": f"{self.url}/pulls/{issue.number}",
        }

    def file(self, one: dict) -> dict:
        shape = {name: one[name] for name in ("sha", "filename", "status", "additions", "deletions")}
        if one["previous"]:
            shape["previous_filename"] = one["previous"]
        return {**shape, "changes": one["additions"] + one["deletions"], "blob_url": None, "raw_url": None}

    def commit(self, sha: str) -> dict:
        one = self.repository.git.commit(sha)
        people = {
            role: {"name": one[role], "email": one[f"{role}_email"], "date": one[f"{role}_date"]}
            for role in ("author", "committer")
        }
        parents = [{"sha": parent, "url": f"{self.url}/commits/{parent}"} for parent in one["parents"]]
        return {
            "sha": sha,
            "url": f"{self.url}/commits/{sha}",
            "author": None,
            "committer": None,
            "parents": parents,
            "commit": {
                **people,
                "message": one["message"].rstrip("\n"),
                "comment_count": 0,
                "tree": {"sha": one["tree"], "url": f"{self.url}/git/trees/{one['tree']}"},
            },
        }

    def ref(self, name: str, sha: str, kind: str) -> dict:
        return {
            "ref": name,
            "url": f"{self.url}/git/{name}",
            "node_id": "",
            "object": {"sha": sha, "type": kind, "url": f"{self.url}/git/{kind}s/{sha}"},
        }

    def check(self, one: CheckRun) -> dict:
        output = {"title": None, "summary": None, "text": None, **one.output, "annotations_count": 0}
        output.pop("annotations", None)
        # GitHub's own runs link to their job.
        job = f"https://github.com/{self.repository.full_name}/actions/runs/{one.run}/job/{one.id}" if one.run else None
        return {
            "id": one.id,
            "name": one.name,
            "head_sha": one.sha,
            "status": one.status,
            "conclusion": one.conclusion,
            "started_at": stamp(one.started),
            "completed_at": stamp(one.completed),
            "output": output,
            "details_url": one.details_url or job,
            "external_id": one.external_id,
            "app": self.app(one.app),
            "check_suite": {"id": one.suite},
            "pull_requests": [],
            "node_id": "",
            "url": f"{self.url}/check-runs/{one.id}",
            "html_url": None,
        }

    def suite(self, id: int) -> dict:
        runs = ci.jobs_of_suite(self.repository, id)
        sha = runs[0].sha
        done = ci.overall(runs)
        return {
            "id": id,
            "head_sha": sha,
            "head_branch": runs[0].branch,
            "status": "completed" if done else "in_progress",
            "conclusion": done,
            "app": self.app(runs[0].app),
            "repository": self.home(),
            "pull_requests": [],
            "latest_check_runs_count": len(runs),
            "head_commit": self.simple_commit(sha),
            "url": f"{self.url}/check-suites/{id}",
        }

    def simple_commit(self, sha: str) -> dict:
        one = self.repository.git.commit(sha)
        return {
            "id": sha,
            "tree_id": one["tree"],
            "message": one["message"],
            "timestamp": one["committer_date"],
            "author": {"name": one["author"], "email": one["author_email"]},
            "committer": {"name": one["committer"], "email": one["committer_email"]},
        }

    def status(self, one: Status) -> dict:
        return {
            "id": one.id,
            "state": one.state,
            "context": one.context,
            "description": one.description,
            "target_url": one.target_url,
            "creator": self.user(one.user),
            "created_at": stamp(one.created),
            "updated_at": stamp(one.created),
            "url": f"{self.url}/statuses/{one.sha}",
        }

    def jobs(self, run: WorkflowRun) -> list[CheckRun]:
        return [one for one in self.repository.checks.values() if one.run == run.id]

    def run(self, one: WorkflowRun) -> dict:
        newest = {job.name: job for job in self.jobs(one)}
        done = "cancelled" if one.cancelled else ci.overall(list(newest.values()))
        return {
            "id": one.id,
            "name": one.name,
            "head_sha": one.sha,
            "head_branch": one.branch,
            "event": one.event,
            "path": f".github/workflows/{one.name}.yml",
            "run_attempt": one.attempt,
            "run_number": one.id,
            "status": "completed" if done else "in_progress",
            "conclusion": done,
            "display_title": one.name,
            "workflow_id": 1,
            "created_at": stamp(one.created),
            "updated_at": stamp(one.created),
            "url": f"{self.url}/actions/runs/{one.id}",
            "actor": self.user(one.actor),
            "pull_requests": [],
            "head_commit": self.simple_commit(one.sha),
            "repository": self.home(),
            "head_repository": self.home(),
        }

    def job(self, one: CheckRun, attempt: int) -> dict:
        return {
            "id": one.id,
            "run_id": one.run,
            "name": one.name,
            "head_sha": one.sha,
            "status": one.status,
            "conclusion": one.conclusion,
            "run_attempt": attempt,
            "started_at": stamp(one.started),
            "created_at": stamp(one.started),
            "completed_at": stamp(one.completed),
            "head_branch": one.branch,
        }
