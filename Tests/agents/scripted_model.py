#!/usr/bin/env python3
"""Plays the model of an agent program: an HTTP server on loopback that answers by a script. For tests only.

    scripted_model.py FOLDER

It writes the port it listens on to FOLDER/port and a line for each request to FOLDER/requests. What it plays stands in
FOLDER/condition, which is read anew at each request:

    well                           every role does its work (the default)
    401, 429, 500, 503, 529        that status, always
    quota                          429 with the code insufficient_quota
    unknown-model                  404
    never                          accepts and never answers
    html                           200 with a page instead of an answer
    sleep                          the first command sleeps for ten minutes, and no SIGTERM wakes it
    A then B N                     A for the first N requests, B from then on

The server keeps no state: the step to play follows from the conversation in the request, so that a retry replays the same
step. It speaks OpenAI's responses (streamed) and chat completions (streamed or not).
"""

import http.server
import json
import pathlib
import re
import sys
import threading
import time
import traceback

PLAN = 'printf "# Plan\\n\\n1. Strip well-placed commas in ledger/money.py (D1).\\n2. Refuse others (D2).\\n" > "$FACTORY_PLAN"'
EDIT = r"""python3 - <<'END'
import pathlib
money = pathlib.Path("ledger/money.py")
text = money.read_text()
text = text.replace("    match = _AMOUNT", "    plain = text.replace(',', '') if _GROUPED.fullmatch(text) else text\n    match = _AMOUNT", 1)
text = text.replace("fullmatch(text)\n    if match", "fullmatch(plain)\n    if match", 1)
text = text.replace("\n\n\nclass MoneyError", "\n_GROUPED = re.compile(r'[+-]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]{1,2})?')\n\n\nclass MoneyError", 1)
money.write_text(text)
tests = pathlib.Path("tests/test_money.py")
tests.write_text(tests.read_text().rstrip("\n") + '''


class Separators(unittest.TestCase):
    def test_well_placed_commas_are_read(self):
        self.assertEqual(parse_money("2,500.00"), 250000)

    def test_other_commas_are_refused(self):
        for text in ("12,5", "1,2500", ",250"):
            with self.subTest(text), self.assertRaises(MoneyError):
                parse_money(text)
''')
END"""
WRITER = {"status": "done", "summary": "Amounts with thousands separators are read.", "question": None}
CRITERIA = [{"id": f"D{n}", "met": True, "evidence": "tests/test_money.py fails without the change"} for n in (1, 2)]
REVIEWER = {"decision": "APPROVE", "summary": "It does what the spec says.", "findings": [], "criteria": CRITERIA}


def script(role, ends_by_command, sleeps):
    """The commands of a role, and its last words."""
    if role in ("plan reviewer", "code reviewer"):
        commands, words = ['cat "$FACTORY_SPEC"', "git status --short"], json.dumps(REVIEWER)
    elif role == "planner":
        commands, words = [PLAN], json.dumps(WRITER)
    elif role == "implementer":
        commands, words = [EDIT, "python3 -m unittest -q"], json.dumps(WRITER)
    else:
        commands, words = ["echo hello > hello.txt"], "Created hello.txt as asked."
    if sleeps:
        commands = ["trap '' TERM INT; sleep 600; sleep 600"] + commands
    if ends_by_command:
        commands = commands + [f"""printf '%s' '{words}' > "$FACTORY_RESULT" """, "echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT"]
    return commands, words


def step(text, turns, tools, sleeps):
    """What comes next: a command or the last words, by the number of commands that were run."""
    role = re.search(r"# (Planner|Plan reviewer|Implementer|Code reviewer) of pull request", text)
    is_mini = any(tool[0] == "bash" for tool in tools) and "COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT" in text
    commands, words = script(role.group(1).lower() if role else "", is_mini, sleeps)
    return (commands[turns], None) if turns < len(commands) else (None, words)


def shell(tools):
    """The shell among the tools, with the name of its parameter."""
    for name, parameters in tools:
        if name in ("exec_command", "shell_command", "Shell", "bash", "terminal"):
            return name, "cmd" if "cmd" in parameters.get("properties", {}) else "command"
    return (tools[0][0] if tools else "bash"), "command"


USAGE = {"prompt_tokens": 1234, "completion_tokens": 56, "total_tokens": 1290, "prompt_tokens_details": {"cached_tokens": 1000}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.answer(200, b"", "text/plain")

    def do_GET(self):
        models = {"object": "list", "data": [{"id": "scripted", "object": "model", "created": 0, "owned_by": "test"}]}
        self.answer(200, json.dumps(models).encode())

    def do_POST(self):
        body = self.body()
        number = self.server.count()
        condition = self.server.condition(number)
        with open(self.server.folder / "requests", "a") as log:
            log.write(f"{number} {self.path} {condition}\n")
        if condition == "never":
            time.sleep(3600)
        elif condition == "html":
            self.answer(200, b"<html><body>Welcome</body></html>", "text/html")
        elif condition in ("well", "sleep"):
            self.play(json.loads(body or b"{}"), condition == "sleep")
        else:
            self.fail(condition)

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def fail(self, condition):
        kinds = {
            "401": (401, "authentication_error", "invalid_api_key", "Incorrect API key provided."),
            "429": (429, "rate_limit_error", "rate_limit_exceeded", "Rate limit reached."),
            "quota": (429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota."),
            "unknown-model": (404, "invalid_request_error", "model_not_found", "The model `scripted` does not exist."),
        }
        usual = (int(condition) if condition.isdigit() else 500, "server_error", None, "The server had an error.")
        status, kind, code, message = kinds.get(condition, usual)
        error = {"error": {"message": message, "type": kind, "param": None, "code": code}}
        headers = {"Retry-After": "1"} if status == 429 else {}
        self.answer(status, json.dumps(error).encode(), headers=headers)

    def play(self, request, sleeps):
        if self.path.endswith("/responses"):
            self.play_responses(request, sleeps)
        else:
            self.play_chat(request, sleeps)

    def play_responses(self, request, sleeps):
        items = request.get("input") or []
        turns = sum(item.get("type") in ("function_call", "custom_tool_call") for item in items if isinstance(item, dict))
        tools = [(t["name"], t.get("parameters") or {}) for t in request.get("tools") or [] if t.get("type") == "function"]
        command, words = step(json.dumps(items), turns, tools, sleeps)
        if command is None:
            content = [{"type": "output_text", "text": words, "annotations": []}]
            item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": content}
        else:
            name, parameter = shell(tools)
            item = {"type": "function_call", "id": f"fc_{turns}", "call_id": f"call_{turns}", "name": name,
                    "arguments": json.dumps({parameter: command}), "status": "completed"}
        response = {"id": "resp_1", "object": "response", "created_at": 0, "model": "scripted", "status": "in_progress",
                    "output": [], "usage": None, "error": None}
        usage = {"input_tokens": 1234, "input_tokens_details": {"cached_tokens": 1000}, "output_tokens": 56,
                 "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 1290}
        done = dict(response, status="completed", output=[item], usage=usage)
        events = [("response.created", {"response": response}), ("response.output_item.added", {"output_index": 0, "item": item})]
        if command is None:
            events.append(("response.output_text.delta",
                           {"item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": words}))
        events += [("response.output_item.done", {"output_index": 0, "item": item}), ("response.completed", {"response": done})]
        self.stream("".join(f"event: {name}\ndata: {json.dumps(dict(data, type=name))}\n\n" for name, data in events))

    def play_chat(self, request, sleeps):
        messages = request.get("messages") or []
        turns = sum(bool(message.get("tool_calls")) for message in messages)
        tools = [(t["function"]["name"], t["function"].get("parameters") or {}) for t in request.get("tools") or []]
        command, words = step(json.dumps(messages), turns, tools, sleeps)
        if command is None:
            message, reason = {"role": "assistant", "content": words}, "stop"
        else:
            name, parameter = shell(tools)
            call = {"id": f"call_{turns}", "type": "function",
                    "function": {"name": name, "arguments": json.dumps({parameter: command})}}
            message, reason = {"role": "assistant", "content": "Running a step.", "tool_calls": [call]}, "tool_calls"
        base = {"id": "chatcmpl-1", "created": 0, "model": "scripted"}
        if not request.get("stream"):
            choice = {"index": 0, "finish_reason": reason, "logprobs": None, "message": message}
            whole = dict(base, object="chat.completion", choices=[choice], usage=USAGE)
            return self.answer(200, json.dumps(whole).encode())
        deltas = [{"role": "assistant", "content": ""}, {"content": message["content"]}]
        deltas += [{"tool_calls": [dict(call, index=0) for call in message.get("tool_calls", [])]}] if command else []
        chunks = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
        chunks += [{"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}, {"choices": [], "usage": USAGE}]
        lines = [f"data: {json.dumps(dict(base, object='chat.completion.chunk', **chunk))}\n\n" for chunk in chunks]
        self.stream("".join(lines) + "data: [DONE]\n\n")

    def stream(self, text):
        self.answer(200, text.encode(), "text/event-stream")

    def answer(self, status, body, kind="application/json", headers=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.lock = threading.Lock()
        self.requests = 0

    def count(self):
        with self.lock:
            self.requests += 1
            return self.requests

    def condition(self, number):
        try:
            words = (self.folder / "condition").read_text().split()
        except FileNotFoundError:
            return "well"
        if len(words) == 4 and words[1] == "then":
            return words[0] if number <= int(words[3]) else words[2]
        return words[0] if words else "well"

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            with open(self.folder / "errors", "a") as log:
                log.write(traceback.format_exc())


def main():
    folder = pathlib.Path(sys.argv[1])
    server = Server(folder)
    draft = folder / "port.new"
    draft.write_text(str(server.server_address[1]))
    draft.rename(folder / "port")
    server.serve_forever()


if __name__ == "__main__":
    main()
