"""The demo's script with a stand-in for the program: what it accepts as a good end, and what it does not."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class DemoScript(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.directory = Path(folder.name) / "demo"

    def demo(self, **environment):
        return subprocess.run(
            [ROOT / "Examples" / "demo.sh", ROOT / "Tests" / "tools" / "fake_factory.py"],
            env=os.environ | {"FACTORY_DEMO_DIR": str(self.directory)} | environment, capture_output=True, text=True,
        )

    def test_three_landed_and_one_parked_is_a_good_end(self):
        run = self.demo()
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("three specs landed, one is parked", run.stdout)
        self.assertIn("$ factory submit specs/0001-", run.stdout)

    def test_a_line_that_lands_everything_fails_the_demo(self):
        run = self.demo(FAKE_FACTORY="land-all")
        self.assertEqual(run.returncode, 1)
        self.assertIn("factory run should end with 3", run.stderr)

    def test_a_line_that_says_more_than_it_landed_fails_the_demo(self):
        run = self.demo(FAKE_FACTORY="lose-one")
        self.assertEqual(run.returncode, 1)
        self.assertIn("PRs 1, 2 and 3 should be on main once each, not: 2 3", run.stderr)

    def test_a_directory_in_use_is_left_alone(self):
        self.directory.mkdir()
        (self.directory / "thesis.txt").write_text("mine")
        run = self.demo()
        self.assertEqual(run.returncode, 1)
        self.assertIn("is not empty", run.stderr)
        self.assertEqual([path.name for path in self.directory.iterdir()], ["thesis.txt"])


if __name__ == "__main__":
    unittest.main()
