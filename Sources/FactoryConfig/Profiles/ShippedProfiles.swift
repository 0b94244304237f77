/// The profiles of agent programs that come with the line, in the form in which a project writes its own: manual,
/// example and data in one.
package enum ShippedProfiles {
    /// All of them.
    package static let text = [manual, run, documents, more].joined(separator: "\n")

    static let manual = #"""
        # Profiles of agent programs. A project adds its own, or changes these, in .factory/agents.yml, which has the same form
        # and is read from the main branch. A key that is there replaces the shipped one, mappings are merged; so an own file
        # is short. A key that is not known is an error.
        #
        # version: 1
        # profiles:
        #   codex:                          # changes the shipped one
        #     prices: { input: 1.25, output: 10 }
        #   mine:                           # a new one
        #     like: codex                   # starts from another, shipped or above this one
        #     extra: [-c, model_provider=mine]
        #
        # The keys of a profile:
        #
        #   like          the profile to start from
        #   vendor        who makes the models it usually talks to; a reviewer is best of another vendor than the writer
        #   checked       { version, by }: what the profile was written for; by run (it was run) or documents (only read)
        #   program       a name in PATH, or an absolute path
        #   arguments     its arguments. As whole arguments {mode}, {model}, {schema} and {extra} stand for the lists below
        #   write         {mode} of a writer
        #   read-only     {mode} of a reviewer, for programs that can hold themselves back. The tree is compared in any case
        #   fenced        { write, read-only }: {mode} inside the line's own sandbox, with the program's own switched off
        #   model         {model}, when the configuration names a model: {model-name}
        #   schema        {schema}: how it is given the JSON schema of the result; without it, it takes none
        #   extra         {extra}: further arguments of yours
        #   version       the arguments that print its version, for doctor; [--version] by default
        #   prompt        stdin (default), file ({prompt-file}), argument ({prompt}, at most 128 KiB)
        #   environment   variables and their values. One that comes out empty is not set
        #   keys          variables that can hold its key: doctor looks for them. To pass one on, name it under env: in
        #                 config.yml
        #   files         texts that are laid out before the start, by path below {state}
        #   login         [{ from, to }]: its login files, copied there and back when config.yml says login: true
        #   hosts         the hosts it talks to
        #   output        how its output is read: codex, claude, gemini, opencode, goose, messages (OpenAI-style, a line each),
        #                 openhands, mini, vibe, text (default)
        #   report        a file that says how it went or what it used; a component may be *
        #   notices       a pattern: the lines of standard output, beside JSON, that are its own words and not the model's.
        #                 Without it all of them where the output is JSON, none where it is text
        #   log           { path, lines }: a log file, and the pattern of its lines that speak of the provider
        #   exits         exit codes that say what is wrong: quota, rate-limit, authentication, model-unknown,
        #                 context-overflow, refusal, limit (of the program's own), provider-down
        #   fails-with-zero   whether it exits with 0 after errors of the provider; its own words decide then
        #   errors        patterns of its diagnostics by the same names, tried before the usual ones
        #   progress      files and directories whose change shows that it works, beside the lane's
        #   grace         time between SIGTERM and SIGKILL; 5s by default. Whatever it started is ended with it
        #   prices        { input, output }: USD per million tokens, for a program that tells no cost
        #
        # Placeholders in texts: {prompt}, {prompt-file}, {prompt-json}, {model-name}, {directory} (the lane), {result-file}
        # (FACTORY_RESULT) and its directory {out}, {schema-file}, {schema-text}, and two directories of the session's own that
        # are empty at its start and removed at its end: {state} and {tmp}.

        version: 1
        profiles:
        """#

    /// Those that were run.
    static let run = #"""
          # OpenAI Codex. As a Python package (openai-codex-cli-bin) it lies at codex_cli_bin/bin/codex and is not in PATH:
          # name it by its path then. CODEX_HOME must not lie below TMPDIR, or every command fails silently.
          codex:
            vendor: openai
            checked: { version: 0.163.0, by: run }
            program: codex
            arguments: [exec, --json, "{mode}", -c, approval_policy=never, -c, check_for_update_on_startup=false,
              --ignore-user-config, --skip-git-repo-check, -C, "{directory}", "{model}", "{schema}", "{extra}", "-"]
            write: [-s, workspace-write, --add-dir, "{out}"]
            read-only: [-s, read-only]
            fenced:
              write: [--dangerously-bypass-approvals-and-sandbox]
              read-only: [--dangerously-bypass-approvals-and-sandbox]
            model: [-m, "{model-name}"]
            schema: [--output-schema, "{schema-file}"]
            environment: { CODEX_HOME: "{state}", TMPDIR: "{tmp}" }
            keys: [CODEX_API_KEY]
            login: [{ from: ~/.codex/auth.json, to: "{state}/auth.json" }]
            hosts: [api.openai.com, chatgpt.com, auth.openai.com]
            output: codex
            progress: ["{state}/sessions"]

          # mini-swe-agent, with the package mcp beside it. The model's name begins with its provider: openai/gpt-5. The odd
          # path is its own mini.yaml: by its plain name a file of the repository would be taken instead.
          mini:
            checked: { version: 2.4.6, by: run }
            program: mini
            arguments: [-c, ../config/mini.yaml, -c, "{state}/task.yaml", -y, --exit-immediately, -l, "0", "{mode}", "{model}",
              -o, "{state}/traj.json", "{extra}"]
            model: [-m, "{model-name}"]
            version: [--help]
            prompt: file
            files:
              "{state}/task.yaml": '{"run": {"task": {prompt-json}}}'
            environment:
              MSWEA_CONFIGURED: "true"
              MSWEA_COST_TRACKING: ignore_errors
              MSWEA_SILENT_STARTUP: "1"
              MSWEA_GLOBAL_CONFIG_DIR: "{state}"
              LITELLM_LOCAL_MODEL_COST_MAP: "True"
              LITELLM_MODE: PRODUCTION
              PYTHONUNBUFFERED: "1"
            keys: [OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY, OPENROUTER_API_KEY]
            login: [{ from: ~/.config/mini-swe-agent/.env, to: "{state}/.env" }]
            hosts: [api.openai.com, api.anthropic.com]
            output: mini
            report: "{state}/traj.json"
            progress: ["{state}/traj.json"]

          # Kimi CLI 1.51.0; 1.52.0 only says that it is no longer maintained. It needs Python 3.12. Print mode approves every
          # tool, so a reviewer gets fewer tools instead.
          kimi:
            vendor: moonshot
            checked: { version: 1.51.0, by: run }
            program: kimi
            arguments: [--print, --output-format, stream-json, "{mode}", "{model}", "{extra}"]
            read-only: [--agent-file, "{state}/reader.yaml"]
            fenced: { write: [], read-only: [] }
            model: [-m, "{model-name}"]
            files:
              "{state}/reader.yaml": |
                version: 1
                agent:
                  extend: default
                  tools: ["kimi_cli.tools.file:ReadFile", "kimi_cli.tools.file:Glob", "kimi_cli.tools.file:Grep"]
            environment: { KIMI_SHARE_DIR: "{state}", KIMI_CLI_NO_AUTO_UPDATE: "1", PYTHONUNBUFFERED: "1" }
            keys: [KIMI_API_KEY]
            login:
              - { from: ~/.kimi/config.toml, to: "{state}/config.toml" }
              - { from: ~/.kimi/credentials/kimi-code.json, to: "{state}/credentials/kimi-code.json" }
            hosts: [api.kimi.com, api.moonshot.ai, api.moonshot.cn, auth.kimi.com]
            output: messages
            report: "{state}/sessions/*/*/wire.jsonl"
            exits: { "75": provider-down }
            errors: { limit: "Max number of steps reached" }
            progress: ["{state}/sessions"]

          # Mistral Vibe. The model is that of its configuration.
          vibe:
            vendor: mistral
            checked: { version: 3.0.2, by: run }
            program: vibe
            arguments: [--prompt-file, "{prompt-file}", --output, streaming, --trust, --output-dir, "{state}/run", "{mode}",
              "{extra}"]
            write: [--auto-approve]
            read-only: [--agent, ask]
            fenced: { write: [--auto-approve], read-only: [--auto-approve] }
            prompt: file
            environment: { VIBE_HOME: "{state}" }
            keys: [MISTRAL_API_KEY]
            login:
              - { from: ~/.vibe/config.toml, to: "{state}/config.toml" }
              - { from: ~/.vibe/.env, to: "{state}/.env" }
            hosts: [api.mistral.ai]
            output: vibe
            report: "{state}/run/export.json"
            log: { path: "{state}/logs/vibe.log", lines: "Retrying model completion" }
            exits: { "2": provider-down }

          # OpenHands. The model's name begins with its provider. Its commands run under a tmux server, which TMUX_TMPDIR keeps
          # apart from others; it is ended with the session.
          openhands:
            checked: { version: 1.16.0, by: run }
            program: openhands
            arguments: [--headless, --json, --override-with-envs, --yolo, --exit-without-confirmation, -f, "{prompt-file}",
              "{mode}", "{extra}"]
            prompt: file
            environment:
              HOME: "{state}"
              TMUX_TMPDIR: "{tmp}"
              LLM_MODEL: "{model-name}"
              OPENHANDS_WORK_DIR: "{directory}"
              OPENHANDS_SUPPRESS_BANNER: "1"
              LITELLM_LOCAL_MODEL_COST_MAP: "True"
              LITELLM_MODE: PRODUCTION
              PYTHONUNBUFFERED: "1"
            keys: [LLM_API_KEY]
            login: [{ from: ~/.openhands/agent_settings.json, to: "{state}/.openhands/agent_settings.json" }]
            hosts: [api.openai.com, api.anthropic.com]
            output: openhands
            report: "{state}/.openhands/conversations/*/base_state.json"
            progress: ["{state}/.openhands/conversations"]

          # aider. It exits with 0 whatever the provider says, and cannot write outside of the repository: its last words are
          # read as its result.
          aider:
            checked: { version: 0.86.2, by: run }
            program: aider
            arguments: [--message-file, "{prompt-file}", --yes-always, --no-auto-commits, --no-check-update,
              --no-show-release-notes, --no-show-model-warnings, --analytics-disable, --no-pretty, --no-stream,
              --no-fancy-input, --no-gitignore, --no-suggest-shell-commands, --no-detect-urls,
              --input-history-file, "{state}/input", --chat-history-file, "{state}/chat", --llm-history-file, "{state}/llm",
              "{mode}", "{model}", "{extra}"]
            read-only: [--dry-run, --chat-mode, ask]
            model: [--model, "{model-name}"]
            prompt: file
            environment: { HOME: "{state}", LITELLM_LOCAL_MODEL_COST_MAP: "True", LITELLM_MODE: PRODUCTION }
            keys: [OPENAI_API_KEY, ANTHROPIC_API_KEY]
            hosts: [api.openai.com, api.anthropic.com]
            output: text
            notices: '^(litellm\.|The API provider|Retrying in )'
            fails-with-zero: true
        """#
}
