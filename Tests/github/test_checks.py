"""Check runs, statuses, and the scripts that answer for a pushed commit."""

from support import GitHubTest


class CheckRuns(GitHubTest):
    def setUp(self):
        super().setUp()
        self.sha = self.repository.git.tip("main")
        self.token = self.installation(checks="write", statuses="write")

    def create(self, **fields):
        return self.ok("POST", "check-runs", {"name": "factory", "head_sha": self.sha, **fields}, token=self.token)

    def test_only_an_app_writes_them(self):
        self.assertIn(
            "GitHub App", self.refused(403, "POST", "check-runs", {"name": "x", "head_sha": self.sha}, who="ada")
        )
        made = self.create(status="in_progress", output={"title": "t", "summary": "s"})
        done = self.ok(
            "PATCH", f"check-runs/{made['id']}", {"status": "completed", "conclusion": "success"}, token=self.token
        )
        self.assertEqual((done["status"], done["conclusion"], done["output"]["title"]), ("completed", "success", "t"))
        found = self.ok("GET", f"commits/{self.sha}/check-runs", who="dora")
        self.assertEqual((found["total_count"], found["check_runs"][0]["app"]["slug"]), (1, "bot"))
        other = self.installation("other", checks="write")
        self.refused(403, "PATCH", f"check-runs/{made['id']}", {"name": "x"}, token=other)

    def test_the_newest_of_a_name_is_shown_unless_all_are_wanted(self):
        self.create(status="completed", conclusion="failure")
        self.create(status="completed", conclusion="success")
        latest = self.ok("GET", "commits/main/check-runs?check_name=factory")
        self.assertEqual([one["conclusion"] for one in latest["check_runs"]], ["success"])
        self.assertEqual(self.ok("GET", "commits/main/check-runs?filter=all")["total_count"], 2)
        suites = self.ok("GET", "commits/main/check-suites")
        self.assertEqual([one["conclusion"] for one in suites["check_suites"]], ["success"])

    def test_a_new_head_has_none(self):
        self.create(status="completed", conclusion="success")
        self.act("push", branch="main", files={"x": "y"})
        self.assertEqual(self.ok("GET", "commits/main/check-runs")["total_count"], 0)


class CheckRunTexts(CheckRuns):
    findings_expected = True

    def test_a_long_text_is_refused(self):
        output = {"title": "t", "summary": "s", "text": "x" * 65536}
        self.refused(422, "POST", "check-runs", {"name": "x", "head_sha": self.sha, "output": output}, token=self.token)

    def test_completed_needs_a_conclusion(self):
        self.refused(
            422, "POST", "check-runs", {"name": "x", "head_sha": self.sha, "status": "completed"}, token=self.token
        )


class Statuses(GitHubTest):
    def test_the_newest_of_each_context_counts(self):
        sha = self.repository.git.tip("main")

        def state(**fields):
            if fields:
                self.ok("POST", f"statuses/{sha}", fields)
            return self.ok("GET", "commits/main/status")["state"]

        self.assertEqual(state(), "pending")
        self.assertEqual(state(state="error", context="a"), "failure")
        self.assertEqual(state(state="success", context="a"), "success")
        self.assertEqual(state(state="pending", context="b"), "pending")
        self.assertEqual(self.ok("GET", "commits/main/status")["total_count"], 2)
        self.refused(422, "POST", f"statuses/{sha}", {"state": "success", "description": "x" * 141})
        self.refused(403, "POST", f"statuses/{sha}", {"state": "success"}, who="dora")


class Scripts(GitHubTest):
    def script(self, *checks, branch="factory/candidate-*", **fields):
        self.control("ci", scripts=[{"branch": branch, "checks": list(checks), **fields}])

    def push(self, branch="factory/candidate-1", **options):
        return self.act("push", branch=branch, files={"x": branch}, **{"from": "main"}, **options)["sha"]

    def said(self, sha):
        found = self.ok("GET", f"commits/{sha}/check-runs")["check_runs"]
        return {one["name"]: one["conclusion"] or one["status"] for one in found}

    def test_it_answers_for_the_branches_it_names(self):
        self.script(
            {"name": "test"},
            {"name": "lint", "result": "failure"},
            {"name": "docs", "result": "skipped"},
            {"name": "never", "result": "never"},
        )
        self.assertEqual(self.said(self.push()), {"test": "success", "lint": "failure", "docs": "skipped"})
        self.assertEqual(self.said(self.push("other")), {})

    def test_late_answers_come_with_the_clock_or_after_reads(self):
        self.script(
            {"name": "clock", "after": 60}, {"name": "reads", "after_reads": 2}, {"name": "hung", "result": "hung"}
        )
        sha = self.push()
        self.assertEqual(set(self.said(sha).values()), {"in_progress"})
        self.assertEqual(self.said(sha)["reads"], "success")
        self.control("clock", advance=61)
        self.assertEqual(self.said(sha), {"clock": "success", "reads": "success", "hung": "in_progress"})

    def test_results_come_one_after_the_other(self):
        self.script({"name": "test", "results": ["failure", "success"]})
        self.assertEqual(
            [self.said(self.push(f"factory/candidate-{one}"))["test"] for one in range(3)],
            ["failure", "success", "success"],
        )

    def test_failed_jobs_run_again(self):
        self.script({"name": "test", "results": ["failure", "success"]}, {"name": "lint"})
        sha = self.push()
        run = self.ok("GET", f"actions/runs?head_sha={sha}")["workflow_runs"][0]
        self.assertEqual((run["status"], run["conclusion"]), ("completed", "failure"))
        self.ok("POST", f"actions/runs/{run['id']}/rerun-failed-jobs")
        self.assertEqual(self.said(sha), {"test": "success", "lint": "success"})
        again = self.ok("GET", f"actions/runs/{run['id']}")
        self.assertEqual((again["conclusion"], again["run_attempt"]), ("success", 2))
        jobs = self.ok("GET", f"actions/runs/{run['id']}/jobs")["jobs"]
        self.assertEqual({one["name"]: one["conclusion"] for one in jobs}, {"test": "success", "lint": "success"})

    def test_each_workflow_has_a_suite_of_its_own(self):
        scripts = [
            {"branch": "*", "workflow": "python", "checks": [{"name": "test", "results": ["failure", "success"]}]},
            {"branch": "*", "workflow": "js", "checks": [{"name": "test"}]},
        ]
        self.control("ci", scripts=scripts)
        sha = self.push()

        def jobs():
            found = self.ok("GET", f"commits/{sha}/check-runs")["check_runs"]
            return {(one["check_suite"]["id"], one["conclusion"]) for one in found}

        suites = self.ok("GET", f"commits/{sha}/check-suites")["check_suites"]
        python, js = [one["id"] for one in suites]
        self.assertEqual([one["conclusion"] for one in suites], ["failure", "success"])
        self.assertEqual(jobs(), {(python, "failure"), (js, "success")})
        run = self.ok("GET", "actions/runs?status=failure")["workflow_runs"][0]
        self.assertEqual(run["name"], "python")
        self.ok("POST", f"actions/runs/{run['id']}/rerun-failed-jobs")
        self.assertEqual(jobs(), {(python, "success"), (js, "success")})

    def test_a_run_is_cancelled_once(self):
        self.script({"name": "hung", "result": "hung"})
        sha = self.push()
        run = self.ok("GET", "actions/runs?status=in_progress")["workflow_runs"][0]["id"]
        self.ok("POST", f"actions/runs/{run}/cancel")
        self.assertEqual(self.said(sha), {"hung": "cancelled"})
        self.refused(409, "POST", f"actions/runs/{run}/cancel")

    def test_it_can_speak_in_statuses(self):
        self.script({"name": "ci/test", "result": "failure", "after": 10}, kind="status")
        sha = self.push()
        self.assertEqual(self.ok("GET", f"commits/{sha}/status")["state"], "pending")
        self.control("clock", advance=10)
        self.assertEqual(self.ok("GET", f"commits/{sha}/status")["state"], "failure")

    def test_what_the_token_of_actions_pushes_starts_nothing(self):
        self.script({"name": "test"})
        token = self.control("token", kind="actions", permissions={"contents": "write"})["token"]
        sha = self.act("push", branch="spare", files={"a": "b"})["sha"]
        self.ok("POST", "git/refs", {"ref": "refs/heads/factory/candidate-1", "sha": sha}, token=token)
        self.assertEqual(self.said(sha), {})
        self.ok("POST", "git/refs", {"ref": "refs/heads/factory/candidate-2", "sha": sha})
        self.assertEqual(self.said(sha), {"test": "success"})

    def test_a_workflow_is_dispatched(self):
        told = self.ok("POST", "actions/workflows/ci.yml/dispatches", {"ref": "main", "inputs": {"pr": "1"}})
        self.assertEqual(self.ok("GET", f"actions/runs/{told['workflow_run_id']}")["event"], "workflow_dispatch")
