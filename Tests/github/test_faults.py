"""Every fault, and that it does what it says: before the effect, or after it."""

import http.client
import time

from support import GitHubTest


class Faults(GitHubTest):
    def setUp(self):
        super().setUp()
        self.number = self.pull()
        self.comments = f"issues/{self.number}/comments"

    def comment(self):
        return self.ask("POST", self.comments, {"body": "x"})

    def count(self):
        return len(self.repository.comments)

    def cut(self, ask):
        with self.assertRaises((http.client.HTTPException, ConnectionError)):
            ask()

    def test_a_status_before_the_effect(self):
        for status in (500, 502, 503):
            self.fault("status", method="POST", path="/comments", status=status, headers={"Retry-After": 3})
            answer = self.comment()
            self.assertEqual((answer.status, answer.headers["Retry-After"], self.count()), (status, "3", 0))
        self.assertEqual((self.comment().status, self.count()), (201, 1))

    def test_a_status_after_the_effect(self):
        self.fault("status", method="POST", path="/comments", status=502, when="after")
        self.assertEqual((self.comment().status, self.count()), (502, 1))

    def test_a_connection_cut_before_after_and_in_the_middle(self):
        for when, count in (("before", 0), ("after", 1), ("middle", 2)):
            self.fault("cut", method="POST", path="/comments", when=when)
            self.cut(self.comment)
            self.assertEqual(self.count(), count, when)

    def test_html_with_200(self):
        self.fault("html", path="/labels")
        answer = self.ask("GET", "labels")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertIn(b"<html>", answer.body)

    def test_the_secondary_limit_in_its_three_forms(self):
        self.fault("secondary", path="/comments", retry_after=7)
        self.fault("secondary", path="/comments", nth=2)
        self.fault("secondary", path="/comments", nth=3, status=429, retry_after=1)
        answers = [self.comment() for _ in range(3)]
        self.assertEqual(
            [(one.status, one.headers["Retry-After"]) for one in answers], [(403, "7"), (403, None), (429, "1")]
        )
        self.assertTrue(all("secondary rate limit" in one.json["message"] for one in answers))
        self.assertEqual(self.count(), 0)

    def test_the_primary_limit_until_its_reset(self):
        self.fault("primary", path="/comments", reset=30)
        answer = self.comment()
        self.assertEqual(
            (answer.status, answer.headers["X-RateLimit-Remaining"], answer.headers["Retry-After"]), (403, "0", None)
        )
        self.assertLessEqual(int(answer.headers["X-RateLimit-Reset"]) - self.look("time")["now"], 30)
        self.assertEqual(self.comment().status, 403)
        self.control("clock", advance=31)
        self.assertEqual(self.comment().status, 201)

    def test_a_slow_answer_before_and_after_the_effect(self):
        for when in ("before", "after"):
            self.fault("slow", method="POST", path="/comments", ms=120, when=when)
            began = time.monotonic()
            self.comment()
            self.assertGreaterEqual(time.monotonic() - began, 0.12)
        self.assertEqual(self.count(), 2)

    def test_stale_labels_are_those_before_the_last_change(self):
        self.act("set-labels", number=self.number, labels=["state:plan"])
        self.act("set-labels", number=self.number, labels=["state:merge"])
        self.fault("stale-labels", method="GET", path="/(issues|pulls)", times=4)
        names = [[one["name"] for one in self.ok("GET", f"issues/{self.number}/labels")]]
        for path in (f"issues/{self.number}", f"pulls/{self.number}"):
            names.append([one["name"] for one in self.ok("GET", path)["labels"]])
        # A swap is two events; before the last of them there was no label.
        self.assertEqual(names, [[]] * 3)
        self.assertEqual(self.ok("GET", "issues?labels=state%3Amerge"), [])
        self.fault("stale-labels", path="/issues", changes=2)
        self.assertEqual(len(self.ok("GET", "issues?labels=state%3Aplan")), 1)
        self.assertEqual(len(self.ok("GET", "issues?labels=state%3Amerge")), 1)

    def test_the_nth_request_and_only_so_many_times(self):
        self.fault("status", path="/labels", status=500, nth=2, times=2)
        self.assertEqual([self.ask("GET", "labels").status for _ in range(4)], [200, 500, 500, 200])
        rule = self.look("faults")["faults"][0]
        self.assertEqual((rule["seen"], rule["fired"]), (4, 2))

    def test_for_ever_until_it_is_cleared(self):
        self.fault("status", path="/labels", status=500, times=None)
        self.assertEqual({self.ask("GET", "labels").status for _ in range(5)}, {500})
        self.control("clear")
        self.ok("GET", "labels")

    def test_a_rule_that_says_nothing_is_refused(self):
        for rule in ({"kind": "rain"}, {"kind": "cut", "ms": 1}, {"kind": "html", "when": "middle"}):
            self.assertEqual(self.ask("POST", "/_control/faults", rule).status, 400)


class WorstMoments(GitHubTest):
    """Persons who act exactly when a request arrives."""

    def test_a_push_just_before_the_merge(self):
        number = self.pull()
        head = self.known(number)["head"]["sha"]
        act = {"do": "push", "branch": "topic", "files": {"late": "x"}, "as": "ada"}
        self.fault("action", method="PUT", path="/merge$", act=act)
        self.assertIn("Head branch was modified", self.refused(409, "PUT", f"pulls/{number}/merge", {"sha": head}))

    def test_main_moves_just_after_the_merge(self):
        number = self.pull()
        self.known(number)
        act = {"do": "push", "branch": "main", "files": {"late": "x"}}
        self.fault("action", method="PUT", path="/merge$", act=act, when="after")
        landed = self.ok("PUT", f"pulls/{number}/merge", {"merge_method": "squash"})["sha"]
        self.assertEqual(self.repository.git.commit(self.repository.git.tip("main"))["parents"], [landed])

    def test_several_actions_and_an_answer_that_is_lost(self):
        number = self.pull(labels=["state:plan"])
        acts = [
            {"do": "unlabel", "number": number, "label": "state:plan"},
            {"do": "comment", "number": number, "body": "no"},
        ]
        self.fault("action", method="PUT", path="/labels", act=acts)
        self.fault("status", method="PUT", path="/labels", when="after", status=502)
        self.assertEqual(self.ask("PUT", f"issues/{number}/labels", {"labels": ["state:merge"]}).status, 502)
        self.assertEqual(self.events(number), ["opened", "labeled", "unlabeled", "commented", "labeled"])

    def test_main_moves_just_before_a_push_arrives(self):
        clone = self.clone()
        old = self.git("rev-parse", "HEAD", cwd=clone).strip()
        self.commit(clone, a="1\n")
        act = {"do": "push", "branch": "main", "files": {"late": "x"}}
        self.fault("action", method="POST", path="git-receive-pack$", act=act)
        out = self.git("push", f"--force-with-lease=main:{old}", "origin", "HEAD:main", cwd=clone, status=1)
        self.assertIn("[remote rejected]", out)
        self.assertNotEqual(self.repository.git.tip("main"), old)


class WrongMoments(GitHubTest):
    findings_expected = True

    def test_an_action_that_cannot_be_done_is_a_finding(self):
        self.fault("action", path="/labels", act={"do": "close", "number": 99})
        self.ok("GET", "labels")
        self.assertEqual(self.service.inspector.findings[0]["operation"], "action")

    def test_a_mistake_of_the_fake_is_a_finding_and_a_500(self):
        self.repository.labels["broken"] = None
        self.assertEqual(self.ask("GET", "labels").status, 500)
        self.assertIn("Traceback", self.service.inspector.findings[0]["message"])


class Pushes(GitHubTest):
    def setUp(self):
        super().setUp()
        self.copy = self.clone()
        self.sha = self.commit(self.copy, a="1\n")

    def push(self, status):
        return self.git("push", "origin", "HEAD:refs/heads/topic", cwd=self.copy, status=status)

    def test_cut_before_after_and_in_the_middle(self):
        for when, arrived in (("before", None), ("after", self.sha), ("middle", self.sha)):
            self.fault("cut", method="POST", path="git-receive-pack$", when=when)
            self.assertRegex(self.push(None), "fatal|error")
            self.assertEqual(self.repository.git.tip("topic"), arrived, when)
            if arrived:
                self.act("delete-branch", branch="topic")

    def test_a_status_and_a_refusal(self):
        self.fault("status", path="git-receive-pack", status=503)
        self.assertIn("503", self.push(128))
        self.fault("refuse-push", method="POST", path="git-receive-pack$", message="Maintenance.")
        out = self.push(1)
        self.assertIn("remote: Maintenance.", out)
        self.assertIn("(pre-receive hook declined)", out)
        self.assertIsNone(self.repository.git.tip("topic"))
        self.push(0)

    def test_a_push_that_the_service_breaks_on(self):
        self.fault("refuse-push", method="POST", path="git-receive-pack$", reason="Internal Server Error")
        self.assertIn("[remote rejected] HEAD -> topic (Internal Server Error)", self.push(1))
        self.assertIsNone(self.repository.git.tip("topic"))
        self.push(0)

    def test_a_fetch_can_fail_too(self):
        self.fault("status", path="git-upload-pack", status=500)
        self.assertIn("500", self.git("fetch", "origin", cwd=self.copy, status=128))
        self.git("fetch", "-q", "origin", cwd=self.copy)
