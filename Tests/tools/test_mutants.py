"""The runner of mutants: it must tell a survivor, and everything else that proves nothing."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import mutants  # noqa: E402

GUARD = "func isAllowed() -> Bool { false }\n"


class Swift:
    """A stand-in for Swift: the build fails where the code says `broken`, the tests where a guard is gone."""

    def __init__(self, directory, notices=True, matches=True):
        self.directory, self.notices, self.matches = directory, notices, matches

    def __call__(self, command, directory):
        code = (directory / "Sources" / "Guard.swift").read_text()
        if command[1] == "build":
            return (1, "Guard.swift:1:1: error: broken") if "broken" in code else (0, "")
        if not self.matches:
            return 0, "Test run with 0 tests in 0 suites passed"
        fails = self.notices and "true" in code
        return (1 if fails else 0), "Test run with 3 tests in 1 suite " + ("failed" if fails else "passed")


class MutantCase(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.root, self.scratch = Path(place.name) / "root", Path(place.name) / "scratch"
        (self.root / "Sources").mkdir(parents=True)
        (self.root / "Sources" / "Guard.swift").write_text(GUARD)

    def judge(self, old="false", new="true", **swift):
        workshop = mutants.Workshop(self.root, self.scratch, Swift(self.scratch, **swift))
        workshop.prepare()
        mutant = mutants.Mutant("allowed", "the guard", "Sources/Guard.swift", old, new, "Guards")
        said = []
        bad = mutants.judge(workshop, [mutant], said.append)
        self.assertEqual((self.scratch / "Sources" / "Guard.swift").read_text(), GUARD, "the copy is whole again")
        return bad, said[0]

    def test_a_mutant_that_a_test_notices_is_good(self):
        bad, said = self.judge()
        self.assertEqual(bad, [])
        self.assertTrue(said.startswith("noticed"))

    def test_a_survivor_is_told(self):
        bad, said = self.judge(notices=False)
        self.assertEqual(bad, ["allowed"])
        self.assertTrue(said.startswith("SURVIVED"))

    def test_text_that_is_gone_or_ambiguous_is_told(self):
        for old in ["nowhere", "l"]:
            bad, said = self.judge(old=old)
            self.assertEqual(bad, ["allowed"])
            self.assertIn("bring tools/mutants/allowed.json up to date", said)

    def test_a_mutant_that_does_not_build_is_told(self):
        bad, said = self.judge(new="broken")
        self.assertEqual(bad, ["allowed"])
        self.assertIn("does not build", said)

    def test_a_filter_without_tests_is_told(self):
        bad, said = self.judge(matches=False)
        self.assertEqual(bad, ["allowed"])
        self.assertIn("no test matches", said)

    def test_only_what_has_changed_is_copied_again(self):
        workshop = mutants.Workshop(self.root, self.scratch, Swift(self.scratch))
        workshop.prepare()
        file, gone = self.scratch / "Sources" / "Guard.swift", self.scratch / "Sources" / "Gone.swift"
        before = file.stat().st_mtime_ns
        gone.write_text("old")
        workshop.prepare()
        self.assertEqual(file.stat().st_mtime_ns, before)
        self.assertFalse(gone.exists())


class RealMutants(unittest.TestCase):
    def test_the_text_of_each_stands_in_the_code_once(self):
        paths = sorted((ROOT / "tools" / "mutants").glob("*.json"))
        self.assertGreaterEqual(len(paths), 10)
        for path in paths:
            with self.subTest(path.name):
                mutant = mutants.Mutant.read(path)
                changed = mutant.applied((ROOT / mutant.file).read_text())
                self.assertNotEqual(changed, (ROOT / mutant.file).read_text())

    def test_the_filter_of_each_names_tests_that_there_are(self):
        text = "\n".join(file.read_text() for file in (ROOT / "Tests").rglob("*.swift"))
        for path in (ROOT / "tools" / "mutants").glob("*.json"):
            for name in json.loads(path.read_text())["tests"].split("|"):
                self.assertIn(name, text, path.name)


if __name__ == "__main__":
    unittest.main()
