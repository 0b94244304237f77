#!/usr/bin/env python3
"""Takes one guard after the other out of the code, and looks whether the tests notice.

    mutants.py [--list] [--only NAME,NAME] [--scratch DIR] [--mutants DIR]

A mutant is a file NAME.json in tools/mutants: what it takes away, the file, the exact text and what stands there instead,
and the filter of the tests that must fail. It is applied to a copy of the tree in the scratch directory, which keeps its
build between mutants, so that each costs one incremental build. A mutant that no test notices has survived, and that is a
failure of ours; so is one whose text is not in the code any more, one that does not build, and a filter that no test
matches. Exits with 1 then.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPIED = ["Package.swift", "Sources", "Tests", "Examples", "tools", "docs"]
BUILD = ["swift", "build", "--build-tests"]
TEST = ["swift", "test", "--skip-build", "--filter"]
# Tests of a mutant may wait for what never comes.
SECONDS = 900


class Trouble(Exception):
    """A mutant that proves nothing: it could not be applied, built or tested."""


@dataclass(frozen=True)
class Mutant:
    name: str
    takes: str
    file: str
    old: str
    new: str
    tests: str

    @staticmethod
    def read(path):
        fields = json.loads(path.read_text())
        text = {key: "\n".join(value) if isinstance(value, list) else value for key, value in fields.items()}
        return Mutant(path.stem, **text)

    def applied(self, text):
        """The file's text with the mutation in it. The old text must stand there exactly once."""
        count = text.count(self.old)
        if count != 1:
            raise Trouble(f"its text stands {count} times in {self.file}: bring tools/mutants/{self.name}.json up to date")
        return text.replace(self.old, self.new)


def run(command, directory):
    try:
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None, f"{command[0]} took more than {SECONDS} s"
    return done.returncode, done.stdout + done.stderr


class Workshop:
    """The copy of the tree that mutants are made in."""

    def __init__(self, root, scratch, runner=run):
        self.root, self.scratch, self.runner = root, scratch, runner

    def prepare(self):
        """Brings the copy up to date; what has not changed keeps its time, so that it is not built again."""
        wanted = {
            path.relative_to(self.root)
            for name in COPIED
            for path in [self.root / name, *(self.root / name).rglob("*")]
            if path.is_file() and "__pycache__" not in path.parts
        }
        for name in COPIED:
            for path in (self.scratch / name).rglob("*"):
                if path.is_file() and path.relative_to(self.scratch) not in wanted:
                    path.unlink()
        for name in wanted:
            source, target = self.root / name, self.scratch / name
            if not target.is_file() or target.read_bytes() != source.read_bytes():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)

    def build(self):
        code, output = self.runner(BUILD, self.scratch)
        if code != 0:
            errors = [line for line in output.splitlines() if "error:" in line]
            raise Trouble("it does not build: " + "; ".join(errors[:3] or [output[-300:]]))

    def passes(self, tests):
        """Whether the tests pass; at least one must have run."""
        code, output = self.runner([*TEST, tests], self.scratch)
        counts = [int(count) for count in re.findall(r"Test run with (\d+) tests?", output)]
        if code == 0 and not any(counts):
            raise Trouble(f"no test matches `{tests}`")
        # A crash or a test without an end is noticed as well.
        return code == 0

    def try_out(self, mutant):
        """Whether some test fails with the mutation in place. The copy is as it was afterwards."""
        file = self.scratch / mutant.file
        whole = file.read_text()
        file.write_text(mutant.applied(whole))
        try:
            self.build()
            return not self.passes(mutant.tests)
        finally:
            file.write_text(whole)


def judge(workshop, mutants, say=print):
    """Tries all of them, says how each ended, and gives the names of those that failed us."""
    bad = []
    for mutant in mutants:
        try:
            if workshop.try_out(mutant):
                say(f"noticed   {mutant.name}: {mutant.takes}")
                continue
            say(f"SURVIVED  {mutant.name}: {mutant.takes}; no test of `{mutant.tests}` fails")
        except Trouble as trouble:
            say(f"TROUBLE   {mutant.name}: {trouble}")
        bad.append(mutant.name)
    return bad


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", action="store_true", help="print the mutants and try none")
    parser.add_argument("--only", default="", help="names, separated by commas")
    parser.add_argument("--scratch", type=Path, default=ROOT / ".build" / "mutants")
    parser.add_argument("--mutants", type=Path, default=ROOT / "tools" / "mutants")
    options = parser.parse_args(arguments)
    mutants = [Mutant.read(path) for path in sorted(options.mutants.glob("*.json"))]
    names = [name for name in options.only.split(",") if name]
    unknown = set(names) - {mutant.name for mutant in mutants}
    if unknown:
        parser.error("there is no mutant " + ", ".join(sorted(unknown)))
    if names:
        mutants = [mutant for mutant in mutants if mutant.name in names]
    if options.list:
        for mutant in mutants:
            print(f"{mutant.name}: {mutant.takes}")
        return 0
    workshop = Workshop(ROOT, options.scratch)
    try:
        workshop.prepare()
        workshop.build()
        tests = "|".join(sorted({mutant.tests for mutant in mutants}))
        if not workshop.passes(tests):
            raise Trouble("the tests fail already without any mutation")
    except Trouble as trouble:
        print(trouble)
        return 1
    bad = judge(workshop, mutants, lambda line: print(line, flush=True))
    print(f"{len(mutants) - len(bad)} of {len(mutants)} mutants were noticed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
