#!/usr/bin/env python3
"""Plays an agent program as its documents describe it: takes exactly its documented flags, and prints its shapes.

    stub.py NAME ARGUMENTS...

It reads the prompt through the program's own channel, does the work that FACTORY_ROLE asks for, and gives its result in
its own output only, never in FACTORY_RESULT. A flag that is not documented, a prompt that did not arrive, or a mode that
does not fit the role ends it with 64. STUB_SAYS names a file with a line for each start. The file that STUB_MODE names, if
there is one, can make a start of codex go otherwise: `ROLE partial` (a verdict that answers nothing, once), `ROLE fail WORDS`
(its work, then a turn that failed with these words, each time).
"""

import json
import os
import pathlib
import sys

ROLE = os.environ["FACTORY_ROLE"]
REVIEWS = ROLE.endswith("reviewer")

# Flags with a value, flags without one. From the documents, not from the profiles.
FLAGS = {
    "codex": ("-s -c -C -m -o -i -p --output-schema --add-dir --sandbox --model --cd --config --output-last-message",
              "--json --ignore-user-config --skip-git-repo-check --ephemeral --strict-config --ignore-rules "
              "--dangerously-bypass-approvals-and-sandbox"),
    "mini": ("-m -t -c -l -o --model --task --config --output --cost-limit --model-class", "-y --exit-immediately"),
    "kimi": ("--output-format --input-format -m --config --config-file --work-dir --add-dir -p --agent-file --mcp-config-file "
             "--max-steps-per-turn --max-retries-per-step", "--print --final-message-only --quiet"),
    "vibe": ("--prompt-file --prompt --output --output-dir --agent --enabled-tools --disabled-tools --max-turns --max-price "
             "--max-tokens --time-limit", "--auto-approve --yolo --trust"),
    "openhands": ("-f -t --resume", "--headless --json --override-with-envs --yolo --always-approve --exit-without-confirmation"),
    "aider": ("--message-file --message --input-history-file --chat-history-file --llm-history-file --model --map-tokens "
              "--chat-mode --edit-format --openai-api-base --timeout",
              "--yes-always --no-auto-commits --no-check-update --no-show-release-notes --no-show-model-warnings "
              "--analytics-disable --no-pretty --no-stream --no-fancy-input --no-gitignore --no-suggest-shell-commands "
              "--no-detect-urls --dry-run"),
    "claude": ("--output-format --permission-mode --setting-sources --max-turns --max-budget-usd --allowedTools "
               "--disallowedTools --tools --model --fallback-model --json-schema --mcp-config --input-format",
               "-p --verbose --strict-mcp-config --bare --no-session-persistence"),
    "gemini": ("--approval-mode --output-format -m -p --session-id --resume", "--skip-trust --sandbox --acp"),
    "qwen": ("-o -m -p --max-session-turns --approval-mode --resume", "--yolo --sandbox"),
    "opencode": ("--format -m --dir -f --variant --session --agent", "--auto --continue --fork --thinking"),
    "goose": ("-i -t --output-format --max-turns --provider --model -n", "--no-session -q"),
    "copilot": ("-p --output-format --model --session-id --mode --deny-tool --available-tools --max-ai-credits "
                "--max-autopilot-continues", "--allow-all-tools --no-ask-user --no-auto-update --plan --no-custom-instructions"),
    "amp": ("--mode --settings-file", "-x --stream-json --stream-json-input --dangerously-allow-all"),
    "cursor-agent": ("--output-format --model --mode --resume", "-p --force"),
}
COMMANDS = {"codex": "exec", "opencode": "run", "goose": "run"}
# How a reviewer is held back, where the documents say how.
HELD = {"codex": ("-s", "read-only"), "claude": ("--disallowedTools", "Edit,Write,Bash"), "gemini": ("--approval-mode", "plan"),
        "qwen": ("--approval-mode", "plan"), "opencode": ("--agent", "plan"), "copilot": ("--mode", "plan"),
        "cursor-agent": ("--mode", "plan"), "vibe": ("--agent", "ask"), "kimi": ("--agent-file", None), "aider": ("--dry-run", None)}


def refuse(why):
    print(f"stub: {why}", file=sys.stderr)
    sys.exit(64)


def parse(name, words):
    """The flags with their values, and what is none."""
    valued, plain = (set(part.split()) for part in FLAGS[name])
    flags, rest = {}, []
    words = list(words)
    while words:
        word = words.pop(0)
        if word in valued:
            if not words:
                refuse(f"{word} needs a value")
            flags.setdefault(word, []).append(words.pop(0))
        elif word in plain:
            flags[word] = [""]
        elif word.startswith("-") and word != "-":
            refuse(f"there is no {word}")
        else:
            rest.append(word)
    return flags, rest


def prompt(name, flags, rest):
    def file(flag):
        return pathlib.Path(flags[flag][0]).read_text()

    if name == "vibe":
        return file("--prompt-file")
    if name == "aider":
        return file("--message-file")
    if name == "openhands":
        return file("-f")
    if name == "goose":
        return file("-i")
    if name == "mini":
        return json.loads(pathlib.Path(flags["-c"][1]).read_text())["run"]["task"]
    if name == "copilot":
        return flags["-p"][0]
    if name == "codex" and rest != ["-"]:
        refuse("codex reads standard input only with -")
    if name != "codex" and rest:
        refuse(f"{rest} is no flag")
    return sys.stdin.read()


def mode():
    """How this start is to go otherwise, and why."""
    path = pathlib.Path(os.environ.get("STUB_MODE", "/nowhere"))
    role, what, *words = (path.read_text().split(maxsplit=2) if path.exists() else []) + ["", ""]
    if role != ROLE:
        return "", ""
    if what == "partial":
        path.unlink()
    return what, words[0]


def work(is_partial):
    """What the role asks for; gives the last words."""
    if REVIEWS:
        criteria = [] if is_partial else [{"id": "D1", "met": True, "evidence": "seen"}]
        return json.dumps({"decision": "APPROVE", "summary": "good", "findings": [], "criteria": criteria})
    path = pathlib.Path(os.environ["FACTORY_PLAN"] if ROLE == "planner" else "lib/1.txt")
    path.parent.mkdir(exist_ok=True)
    path.write_text("1. Write lib/1.txt (D1).\n" if ROLE == "planner" else "done\n")
    return json.dumps({"status": "done", "summary": "played", "question": None})


def lines(*objects):
    for value in objects:
        print(json.dumps(value), flush=True)


def claude(words, usage=True):
    counted = {"total_cost_usd": 0.25, "usage": {"input_tokens": 10, "output_tokens": 5}} if usage else {}
    lines({"type": "system", "subtype": "init", "session_id": "s"},
          {"type": "assistant", "message": {"content": [{"type": "text", "text": "Working."}]}},
          {"type": "result", "subtype": "success", "is_error": False, "result": "Done.\n\n```json\n" + words + "\n```",
           "session_id": "s", **counted})


def speak(name, flags, words):
    if name == "codex":
        lines({"type": "thread.started", "thread_id": "t"}, {"type": "turn.started"},
              {"type": "item.completed", "item": {"id": "i", "type": "agent_message", "text": words}},
              {"type": "turn.completed", "usage": {"input_tokens": 10, "output_tokens": 5}})
    elif name in ("claude", "qwen", "amp", "cursor-agent"):
        claude(words, usage=name != "cursor-agent")
    elif name == "gemini":
        lines({"type": "init", "session_id": "s", "model": "m"}, {"type": "message", "role": "user", "content": "x"},
              {"type": "message", "role": "assistant", "content": words[:9], "delta": True},
              {"type": "message", "role": "assistant", "content": words[9:], "delta": True},
              {"type": "result", "status": "success", "stats": {"input_tokens": 10, "output_tokens": 5}})
    elif name == "opencode":
        lines({"type": "step_start", "sessionID": "s", "part": {}}, {"type": "text", "part": {"text": words}},
              {"type": "step_finish", "part": {"reason": "stop", "cost": 0.25, "tokens": {
                  "input": 10, "output": 5, "reasoning": 0, "cache": {"read": 0, "write": 0}}}})
    elif name == "goose":
        lines({"type": "message", "message": {"role": "assistant", "content": [{"type": "text", "text": words}]}},
              {"type": "complete", "total_tokens": 15, "input_tokens": 10, "output_tokens": 5, "cost_usd": 0.25})
    elif name == "kimi":
        lines({"role": "assistant", "content": "Running.", "tool_calls": []}, {"role": "tool", "content": "x", "tool_call_id": "c"},
              {"role": "assistant", "content": [{"type": "think", "think": "hm"}, {"type": "text", "text": words}]})
        wire = pathlib.Path(os.environ["KIMI_SHARE_DIR"], "sessions", "hash", "id", "wire.jsonl")
        used = {"input_other": 4, "output": 5, "input_cache_read": 6, "input_cache_creation": 0}
        write(wire, {"message": {"type": "StatusUpdate", "payload": {"token_usage": used}}})
    elif name == "openhands":
        print("OpenHands 1.16.0\n")
        lines({"kind": "MessageEvent", "source": "user", "llm_message": {"content": [{"type": "text", "text": "x"}]}},
              {"kind": "ActionEvent", "tool_name": "finish", "action": {"kind": "FinishAction", "message": words}})
        state = pathlib.Path(os.environ["HOME"], ".openhands", "conversations", "abc", "base_state.json")
        used = {"prompt_tokens": 10, "completion_tokens": 5}
        write(state, {"stats": {"usage_to_metrics": {"agent": {"accumulated_cost": 0.25, "accumulated_token_usage": used}}}})
    elif name == "vibe":
        lines({"type": "message", "role": "assistant", "content": [{"type": "text", "text": words}]})
        write(pathlib.Path(flags["--output-dir"][0], "export.json"),
              {"outcome": "finished", "error": None, "usage": {"input_tokens": 10, "output_tokens": 5}, "cost_usd": 0.25})
    elif name == "mini":
        print("mini-swe-agent (step 1, $0.00):\nquota, 429 and 401 are what I work on")
        message = {"role": "assistant", "extra": {"cost": 0.25, "response": {"usage": {"prompt_tokens": 10, "completion_tokens": 5}}}}
        write(pathlib.Path(flags["-o"][0]), {"info": {"exit_status": "Submitted", "submission": words}, "messages": [message]})
    else:
        print("Tokens: 1.2k sent, 56 received.\n\n```json\n" + words + "\n```")


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value) + "\n")


def main():
    name, words = sys.argv[1], sys.argv[2:]
    if name in COMMANDS:
        if not words or words.pop(0) != COMMANDS[name]:
            refuse(f"the command {COMMANDS[name]} is missing")
    flags, rest = parse(name, words)
    if "of pull request #" not in prompt(name, flags, rest):
        refuse("the prompt has not arrived")
    if name in HELD:
        flag, value = HELD[name]
        held = flag in flags and (value is None or flags[flag] == [value])
        if held != REVIEWS:
            refuse(f"a {ROLE} and {flag} {value or ''}")
    with open(os.environ["STUB_SAYS"], "a") as log:
        log.write(f"{name} {ROLE}\n")
    what, why = mode()
    words = work(what == "partial")
    if what == "fail":
        lines({"type": "turn.failed", "error": {"message": why.strip()}})
        sys.exit(1)
    speak(name, flags, words)


if __name__ == "__main__":
    main()
