"""What a sandbox adds to the start of a program: the seconds of checks that do nothing, out of the journal."""

import json
import subprocess
from pathlib import Path


def checks(count: int) -> str:
    """The configuration of so many checks that do nothing."""
    return "checks:\n" + "".join(f'  - {{ name: "c{number}", run: "true" }}\n' for number in range(1, count + 1))


def seconds(journal: Path, number: int = 1) -> list[float]:
    """How long each check of a pull request took, from its start until nothing of it was left, in their order."""
    said = subprocess.run(
        ["git", "--git-dir", journal, "log", "-1", "--format=%b", f"refs/factory/pr/{number}"],
        check=True, capture_output=True, text=True,
    ).stdout
    return [check["seconds"] for check in json.loads(said)["state"]["tested"]["checks"]]
