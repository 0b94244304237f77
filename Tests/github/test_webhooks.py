"""Signed deliveries, their log, and what can happen to them on the way."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support import GitHubTest

SECRET = "It's a Secret to Everybody"


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        pass


class Webhooks(GitHubTest):
    def setUp(self):
        super().setUp()
        self.receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.receiver.received, self.receiver.status = [], 200
        threading.Thread(target=self.receiver.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.addCleanup(self.receiver.server_close)
        self.addCleanup(self.receiver.shutdown)
        url = f"http://127.0.0.1:{self.receiver.server_address[1]}/hook"
        config = {"url": url, "content_type": "json", "secret": SECRET}
        self.made = self.ok("POST", "hooks", {"name": "web", "config": config, "events": ["*"]}, who="ada")

    def received(self):
        self.control("webhooks", wait=True)
        found = [
            (headers["X-Github-Event"], json.loads(body).get("action")) for headers, body in self.receiver.received
        ]
        return [name if action is None else f"{name}.{action}" for name, action in found]

    def test_a_delivery_is_signed_and_the_secret_is_not_shown(self):
        self.act("push", branch="topic", files={"a": "b"})
        self.assertEqual(self.received(), ["push"])
        headers, body = self.receiver.received[0]
        wanted = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        self.assertEqual(headers["X-Hub-Signature-256"], wanted)
        self.assertEqual(self.made["config"]["secret"], "********")
        self.refused(403, "GET", "hooks")

    def test_the_known_vector(self):
        signed = hmac.new(SECRET.encode(), b"Hello, World!", hashlib.sha256).hexdigest()
        self.assertEqual(signed, "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")

    def test_each_event_has_its_delivery_that_fits_the_schema(self):
        number = self.pull(labels=["a"])
        self.act("unlabel", number=number, label="a")
        self.act("push", branch="topic", files={"b": "c"})
        self.act("comment", number=number, body="x")
        self.act("review", number=number, event="APPROVE", **{"as": "ben"})
        self.act("check", branch="topic", name="test", conclusion="success")
        self.act("status", branch="topic", context="x", state="success")
        self.act("merge", number=number)
        wanted = [
            "push",
            "pull_request.opened",
            "pull_request.labeled",
            "pull_request.unlabeled",
            "push",
            "pull_request.synchronize",
        ]
        wanted += [
            "issue_comment.created",
            "pull_request_review.submitted",
            "check_run.completed",
            "check_suite.completed",
            "status",
        ]
        self.assertEqual(self.received(), [*wanted, "pull_request.closed", "push"])

    def test_a_finished_run_has_one_too(self):
        self.control("ci", scripts=[{"branch": "topic", "checks": [{"name": "test"}]}])
        self.act("push", branch="topic", files={"a": "b"})
        self.assertEqual(
            self.received(), ["push", "check_run.completed", "check_suite.completed", "workflow_run.completed"]
        )

    def test_deliveries_are_lost_doubled_and_reordered(self):
        number = self.pull()
        self.received()
        self.receiver.received.clear()
        self.control("webhooks", drop=1)
        self.act("comment", number=number, body="lost")
        self.control("webhooks", double=1)
        self.act("comment", number=number, body="twice")
        self.control("webhooks", reorder=2)
        self.act("comment", number=number, body="first")
        self.act("comment", number=number, body="second")
        self.received()
        bodies = [json.loads(body)["comment"]["body"] for _, body in self.receiver.received]
        self.assertEqual(bodies, ["twice", "twice", "second", "first"])
        ids = [headers["X-Github-Delivery"] for headers, _ in self.receiver.received]
        self.assertEqual(len(set(ids)), 3)

    def test_what_failed_is_listed_and_delivered_again_under_the_same_id(self):
        self.receiver.status = 500
        self.act("push", branch="topic", files={"a": "b"})
        self.received()
        path = f"hooks/{self.made['id']}/deliveries"
        failed = self.ok("GET", f"{path}?status=failure", who="ada")
        self.assertEqual([one["status_code"] for one in failed], [500])
        self.receiver.status = 200
        self.ok("POST", f"{path}/{failed[0]['id']}/attempts", who="ada")
        self.received()
        again = self.ok("GET", path, who="ada")
        self.assertEqual([(one["redelivery"], one["status_code"]) for one in again], [(True, 200), (False, 500)])
        self.assertEqual(again[0]["guid"], again[1]["guid"])
