"""The bare repository behind a repository of the fake, through the git program."""

import copy
import functools
import os
import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path

ZERO = "0" * 40
HOOKS = Path(__file__).with_name("hooks")
GITHUB = ("GitHub", "noreply@github.com")


CONFIG = f"""[core]
\trepositoryformatversion = 0
\tbare = true
\tfsync = none
\thooksPath = "{HOOKS}"
[http]
\treceivepack = true
[uploadpack]
\tallowAnySHA1InWant = true
[receive]
\thideRefs = refs/pull
\thideRefs = refs/fake
\tautogc = false
[gc]
\tauto = 0
"""
SHA = re.compile("[0-9a-f]{40}")


def remembered(method):
    """Asks git once for what never changes: facts about commits, by their ids."""
    name = method.__name__

    @functools.wraps(method)
    def asked(self, *shas: str):
        if not all(SHA.fullmatch(sha) for sha in shas):
            return method(self, *shas)
        if (name, *shas) not in self._facts:
            self._facts[(name, *shas)] = method(self, *shas)
        return copy.deepcopy(self._facts[(name, *shas)])

    return asked


class GitFailed(Exception):
    """git ended with a status nobody expected."""


class Git:
    def __init__(self, path: Path):
        self.path = path
        self._ancestry: dict[tuple[str, str], bool] = {}
        self._facts: dict[tuple, object] = {}

    @classmethod
    def create(cls, path: Path, branch: str) -> "Git":
        """A bare repository, written by hand: that is all that `git init` does, and spares a process."""
        for folder in ("objects", "refs"):
            (path / folder).mkdir(parents=True)
        (path / "HEAD").write_text(f"ref: refs/heads/{branch}\n")
        (path / "config").write_text(CONFIG)
        return cls(path)

    def environment(self, extra: dict | None = None) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        return {**clean, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "LC_ALL": "C", **(extra or {})}

    def run(self, *arguments: str, text: bytes = b"", extra: dict | None = None, ok=(0,)) -> tuple[int, bytes]:
        command = ["git", "-C", str(self.path), *arguments]
        ended = subprocess.run(command, input=text, capture_output=True, env=self.environment(extra))
        if ended.returncode not in ok:
            raise GitFailed(f"{' '.join(arguments)}: {ended.stderr.decode(errors='replace').strip()}")
        return ended.returncode, ended.stdout

    def text(self, *arguments: str, **options) -> str:
        return self.run(*arguments, **options)[1].decode(errors="replace").strip()

    # --- Reading

    def refs(self, *prefixes: str) -> dict[str, tuple[str, str]]:
        """Object id and type by full name."""
        lines = self.text("for-each-ref", "--format=%(refname) %(objectname) %(objecttype)", *prefixes).splitlines()
        return {name: (sha, kind) for name, sha, kind in (line.split(" ") for line in lines)}

    def tip(self, branch: str) -> str | None:
        file = self.path / "refs" / "heads" / branch
        if ".." not in branch and file.is_file():
            return file.read_text().strip()
        return self.resolve(f"refs/heads/{branch}") if (self.path / "packed-refs").exists() else None

    def resolve(self, name: str, kind: str = "commit", extra: dict | None = None) -> str | None:
        status, out = self.run("rev-parse", "-q", "--verify", f"{name}^{{{kind}}}", ok=(0, 1, 128), extra=extra)
        return out.decode().strip() if status == 0 else None

    def entry(self, commit: str, path: str) -> tuple[str, str] | None:
        """The kind and the id of what a commit has at a path."""
        status, out = self.run("rev-parse", "-q", "--verify", f"{commit}:{path}", ok=(0, 1, 128))
        sha = out.decode().strip()
        return (self.text("cat-file", "-t", sha), sha) if status == 0 else None

    def is_ancestor(self, old: str, new: str, extra: dict | None = None) -> bool:
        key = (old, new)
        if key not in self._ancestry:
            status, _ = self.run("merge-base", "--is-ancestor", old, new, ok=(0, 1, 128), extra=extra)
            if status == 128:
                return False
            self._ancestry[key] = status == 0
        return self._ancestry[key]

    @remembered
    def merge_base(self, one: str, other: str) -> str | None:
        return self.text("merge-base", one, other, ok=(0, 1)) or None

    @remembered
    def between(self, old: str, new: str) -> list[str]:
        """The commits that `new` has and `old` lacks, oldest first."""
        return self.text("rev-list", "--reverse", "--topo-order", new, f"^{old}").splitlines()

    @remembered
    def commit(self, sha: str) -> dict:
        fields = self.text("show", "-s", "--format=%H%n%T%n%P%n%an%n%ae%n%aI%n%cn%n%ce%n%cI%n%B", sha).split("\n", 9)
        names = ["sha", "tree", "parents", "author", "author_email", "author_date"]
        names += ["committer", "committer_email", "committer_date", "message"]
        commit = dict(zip(names, [*fields, ""]))
        return {**commit, "parents": commit["parents"].split()}

    @remembered
    def changes(self, old: str, new: str) -> list[dict]:
        """Each file that differs: its name, status, blob, and counts of lines."""
        raw = self.text("diff-tree", "-r", "-M", "-z", "--raw", "--numstat", old, new).split("\0")
        files, counts, position = {}, {}, 0
        while position < len(raw) and raw[position]:
            field = raw[position].lstrip("\n")
            if field.startswith(":"):
                _, _, _, blob, status = field.split(" ")
                moved = status[0] in "RC"
                previous = raw[position + 1] if moved else None
                name = raw[position + (2 if moved else 1)]
                files[name] = {"filename": name, "status": STATUS[status[0]], "sha": blob, "previous": previous}
                position += 3 if moved else 2
            else:
                added, removed, name = field.split("\t")
                position += 1
                if not name:
                    name = raw[position + 1]
                    position += 2
                counts[name] = [int(count) if count.isdigit() else 0 for count in (added, removed)]
        for name, one in files.items():
            one["additions"], one["deletions"] = counts.get(name, [0, 0])
        return list(files.values())

    # --- Writing

    def update(self, ref: str, new: str, old: str) -> bool:
        """Moves a ref from `old` to `new`, either of which may be zero; False when it is not at `old`."""
        arguments = ["update-ref", "-d", ref, old] if new == ZERO else ["update-ref", ref, new, old]
        return self.run(*arguments, ok=(0, 1, 128))[0] == 0

    @remembered
    def merged_tree(self, base: str, head: str) -> str | None:
        """The tree of both together; None when they conflict."""
        status, out = self.run("merge-tree", "--write-tree", base, head, ok=(0, 1))
        return out.decode().split("\n")[0] if status == 0 else None

    def commit_tree(self, tree: str, parents: list[str], message: str, author: tuple[str, str], time: float) -> str:
        date = datetime.fromtimestamp(int(time), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        name, email = author
        identity = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email, "GIT_AUTHOR_DATE": date}
        identity |= {"GIT_COMMITTER_NAME": GITHUB[0], "GIT_COMMITTER_EMAIL": GITHUB[1], "GIT_COMMITTER_DATE": date}
        flags = [part for parent in parents for part in ("-p", parent)]
        return self.text("commit-tree", tree, *flags, text=message.encode(), extra=identity)

    def write(self, parent: str | None, files: dict[str, str | None], message: str, author: str, time: float) -> str:
        """A commit on top of another with some files written, or removed where the content is None."""

        def data(text: str) -> bytes:
            return f"data {len(text.encode())}\n".encode() + text.encode() + b"\n"

        stream = (
            f"commit refs/fake/new\nmark :1\ncommitter {author} <{author}@example.com> {int(time)} +0000\n".encode()
        )
        stream += data(message) + (f"from {parent}\n".encode() if parent else b"")
        for name, content in files.items():
            place = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
            change = f"D {place}\n" if content is None else f"M 100644 inline {place}\n"
            stream += change.encode() + (data(content) if content is not None else b"")
        # The ref is only for the way: to reset it to nothing removes it.
        stream += f"get-mark :1\nreset refs/fake/new\nfrom {ZERO}\n\ndone\n".encode()
        return self.text("fast-import", "--quiet", "--force", text=stream)


STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}
