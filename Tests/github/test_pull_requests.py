"""How a pull request is opened, read, reviewed, and merged."""

from support import GitHubTest


class Opening(GitHubTest):
    def test_it_is_opened_by_the_client(self):
        sha = self.act("push", branch="topic", files={"a.txt": "1\n"})["sha"]
        made = self.ok("POST", "pulls", {"head": "topic", "base": "main", "title": "T", "body": "B"})
        self.assertEqual((made["head"]["sha"], made["user"]["login"], made["changed_files"]), (sha, "ben", 1))
        self.assertEqual(self.repository.git.resolve(f"refs/pull/{made['number']}/head"), sha)
        self.assertEqual([one["number"] for one in self.ok("GET", "pulls?head=acme:topic&state=all")], [made["number"]])

    def test_a_second_one_for_the_same_head_and_base_is_refused(self):
        self.pull()
        message = self.refused(422, "POST", "pulls", {"head": "topic", "base": "main", "title": "T"})
        self.assertIn("A pull request already exists for acme:topic.", message)

    def test_without_commits_between_it_is_refused(self):
        self.act("move-branch", branch="same", to="main")
        self.assertIn(
            "No commits between main and same",
            self.refused(422, "POST", "pulls", {"head": "same", "base": "main", "title": "T"}),
        )

    def test_without_the_branch_or_a_title_and_with_long_texts_it_is_refused(self):
        self.refused(422, "POST", "pulls", {"head": "nothing", "base": "main", "title": "T"})
        self.act("push", branch="topic", files={"a": "b"})
        self.refused(422, "POST", "pulls", {"head": "topic", "base": "main"})
        self.refused(422, "POST", "pulls", {"head": "topic", "base": "main", "title": "T", "body": "x" * 65537})

    def test_it_is_edited_closed_and_reopened(self):
        number = self.pull()
        self.ok("PATCH", f"pulls/{number}", {"title": "New", "body": "Text"})
        self.assertEqual(self.ok("PATCH", f"pulls/{number}", {"state": "closed"})["state"], "closed")
        told = self.ok("PATCH", f"pulls/{number}", {"state": "open"})
        self.assertEqual((told["state"], told["title"], told["body"]), ("open", "New", "Text"))
        self.assertEqual(self.events(number), ["opened", "renamed", "edited", "closed", "reopened"])
        self.refused(403, "PATCH", f"pulls/{number}", {"title": "x"}, who="mallory")

    def test_its_files_and_commits_are_listed(self):
        self.act("push", branch="main", files={"old.txt": "1\n2\n3\n4\n5\n"})
        number = self.pull(files={"old.txt": None, "new.txt": "1\n2\n3\n4\n5\n", "c.txt": "c\n"})
        files = {one["filename"]: one for one in self.ok("GET", f"pulls/{number}/files")}
        self.assertEqual((files["new.txt"]["status"], files["new.txt"]["previous_filename"]), ("renamed", "old.txt"))
        self.assertEqual((files["c.txt"]["status"], files["c.txt"]["additions"]), ("added", 1))
        self.assertEqual(len(self.ok("GET", f"pulls/{number}/commits")), 1)
        self.assertEqual(self.ok("GET", f"pulls/{number}/comments"), [])


class Mergeability(GitHubTest):
    def test_the_first_read_after_a_move_says_null(self):
        number = self.pull()
        reads = [self.ok("GET", f"pulls/{number}") for _ in range(2)]
        self.assertEqual(
            [(one["mergeable"], one["mergeable_state"]) for one in reads], [(None, "unknown"), (True, "clean")]
        )
        self.act("push", branch="main", files={"other": "x"})
        self.assertIsNone(self.ok("GET", f"pulls/{number}")["mergeable"])
        self.act("push", branch="topic", files={"more": "x"})
        self.assertIsNone(self.ok("GET", f"pulls/{number}")["mergeable"])

    def test_the_base_that_is_shown_is_that_of_the_last_push_to_the_head(self):
        number, old = self.pull(), self.repository.git.tip("main")
        new = self.act("push", branch="main", files={"other": "x"})["sha"]
        self.assertEqual(self.ok("GET", f"pulls/{number}")["base"]["sha"], old)
        self.act("push", branch="topic", files={"more": "x"})
        self.assertEqual(self.ok("GET", f"pulls/{number}")["base"]["sha"], new)

    def test_how_long_it_is_unknown_can_be_set(self):
        self.control("settings", mergeable_reads=3)
        number = self.pull()
        self.assertEqual([self.ok("GET", f"pulls/{number}")["mergeable"] for _ in range(4)], [None, None, None, True])

    def test_while_it_is_unknown_a_merge_is_refused_and_not_for_ever(self):
        number = self.pull()
        self.assertIn("not mergeable", self.refused(405, "PUT", f"pulls/{number}/merge", {}))
        self.ok("PUT", f"pulls/{number}/merge", {})

    def test_a_conflict_a_draft_and_missing_checks_have_their_states(self):
        number = self.pull(files={"README.md": "one\n"})
        self.act("push", branch="main", files={"README.md": "two\n"})
        told = self.known(number)
        self.assertEqual((told["mergeable"], told["mergeable_state"]), (False, "dirty"))
        self.assertEqual(self.known(self.pull("draft", draft=True))["mergeable_state"], "draft")
        self.control("protection", branch="main", rules={"required_status_checks": {"checks": ["test"]}})
        number = self.pull("other")
        self.assertEqual(self.known(number)["mergeable_state"], "blocked")
        self.act("check", branch="other", name="test", conclusion="skipped")
        self.assertEqual(self.known(number)["mergeable_state"], "clean")
        self.act("check", branch="other", name="lint", conclusion="failure")
        self.assertEqual(self.known(number)["mergeable_state"], "unstable")


class Merging(GitHubTest):
    def test_a_squash_lands_one_commit_with_the_given_message(self):
        number = self.pull()
        head = self.known(number)["head"]["sha"]
        body = {"sha": head, "merge_method": "squash", "commit_title": "Title", "commit_message": "Text"}
        before = self.repository.git.tip("main")
        landed = self.ok("PUT", f"pulls/{number}/merge", body)["sha"]
        commit = self.repository.git.commit(landed)
        self.assertEqual(
            (commit["parents"], commit["message"].strip(), self.repository.git.tip("main")),
            ([before], "Title\n\nText", landed),
        )
        told = self.ok("GET", f"pulls/{number}")
        self.assertEqual((told["merged"], told["state"], told["merged_by"]["login"]), (True, "closed", "ben"))
        self.assertEqual(self.ask("GET", f"pulls/{number}/merge").status, 204)
        self.assertIn("cannot be reopened", self.refused(422, "PATCH", f"pulls/{number}", {"state": "open"}))

    def test_a_merge_commit_has_two_parents_and_a_rebase_forwards(self):
        for method, parents in (("merge", 2), ("rebase", 1)):
            number = self.pull(method)
            self.known(number)
            landed = self.ok("PUT", f"pulls/{number}/merge", {"merge_method": method})["sha"]
            self.assertEqual(len(self.repository.git.commit(landed)["parents"]), parents)

    def test_another_head_is_a_conflict(self):
        number = self.pull()
        head = self.known(number)["head"]["sha"]
        self.act("push", branch="topic", files={"more": "x"})
        self.assertIn("Head branch was modified", self.refused(409, "PUT", f"pulls/{number}/merge", {"sha": head}))

    def test_a_pushed_head_can_arrive_late(self):
        number = self.pull()
        head = self.known(number)["head"]["sha"]
        self.control("settings", head_reads=2)
        new = self.act("push", branch="topic", files={"more": "x"})["sha"]
        self.assertIn("Head branch was modified", self.refused(409, "PUT", f"pulls/{number}/merge", {"sha": new}))
        self.assertEqual(self.ok("GET", f"pulls/{number}")["head"]["sha"], head)
        self.assertNotIn("synchronize", self.events(number))
        self.assertEqual(self.ok("GET", f"pulls/{number}")["head"]["sha"], new)
        self.assertIn("synchronize", self.events(number))
        self.known(number)
        self.ok("PUT", f"pulls/{number}/merge", {"sha": new})

    def test_a_strict_rule_without_a_check_has_no_effect(self):
        strict = {"strict_required_status_checks_policy": True, "required_status_checks": []}
        self.control("ruleset", rules=[{"type": "required_status_checks", "parameters": strict}])
        number = self.pull()
        self.act("push", branch="main", files={"x": "y"})
        self.assertEqual(self.known(number)["mergeable_state"], "clean")
        self.ok("PUT", f"pulls/{number}/merge", {})

    def test_what_blocks_is_named(self):
        cases = {"still a draft": self.pull("a", draft=True), "not mergeable": self.pull("b", files={"README.md": "x"})}
        self.act("push", branch="main", files={"README.md": "y"})
        for message, number in cases.items():
            self.known(number)
            self.assertIn(message, self.refused(405, "PUT", f"pulls/{number}/merge", {}))
        self.control("settings", merge_methods=["squash"])
        number = self.pull("c")
        self.known(number)
        self.assertIn("not allowed", self.refused(405, "PUT", f"pulls/{number}/merge", {"merge_method": "merge"}))

    def test_required_checks_strict_rules_and_reviews_hold_it_up(self):
        rules = {"required_status_checks": {"strict": True, "checks": ["test"]}, "required_approving_review_count": 1}
        self.control("protection", branch="main", rules=rules)
        number = self.pull()

        def why():
            self.known(number)
            return self.refused(405, "PUT", f"pulls/{number}/merge", {})

        self.assertIn('Required status check \\"test\\" is expected.', why())
        self.act("check", branch="topic", name="test", conclusion="failure")
        self.assertIn("failing", why())
        self.act("check", branch="topic", name="test", conclusion="success")
        self.assertIn("approving review", why())
        self.act("review", number=number, event="APPROVE", **{"as": "ben"})
        self.act("push", branch="main", files={"x": "y"})
        self.assertEqual(self.known(number)["mergeable_state"], "behind")
        self.assertIn("out of date", why())

    def test_the_branch_is_updated_with_its_base(self):
        number = self.pull()
        head = self.known(number)["head"]["sha"]
        self.assertIn("no new commits", self.refused(422, "PUT", f"pulls/{number}/update-branch", {}))
        self.act("push", branch="main", files={"x": "y"})
        self.assertIn(
            "expected head sha",
            self.refused(422, "PUT", f"pulls/{number}/update-branch", {"expected_head_sha": "0" * 40}),
        )
        self.assertEqual(self.ask("PUT", f"pulls/{number}/update-branch", {"expected_head_sha": head}).status, 202)
        self.assertNotEqual(self.ok("GET", f"pulls/{number}")["head"]["sha"], head)
        self.assertIn("synchronize", self.events(number))


class AsynchronousMerging(GitHubTest):
    def begin(self, number, status=202, **body):
        answer = self.ask("PUT", f"pulls/{number}/merge-async", body)
        self.assertEqual(answer.status, status, answer.body)
        return answer.json

    def result(self, number, uuid):
        told = self.ok("GET", f"pulls/{number}/merge-async/{uuid}")
        return told["status"], told["details"]["message"]

    def test_it_is_pending_and_then_merged(self):
        number = self.pull()
        uuid = self.begin(number, merge_method="squash")["details"]["uuid"]
        self.assertEqual(self.result(number, uuid)[0], "pending")
        self.assertEqual(self.begin(number, 409)["details"]["uuid"], uuid)
        self.assertEqual(self.result(number, uuid)[0], "merged")
        self.assertEqual(self.begin(number, 200)["status"], "merged")
        self.control("clock", advance=24 * 3600 + 1)
        self.refused(404, "GET", f"pulls/{number}/merge-async/{uuid}")

    def test_a_push_in_between_cancels_it(self):
        number = self.pull()
        uuid = self.begin(number)["details"]["uuid"]
        self.act("push", branch="topic", files={"x": "y"})
        self.result(number, uuid)
        self.assertEqual(self.result(number, uuid)[0], "failed")

    def test_the_rules_are_checked_only_later(self):
        self.control("protection", branch="main", rules={"required_status_checks": {"checks": ["test"]}})
        number = self.pull()
        uuid = self.begin(number)["details"]["uuid"]
        self.result(number, uuid)
        self.assertEqual(self.result(number, uuid), ("failed", 'Required status check "test" is expected.'))

    def test_closed_and_draft_are_400(self):
        number = self.pull()
        self.act("close", number=number)
        self.assertEqual(self.begin(number, 400)["status"], "failed")
        self.assertEqual(self.begin(self.pull("draft", draft=True), 400)["status"], "failed")

    def test_the_queue_takes_it_and_merges_it_later(self):
        self.control("ruleset", rules=[{"type": "merge_queue"}])
        number = self.pull()
        self.known(number)
        self.assertIn("merge queue", self.refused(405, "PUT", f"pulls/{number}/merge", {}))
        uuid = self.begin(number)["details"]["uuid"]
        self.result(number, uuid)
        self.assertEqual(self.result(number, uuid)[0], "enqueued")
        self.refused(404, "GET", f"pulls/{number}/merge")
        self.act("run-queue", number=number)
        self.assertEqual(self.ask("GET", f"pulls/{number}/merge").status, 204)


class Reviews(GitHubTest):
    def test_nobody_judges_his_own(self):
        number = self.pull(by="ben")
        path = f"pulls/{number}/reviews"
        self.assertIn("Can not approve your own pull request", self.refused(422, "POST", path, {"event": "APPROVE"}))
        self.refused(422, "POST", path, {"event": "REQUEST_CHANGES", "body": "x"})
        self.ok("POST", path, {"event": "COMMENT", "body": "x"})
        self.ok("POST", path, {"event": "APPROVE"}, who="ada")
        self.assertEqual([one["state"] for one in self.ok("GET", path)], ["COMMENTED", "APPROVED"])

    def test_a_text_is_needed_and_without_event_it_is_not_submitted(self):
        path = f"pulls/{self.pull()}/reviews"
        self.refused(422, "POST", path, {"event": "REQUEST_CHANGES"})
        self.assertEqual(self.ok("POST", path, {"body": "x"})["state"], "PENDING")
        self.assertEqual(self.ok("GET", path), [])

    def test_it_is_for_the_commit_it_names(self):
        number = self.pull()
        head = self.known(number)["head"]["sha"]
        self.act("push", branch="topic", files={"x": "y"})
        told = self.ok("POST", f"pulls/{number}/reviews", {"event": "APPROVE", "commit_id": head})
        self.assertEqual(told["commit_id"], head)
