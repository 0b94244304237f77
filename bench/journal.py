"""Fills a journal with pull requests that nobody ever worked, for measuring what reads many of them."""

import json
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

PERSON = {"name": "Bench", "email": "bench@example.invalid"}


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def entry(number: int, head: str, moment: datetime, second: bool, closed: bool) -> tuple[str, str]:
    """Subject and body of the first entry, which opens the PR, or of the second, which closes or parks it."""
    spec = f"specs/{number:05d}-add-file.md"
    title = f"Add file {number}"
    shared = {"spec": spec, "title": title}
    if second:
        kind = "closed" if closed else "parked"
        event = {"kind": kind, "note": "not now", "at": stamp(moment), "by": PERSON["name"]}
    else:
        event = {"kind": "opened", **shared, "specKind": "feature", "author": PERSON, "head": head, "base": head,
                 "at": stamp(moment), "by": PERSON["name"]}
    state = {"number": number, **shared, "kind": "feature", "author": PERSON,
             "state": "queued", "head": head, "base": head, "opened": stamp(moment), "updated": stamp(moment)}
    if second:
        state |= {"state": "closed" if closed else "needs-attention", "opened": stamp(moment - timedelta(hours=1))}
    if second and not closed:
        state |= {"reason": {"kind": "person", "rule": "parked by a person", "message": "not now"}, "resume": "queued"}
    body = json.dumps({"v": 1, "event": event, "state": state}, separators=(",", ":"))
    subject = f"Queued: {title}" if not second else "A person closed it" if closed else "A person parked it"
    return subject, body


def fill(journal: Path, head: str, closed: int, opened: int) -> None:
    """Writes the journals of `closed` PRs that were closed a month ago and of `opened` that a person parked."""
    month_ago = datetime.now(timezone.utc) - timedelta(days=30)
    lines: list[bytes] = []
    mark = 0

    def commit(number: int, moment: datetime, second: bool, parent: int | None) -> None:
        nonlocal mark
        mark += 1
        subject, body = entry(number, head, moment, second, number <= closed)
        message = f"{subject}\n\n{body}".encode()
        lines.append(f"commit refs/factory/pr/{number}\nmark :{mark}\n".encode())
        lines.append(f"committer Factory <factory@localhost> {int(moment.timestamp())} +0000\n".encode())
        lines.append(b"data %d\n%s\n" % (len(message), message))
        if parent:
            lines.append(f"from :{parent}\n".encode())

    for number in range(1, closed + opened + 1):
        moment = month_ago + timedelta(seconds=number)
        commit(number, moment, False, None)
        commit(number, moment + timedelta(hours=1), True, mark)
    subprocess.run(["git", "--git-dir", str(journal), "fast-import", "--quiet"], input=b"".join(lines), check=True)
