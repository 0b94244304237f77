#!/usr/bin/env python3
"""Measures the line beside the bare git work of a spec.

    bench.py --factory PROGRAM [--rows 1,2,3,5,6,7,10] [--specs 50] [--pairs 5]

Rows (the numbers are those of the table of targets):
    1  a small repository (50 files), one spec at a time, beside the floor's `fresh`
    2  5,000 files, beside the floor's `pool`
    3  from an event recorded to the next process started, out of FACTORY_TRACE
    4  50,000 files beside 5,000 (slow: name it to get it)
    5  two at once beside one, with agents and checks of a second (slow: name it to get it), then with agents that take no
       time beside two lanes of the floor
    6  `status` with 10,000 PRs, each time in a new process
    7  start to ready, idle memory
    10 what the sandbox adds to the start of a program: 40 checks a run, with and without it in turn

Product and floor run in turn (A B A B) in one temporary directory, on a file system you choose with --directory. Both
sync their commits to the disk. What is quoted is the ratio pair by pair, its median and range, for wall and CPU: a
single figure from a shared machine is worth nothing. Every run is checked: all specs on main, or the bench fails.

The floor is bench/floor.sh. FACTORY_BASELINE names another script with the same command line.
"""

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import fence
import journal
import pace

HERE = Path(__file__).resolve().parent
DEFAULT_ROWS = "1,2,3,6,7,10"
STATUS_PRS = 10_000
FENCED_CHECKS = 40
GIT_ENVIRONMENT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


class BenchError(Exception):
    """A run that did not do its work: its figures would mean nothing."""


@dataclass(frozen=True)
class Cost:
    """Wall and CPU time in seconds; the CPU is that of the process and all its children."""

    wall: float
    cpu: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.wall + other.wall, self.cpu + other.cpu)

    def per(self, count: int) -> "Cost":
        return Cost(self.wall / count, self.cpu / count)


# --- Running


def measure(command: Sequence, directory: Path, environment: dict[str, str], expect: int | None = 0) -> Cost:
    """Runs one command to its end and tells its cost. Another exit code than expected is an error with its output."""
    with tempfile.TemporaryFile() as output:
        began = time.monotonic()
        process = subprocess.Popen(
            [str(word) for word in command], cwd=directory, env=os.environ | GIT_ENVIRONMENT | environment,
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if expect is not None and process.returncode != expect:
            output.seek(0)
            said = output.read().decode(errors="replace")[-2000:]
            raise BenchError(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{said}")
        return Cost(wall, usage.ru_utime + usage.ru_stime)


def git(directory: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=directory, env=os.environ | GIT_ENVIRONMENT, check=True, capture_output=True, text=True
    ).stdout


# --- The floor


class Floor:
    """The script that does the bare git work."""

    def __init__(self, script: Path):
        self.script = script.resolve()

    def make(self, directory: Path, files: int) -> None:
        directory.mkdir(parents=True)
        measure([self.script, "make", directory, files], directory, {})

    def run(self, template: Path, work: Path, specs: int, mode: str, lanes: int = 1) -> Cost:
        shutil.copytree(template, work)
        bare = work / "main.git"
        environment = {"BASELINE_MODE": mode, "BASELINE_FSYNC": "1"}
        cost = measure([self.script, "run", bare, work / "wt", specs, lanes], work, environment)
        measure([self.script, "check", bare, specs], work, {})
        return cost


# --- The product


def spec_text(number: int) -> str:
    """A spec with a Done section of one item, as small as the rules for specs allow."""
    return f"""\
# Add file {number}

## Problem

The file `made-{number:04d}.txt` is missing.

## Reproduce

`cat made-{number:04d}.txt` exits with 1.

## Done

- `cat made-{number:04d}.txt` exits with 0 and prints `made by {number:04d}`.

## Context

No other file changes.
"""


def configuration(sandbox: str, checks: str, concurrency: int) -> str:
    return f"""\
version: 1
concurrency: {concurrency}
agents:
  default: {{ command: [sh, tools/agent.sh] }}
{checks}sandbox: {{ kind: {sandbox} }}
"""


class Product:
    """The factory, with a repository of its own for each run. Its agents and checks take no time, or `seconds` each."""

    def __init__(self, program: Path, sandbox: str = "none", checks: int = 1, concurrency: int = 1, seconds: float = 0):
        self.program = program.resolve()
        self.sandbox = sandbox
        self.checks = pace.checks(seconds) if seconds else fence.checks(checks)
        self.concurrency = concurrency
        self.seconds = seconds

    def prepare(self, template: Path, work: Path) -> Path:
        """A clone of the template with a factory beside it, ready for specs. Not timed."""
        work.mkdir(parents=True)
        repository = work / "repository"
        git(work, "clone", "-q", str(template / "main.git"), str(repository))
        git(repository, "remote", "remove", "origin")
        git(repository, "config", "user.name", "bench")
        git(repository, "config", "user.email", "bench@example.invalid")
        (repository / "tools").mkdir()
        agent = (HERE / "agent.sh").read_text()
        (repository / "tools" / "agent.sh").write_text(pace.slowed(agent, self.seconds) if self.seconds else agent)
        measure([self.program, "init", "--at", work / "factory"], repository, {})
        (repository / ".factory" / "config.yml").write_text(
            configuration(self.sandbox, self.checks, self.concurrency))
        git(repository, "add", "-A")
        git(repository, "commit", "-q", "-m", "Work with a factory")
        git(repository, "push", "-q", "factory", "HEAD:main")
        return repository

    def run(self, template: Path, work: Path, specs: int, trace: Path | None = None) -> Cost:
        cost = self.work(self.prepare(template, work), specs, trace)
        shutil.rmtree(work)
        return cost

    def work(self, repository: Path, specs: int, trace: Path | None = None) -> Cost:
        (repository / "specs").mkdir(exist_ok=True)
        names = [f"specs/{number:04d}-add-file.md" for number in range(1, specs + 1)]
        for number, name in enumerate(names, 1):
            (repository / name).write_text(spec_text(number))
        environment = {"FACTORY_TRACE": str(trace)} if trace else {}
        cost = measure([self.program, "submit", *names], repository, {})
        cost += measure([self.program, "run"], repository, environment)
        self.check(repository, specs)
        return cost

    def starts(self, template: Path, work: Path) -> list[float]:
        """Milliseconds of each check of one spec."""
        repository = self.prepare(template, work)
        self.work(repository, 1)
        found = fence.seconds(work / "factory" / "journal.git")
        shutil.rmtree(work)
        return [value * 1e3 for value in found]

    @staticmethod
    def check(repository: Path, specs: int) -> None:
        """All specs are on the hub's main branch, each once, and no branch of a spec is left."""
        hub = Path(git(repository, "remote", "get-url", "factory").strip())
        trailers = git(hub, "log", "--format=%(trailers:key=Factory-PR,valueonly)", "main").split()
        made = [name for name in git(hub, "ls-tree", "--name-only", "main").split() if name.startswith("made-")]
        if len(trailers) != specs or len(set(trailers)) != specs or len(made) != specs:
            raise BenchError(f"{len(trailers)} squashes of {len(set(trailers))} PRs and {len(made)} files, not {specs}")


# --- Figures


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(values: Sequence[float], unit: str = "") -> str:
    """Median and range, such as `0.42 [0.40–0.47]`."""
    return f"{statistics.median(values):.2f}{unit} [{min(values):.2f}–{max(values):.2f}]"


def ratios(pairs: Sequence[tuple[Cost, Cost]]) -> dict[str, list[float]]:
    """Product by floor, pair by pair."""
    return {
        "wall": [product.wall / floor.wall for product, floor in pairs],
        "cpu": [product.cpu / floor.cpu for product, floor in pairs],
    }


def transitions(lines: Sequence[str]) -> list[float]:
    """Milliseconds from an event recorded to the next process started for the same PR.

    Of several events before one start the first counts, so that all the line does in between is inside.
    """
    first: dict[int, float] = {}
    found = []
    for line in lines:
        event = json.loads(line)
        if event["event"] == "recorded":
            first.setdefault(event["pr"], event["t"])
        elif event["event"] == "spawned" and event["pr"] in first:
            found.append((event["t"] - first.pop(event["pr"])) / 1000)
    return found


def resident(process: int) -> float:
    """The resident memory of a process in megabytes."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise BenchError(f"process {process} has no VmRSS")


# --- The rows


class Bench:
    """One session: a directory, a floor, a product."""

    def __init__(self, options: argparse.Namespace, directory: Path):
        self.directory = directory
        self.specs, self.pairs, self.options = options.specs, options.pairs, options
        self.floor = Floor(Path(os.environ.get("FACTORY_BASELINE") or HERE / "floor.sh"))
        self.product = Product(options.factory)
        self.sandboxed = Product(options.factory, "auto") if options.sandboxed else None
        self.runs = 0

    def place(self, name: str) -> Path:
        """A directory that no run had before.

        Nothing is deleted before the bench ends: for minutes after a file is gone ext4 passes over its inode, one by
        one with all the others, at each file that is made. Whoever came after a large deletion would pay for it.
        """
        self.runs += 1
        return self.directory / f"{self.runs}-{name}"

    def template(self, files: int) -> Path:
        path = self.directory / f"files-{files}"
        if not path.exists():
            self.floor.make(path, files)
        return path

    def row(self, number: int) -> None:
        rows: dict[int, Callable[[], None]] = {
            1: lambda: self.beside_floor("1  50 files", 50, "fresh"),
            2: lambda: self.beside_floor("2  5,000 files", 5000, "pool"),
            3: self.overhead, 4: self.scale, 5: lambda: pace.row(self, Product, self.options.factory), 6: self.status, 7: self.start, 10: self.fences,
        }
        rows[number]()

    def timed(self, template: Path, product: Product | None = None, trace: Path | None = None) -> Cost:
        return (product or self.product).run(template, self.place("product"), self.specs, trace).per(self.specs)

    def beside_floor(self, name: str, files: int, mode: str) -> None:
        template, pairs, fenced = self.template(files), [], []
        for pair in range(self.pairs + 1):
            product = self.timed(template)
            floor = self.floor.run(template, self.place("floor"), self.specs, mode).per(self.specs)
            if pair:  # the first warms up
                pairs.append((product, floor))
                print(f"   pair {pair}: {self.pair(product, floor, mode)}", flush=True)
            if pair and self.sandboxed:
                fenced.append((self.timed(template, self.sandboxed), floor))
        self.quote(name, pairs, mode)
        if fenced:
            self.quote(f"{name}, sandboxed", fenced, mode)

    @staticmethod
    def quote(name: str, pairs: Sequence[tuple[Cost, Cost]], mode: str) -> None:
        found = ratios(pairs)
        print(f"{name}: wall {spread(found['wall'])} × {mode}, CPU {spread(found['cpu'])} × {mode}", flush=True)

    @staticmethod
    def pair(product: Cost, floor: Cost, mode: str) -> str:
        return (
            f"wall {product.wall * 1e3:.1f} : {floor.wall * 1e3:.1f} ms = {product.wall / floor.wall:.2f}, "
            f"CPU {product.cpu * 1e3:.1f} : {floor.cpu * 1e3:.1f} ms = {product.cpu / floor.cpu:.2f} (factory : {mode})"
        )

    def overhead(self) -> None:
        trace = self.directory / "trace.jsonl"
        self.timed(self.template(50), trace=trace)
        if not trace.exists():
            raise BenchError("the factory wrote nothing to FACTORY_TRACE")
        found = transitions(trace.read_text().splitlines())
        if not found:
            raise BenchError("FACTORY_TRACE holds no process that was started after an event")
        p50, p99 = percentile(found, 0.50), percentile(found, 0.99)
        print(f"3  event recorded to next process started: p50 {p50:.2f} ms, p99 {p99:.2f} ms ({len(found)} transitions)")

    def scale(self) -> None:
        small, large, found = self.template(5000), self.template(50000), []
        for _ in range(self.pairs):
            found.append((self.timed(large), self.timed(small)))
        self.quote("4  50,000 files", found, "5,000 files")

    def fences(self) -> None:
        template, found = self.template(50), []
        modes = [Product(self.options.factory, kind, FENCED_CHECKS) for kind in ("none", "auto")]
        for pair in range(self.pairs + 1):
            plain, fenced = (mode.starts(template, self.directory / "starts") for mode in modes)
            if pair:  # the first warms up
                found += zip(plain, fenced)
        added = [fenced - plain for plain, fenced in found]
        print(
            f"10 the sandbox adds to a start: mean {statistics.mean(added):.1f} ms, p50 {percentile(added, 0.50):.1f}, "
            f"p99 {percentile(added, 0.99):.1f} (n = {len(added)}; plain mean {statistics.mean(p for p, _ in found):.1f} ms)"
        )

    def status(self) -> None:
        for opened in (3, 2000):
            repository = self.product.prepare(self.template(50), self.directory / f"many-{opened}")
            hub = Path(git(repository, "remote", "get-url", "factory").strip())
            head = git(hub, "rev-parse", "main").strip()
            closed = STATUS_PRS - opened
            journal.fill(hub.parent / "journal.git", head, closed, opened)
            # The line folds old journals into the archive when it ends; all open PRs are parked, so nothing else moves.
            measure([self.product.program, "run"], repository, {}, expect=3)
            found = [self.cold(repository, "status", "--json") for _ in range(max(self.pairs, 5))]
            print(f"6  status with {closed} closed and {opened} open PRs: {spread(found, ' ms')}, "
                  f"{self.peak(repository):.1f} MB at the most")

    def cold(self, directory: Path, *arguments: str) -> float:
        """Milliseconds of a new process."""
        return measure([self.product.program, *arguments], directory, {}, expect=None).wall * 1e3

    def peak(self, repository: Path) -> float:
        """Megabytes that one `status` had at the most."""
        script = "import resource,subprocess,sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); " \
                 "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        said = subprocess.run([sys.executable, "-c", script, str(self.product.program), "status", "--json"],
                              cwd=repository, capture_output=True, text=True)
        return int(said.stdout) / 1024

    def start(self) -> None:
        repository = self.product.prepare(self.template(50), self.directory / "start")
        for arguments in (["--version"], ["status"]):
            found = [self.cold(repository, *arguments) for _ in range(max(self.pairs, 5))]
            print(f"7  factory {' '.join(arguments)}: {spread(found, ' ms')}")
        print(f"7  idle memory of `factory run --watch`: {self.idle(repository):.1f} MB")

    def idle(self, repository: Path) -> float:
        """The memory of a line that has nothing to do, once it has stopped growing."""
        process = subprocess.Popen(
            [self.product.program, "run", "--watch"], cwd=repository, env=os.environ | GIT_ENVIRONMENT,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            time.sleep(self.options.idle)
            if process.poll() is not None:
                raise BenchError(f"factory run --watch ended with {process.returncode}")
            return resident(process.pid)
        finally:
            process.terminate()
            process.wait()


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--factory", type=Path, required=True, help="the built program")
    parser.add_argument("--rows", default=DEFAULT_ROWS, help=f"which rows, the default is {DEFAULT_ROWS}")
    parser.add_argument("--specs", type=int, default=50, help="specs in a run, the default is 50")
    parser.add_argument("--pairs", type=int, default=5, help="timed pairs after one to warm up, the default is 5")
    parser.add_argument("--sandboxed", action="store_true", help="rows 1 and 2 with the sandbox as well")
    parser.add_argument("--idle", type=float, default=2, help="seconds before idle memory is read, the default is 2")
    parser.add_argument("--directory", type=Path, help="where to work: its file system is the one that is measured")
    options = parser.parse_args(arguments)
    try:
        options.rows = [int(row) for row in options.rows.split(",")]
    except ValueError:
        parser.error("--rows takes numbers with commas")
    if unknown := set(options.rows) - {1, 2, 3, 4, 5, 6, 7, 10}:
        parser.error(f"there is no row {min(unknown)}")
    return options


def main(arguments: Sequence[str]) -> int:
    options = options_of(arguments)
    with tempfile.TemporaryDirectory(prefix="factory-bench.", dir=options.directory) as directory:
        bench = Bench(options, Path(directory))
        print(
            f"{options.specs} specs, one at a time but for row 5, both durable, sandbox none, "
            f"load {os.getloadavg()[0]:.1f}, floor {bench.floor.script.name}"
        )
        try:
            for row in options.rows:
                bench.row(row)
        except BenchError as error:
            print(f"bench: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
