"""Fetching and pushing through git, what follows from a push, and what refuses one."""

import threading

from support import GitHubTest


class FetchAndPush(GitHubTest):
    def test_a_clone_holds_what_is_there_and_a_push_arrives(self):
        clone = self.clone()
        self.assertEqual((clone / "README.md").read_text(), "# widgets\n")
        sha = self.commit(clone, a="1\n")
        self.git("push", "-q", "origin", "HEAD:refs/heads/topic", cwd=clone)
        self.assertEqual(self.repository.git.tip("topic"), sha)
        self.assertEqual(
            [(one["event"], one["ref"]) for one in self.look("events")["events"]][-1], ("push", "refs/heads/topic")
        )

    def test_a_shallow_fetch_of_one_commit_works(self):
        sha = self.act("push", branch="main", files={"x": "y"})["sha"]
        self.git("init", "-q", str(self.folder / "lane"))
        self.git("fetch", "-q", "--depth=1", self.git_url, sha, cwd=self.folder / "lane")
        self.git("cat-file", "-e", f"{sha}:x", cwd=self.folder / "lane")

    def test_a_large_push_comes_in_chunks(self):
        clone = self.clone()
        self.git("config", "http.postBuffer", "1024", cwd=clone)
        text = "".join(f"{index * index * 7919}\n" for index in range(20_000))
        sha = self.commit(clone, big=text)
        self.git("push", "-q", "origin", "HEAD:refs/heads/big", cwd=clone)
        self.assertEqual(self.repository.git.tip("big"), sha)

    def test_who_may_not_write_is_refused(self):
        clone = self.clone()
        self.commit(clone, a="1\n")
        for login in ("dora", "mallory"):
            url = self.told["git"].replace("http://", f"http://x:{self.tokens[login]}@")
            self.assertIn("403", self.git("push", url, "HEAD:refs/heads/x", cwd=clone, status=128))
        self.assertIn(
            "could not read Username", self.git("push", self.told["git"], "HEAD:refs/heads/x", cwd=clone, status=128)
        )
        reader = self.installation(contents="read")
        url = self.told["git"].replace("http://", f"http://x:{reader}@")
        self.assertIn("403", self.git("push", url, "HEAD:refs/heads/x", cwd=clone, status=128))
        self.git("fetch", "-q", url, cwd=clone)

    def test_an_expired_token_is_refused(self):
        token = self.installation(contents="write")
        url = self.told["git"].replace("http://", f"http://x:{token}@")
        clone = self.clone()
        self.git("push", "-q", url, "HEAD:refs/heads/a", cwd=clone)
        self.control("clock", advance=3601)
        self.assertIn("Authentication failed", self.git("push", url, "HEAD:refs/heads/b", cwd=clone, status=128))

    def test_a_lease_is_a_swap(self):
        clone = self.clone()
        old = self.git("rev-parse", "HEAD", cwd=clone).strip()
        self.commit(clone, a="1\n")
        self.git("push", "-q", "--force-with-lease=refs/journal/1:", "origin", "HEAD:refs/journal/1", cwd=clone)
        out = self.git(
            "push", f"--force-with-lease=refs/journal/1:{old}", "origin", f"{old}:refs/journal/1", cwd=clone, status=1
        )
        self.assertIn("stale info", out)
        found = self.ok("GET", "git/matching-refs/journal/")
        self.assertEqual([one["ref"] for one in found], ["refs/journal/1"])

    def test_of_racing_pushes_with_a_lease_one_wins(self):
        clone = self.clone()
        commits = [self.commit(clone, a=f"{index}\n") for index in range(4)]
        out = []

        def push(sha):
            arguments = ["push", "--force-with-lease=refs/heads/lease:", "origin", f"{sha}:refs/heads/lease"]
            out.append(self.git(*arguments, cwd=clone, status=None))

        threads = [threading.Thread(target=push, args=(sha,)) for sha in commits]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sum("[new branch]" in one for one in out), 1, out)
        pushes = [one for one in self.look("events")["events"] if one.get("ref") == "refs/heads/lease"]
        self.assertEqual([one["after"] for one in pushes], [self.repository.git.tip("lease")])

    def test_the_refs_of_pull_requests_are_readable_and_not_writable(self):
        number = self.pull()
        clone = self.clone()
        self.git("fetch", "-q", "origin", f"refs/pull/{number}/head", cwd=clone)
        self.commit(clone, a="1\n")
        self.assertIn(
            "deny updating a hidden ref",
            self.git("push", "origin", f"HEAD:refs/pull/{number}/head", cwd=clone, status=1),
        )


class AfterAPush(GitHubTest):
    def state(self, number):
        told = self.ok("GET", f"pulls/{number}")
        return told["state"], told["merged"]

    def squash(self, clone, head):
        """A squash of the head onto main, in the clone."""
        self.git("fetch", "-q", "origin", cwd=clone)
        tree = self.git("rev-parse", f"{head}^{{tree}}", cwd=clone).strip()
        return self.git("commit-tree", tree, "-p", "origin/main", "-m", "Land", cwd=clone).strip()

    def test_a_new_commit_on_the_head_synchronizes(self):
        number = self.pull()
        clone = self.clone()
        self.git("checkout", "-q", "topic", cwd=clone)
        sha = self.commit(clone, more="x\n")
        self.git("push", "-q", "origin", "topic", cwd=clone)
        self.assertEqual(self.ok("GET", f"pulls/{number}")["head"]["sha"], sha)
        self.assertEqual(self.events(number), ["opened", "synchronize"])
        self.git("commit", "-q", "--amend", "-m", "Again", cwd=clone)
        self.git("push", "-q", "-f", "origin", "topic", cwd=clone)
        self.assertEqual(self.events(number)[2:], ["head_ref_force_pushed", "synchronize"])

    def test_head_first_and_base_second_shows_merged(self):
        number = self.pull()
        clone = self.clone()
        landed = self.squash(clone, "origin/topic")
        self.git("push", "-q", "-f", "origin", f"{landed}:refs/heads/topic", cwd=clone)
        self.assertEqual(self.state(number), ("open", False))
        self.git("push", "-q", "origin", f"{landed}:refs/heads/main", cwd=clone)
        self.assertEqual(self.state(number), ("closed", True))
        self.assertEqual(self.repository.issues[number].pull.merge_sha, landed)

    def test_one_push_of_both_shows_closed(self):
        number = self.pull()
        clone = self.clone()
        landed = self.squash(clone, "origin/topic")
        self.git(
            "push",
            "-q",
            "--atomic",
            "-f",
            "origin",
            f"{landed}:refs/heads/topic",
            f"{landed}:refs/heads/main",
            cwd=clone,
        )
        self.assertEqual(self.state(number), ("closed", False))

    def test_a_squash_onto_main_alone_leaves_it_open(self):
        number = self.pull()
        clone = self.clone()
        landed = self.squash(clone, "origin/topic")
        self.git("push", "-q", "origin", f"{landed}:refs/heads/main", cwd=clone)
        self.assertEqual(self.state(number), ("open", False))

    def test_the_head_itself_on_main_shows_merged(self):
        number = self.pull()
        clone = self.clone()
        self.git("push", "-q", "origin", "origin/topic:refs/heads/main", cwd=clone)
        self.assertEqual(self.state(number), ("closed", True))

    def test_a_deleted_branch_closes(self):
        number, other = self.pull(), self.pull("other")
        self.git("push", "-q", "origin", ":topic", cwd=self.clone())
        self.act("delete-branch", branch="other")
        self.assertEqual([self.state(one) for one in (number, other)], [("closed", False)] * 2)
        self.assertIn("head_ref_deleted", self.events(number))


class Refusals(GitHubTest):
    def pushed(self, *arguments, clone=None, url="origin", status=1):
        return self.git("push", "--porcelain", url, *arguments, cwd=clone or self.clone(), status=status)

    def test_protection_refuses_force_and_deletion(self):
        self.control("protection", branch="main", rules={})
        self.act("move-branch", branch="spare", to="main")
        clone = self.clone()
        self.git("commit", "-q", "--amend", "-m", "Again", cwd=clone)
        out = self.pushed("-f", "HEAD:refs/heads/main", clone=clone)
        self.assertIn("GH006: Protected branch update failed for refs/heads/main", out)
        self.assertIn("[remote rejected] (protected branch hook declined)", out)
        self.git("push", "-q", "origin", ":spare", cwd=clone)

    def test_a_refused_ref_does_not_hold_up_another_but_for_atomic(self):
        self.control("ruleset", rules=[{"type": "pull_request", "parameters": {"required_approving_review_count": 0}}])
        clone = self.clone()
        self.commit(clone, a="1\n")
        both = ["HEAD:refs/heads/main", "HEAD:refs/heads/topic"]
        self.pushed("--atomic", *both, clone=clone)
        self.assertIsNone(self.repository.git.tip("topic"))
        out = self.pushed(*both, clone=clone)
        self.assertIn("GH013", out)
        self.assertIn("Changes must be made through a pull request.", out)
        self.assertIn("[remote rejected] (push declined due to repository rule violations)", out)
        self.assertIsNotNone(self.repository.git.tip("topic"))

    def test_who_may_pass_the_ruleset_by_pushes(self):
        token = self.installation(contents="write")
        app = next(one for one in self.world.apps.values() if one.slug == "bot")
        actors = [{"actor_id": app.id, "actor_type": "Integration", "bypass_mode": "always"}]
        self.control("ruleset", rules=[{"type": "update"}], bypass_actors=actors)
        clone = self.clone()
        self.commit(clone, a="1\n")
        self.assertIn("Cannot update this protected ref.", self.pushed("HEAD:refs/heads/main", clone=clone))
        url = self.told["git"].replace("http://", f"http://x:{token}@")
        self.pushed("HEAD:refs/heads/main", clone=clone, url=url, status=0)
        told = self.ok("GET", "rules/branches/main")
        self.assertEqual([one["type"] for one in told], ["update"])
        number = self.ok("GET", "rulesets")[0]["id"]
        self.assertEqual(self.ok("GET", f"rulesets/{number}", token=token)["current_user_can_bypass"], "always")
        self.assertEqual(self.ok("GET", f"rulesets/{number}")["current_user_can_bypass"], "never")

    def test_required_checks_let_only_a_checked_commit_through(self):
        checks = {"required_status_checks": [{"context": "test"}], "strict_required_status_checks_policy": False}
        self.control("ruleset", rules=[{"type": "required_status_checks", "parameters": checks}])
        clone = self.clone()
        self.commit(clone, a="1\n")
        self.pushed("HEAD:refs/heads/candidate", clone=clone, status=0)
        self.assertIn('Required status check "test" is expected.', self.pushed("HEAD:refs/heads/main", clone=clone))
        self.act("check", branch="candidate", name="test", conclusion="success")
        self.pushed("HEAD:refs/heads/main", clone=clone, status=0)

    def test_a_secret_is_refused(self):
        clone = self.clone()
        self.commit(clone, a__config="x = 1\nkey = " + "gh" + "p_" + "a1" * 18 + "\n")
        out = self.pushed("HEAD:refs/heads/topic", clone=clone)
        self.assertIn("GITHUB PUSH PROTECTION", out)
        self.assertIn("path: a/config:2", out)
        self.assertIn("(push declined due to repository rule violations)", out)
        self.assertIsNone(self.repository.git.tip("topic"))
        self.control("settings", push_protection=False)
        self.pushed("HEAD:refs/heads/topic", clone=clone, status=0)

    def test_a_large_file_is_refused(self):
        self.control("settings", max_file_bytes=1024 * 1024)
        clone = self.clone()
        self.commit(clone, large="x" * (1024 * 1024 + 1))
        out = self.pushed("HEAD:refs/heads/topic", clone=clone)
        self.assertIn("File large is 1.00 MB; this exceeds GitHub's file size limit of 1.00 MB", out)
        self.assertIn("(pre-receive hook declined)", out)

    def test_an_app_without_the_permission_changes_no_workflow(self):
        clone = self.clone()
        self.git("checkout", "-q", "-b", "topic", cwd=clone)
        self.commit(clone, **{".github__workflows__ci.yml": "on: push\n"})
        url = self.told["git"].replace("http://", f"http://x:{self.installation(contents='write')}@")
        out = self.pushed("topic", clone=clone, url=url)
        self.assertIn("without `workflows` permission", out)
        self.pushed("topic", clone=clone, status=0)


class RefsByAPI(GitHubTest):
    def test_create_is_a_swap_from_nothing(self):
        sha = self.repository.git.tip("main")
        made = self.ok("POST", "git/refs", {"ref": "refs/heads/factory/lease", "sha": sha})
        self.assertEqual(
            (made["ref"], made["object"]),
            ("refs/heads/factory/lease", {**made["object"], "sha": sha, "type": "commit"}),
        )
        self.assertIn(
            "Reference already exists",
            self.refused(422, "POST", "git/refs", {"ref": "refs/heads/factory/lease", "sha": sha}),
        )
        self.assertEqual(self.ok("GET", "git/ref/heads/factory/lease")["object"]["sha"], sha)
        self.assertEqual(self.ask("DELETE", "git/refs/heads/factory/lease").status, 204)
        self.assertIn("Reference does not exist", self.refused(422, "DELETE", "git/refs/heads/factory/lease"))
        self.refused(404, "GET", "git/ref/heads/factory/lease")

    def test_what_is_no_ref_or_no_object_is_refused(self):
        sha = self.repository.git.tip("main")
        self.refused(422, "POST", "git/refs", {"ref": "heads/x", "sha": sha})
        self.refused(422, "POST", "git/refs", {"ref": "refs/heads/a..b", "sha": sha})
        self.refused(422, "POST", "git/refs", {"ref": "refs/heads/x", "sha": "1" * 40})

    def test_an_update_is_a_fast_forward_or_forced(self):
        number = self.pull()
        old = self.repository.git.tip("topic")
        other = self.act("push", branch="other", files={"x": "y"})["sha"]
        self.assertIn("not a fast forward", self.refused(422, "PATCH", "git/refs/heads/topic", {"sha": other}))
        self.ok("PATCH", "git/refs/heads/topic", {"sha": other, "force": True})
        self.assertEqual(self.ok("GET", f"pulls/{number}")["head"]["sha"], other)
        self.ok("PATCH", "git/refs/heads/topic", {"sha": old, "force": True})

    def test_the_rules_hold_for_the_api_too(self):
        self.control("ruleset", rules=[{"type": "update"}])
        sha = self.act("push", branch="topic", files={"x": "y"})["sha"]
        self.assertIn("rule violations", self.refused(422, "PATCH", "git/refs/heads/main", {"sha": sha}))

    def test_an_empty_repository_takes_no_ref(self):
        self.control("repository", name="acme/empty", files=None, roles={"ben": "write"})
        self.refused(409, "POST", "/repos/acme/empty/git/refs", {"ref": "refs/heads/x", "sha": "1" * 40})

    def test_two_commits_are_compared(self):
        self.pull(files={"a": "1\n"})
        self.act("push", branch="main", files={"b": "2\n"})
        told = self.ok("GET", "compare/main...topic")
        self.assertEqual((told["status"], told["ahead_by"], told["behind_by"]), ("diverged", 1, 1))
        self.assertEqual([one["filename"] for one in told["files"]], ["a"])
        self.assertEqual(self.ok("GET", "compare/main...main")["status"], "identical")
        self.refused(404, "GET", "compare/main...nothing")

    def test_a_branch_and_its_protection(self):
        self.assertFalse(self.ok("GET", "branches/main")["protected"])
        self.refused(403, "GET", "branches/main/protection")
        self.assertIn("Branch not protected", self.refused(404, "GET", "branches/main/protection", who="ada"))
        self.control(
            "protection", branch="main", rules={"required_status_checks": {"strict": True, "checks": ["test"]}}
        )
        told = self.ok("GET", "branches/main/protection", who="ada")
        self.assertEqual(
            (told["required_status_checks"]["strict"], told["required_status_checks"]["contexts"]), (True, ["test"])
        )
        self.refused(404, "GET", "branches/nothing")
