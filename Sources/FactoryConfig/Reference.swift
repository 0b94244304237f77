import FactoryCore

/// The reference of `.factory/config.yml`: manual, example, and what the tests hold the decoder against.
package enum ConfigReference {
    /// A configuration with every key there is. Values are the defaults, unless the comment calls them an example.
    package static let text = #"""
        # .factory/config.yml, every key. It is read from the main branch: no pull request changes the rules it is judged by.
        # Needed are `agents` and `checks`. A key that is not listed here is an error, but for keys that start with `x-`.
        #
        # Durations: 45s, 20m, 2h, or seconds such as 90; up to 24h. Patterns: * and ? within one name, ** across
        # directories; a pattern without a slash matches the name in any directory, one that ends in / all below it.

        # The version of this format.
        version: 1

        # Pull requests that are worked on at once, 1 to 64.
        concurrency: 1

        # Check runs at once, over all pull requests, 1 to 64. Example; without it, as many as `concurrency`. Lower where
        # the checks share what there is once: all cores, a port, a database.
        check-slots: 1

        # Who works the stages. Roles: planner, plan-reviewer, implementer, code-reviewer; `default` fills the others.
        # A role is a command of your own or the profile of a known program: codex, claude, gemini, kimi, mini, vibe,
        # openhands, aider, qwen, opencode, goose, copilot, amp, cursor, or one of your own in .factory/agents.yml.
        agents:
          default:
            # Example. A list, or a line that is split at its spaces, quotes honoured. No shell runs it. A file of the
            # repository is taken from the main branch.
            command: [sh, tools/agent.sh]
            # Names of variables that are passed on, none by default. Values do not belong in this file.
            env: [AGENT_API_KEY]
            # Hosts it may reach through the line's proxy, beside those of its profile; none by default.
            hosts: [api.example.com]
          planner: &profiled
            # Example. The profile of a known program, and the model it is asked for; without a model, its own default.
            profile: codex
            model: gpt-5
            # Whether the program's own login files are laid out for it. Sessions use a login one after the other.
            login: false
          plan-reviewer: *profiled
          implementer: *profiled
          code-reviewer: *profiled

        # Commands that make a fresh lane ready, for `sh -c`, in this order; none by default.
        setup:
          - run: npm ci
            # Whether it may use the network: every host in the world, through the line's proxy.
            network: false

        # Ignored paths that a lane keeps between pull requests: caches. None by default.
        keep: [node_modules, .build]

        # Commands that must exit with 0 on the candidate. Without one the line does not start.
        checks:
          - name: test
            # A line for `sh -c`.
            run: make test
            timeout: 20m
            # Where it runs, from the root of the repository.
            dir: .
            # It runs when the change touches one of these.
            paths: ["**"]
            # Names of variables that are passed on.
            env: []
            # Patterns of files that are kept with its log.
            artifacts: []

        # Checks that run and do not count for a while, through their last day, UTC. Each needs a reason; one check must be
        # left. None by default.
        quarantine:
          # Example.
          - check: e2e
            until: 2026-12-24
            reason: times out at night, being mended

        # What bounds a stage and a change. A larger change parks.
        limits:
          # Wall time of one stage.
          stage: 45m
          # Time without any progress after which a stage counts as stalled: nothing printed and nothing changed.
          idle: 10m
          # Added and removed lines, 1 to 1000000.
          diff-lines: 2000
          # Files, 1 to 100000.
          diff-files: 60

        # How often a stage may send a pull request back before a person is asked, 0 to 100.
        retries:
          plan-review: 2
          implementation-ci: 2
          code-review: 2
          merge: 2
          # Fresh sessions after failed ones, in any stage.
          stage: 2

        # Caps on the money, tokens and minutes of agents. A level that is left out has its default; one that is written is
        # as written, so {} is no cap. No tokens are capped by default; the figures for tokens here are examples, and so
        # are the minutes of a session. See docs/budget.md.
        budget:
          # All pull requests of a night. Spent: no more agents are started, and `run` ends with 3. Default: 50 USD, 600
          # minutes. A night lasts until the window under `night` starts again, without one for 24 hours.
          night: { usd: 50, tokens: 20000000, minutes: 600 }
          # One pull request, all its sessions. Spent: it parks. Default: 25 USD, 240 minutes.
          spec: { usd: 25, tokens: 12000000, minutes: 240 }
          # One session. Beyond it: the session has failed. Default: 10 USD.
          stage: { usd: 10, tokens: 4000000, minutes: 45 }

        # When the line stops on its own and waits for `factory start`. See docs/stopping.md.
        stop:
          # Pull requests that it parks in a row, questions and approvals aside, while none lands; 0 is never.
          parks: 5

        # When `run --watch` may take on new work, local time; it may span midnight. Example; without it, always.
        night:
          starts: "18:00"
          ends: "08:00"

        # Patterns of paths that no pull request may touch, beside the built-in ones. Example; none by default.
        protect: [infra/**]

        # What follows when a guard objects: park; warn (it lands, and the report names it); off. These are all rules and
        # their defaults. Those that always park may not be set otherwise. See docs/guards.md and `factory guards`.
        guards:
        \#(guards)

        # How far the line goes on its own: shadow (all but landing), gate (lands after `approve`), low-risk (lands
        # small changes, the others after `approve`), full (lands whatever passes). This version does not start with
        # low-risk. See docs/autonomy.md.
        autonomy: full

        # Where a person is asked, whatever the degree of autonomy. Examples; none by default.
        gates:
          # Before the implementer begins; the person reads the plan. Without kinds, for specs of every kind.
          - before: implementation
            kinds: [feature]
          # Before landing. Without paths, whatever the change touches.
          - before: merge
            paths: ["db/**"]

        # What a person's approval of a landing stands for: certificate (exactly the tree that was shown; when the main
        # branch moves, the person is asked again), change (the change that was shown, on a main branch that has moved
        # elsewhere, once it is tested there).
        approval: certificate

        # How agents, setup steps and checks are fenced in.
        sandbox:
          # auto and bubblewrap: a sandbox, and the line does not start without one. none: no sandbox at all.
          kind: auto
          # none, proxy (only named hosts, through the line's proxy), host (the machine's own network, itself included).
          network:
            agents: proxy
            checks: none
          # Hosts that agents and checks may reach through the proxy, beside those of each agent. None by default. A name is
          # reached at the ports 443 and 80, or at the one that stands behind it; "*.example.com" is all below it.
          hosts: []
          # Paths of the machine that are shown read-only, beside the system and the toolchains in PATH. None by default.
          read: []
          # What one session may take, all its processes together.
          limits:
            # Memory, 1M to 1048576G.
            memory: 8G
            # Processes and threads, 16 to 1000000.
            processes: 1024
            # The largest file.
            file: 4G
            # What it may add to the disk; never more than half of what is free.
            disk: 16G
            # Each of its private directories: home and /tmp, which are in memory.
            scratch: 1G

        # The remote that the main branch comes from. Example; without it, the main branch is this repository's own.
        upstream:
          remote: origin
          # Whether landed commits are pushed there.
          push: false

        # The repository on GitHub whose pull requests the line works. Example; without it, everything stays on this
        # machine. The main branch comes from there, so `upstream` is not used then. See docs/github.md.
        forge:
          github: owner/name
          # Where the API answers: https://HOST/api/v3 for an Enterprise Server. Where git clones from follows from it,
          # unless `git` says it.
          api: https://api.github.com
          git: https://github.com/owner/name.git
          # Who says whether a candidate is green: the line's own checks, those of the repository, or both.
          checks: line
          # Names of the repository's checks that must be green, beside those that the branch's rules require.
          required: []
          # How long is waited for them, 1s to 24h.
          wait: 60m
          # How a landing gets there: push, the very commit that was tested; or api, where nobody may push.
          landing: push
          # Whether logs of the record are pushed as well.
          artifacts: false
          # Time between two looks, 5s to 1h.
          poll: 60s

        # Reserved, without effect yet: hub, journal, notify, streams, commit.

        # Yours: whatever starts with x- is not looked at.
        x-note: anything
        """#

    /// A line for every rule, and the options of those that have some.
    private static var guards: String {
        Guards.rules.map { rule in
            var lines = ["\(rule.id): \(rule.level.rawValue)"]
            if rule.isFixed { lines = ["# Always parks.", lines[0]] }
            if rule.id == LargeFile().id {
                lines = [
                    "\(rule.id):", "  level: \(rule.level.rawValue)", "  # 1 to 1048576, or 64K, 1M.", "  bytes: 1M",
                ]
            } else if GuardSettings.rulesWithPaths.contains(rule.id) {
                lines = [
                    "\(rule.id):", "  level: \(rule.level.rawValue)",
                    "  # Patterns beside its own. Example; none by default.",
                    "  paths: [src/generated/**]",
                ]
            }
            return lines.map { "  \($0)" }.joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
