#!/usr/bin/env python3
"""Stands in for the program where a script around it is tested: it lands specs without any agent.

FAKE_FACTORY=land-all   lands the spec that the demo wants parked
FAKE_FACTORY=lose-one   lands one spec fewer than it says
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

PARKED = "0004-dates-without-leading-zeros.md"


def git(*arguments, **options):
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True, **options).stdout.strip()


def hub():
    return Path(git("remote", "get-url", "factory"))


def init(arguments):
    directory = Path(arguments[arguments.index("--at") + 1])
    git("clone", "-q", "--bare", ".", str(directory / "hub.git"))
    git("remote", "add", "factory", str(directory / "hub.git"))
    Path(".factory").mkdir()
    Path(".factory/config.yml").write_text("version: 1\n")
    return 0


def submit(arguments):
    (hub() / "queue.json").write_text(json.dumps([Path(path).name for path in arguments]))
    return 0


def run(arguments):
    if arguments == ["--watch"]:
        signal.pause()
    queue = json.loads((hub() / "queue.json").read_text())
    parked = [name for name in queue if name == PARKED and os.environ.get("FAKE_FACTORY") != "land-all"]
    landed = [name for name in queue if name not in parked]
    for name in landed[1:] if os.environ.get("FAKE_FACTORY") == "lose-one" else landed:
        land(int(name[:4]))
    return 3 if parked else 0


def land(number):
    trace(number, "recorded")
    blob = git("hash-object", "-w", "--stdin", input=f"made by {number:04d}\n", cwd=hub())
    people = {f"GIT_{who}_{what}": "fake" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = os.environ | people | {"GIT_INDEX_FILE": str(hub() / "index")}
    git("read-tree", "main", cwd=hub(), env=environment)
    git("update-index", "--add", "--cacheinfo", f"100644,{blob},made-{number:04d}.txt", cwd=hub(), env=environment)
    tree = git("write-tree", cwd=hub(), env=environment)
    message = f"Spec {number}\n\nFactory-PR: {number}\n"
    commit = git("commit-tree", tree, "-p", "main", cwd=hub(), env=environment, input=message)
    git("update-ref", "refs/heads/main", commit, cwd=hub())
    trace(number, "spawned")


def trace(number, event):
    if path := os.environ.get("FACTORY_TRACE"):
        with open(path, "a", encoding="utf-8") as file:
            print(json.dumps({"t": 1000 if event == "recorded" else 3500, "event": event, "pr": number}), file=file)


def show(arguments):
    print("PR 4 needs-attention")
    return 0


def quiet(arguments):
    return 0


COMMANDS = {"init": init, "submit": submit, "run": run, "show": show, "status": quiet, "report": quiet, "--version": quiet}

if __name__ == "__main__":
    if sys.argv[1] not in COMMANDS:
        sys.exit(64)
    sys.exit(COMMANDS[sys.argv[1]](sys.argv[2:]))
