"""git over smart HTTP, through git's own program, and what stands in the way of a push."""

import re
import secrets
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from . import rules
from .auth import has
from .git import ZERO, Git
from .pulls import refs_changed
from .world import Repository, Token, World

SCRIPT = Path(__file__).with_name("receive_hook.py")
PREFIX = "/_push/"
DECLINED = "pre-receive hook declined"
SCANNED_BYTES = 1024 * 1024
LINE = "—" * 41


@dataclass
class Push:
    """A push under way: who pushes, and what was said against which ref."""

    repository: Repository
    actor: Token
    folder: Path
    # Words for people, and the reason that stands behind each ref.
    refuse: tuple[str, str] | None = None
    reasons: dict[str, str] = field(default_factory=dict)


class SmartHTTP:
    def __init__(self, world: World):
        self.world = world
        self.pushes: dict[str, Push] = {}

    def serve(
        self,
        repository: Repository,
        actor: Token | None,
        service: str,
        request: dict,
        refuse: tuple[str, str] | None = None,
    ):
        """One request of a git client: status, headers and body. `request` has method, query, headers and body."""
        if service != "git-receive-pack":
            return self._backend(repository, service, request, {})
        key = secrets.token_hex(8)
        with repository.push_lock, tempfile.TemporaryDirectory() as folder:
            push = self.pushes[key] = Push(repository, actor, Path(folder), refuse)
            extra = {"FAKE_PUSH_URL": f"{self.world.base}{PREFIX}{key}", "FAKE_PUSH_FOLDER": folder}
            extra |= {"FAKE_PUSH_PYTHON": sys.executable, "FAKE_PUSH_SCRIPT": str(SCRIPT)}
            status, headers, body = self._backend(repository, service, request, extra)
            del self.pushes[key]
            received = Path(folder) / "received"
            if received.exists():
                changes = [tuple(line.split(" ", 2)) for line in received.read_text().splitlines()]
                with self.world.lock:
                    refs_changed(self.world, repository, actor, [(ref, old, new) for old, new, ref in changes])
        return status, headers, _with_reasons(body, push.reasons)

    def _backend(self, repository: Repository, service: str, request: dict, extra: dict):
        headers, path = request["headers"], repository.git.path
        variables = {
            "GIT_PROJECT_ROOT": str(path.parent),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": f"/{path.name}/{service}",
            "REQUEST_METHOD": request["method"],
            "QUERY_STRING": request["query"],
            "CONTENT_TYPE": headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(request["body"])),
            "REMOTE_USER": "git",
            "REMOTE_ADDR": "127.0.0.1",
            "GIT_PROTOCOL": headers.get("Git-Protocol", ""),
            **({"HTTP_CONTENT_ENCODING": headers["Content-Encoding"]} if headers.get("Content-Encoding") else {}),
        }
        environment = repository.git.environment({**variables, **extra})
        ended = subprocess.run(["git", "http-backend"], input=request["body"], capture_output=True, env=environment)
        head, _, body = ended.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        status = int(fields.pop("Status", "200 OK").split()[0]) if head else 500
        return status, fields, body

    # --- What the hook asks

    def judge(self, key: str, given: dict) -> dict:
        """The verdict of a push that waits in its hook: refused whole, or some refs of it, and what to say."""
        push = self.pushes.get(key)
        if push is None:
            return {"refuse": True, "text": "unknown push", "refs": []}
        extra = given["environment"]
        changes = [tuple(line.split(" ", 2)) for line in given["lines"]]
        with self.world.lock:
            whole = self._against_all(push, changes, extra)
            if whole:
                text, reason = whole
                push.reasons = {ref: reason for _, _, ref in changes}
                return {"refuse": True, "text": text, "refs": []}
            texts = []
            for old, new, ref in changes:
                if said := self._against_ref(push, old, new, ref, extra):
                    text, push.reasons[ref] = said
                    texts.append(text)
        return {"refuse": False, "text": "\n".join(texts), "refs": list(push.reasons)}

    def _against_all(self, push: Push, changes: list, extra: dict) -> tuple[str, str] | None:
        if push.refuse is not None:
            return push.refuse
        settings, git = push.repository.settings, push.repository.git
        tips = [new for _, new, _ in changes if new != ZERO]
        if not tips:
            return None
        blobs = _new_blobs(git, tips, extra)
        for name, _, size in blobs:
            if size > settings["max_file_bytes"]:
                limit = settings["max_file_bytes"] / 1024 / 1024
                return (
                    "error: See https://gh.io/lfs for more information.\n"
                    f"error: File {name} is {size / 1024 / 1024:.2f} MB; "
                    f"this exceeds GitHub's file size limit of {limit:.2f} MB\n"
                    "error: GH001: Large files detected. "
                    "You may want to try Git Large File Storage - https://git-lfs.github.com.",
                    DECLINED,
                )
        if not settings["push_protection"]:
            return None
        for name, blob, size in blobs:
            content = git.run("cat-file", "blob", blob, extra=extra)[1] if size <= SCANNED_BYTES else b""
            for pattern in settings["secret_patterns"]:
                if found := re.search(pattern.encode(), content):
                    line = content[: found.start()].count(b"\n") + 1
                    return (
                        _secret(changes[0][2], tips[0], name, line),
                        "push declined due to repository rule violations",
                    )
        return None

    def _against_ref(self, push: Push, old: str, new: str, ref: str, extra: dict) -> tuple[str, str] | None:
        found = rules.refusals(self.world, push.repository, push.actor, ref, old, new, extra)
        if found:
            source = found[0].split(" ")[0]
            messages = [one.partition(" ")[2] for one in found]
            if source == "protection":
                text = f"error: GH006: Protected branch update failed for {ref}.\n" + "\n".join(
                    f"error: {one}" for one in messages
                )
                return text, "protected branch hook declined"
            text = (
                f"error: GH013: Repository rule violations found for {ref}.\n\n"
                + "\n\n".join(f"- {one}" for one in messages)
                + "\n"
            )
            return text, "push declined due to repository rule violations"
        if push.actor.kind != "person" and not has(push.actor, "workflows=write"):
            if name := _changed_workflow(push.repository, old, new, extra):
                what = f"create or update workflow `{name}` without `workflows` permission"
                why = f"refusing to allow a GitHub App to {what}"
                return f"error: {why}", why
        return None


def _new_blobs(git: Git, tips: list[str], extra: dict) -> list[tuple[str, str, int]]:
    """Name, id and size of each file that the push brings."""
    listed = git.text("rev-list", "--objects", *tips, "--not", "--all", extra=extra).splitlines()
    names = dict(line.partition(" ")[::2] for line in listed)
    if not names:
        return []
    sizes = git.text("cat-file", "--batch-check", text="\n".join(names).encode(), extra=extra).splitlines()
    fields = [line.split(" ") for line in sizes]
    return [(names[sha], sha, int(size)) for sha, kind, size in fields if kind == "blob"]


def _changed_workflow(repository: Repository, old: str, new: str, extra: dict) -> str | None:
    git, folder = repository.git, ".github/workflows"
    if new == ZERO or git.resolve(new, extra=extra) is None:
        return None
    known = git.tip(repository.default_branch)
    before = [git.text("ls-tree", "-r", one, f"{folder}/", extra=extra) for one in (old, known) if one and one != ZERO]
    after = git.text("ls-tree", "-r", new, f"{folder}/", extra=extra)
    if not after or after in before:
        return None
    seen = {line for text in before for line in text.splitlines()}
    return next((line.partition("\t")[2] for line in after.splitlines() if line not in seen), None)


def _secret(ref: str, commit: str, name: str, line: int) -> str:
    return (
        f"error: GH013: Repository rule violations found for {ref}.\n\n- GITHUB PUSH PROTECTION\n  {LINE}\n"
        "    Resolve the following violations before pushing again\n\n    - Push cannot contain secrets\n\n"
        f"      —— Secret ——————————————————————————————\n       locations:\n         - commit: {commit}\n"
        f"           path: {name}:{line}\n"
    )


# --- The answer of git, with the words of the service in place of git's own


def _with_reasons(body: bytes, reasons: dict[str, str]) -> bytes:
    """The report of a push, in which a ref that a hook declined says why."""
    if not reasons:
        return body
    out, report = [], b""
    for packet in _packets(body):
        if packet[:1] == b"\x01":
            report += packet[1:]
            continue
        if not packet and report:
            out.append(b"\x01" + _reasoned(report, reasons))
            report = b""
        out.append(packet)
    return b"".join(_packet(one) for one in out)


def _reasoned(report: bytes, reasons: dict[str, str]) -> bytes:
    lines = []
    for packet in _packets(report):
        fields = packet.decode(errors="replace").rstrip("\n").split(" ", 2)
        if fields[0] == "ng" and fields[1] in reasons and "hook declined" in fields[2]:
            packet = f"ng {fields[1]} {reasons[fields[1]]}\n".encode()
        lines.append(_packet(packet))
    return b"".join(lines)


def _packets(data: bytes) -> list[bytes]:
    """The packets of git's protocol; a flush is an empty one."""
    found, position = [], 0
    while position + 4 <= len(data):
        length = int(data[position : position + 4], 16)
        found.append(data[position + 4 : position + length] if length else b"")
        position += max(length, 4)
    return found


def _packet(content: bytes) -> bytes:
    return f"{len(content) + 4:04x}".encode() + content if content else b"0000"


def parse(path: str) -> tuple[str, str, str] | None:
    """Owner, name and service of a path that a git client asks for."""
    found = re.fullmatch(r"/([^/]+)/([^/]+?)(?:\.git)?/(info/refs|git-upload-pack|git-receive-pack)", path)
    return found.groups() if found else None
