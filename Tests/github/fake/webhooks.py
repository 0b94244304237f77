"""Signed deliveries of what happened, with a log, and at times lost, doubled or out of order."""

import hashlib
import hmac
import json
import queue
import threading
import time
import urllib.error
import urllib.request
import uuid

from .shapes import Shapes
from .world import Hook, Repository, World, stamp

SECONDS = 10
PULL = {"opened", "labeled", "unlabeled", "synchronize", "closed", "reopened", "edited"}


class Webhooks:
    def __init__(self, world: World, inspector):
        self.world, self.inspector = world, inspector
        self.drop, self.double, self.reorder = 0, 0, 0
        self._held: list = []
        self._queue: queue.Queue = queue.Queue()
        world.listeners.append(self.happened)
        world.redeliver = self.redeliver
        threading.Thread(target=self._work, daemon=True).start()

    def happened(self, repository: Repository, entry: dict, actor, issue) -> None:
        if not repository.hooks:
            return
        named = self._payload(repository, entry, actor, issue)
        if named is None:
            return
        event, action, payload = named
        payload |= {
            "repository": Shapes(self.world, repository).home(),
            "sender": Shapes(self.world, repository).user(actor),
        }
        payload = self.inspector.webhook(f"{event}.{action}" if action else event, payload)
        for hook in repository.hooks.values():
            if hook.active and ("*" in hook.events or event in hook.events):
                self._send(repository, hook, event, action, json.dumps(payload).encode())

    def _payload(self, repository: Repository, entry: dict, actor, issue):
        """The event, its action and what it says; None for what has no webhook."""
        show, kind = Shapes(self.world, repository), entry["event"]
        if issue and issue.pull and kind in PULL:
            payload = {"action": kind, "number": issue.number, "pull_request": show.pull(issue, None, "unknown")}
            if "label" in entry:
                payload["label"] = show.label(repository.labels[entry["label"]["name"].lower()])
            return "pull_request", kind, payload | {key: entry[key] for key in ("before", "after") if key in entry}
        if kind == "commented":
            comment = show.comment(repository.comments[entry["comment"]])
            return "issue_comment", "created", {"action": "created", "issue": show.issue(issue), "comment": comment}
        if kind == "reviewed":
            review = next(one for one in issue.pull.reviews if one.id == entry["review"])
            shape = {**show.review(review, issue), "state": review.state.lower()}
            return (
                "pull_request_review",
                "submitted",
                {"action": "submitted", "review": shape, "pull_request": show.pull_simple(issue)},
            )
        if kind == "check_run.completed":
            check = show.check(repository.checks[entry["check"]])
            check |= {name: check[name] or "" for name in ("details_url", "external_id", "html_url")}
            return "check_run", "completed", {"action": "completed", "check_run": check}
        if kind == "check_suite.completed":
            suite = show.suite(entry["suite"])
            return "check_suite", "completed", {"action": "completed", "check_suite": suite}
        if kind == "workflow_run.completed":
            run = show.run(repository.runs[entry["run"]])
            return (
                "workflow_run",
                "completed",
                {"action": "completed", "workflow_run": run, "workflow": {"id": 1, "name": run["name"]}},
            )
        if kind == "status":
            return (
                "status",
                None,
                {
                    "sha": entry["sha"],
                    "context": entry["context"],
                    "state": entry["state"],
                    "name": repository.full_name,
                    "commit": show.commit(entry["sha"]),
                    "branches": [],
                },
            )
        if kind == "push":
            gone = entry["after"] == "0" * 40
            return (
                "push",
                None,
                {
                    "ref": entry["ref"],
                    "before": entry["before"],
                    "after": entry["after"],
                    "forced": entry["forced"],
                    "created": entry["before"] == "0" * 40,
                    "deleted": gone,
                    "commits": [],
                    "pusher": {"name": actor.login},
                    "head_commit": None if gone else show.simple_commit(entry["after"]),
                },
            )
        return None

    def _send(self, repository: Repository, hook: Hook, event: str, action: str | None, body: bytes) -> None:
        delivery = {
            "id": self.world.next_id(),
            "guid": str(uuid.uuid4()),
            "event": event,
            "action": action,
            "redelivery": False,
            "delivered_at": stamp(self.world.clock.now()),
            "duration": 0.0,
            "status": "pending",
            "status_code": 0,
            "installation_id": None,
            "repository_id": repository.id,
            "payload": body,
        }
        hook.deliveries.append(delivery)
        if self.drop > 0:
            self.drop -= 1
            delivery["status"], delivery["status_code"] = "lost", 502
            return
        if self.reorder > 0:
            self.reorder -= 1
            self._held.append((hook, delivery))
            if self.reorder == 0:
                for held in reversed(self._held):
                    self._queue.put(held)
                self._held = []
            return
        self._queue.put((hook, delivery))
        if self.double > 0:
            self.double -= 1
            self._queue.put((hook, delivery))

    def redeliver(self, repository: Repository, hook: Hook, old: dict) -> None:
        """Sends it again, under the same id of delivery."""
        again = {**old, "id": self.world.next_id(), "redelivery": True}
        hook.deliveries.append(again)
        self._queue.put((hook, again))

    def _work(self) -> None:
        while True:
            hook, delivery = self._queue.get()
            began = time.monotonic()
            code, status = self._post(hook, delivery)
            delivery |= {"status_code": code, "status": status, "duration": round(time.monotonic() - began, 3)}
            self._queue.task_done()

    def _post(self, hook: Hook, delivery: dict) -> tuple[int, str]:
        body = delivery["payload"]
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/fake",
            "X-GitHub-Event": delivery["event"],
            "X-GitHub-Delivery": delivery["guid"],
            "X-GitHub-Hook-ID": str(hook.id),
        }
        if secret := hook.config.get("secret"):
            headers["X-Hub-Signature-256"] = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        try:
            request = urllib.request.Request(hook.config["url"], body, headers, method="POST")
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                return answer.status, "OK"
        except urllib.error.HTTPError as error:
            return error.code, f"Invalid HTTP Response: {error.code}"
        except OSError:
            return 502, "failed to connect to host"

    def wait(self) -> None:
        """Until everything that was sent has been answered."""
        self._queue.join()
