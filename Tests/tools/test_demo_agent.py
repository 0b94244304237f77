"""The scripted agent of the demo, with a small line that plays the part of the factory."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "Examples"
SPECS = {int(path.name[:4]): path.name for path in sorted((EXAMPLES / "specs").glob("*.md"))}
PROMPTED = {
    "planner": ["spec"],
    "plan-reviewer": ["spec", "plan", "ids"],
    "implementer": ["spec", "plan"],
    "code-reviewer": ["spec", "ids", "diff"],
}


class Line:
    """One repository, one lane, and the main branch that both share."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.lane = self.folder / "lane"
        shutil.copytree(EXAMPLES / "ledger", self.lane, ignore=shutil.ignore_patterns("__pycache__"))
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Line")
        self.git("config", "user.email", "line@example.invalid")
        self.commit("start")
        self.attempts = {}
        self.number = 0

    def git(self, *arguments):
        environment = os.environ | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        return subprocess.run(
            ["git", *arguments], cwd=self.lane, env=environment, check=True, capture_output=True, text=True
        ).stdout

    def commit(self, message):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)

    def admit(self, number):
        """Opens the PR of a spec: a branch that has the spec's file."""
        self.number, self.attempts = number, {}
        self.git("checkout", "-q", "-b", f"spec/{number:04d}")
        (self.lane / "specs").mkdir(exist_ok=True)
        shutil.copy(EXAMPLES / "specs" / SPECS[number], self.lane / "specs")
        self.commit("spec")

    def spec(self):
        return f"specs/{SPECS[self.number]}"

    def plan(self):
        return self.spec().replace(".md", ".plan.md")

    def prompt(self, role, findings=(), without=()):
        """What the factory would tell a role, but for the parts named in `without`."""
        spec = (self.lane / self.spec()).read_text()
        parts = {
            "spec": spec,
            "plan": (self.lane / self.plan()).read_text() if (self.lane / self.plan()).is_file() else "",
            "ids": "\n".join(f"D{n}: {item}" for n, item in enumerate(re.findall(r"^- (.*)", spec, re.MULTILINE), 1)),
            "diff": self.git("diff", "main", "HEAD"),
        }
        said = [parts[part] for part in PROMPTED[role] if part not in without]
        return "\n\n".join([f"You are the {role}.", *said, *findings])

    def agent(self, role, prompt):
        """One session; its exit code, its result or None, and what it complained of."""
        self.attempts[role] = self.attempts.get(role, 0) + 1
        prompt_file, result = self.folder / "prompt.md", self.folder / "result.json"
        prompt_file.write_text(prompt)
        result.unlink(missing_ok=True)
        environment = {
            "PATH": os.environ["PATH"],
            "FACTORY_ROLE": role,
            "FACTORY_PR": str(self.number),
            "FACTORY_ATTEMPT": str(self.attempts[role]),
            "FACTORY_SPEC": self.spec(),
            "FACTORY_PLAN": self.plan(),
            "FACTORY_PROMPT": str(prompt_file),
            "FACTORY_RESULT": str(result),
        }
        run = subprocess.run(
            [sys.executable, EXAMPLES / "agents" / "agent.py"],
            cwd=self.lane, env=environment, input=prompt, capture_output=True, text=True,
        )
        return run.returncode, json.loads(result.read_text()) if result.is_file() else None, run.stderr

    def stage(self, role, findings=()):
        """One session that must work; its tree is committed, its result is returned."""
        code, result, complaint = self.agent(role, self.prompt(role, findings))
        if code != 0:
            raise AssertionError(f"{role} of spec {self.number}: {complaint}")
        changed = self.git("status", "--porcelain")
        if "review" in role and changed:
            raise AssertionError(f"{role} changed the tree: {changed}")
        self.commit(role)
        return result

    def checks(self):
        """Runs the example's tests; the names of those that failed."""
        run = subprocess.run(
            [sys.executable, "-B", "-m", "unittest"], cwd=self.lane, capture_output=True, text=True
        )
        return run.returncode, re.findall(r"^(?:FAIL|ERROR): (\w+)", run.stderr, re.MULTILINE)

    def land(self):
        self.git("checkout", "-q", "main")
        self.git("merge", "-q", "--squash", f"spec/{self.number:04d}")
        self.commit(f"land {self.number}")

    def straight(self, number):
        """Takes a spec through that nothing sends back; the reviewers' results."""
        self.admit(number)
        self.stage("planner")
        planned = self.stage("plan-reviewer")
        self.stage("implementer")
        return planned, self.stage("code-reviewer")


class DemoAgent(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.line = Line(folder.name)

    def assertApproves(self, result, items):
        self.assertEqual(result["decision"], "APPROVE")
        self.assertEqual([(c["id"], c["met"]) for c in result["criteria"]], [(f"D{n}", True) for n in range(1, items + 1)])
        self.assertEqual(result["findings"], [])

    def assertSendsBack(self, result, unmet):
        """The result rejects with one finding that names all it should; its message is returned."""
        self.assertEqual(result["decision"], "REQUEST_CHANGES")
        self.assertEqual([c["id"] for c in result["criteria"] if not c["met"]], [unmet])
        (finding,) = result["findings"]
        self.assertEqual(set(finding), {"code", "severity", "path", "line", "message"})
        self.assertTrue((self.line.lane / finding["path"]).is_file())
        return finding["message"]

    def take_second_spec(self):
        """Spec 2 on its whole way, with what each station says."""
        line = self.line
        line.admit(2)
        line.stage("planner")
        message = self.assertSendsBack(line.stage("plan-reviewer"), "D2")
        line.stage("planner", [message])
        self.assertApproves(line.stage("plan-reviewer"), 3)
        line.stage("implementer")
        self.assertEqual(line.checks(), (1, ["test_every_command_is_described_in_the_manual"]))
        line.stage("implementer", line.checks()[1])
        self.assertEqual(line.checks(), (0, []))
        message = self.assertSendsBack(line.stage("code-reviewer"), "D2")
        line.stage("implementer", [message])
        self.assertEqual(line.checks(), (0, []))
        self.assertApproves(line.stage("code-reviewer"), 3)
        line.land()

    def test_all_four_specs_in_their_order(self):
        planned, reviewed = self.line.straight(1)
        self.assertApproves(planned, 2)
        self.assertApproves(reviewed, 2)
        self.assertEqual(self.line.checks(), (0, []))
        self.line.land()
        self.take_second_spec()
        planned, reviewed = self.line.straight(3)
        self.assertApproves(planned, 3)
        self.assertApproves(reviewed, 3)
        self.assertEqual(self.line.checks(), (0, []))
        self.line.land()
        before = self.line.git("show", "main:tests/test_entry.py").count("def test_")
        _, reviewed = self.line.straight(4)
        self.assertApproves(reviewed, 2)
        self.assertEqual(self.line.checks(), (0, []))
        self.assertIn(".github/workflows/ci.yml", self.line.git("diff", "--name-only", "main", "HEAD"))
        kept = (self.line.lane / "tests/test_entry.py").read_text()
        self.assertEqual(kept.count("def test_"), before)  # one went, one came
        self.assertNotIn("test_a_date_that_does_not_exist_is_refused", kept)

    def test_the_deleted_test_would_have_been_red(self):
        self.line.straight(4)
        self.line.git("checkout", "-q", "main", "--", "tests/test_entry.py")
        self.assertEqual(self.line.checks(), (1, ["test_a_date_that_does_not_exist_is_refused"] * 3))

    def test_two_runs_make_the_same_tree(self):
        self.line.straight(1)
        with tempfile.TemporaryDirectory() as folder:
            other = Line(folder)
            other.straight(1)
            self.assertEqual(other.git("rev-parse", "HEAD^{tree}"), self.line.git("rev-parse", "HEAD^{tree}"))

    def test_results_tell_what_they_cost(self):
        self.line.admit(1)
        usage = self.line.stage("planner")["usage"]
        self.assertEqual(set(usage), {"inputTokens", "outputTokens", "costUSD"})


class DemoAgentComplains(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.line = Line(folder.name)

    def assertComplains(self, role, prompt, sentence):
        code, result, complaint = self.line.agent(role, prompt)
        self.assertEqual((code, result), (1, None))
        self.assertIn(sentence, complaint)

    def test_every_role_wants_the_spec(self):
        self.line.straight(1)
        for role in PROMPTED:
            with self.subTest(role):
                prompt = self.line.prompt(role, without=["spec"])
                self.assertComplains(role, prompt, f"the {role}'s prompt lacks the spec's text")

    def test_one_missing_sentence_of_the_spec_is_noticed(self):
        self.line.admit(1)
        prompt = self.line.prompt("planner").replace("`,250` stay errors", "")
        self.assertComplains("planner", prompt, "lacks the spec's text")

    def test_those_after_the_planner_want_the_plan(self):
        self.line.straight(1)
        for role in ["plan-reviewer", "implementer"]:
            with self.subTest(role):
                self.assertComplains(role, self.line.prompt(role, without=["plan"]), "prompt lacks the plan")

    def test_reviewers_want_the_items_of_done_with_their_ids(self):
        self.line.straight(1)
        for role in ["plan-reviewer", "code-reviewer"]:
            with self.subTest(role):
                prompt = self.line.prompt(role, without=["ids"])
                self.assertComplains(role, prompt, f"the {role}'s prompt lacks the Done item D1 with its text")

    def test_the_code_reviewer_wants_the_diff(self):
        self.line.straight(1)
        self.assertComplains("code-reviewer", self.line.prompt("code-reviewer", without=["diff"]), "lacks the diff")

    def test_a_plan_sent_back_wants_the_finding(self):
        self.line.admit(2)
        self.line.stage("planner")
        self.assertComplains("planner", self.line.prompt("planner"), "lacks the finding that sent the plan back")

    def test_red_checks_and_a_rejection_want_their_reason(self):
        line = self.line
        line.admit(2)
        line.stage("planner")
        message = line.stage("plan-reviewer")["findings"][0]["message"]
        line.stage("planner", [message])
        line.stage("implementer")
        self.assertComplains("implementer", line.prompt("implementer"), "lacks the name of the failing test")
        line.stage("implementer", ["test_every_command_is_described_in_the_manual"])
        self.assertComplains("implementer", line.prompt("implementer"), "lacks the finding that sent the code back")

    def test_the_third_spec_wants_the_second_landed(self):
        self.line.admit(3)
        self.line.stage("planner")
        self.assertComplains("implementer", self.line.prompt("implementer"), "spec 0002 should have landed before")

    def test_a_missing_variable_is_named(self):
        run = subprocess.run(
            [sys.executable, EXAMPLES / "agents" / "agent.py"], env={}, cwd=self.line.lane, capture_output=True, text=True
        )
        self.assertEqual((run.returncode, run.stderr), (1, "agent: the environment lacks FACTORY_ROLE\n"))


if __name__ == "__main__":
    unittest.main()
