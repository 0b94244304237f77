"""The benchmark: its floor does the work that it says, its figures are right, and a run that lost a spec has none."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))

import bench  # noqa: E402
import fence  # noqa: E402
import journal  # noqa: E402
import pace  # noqa: E402
from bench import Cost  # noqa: E402

FLOOR = ROOT / "bench" / "floor.sh"
FAKE = ROOT / "Tests" / "tools" / "fake_factory.py"


class InFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)


class Fence(InFolder):
    def test_a_configuration_has_as_many_checks_as_asked(self):
        self.assertEqual(fence.checks(2), 'checks:\n  - { name: "c1", run: "true" }\n  - { name: "c2", run: "true" }\n')

    def test_the_seconds_of_checks_come_from_the_newest_entry(self):
        def git(*words):
            return subprocess.run(["git", "-C", self.folder, *words], check=True, capture_output=True, text=True).stdout

        git("init", "-q", "--bare")
        state = {"state": {"tested": {"checks": [{"name": "c1", "seconds": 0.004}, {"name": "c2", "seconds": 0.01}]}}}
        tree = git("hash-object", "-t", "tree", "-w", os.devnull).strip()
        person = ["-c", "user.name=a", "-c", "user.email=a@b"]
        commit = git(*person, "commit-tree", tree, "-m", "merged", "-m", json.dumps(state)).strip()
        git("update-ref", "refs/factory/pr/1", commit)
        self.assertEqual(fence.seconds(self.folder), [0.004, 0.01])


class FloorScript(InFolder):
    def floor(self, *arguments, mode="fresh", path=None):
        environment = os.environ | {"BASELINE_MODE": mode} | ({"PATH": path} if path else {})
        return subprocess.run([FLOOR, *map(str, arguments)], env=environment, capture_output=True, text=True)

    def git(self, *arguments):
        return subprocess.run(
            ["git", "--git-dir", self.folder / "main.git", *arguments], check=True, capture_output=True, text=True
        ).stdout

    def counting_git(self):
        """A search path whose git notes each call and then is the real one; and the file of notes."""
        notes, tools = self.folder / "calls", self.folder / "bin"
        tools.mkdir()
        (tools / "git").write_text(f'#!/bin/sh\necho "$*" >> "{notes}"\nexec {shutil.which("git")} "$@"\n')
        (tools / "git").chmod(0o755)
        return f"{tools}:{os.environ['PATH']}", notes

    def test_make_makes_as_many_files_as_asked(self):
        self.assertEqual(self.floor("make", self.folder, 205).returncode, 0)
        self.assertEqual(len(self.git("ls-tree", "-r", "--name-only", "main").splitlines()), 205)

    def test_each_mode_takes_all_specs_through(self):
        for mode, jobs in [("fresh", 1), ("fresh", 2), ("pool", 1), ("pool", 2)]:
            with self.subTest(mode=mode, jobs=jobs):
                shutil.rmtree(self.folder / "main.git", ignore_errors=True)
                self.floor("make", self.folder, 3)
                run = self.floor("run", self.folder / "main.git", self.folder / "wt", 5, jobs, mode=mode)
                self.assertEqual((run.returncode, run.stderr), (0, ""))
                self.assertEqual(self.floor("check", self.folder / "main.git", 5).returncode, 0)
                files = self.git("ls-tree", "-r", "--name-only", "main").splitlines()
                self.assertEqual(len(files), 3 + 5 * 3)

    def test_a_spec_costs_as_many_git_processes_as_the_script_says(self):
        path, notes = self.counting_git()
        for mode, per_spec, per_job in [("fresh", 13, 0), ("pool", 14, 1)]:
            with self.subTest(mode):
                shutil.rmtree(self.folder / "main.git", ignore_errors=True)
                self.floor("make", self.folder, 3)
                notes.unlink(missing_ok=True)
                self.floor("run", self.folder / "main.git", self.folder / f"wt-{mode}", 4, 1, mode=mode, path=path)
                self.assertEqual(len(notes.read_text().splitlines()), 4 * per_spec + per_job)

    def test_check_notices_a_missing_spec_and_a_branch_left_over(self):
        self.floor("make", self.folder, 3)
        self.floor("run", self.folder / "main.git", self.folder / "wt", 2, 1)
        self.assertEqual(self.floor("check", self.folder / "main.git", 3).returncode, 1)
        self.git("branch", "left", "main")
        self.assertEqual(self.floor("check", self.folder / "main.git", 2).returncode, 1)

    def test_a_wrong_command_line_prints_the_manual(self):
        for arguments, mode in [([], "fresh"), (["run"], "fresh"), (["make", "a", "1"], "plumb")]:
            run = self.floor(*arguments, mode=mode)
            self.assertEqual(run.returncode, 64)
            self.assertIn("floor.sh make", run.stderr)


class InstantAgent(InFolder):
    def agent(self, role):
        (self.folder / "specs").mkdir(exist_ok=True)
        result = self.folder / "result.json"
        environment = {
            "FACTORY_ROLE": role, "FACTORY_RESULT": str(result),
            "FACTORY_SPEC": "specs/0007-add-file.md", "FACTORY_PLAN": "specs/0007-add-file.plan.md",
        }
        subprocess.run(["/bin/sh", ROOT / "bench" / "agent.sh"], cwd=self.folder, env=environment, check=True)
        return json.loads(result.read_text())

    def test_writers_write(self):
        self.assertEqual(self.agent("planner")["status"], "done")
        self.assertIn("D1", (self.folder / "specs/0007-add-file.plan.md").read_text())
        self.assertEqual(self.agent("implementer")["status"], "done")
        self.assertEqual((self.folder / "made-0007.txt").read_text(), "made by 0007\n")

    def test_reviewers_answer_the_one_item_of_done(self):
        self.assertEqual(bench.spec_text(7).count("\n- "), 1)
        for role in ["plan-reviewer", "code-reviewer"]:
            result = self.agent(role)
            self.assertEqual((result["decision"], [c["id"] for c in result["criteria"]]), ("APPROVE", ["D1"]))


class Pace(unittest.TestCase):
    def test_a_slowed_agent_is_the_same_script_with_a_pause(self):
        agent = (ROOT / "bench" / "agent.sh").read_text()
        lines = pace.slowed(agent, 1).splitlines()
        self.assertEqual(lines.pop(1), "sleep 1")
        self.assertEqual(lines, agent.splitlines())

    def test_two_at_once_are_measured_beside_one_and_beside_the_floor(self):
        class Paced:
            def __init__(self, *_, concurrency, **__):
                self.wall = 6.0 / concurrency

            def run(self, *_):
                return Cost(self.wall, 1)

        class Session:
            pairs, specs = 2, 4
            floor = type("Lanes", (), {"run": staticmethod(lambda *words: Cost(8.0 / words[-1], 8))})
            template = place = staticmethod(lambda _: None)
            timed = staticmethod(lambda _, product: Cost(product.wall, 1))
            pair, quote = staticmethod(bench.Bench.pair), staticmethod(bench.Bench.quote)

        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            pace.row(Session, Paced, None)
        self.assertIn("two at once: 2.00 [2.00–2.00] × one at a time", said.getvalue())
        self.assertIn("two against one: factory 2.00 [2.00–2.00], floor 2.00 [2.00–2.00]", said.getvalue())


class Figures(unittest.TestCase):
    def test_percentiles_are_values_that_were_measured(self):
        values = list(range(1, 101))
        self.assertEqual([bench.percentile(values, share) for share in (0, 0.5, 0.99, 1)], [1, 50, 99, 100])
        self.assertEqual(bench.percentile([7], 0.99), 7)

    def test_ratios_are_taken_pair_by_pair(self):
        found = bench.ratios([(Cost(1, 2), Cost(2, 1)), (Cost(3, 3), Cost(4, 1))])
        self.assertEqual(found, {"wall": [0.5, 0.75], "cpu": [2, 3]})

    def test_a_spread_is_the_median_with_its_range(self):
        self.assertEqual(bench.spread([3, 1, 2], " ms"), "2.00 ms [1.00–3.00]")

    def test_a_transition_begins_with_the_first_event_and_ends_with_the_next_process_of_the_pr(self):
        events = [
            (100, "recorded", 1), (900, "recorded", 2), (1100, "recorded", 1), (2100, "spawned", 1),
            (3000, "spawned", 1), (4900, "spawned", 2), (5000, "recorded", 2),
        ]
        lines = [json.dumps({"t": t, "event": event, "pr": pr}) for t, event, pr in events]
        self.assertEqual(bench.transitions(lines), [2.0, 4.0])

    def test_resident_memory_is_in_megabytes(self):
        self.assertTrue(1 < bench.resident(os.getpid()) < 1000)


class Measuring(InFolder):
    def test_the_cpu_of_grandchildren_counts(self):
        busy = f"{sys.executable} -c 'sum(range(3000000))'; true"
        cost = bench.measure(["sh", "-c", busy], self.folder, {})
        self.assertGreater(cost.cpu, 0.01)
        self.assertGreater(cost.wall, 0.01)

    def test_a_failed_command_shows_what_it_said(self):
        with self.assertRaisesRegex(bench.BenchError, "ended with 3:\nno luck"):
            bench.measure(["sh", "-c", "echo no luck; exit 3"], self.folder, {})


class Journal(InFolder):
    def test_it_is_filled_with_closed_and_parked_pull_requests(self):
        store = self.folder / "journal.git"
        subprocess.run(["git", "init", "-q", "--bare", store], check=True)
        journal.fill(store, "0" * 40, closed=3, opened=2)
        refs = bench.git(store, "for-each-ref", "--format=%(refname)", "refs/factory/pr").split()
        self.assertEqual(len(refs), 5)
        states = []
        for number in range(1, 6):
            told = bench.git(store, "log", "--format=%B", f"refs/factory/pr/{number}")
            bodies = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
            self.assertEqual([body["event"]["kind"] for body in bodies][1], "opened")
            states.append(bodies[0]["state"]["state"])
        self.assertEqual(states, ["closed"] * 3 + ["needs-attention"] * 2)


class Program(InFolder):
    def run_bench(self, *arguments, **environment):
        return subprocess.run(
            [sys.executable, ROOT / "bench" / "bench.py", "--factory", FAKE, "--directory", self.folder,
             "--specs", "2", "--pairs", "1", "--idle", "0.3", *arguments],
            env=os.environ | environment, capture_output=True, text=True,
        )

    def test_rows_are_printed_with_ratios(self):
        run = self.run_bench("--rows", "1,3")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertRegex(run.stdout, r"1  50 files: wall \d+\.\d\d \[.*\] × fresh, CPU \d+\.\d\d \[.*\] × fresh")
        self.assertIn("3  event recorded to next process started: p50 2.50 ms, p99 2.50 ms (2 transitions)", run.stdout)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_start_and_idle_memory(self):
        run = self.run_bench("--rows", "7")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertRegex(run.stdout, r"factory --version: \d+\.\d\d ms")
        self.assertRegex(run.stdout, r"idle memory of `factory run --watch`: \d+\.\d MB")

    def test_a_run_that_lost_a_spec_has_no_figures(self):
        run = self.run_bench("--rows", "1", FAKE_FACTORY="lose-one")
        self.assertEqual(run.returncode, 1)
        self.assertIn("1 squashes of 1 PRs and 1 files, not 2", run.stderr)
        self.assertNotIn("× fresh", run.stdout)

    def test_another_floor_can_be_named(self):
        other = self.folder / "other.sh"
        other.write_text(f'#!/bin/sh\nexec {FLOOR} "$@"\n')
        other.chmod(0o755)
        run = self.run_bench("--rows", "1", FACTORY_BASELINE=str(other))
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("floor other.sh", run.stdout)

    def test_a_row_that_does_not_exist_is_refused(self):
        self.assertEqual(self.run_bench("--rows", "12").returncode, 2)


if __name__ == "__main__":
    unittest.main()
