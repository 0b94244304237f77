extension ShippedProfiles {
    /// Those that are known from documents only: compare them with --help before you rely on them.
    static let documents = #"""
          # Claude Code. A reviewer gets neither editing tools nor a shell.
          claude:
            vendor: anthropic
            checked: { version: 2.1.240, by: documents }
            program: claude
            arguments: [-p, --output-format, stream-json, --verbose, "{mode}", --setting-sources, project, --strict-mcp-config,
              "{model}", "{schema}", "{extra}"]
            write: [--permission-mode, bypassPermissions]
            read-only: [--permission-mode, bypassPermissions, --disallowedTools, "Edit,Write,Bash"]
            fenced:
              write: [--permission-mode, bypassPermissions]
              read-only: [--permission-mode, bypassPermissions]
            model: [--model, "{model-name}"]
            schema: [--json-schema, "{schema-text}"]
            environment: { CLAUDE_CONFIG_DIR: "{state}", CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" }
            keys: [ANTHROPIC_API_KEY, CLAUDE_CODE_OAUTH_TOKEN]
            login: [{ from: ~/.claude/.credentials.json, to: "{state}/.credentials.json" }]
            hosts: [api.anthropic.com, console.anthropic.com]
            output: claude
            progress: ["{state}/projects"]

          gemini:
            vendor: google
            checked: { version: "source of 2026-08-21", by: documents }
            program: gemini
            arguments: ["{mode}", --output-format, stream-json, --skip-trust, "{model}", "{extra}"]
            write: [--approval-mode, yolo]
            read-only: [--approval-mode, plan]
            fenced: { write: [--approval-mode, yolo], read-only: [--approval-mode, yolo] }
            model: [-m, "{model-name}"]
            environment: { HOME: "{state}", GEMINI_CLI_TRUST_WORKSPACE: "true" }
            keys: [GEMINI_API_KEY]
            login:
              - { from: ~/.gemini/oauth_creds.json, to: "{state}/.gemini/oauth_creds.json" }
              - { from: ~/.gemini/settings.json, to: "{state}/.gemini/settings.json" }
            hosts: [generativelanguage.googleapis.com, cloudcode-pa.googleapis.com, oauth2.googleapis.com]
            output: gemini
            exits: { "41": authentication, "53": limit }

          qwen:
            vendor: alibaba
            checked: { version: "documents of 2026-08", by: documents }
            program: qwen
            arguments: ["{mode}", -o, stream-json, "{model}", "{extra}"]
            write: [--yolo]
            read-only: [--approval-mode, plan]
            fenced: { write: [--yolo], read-only: [--yolo] }
            model: [-m, "{model-name}"]
            environment: { HOME: "{state}" }
            keys: [OPENAI_API_KEY]
            login:
              - { from: ~/.qwen/oauth_creds.json, to: "{state}/.qwen/oauth_creds.json" }
              - { from: ~/.qwen/settings.json, to: "{state}/.qwen/settings.json" }
            hosts: [dashscope.aliyuncs.com, portal.qwen.ai, chat.qwen.ai]
            output: claude
        """#

    static let more = #"""
          # opencode. The model's name begins with its provider. What is not approved by --auto is refused.
          opencode:
            checked: { version: "source of 2026-08", by: documents }
            program: opencode
            arguments: [run, --format, json, "{mode}", "{model}", --dir, "{directory}", "{extra}"]
            write: [--auto]
            read-only: [--agent, plan]
            fenced: { write: [--auto], read-only: [--auto] }
            model: [-m, "{model-name}"]
            environment: { HOME: "{state}" }
            keys: [OPENAI_API_KEY, ANTHROPIC_API_KEY]
            login: [{ from: ~/.local/share/opencode/auth.json, to: "{state}/.local/share/opencode/auth.json" }]
            hosts: [models.dev, api.openai.com, api.anthropic.com]
            output: opencode
            progress: ["{state}/.local/share/opencode"]

          # goose. Its provider is configured by GOOSE_PROVIDER.
          goose:
            checked: { version: "documents of 2026-08", by: documents }
            program: goose
            arguments: [run, --no-session, -i, "{prompt-file}", --output-format, stream-json, -q, "{mode}", "{model}",
              "{extra}"]
            model: [--model, "{model-name}"]
            prompt: file
            environment: { HOME: "{state}", GOOSE_MODE: auto }
            keys: [OPENAI_API_KEY, ANTHROPIC_API_KEY]
            login:
              - { from: ~/.config/goose/config.yaml, to: "{state}/.config/goose/config.yaml" }
              - { from: ~/.config/goose/secrets.yaml, to: "{state}/.config/goose/secrets.yaml" }
            hosts: [api.openai.com, api.anthropic.com]
            output: goose

          # GitHub Copilot. The shape of its JSON is not documented, so its text is read.
          copilot:
            vendor: github
            checked: { version: "documents of 2026-08", by: documents }
            program: copilot
            arguments: [-p, "{prompt}", "{mode}", --no-ask-user, --output-format, json, --no-auto-update, "{model}", "{extra}"]
            write: [--allow-all-tools]
            read-only: [--mode, plan]
            fenced: { write: [--allow-all-tools], read-only: [--allow-all-tools] }
            model: [--model, "{model-name}"]
            prompt: argument
            environment: { COPILOT_HOME: "{state}" }
            keys: [COPILOT_GITHUB_TOKEN, GH_TOKEN, GITHUB_TOKEN]
            hosts: [api.github.com, api.githubcopilot.com]
            output: text

          # Amp. It has modes instead of models, and nothing holds a reviewer back but the comparison of the tree.
          amp:
            vendor: sourcegraph
            checked: { version: "third parties, 2026-08", by: documents }
            program: amp
            arguments: [-x, --stream-json, "{mode}", "{extra}"]
            write: [--dangerously-allow-all]
            fenced: { write: [--dangerously-allow-all], read-only: [--dangerously-allow-all] }
            keys: [AMP_API_KEY]
            hosts: [ampcode.com]
            output: claude

          # Cursor. Without --force edits are only proposed.
          cursor:
            vendor: cursor
            checked: { version: "documents of 2026-08", by: documents }
            program: cursor-agent
            arguments: [-p, "{mode}", --output-format, stream-json, "{model}", "{extra}"]
            write: [--force]
            read-only: [--mode, plan]
            fenced: { write: [--force], read-only: [--force] }
            model: [--model, "{model-name}"]
            keys: [CURSOR_API_KEY]
            hosts: [api2.cursor.sh]
            output: claude
        """#
}
