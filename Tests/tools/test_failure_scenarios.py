"""Every test that docs/failure-scenarios.md names must exist, in the file it is said to be in."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "failure-scenarios.md"
NUMBERS = range(1, 36)


def named(text):
    """Pairs of a file and a test, as the document names them: `FILE` "test", "another of it"."""
    text = re.sub(r"\n(?![|\n#])", " ", text)
    for line in text.split("\n"):
        file = None
        for path, test in re.findall(r"`([\w/]+\.swift)`|\"([^\"]+)\"", line):
            file = path or file
            if test:
                yield file, test


def tests_of(path):
    places = [ROOT / "Tests" / path, ROOT / "Tests" / "FactoryCLITests" / path]
    file = next((place for place in places if place.is_file()), None)
    return set(re.findall(r"func `([^`]+)`", file.read_text())) if file else set()


class FailureScenarios(unittest.TestCase):
    def test_the_document_names_only_tests_that_exist(self):
        pairs = list(named(DOCUMENT.read_text()))
        self.assertGreater(len(pairs), 30)
        missing = [f"{path}: {test}" for path, test in pairs if path is None or test not in tests_of(path)]
        self.assertEqual(missing, [])

    def test_a_test_that_does_not_exist_is_found(self):
        path = "Landing/GroupTests.swift"
        pairs = list(named(f'| FI-99 | `{path}` "nobody\nwrote this", "nor this" |'))
        self.assertEqual(pairs, [(path, "nobody wrote this"), (path, "nor this")])
        self.assertNotIn("nor this", tests_of(path))
        self.assertEqual(tests_of("Landing/NoSuchTests.swift"), set())

    def test_every_scenario_is_spoken_of(self):
        text = DOCUMENT.read_text()
        rows = {int(number) for number in re.findall(r"^\| FI-(\d\d) \|", text, re.M)}
        elsewhere = set(range(1, 9)) if "FI-01 to FI-08" in text else set()
        self.assertEqual(sorted(rows | elsewhere), list(NUMBERS))


if __name__ == "__main__":
    unittest.main()
