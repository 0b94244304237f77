#!/usr/bin/env python3
"""A GitHub for tests, on a port of this machine. Prints one line of JSON when it is ready; ends when its input ends.

    fake_github.py [--empty] [--app]

Without options there is a repository acme/widgets with people of every right; --empty starts with nothing, --app adds
an App with a key of its own. What it does is told by requests to /_control/: see README.md beside this file.
"""

import argparse
import json
import os
import signal
import socket
import struct
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from fake import control
from fake.service import Reply, Service

# Memory where there is some: repositories are many small files, and none of them is to last.
MEMORY = Path("/dev/shm")
FOLDERS = str(MEMORY) if os.access(MEMORY, os.W_OK) else None
PEOPLE = {"ada": "admin", "ben": "write", "cleo": "triage", "dora": "read", "mallory": None}
PERMISSIONS = {name: "write" for name in ["contents", "pull_requests", "issues", "checks", "statuses", "actions"]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = True

    def answer(self) -> None:
        body = self._body()
        self._send(self.server.service.reply(self.command, self.path, self.headers, body))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _send(self, reply: Reply) -> None:
        if reply.cut == "before":
            return self._cut()
        if reply.headers.get("Connection") == "close":
            self.close_connection = True
        head = [f"HTTP/1.1 {reply.status} {self.responses.get(reply.status, ('',))[0]}"]
        headers = {**reply.headers, "Date": self._date(), "Server": "github.com", "X-GitHub-Request-Id": "FAKE"}
        if reply.status not in (204, 304):
            headers["Content-Length"] = str(len(reply.body))
        head += [f"{name}: {value}" for name, value in headers.items()]
        data = "\r\n".join([*head, "", ""]).encode() + reply.body
        if reply.cut == "middle":
            self.wfile.write(data[: len(data) - len(reply.body) // 2 - 1])
            return self._cut()
        self.wfile.write(data)

    def _date(self) -> str:
        return self.date_time_string(self.server.service.world.clock.now())

    def _cut(self) -> None:
        """Ends the connection as a crash of the other side would."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format, *arguments) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, root: Path):
        super().__init__(("127.0.0.1", 0), Handler)
        self.service = Service(root)
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        self.service.world.base = self.base

    def handle_error(self, request, client_address) -> None:
        """A client that goes away is no error of ours."""


def standard(service: Service, app: bool) -> dict:
    """The repository and the people that most tests want."""
    roles = {login: role for login, role in PEOPLE.items() if role}
    made = control.repository(service, {"name": "acme/widgets", "roles": roles})
    told = {"repository": made["name"], "git": made["git"], "path": made["path"]}
    told["tokens"] = {login: control.person(service, {"login": login})["token"] for login in PEOPLE}
    if app:
        told["app"] = control.app(service, {"slug": "factory-app", "permissions": PERMISSIONS})
    return told


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="A GitHub for tests; ends when its input ends.")
    parser.add_argument("--empty", action="store_true", help="start without a repository")
    parser.add_argument("--app", action="store_true", help="make an App with a key")
    options = parser.parse_args(arguments)
    # Whoever asks it to end does not want to keep its files.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="fake-github.", dir=FOLDERS) as folder:
        server = Server(Path(folder))
        told = {"port": server.server_address[1], "api": server.base}
        if not options.empty:
            told |= standard(server.service, options.app)
        start(server)
        print(json.dumps(told), flush=True)
        while sys.stdin.buffer.read(65536):
            pass
        server.shutdown()
    return 0


def start(server: Server):
    """Serves in the background."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    return thread


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
