"""What holds for every request: headers, validation, caching, paging, limits, rights."""

import json
import urllib.parse

from support import GitHubTest


class Inspection(GitHubTest):
    findings_expected = True

    def found(self):
        return [(one["side"], one["message"]) for one in self.service.inspector.findings]

    def test_a_whole_request_leaves_no_finding(self):
        self.ok("GET", "issues?labels=state%3Aplan&state=open&per_page=100")
        self.assertEqual(self.found(), [])

    def test_each_missing_header_is_found(self):
        self.ask("GET", "", headers={"Accept": "*/*", "X-GitHub-Api-Version": None, "Authorization": None})
        messages = " ".join(message for _, message in self.found())
        for name in ("Accept", "X-GitHub-Api-Version", "Authorization"):
            self.assertIn(name, messages)

    def test_without_a_user_agent_it_is_refused(self):
        self.assertIn("administrative rules", self.refused(403, "GET", "", headers={"User-Agent": None}))

    def test_an_unknown_version_is_refused(self):
        self.refused(400, "GET", "", headers={"X-GitHub-Api-Version": "2020-01-01"})

    def test_an_operation_outside_the_subset_is_found(self):
        self.refused(404, "GET", "/emojis")
        self.assertEqual(self.found(), [("client", "is no operation of the schema file")])

    def test_unknown_doubled_and_wrong_queries_are_found(self):
        self.ok("GET", "pulls?stat=open&base=a&base=b&direction=up")
        self.assertEqual(len(self.found()), 3, self.found())

    def test_a_misspelt_field_is_found_although_the_service_takes_it(self):
        number = self.pull()
        self.ok("PATCH", f"pulls/{number}", {"titel": "x"}, who="ada")
        self.assertEqual(self.found(), [("client", "body.titel is no field of the operation")])

    def test_a_field_of_the_wrong_type_is_found_and_refused(self):
        self.assertIn("Invalid request", self.refused(422, "POST", "pulls", {"head": 1, "base": "main"}))
        self.assertEqual(self.found(), [("client", "body.head: is int, not string")])

    def test_a_missing_body_is_found_where_one_is_needed(self):
        self.refused(422, "POST", "git/refs")
        self.assertEqual(len(self.found()), 1)

    def test_a_body_that_no_operation_takes_is_found(self):
        self.ok("GET", "", {"a": 1})
        self.assertEqual(self.found(), [("client", "sends a body, which the operation does not take")])

    def test_what_is_no_json_is_refused(self):
        self.refused(400, "POST", "git/refs", b"{")

    def test_an_answer_that_does_not_fit_is_found_on_our_side(self):
        operation, _ = self.service.inspector.description.match("GET", "/repos/a/b/git/ref/heads/main")
        self.service.inspector.answer(operation, 200, {"ref": 1})
        self.service.inspector.answer(operation, 299, {})
        self.assertEqual([side for side, _ in self.found()], ["fake", "fake"])

    def test_findings_are_served_and_cleared(self):
        self.refused(404, "GET", "/emojis")
        self.assertEqual(self.look("findings")["findings"][0]["operation"], "GET /emojis")
        self.control("clear")
        self.assertEqual(self.look("findings")["findings"], [])


class Caching(GitHubTest):
    def test_an_unchanged_answer_is_304_and_free(self):
        first = self.ask("GET", "labels")
        again = self.ask("GET", "labels", headers={"If-None-Match": first.headers["ETag"]})
        self.assertEqual((again.status, again.body), (304, b""))
        self.assertEqual(again.headers["X-RateLimit-Remaining"], first.headers["X-RateLimit-Remaining"])
        self.assertEqual(self.look("counts")["free"], 1)

    def test_a_changed_answer_has_another_tag(self):
        tag = self.ask("GET", "labels").headers["ETag"]
        self.act("define-label", label="state:plan")
        again = self.ask("GET", "labels", headers={"If-None-Match": tag})
        self.assertEqual(again.status, 200)
        self.assertNotEqual(again.headers["ETag"], tag)


class Paging(GitHubTest):
    def test_links_lead_through_all_pages(self):
        for index in range(35):
            self.act("define-label", label=f"label {index}")
        seen, path, pages = [], "/repos/acme/widgets/labels", 0
        while path:
            answer = self.ask("GET", path)
            seen += [one["name"] for one in answer.json]
            links = dict(reversed(part.split("; rel=")) for part in (answer.headers["Link"] or "").split(", ") if part)
            path = links.get('"next"', "").strip("<>").removeprefix(self.told["api"])
            pages += 1
        self.assertEqual((len(seen), len(set(seen)), pages), (35, 35, 2))

    def test_a_page_has_at_most_a_hundred(self):
        for index in range(101):
            self.act("define-label", label=f"label {index}")
        self.assertEqual(len(self.ok("GET", "labels?per_page=100")), 100)
        self.assertNotIn("Link", self.ask("GET", "labels?per_page=100&page=3").headers["Link"].split("next"))


class RateLimits(GitHubTest):
    def test_each_answer_carries_the_count(self):
        first, second = (self.ask("GET", "").headers for _ in range(2))
        self.assertEqual(int(first["X-RateLimit-Remaining"]) - int(second["X-RateLimit-Remaining"]), 1)
        self.assertEqual(second["X-RateLimit-Resource"], "core")

    def test_the_primary_limit_ends_with_the_hour(self):
        self.control("limits", per_hour=2)
        self.ok("GET", "")
        self.ok("GET", "")
        answer = self.ask("GET", "")
        self.assertEqual((answer.status, answer.headers["X-RateLimit-Remaining"]), (403, "0"))
        self.assertIn("API rate limit exceeded", answer.json["message"])
        self.assertEqual(self.ok("GET", "/rate_limit")["resources"]["core"]["remaining"], 0)
        self.control("clock", advance=3601)
        self.ok("GET", "")

    def test_the_secondary_limit_counts_only_what_creates(self):
        self.control("clock", freeze=True)
        self.control("limits", content_per_minute=2)
        number = self.pull()
        for _ in range(2):
            self.ok("POST", f"issues/{number}/comments", {"body": "x"})
        self.ok("GET", "")
        answer = self.ask("POST", f"issues/{number}/comments", {"body": "x"})
        self.assertEqual((answer.status, answer.headers["Retry-After"]), (403, "60"))
        self.assertIn("secondary rate limit", answer.json["message"])
        self.control("clock", advance=61)
        self.ok("POST", f"issues/{number}/comments", {"body": "x"})

    def test_the_secondary_limit_may_come_as_429_and_without_a_time(self):
        self.control("limits", content_per_minute=0, secondary_status=429, retry_after=None)
        answer = self.ask("POST", "labels", {"name": "x"})
        self.assertEqual((answer.status, answer.headers["Retry-After"]), (429, None))

    def test_requests_are_counted_by_operation(self):
        self.ok("GET", "labels")
        self.ok("GET", "labels")
        counts = self.look("counts")
        self.assertEqual(counts["operations"], {"issues/list-labels-for-repo": 2})
        self.assertEqual(counts["statuses"], {"200": 2})


class Rights(GitHubTest):
    def test_a_token_nobody_gave_out_is_refused(self):
        self.assertIn("Bad credentials", self.refused(401, "GET", "", token="ghp_wrong"))

    def test_a_stranger_reads_what_is_public_and_may_comment_but_not_label(self):
        number = self.pull()
        self.ok("GET", f"pulls/{number}", who="mallory")
        self.ok("POST", f"issues/{number}/comments", {"body": "/factory approve"}, who="mallory")
        answer = self.ask("POST", f"issues/{number}/labels", {"labels": ["x"]}, who="mallory")
        self.assertEqual(answer.status, 403)
        self.assertEqual(answer.headers["X-Accepted-GitHub-Permissions"], "issues=write; pull_requests=write")

    def test_a_stranger_does_not_see_what_is_private(self):
        self.control("repository", name="acme/secret", private=True)
        self.refused(404, "GET", "/repos/acme/secret", who="mallory")
        self.ok("GET", "/repos/acme/secret", token=self.control("person", login="acme")["token"])

    def test_triage_labels_and_does_not_merge(self):
        number = self.pull()
        self.ok("POST", f"issues/{number}/labels", {"labels": ["x"]}, who="cleo")
        self.refused(403, "PUT", f"pulls/{number}/merge", {}, who="cleo")

    def test_an_installation_needs_the_permission_and_is_told_which(self):
        token = self.installation(issues="read")
        answer = self.ask("PUT", f"issues/{self.pull()}/labels", {"labels": []}, token=token)
        self.assertIn("Resource not accessible by integration", answer.json["message"])
        self.assertEqual(answer.headers["X-Accepted-GitHub-Permissions"], "issues=write; pull_requests=write")

    def test_any_one_of_the_alternatives_is_enough(self):
        token = self.installation(pull_requests="write")
        self.ok("PUT", f"issues/{self.pull()}/labels", {"labels": ["x"]}, token=token)

    def test_the_permission_of_a_person(self):
        wanted = {
            "ada": ("admin", "admin"),
            "ben": ("write", "write"),
            "cleo": ("read", "triage"),
            "mallory": ("read", "read"),
        }
        for login, (permission, role) in wanted.items():
            told = self.ok("GET", f"collaborators/{login}/permission")
            self.assertEqual((told["permission"], told["role_name"], told["user"]["login"]), (permission, role, login))
        self.refused(404, "GET", "collaborators/nobody/permission")

    def test_the_role_can_change(self):
        self.act("role", login="ben", role="read")
        self.refused(403, "POST", "labels", {"name": "x"})


class Contents(GitHubTest):
    def test_files_folders_and_what_is_missing(self):
        self.act("push", branch="main", files={"specs/a b.md": "text\n"})
        told = self.ok("GET", "contents/" + urllib.parse.quote("specs/a b.md"))
        self.assertEqual((told["type"], told["encoding"], told["content"]), ("file", "base64", "dGV4dAo=\n"))
        self.assertEqual([one["name"] for one in self.ok("GET", "contents/specs?ref=main")], ["a b.md"])
        self.refused(404, "GET", "contents/nothing")
        self.refused(404, "GET", "contents/specs?ref=nowhere")

    def test_dispatches_are_recorded_and_bounded(self):
        self.ok("POST", "dispatches", {"event_type": "factory", "client_payload": {"pr": 1}})
        self.assertEqual(self.look("events")["events"][-1]["payload"], {"pr": 1})
        self.refused(
            422, "POST", "dispatches", {"event_type": "x", "client_payload": {str(key): 1 for key in range(11)}}
        )
        self.refused(422, "POST", "dispatches", {"event_type": "x", "client_payload": {"a": "b" * 65536}})

    def test_what_control_does_not_know_is_refused_with_what_there_is(self):
        cases = [
            ("act", {"do": "dance"}),
            ("act", {"do": "push"}),
            ("settings", {"x": 1}),
            ("limits", {"x": 1}),
            ("x", {}),
        ]
        for name, body in cases:
            self.assertIn(self.ask("POST", f"/_control/{name}", body).status, (400, 404), name)

    def test_the_state_can_be_read_whole(self):
        number = self.pull(labels=["state:queued"])
        state = json.loads(self.ask("GET", "/_control/state").body)
        self.assertEqual(state["issues"][str(number)]["labels"], ["state:queued"])
        self.assertIn("refs/heads/topic", state["refs"])
