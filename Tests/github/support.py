"""What the tests of the fake share: a fake for each test, and clients of its API and its git."""

import http.client
import json
import os
import subprocess
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path

import fake_github

HEADERS = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2026-03-10",
    "User-Agent": "tests",
}


@dataclass
class Response:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class GitHubTest(unittest.TestCase):
    """Starts a fake with the standard repository; at the end neither side may have broken the schema file."""

    findings_expected = False
    app = False

    def setUp(self):
        folder = tempfile.TemporaryDirectory(dir=fake_github.FOLDERS)
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.server = fake_github.Server(self.folder / "github")
        (self.folder / "github").mkdir()
        self.service = self.server.service
        self.world = self.service.world
        self.told = {"api": self.server.base, **fake_github.standard(self.service, self.app)}
        self.tokens = self.told["tokens"]
        self.repository = self.world.pick("acme/widgets")
        self.git_url = self.told["git"].replace("http://", f"http://x-access-token:{self.tokens['ben']}@")
        fake_github.start(self.server)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.expected = 0

    def tearDown(self):
        if not self.findings_expected:
            self.assertEqual(self.service.inspector.findings, [])

    # --- Asking

    def ask(self, method, path, body=None, who="ben", headers=None, token=None) -> Response:
        """A request to the API; paths without a leading slash are those of the repository."""
        path = path if path.startswith("/") else f"/repos/acme/widgets/{path}".rstrip("/")
        sent = {**HEADERS, "Authorization": f"Bearer {token or self.tokens.get(who, '')}", **(headers or {})}
        sent = {name: value for name, value in sent.items() if value is not None}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_address[1], timeout=30)
        try:
            data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
            connection.request(method, path, data, sent)
            answer = connection.getresponse()
            return Response(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def ok(self, method, path, body=None, **options):
        """The JSON of an answer that has to be a success."""
        answer = self.ask(method, path, body, **options)
        self.assertLess(answer.status, 300, answer.body)
        return answer.json if answer.body else None

    def refused(self, status, method, path, body=None, **options) -> str:
        """The message of an answer that has to be that refusal."""
        answer = self.ask(method, path, body, **options)
        self.assertEqual(answer.status, status, answer.body)
        return json.dumps([answer.json.get("message"), answer.json.get("errors")])

    def control(self, of, /, **given):
        answer = self.ask("POST", f"/_control/{of}", given)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def act(self, do, **given):
        return self.control("act", do=do, **given)

    def look(self, name):
        return self.ok("GET", f"/_control/{name}")

    def fault(self, kind, **given):
        return self.control("faults", kind=kind, **given)

    # --- Setting up

    def pull(self, head="topic", by="ada", files=None, **fields) -> int:
        """The number of a fresh pull request with one commit."""
        self.act("push", branch=head, files=files or {f"{head}.txt": "text\n"}, **{"from": "main"})
        return self.act("open-pull", head=head, title=f"Add {head}", **{"as": by}, **fields)["number"]

    def known(self, number, **options) -> dict:
        """The pull request as it is when its mergeability is known."""
        self.ok("GET", f"pulls/{number}", **options)
        return self.ok("GET", f"pulls/{number}", **options)

    def events(self, number) -> list[str]:
        return [one["event"] for one in self.repository.issues[number].timeline]

    def installation(self, slug="bot", **permissions) -> str:
        """The token of an App with those permissions."""
        if not any(one.slug == slug for one in self.world.apps.values()):
            self.world.create_app(slug, permissions, None)
        return self.control("token", kind="installation", slug=slug, permissions=permissions)["token"]

    # --- git

    def git(self, *arguments, cwd=None, status=0) -> str:
        """What git prints, on both outputs."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }
        for role in ("AUTHOR", "COMMITTER"):
            environment |= {f"GIT_{role}_NAME": "Tests", f"GIT_{role}_EMAIL": "tests@example.com"}
        command = ["git", *(["-C", str(cwd)] if cwd else []), *arguments]
        ended = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
        if status is not None:
            self.assertEqual(ended.returncode, status, ended.stderr)
        return ended.stdout + ended.stderr

    def clone(self, url=None) -> Path:
        path = self.folder / "clone"
        self.git("clone", "-q", url or self.git_url, str(path))
        return path

    def commit(self, clone, **files) -> str:
        for name, text in files.items():
            path = clone / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "-A", cwd=clone)
        self.git("commit", "-q", "-m", "Work", cwd=clone)
        return self.git("rev-parse", "HEAD", cwd=clone).strip()
