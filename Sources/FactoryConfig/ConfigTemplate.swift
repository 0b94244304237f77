import FactoryCore
import FactoryText

/// The configuration that `factory init` writes.
package enum ConfigTemplate {
    /// A valid `.factory/config.yml` with a comment for every key. What is optional is commented out and shows its
    /// default: taking away one `#` before a key sets it. An empty command leaves the agents for a person to name.
    package static func render(
        agentCommand: [String], agents found: AgentProposal = AgentProposal(), proposal: CheckProposal
    ) -> String {
        [head, agents(agentCommand, found), setup(proposal.setup), keep(proposal.keep), checks(proposal.checks), rest]
            .joined(separator: "\n")
    }

    private static let head = """
        # How this repository's factory works. It is read from the main branch: commit it, and change it like code.
        # Lines such as "#concurrency: 1" show a default; take away the # to set it.

        version: 1

        # Pull requests that are worked on at once.
        #concurrency: 1

        # Check runs at once, over all of these; fewer where checks share a port, a database, all cores. Without it: as many.
        # check-slots: 1

        """

    private static func agents(_ command: [String], _ found: AgentProposal) -> String {
        let comment = """
            # Who works the stages: a program and its arguments, without a shell, or the profile of a known program.
            # `default` fills planner, plan-reviewer, implementer and code-reviewer; each can be set on its own below it.

            """
        if let writer = found.writer { return comment + agents(writer, found.reviewer) }
        if command.isEmpty {
            return comment + """
                # None is named yet, and without one the line does not start; write, for example:
                # agents: { default: { command: [sh, tools/agent.sh] } }, or with a profile: { default: { profile: codex } }
                agents: {}

                """
        }
        return comment + """
            agents:
              default:
                command: \(YAML.list(command))
                # Names of variables that are passed on, never their values.
            #    env: []
                # Hosts it may reach, such as api.example.com. Without one it reaches nothing.
            #    hosts: []

            """
    }

    /// What stood in `PATH` when the file was written.
    private static func agents(_ writer: AgentProposal.Agent, _ reviewer: AgentProposal.Agent?) -> String {
        let lines = [("default", writer)] + (reviewer.map { [("plan-reviewer", $0), ("code-reviewer", $0)] } ?? [])
        let roles = lines.map { role, agent in "  \(role): \(agent.yaml)\n" }.joined()
        let advice =
            reviewer == nil ? "# A reviewer of another maker than the writer has other blind spots.\n" : ""
        return """
            # Found in PATH. `login: true` lays out the program's own login files; env: names variables that are passed on.
            \(advice)agents:
            \(roles)
            """
    }

    private static func setup(_ steps: [SetupStep]) -> String {
        let comment =
            "# Commands that make a fresh working directory ready. With network: true they reach the world.\n"
        if steps.isEmpty { return comment + "#setup: []\n" }
        let lines = steps.map { step in
            "  - { run: \(YAML.scalar(step.run))\(step.network ? ", network: true" : "") }\n"
        }
        return comment + "setup:\n" + lines.joined()
    }

    private static func keep(_ paths: [String]) -> String {
        let comment = "# Ignored paths that are kept between pull requests: caches.\n"
        return comment + (paths.isEmpty ? "#keep: []\n" : "keep: \(YAML.list(paths))\n")
    }

    private static func checks(_ checks: [Check]) -> String {
        let comment = """
            # Commands that must exit with 0 before a change lands. Each may also have timeout (20m), dir (.), paths (["**"]),
            # env ([]) and artifacts ([]).

            """
        if checks.isEmpty {
            return comment
                + "# None was found. Without one the line does not start; write, for example:\n"
                + "# checks: [{ name: test, run: make test }]\nchecks: []\n"
        }
        let lines = checks.map { "  - { name: \(YAML.scalar($0.name)), run: \(YAML.scalar($0.run)) }\n" }
        return comment + "checks:\n" + lines.joined()
    }

    private static let rest = """
        # Checks whose answer does not count until a day, such as { check: e2e, until: 2026-12-24, reason: flaky at night }.
        #quarantine: []

        # What bounds a stage (time) and a change (lines, files). idle: time without any progress.
        #limits: { stage: 45m, idle: 10m, diff-lines: 2000, diff-files: 60 }

        # How often each may send a pull request back before a person is asked; stage: fresh sessions after failed ones.
        #retries: { plan-review: 2, implementation-ci: 2, code-review: 2, merge: 2, stage: 2 }

        # Caps on what agents use in a night (all pull requests), a spec and a session: usd, tokens, minutes. A night whose
        # cap is spent starts no more agents, a spec parks, a session fails. {} is no cap; without this key, these hold.
        budget: { night: { usd: 50, minutes: 600 }, spec: { usd: 25, minutes: 240 }, stage: { usd: 10 } }

        # When the line stops on its own until `factory start`: so many pull requests parked in a row and none landed; 0: never.
        #stop: { parks: 5 }

        # When `factory run --watch` may take on new work, local time. Without it: always.
        # night: { starts: "18:00", ends: "08:00" }

        # Paths that no pull request may touch, beside the built-in ones, such as infra/**.
        #protect: []

        # What follows when a guard objects: park, warn or off, such as { watched-path: off }. `factory guards` lists them.
        #guards: {}

        # How far the line goes on its own: shadow (all but landing), gate (lands after `factory approve`), full. Where a
        # person is asked beside that: gates, such as { before: implementation } or { before: merge, paths: ["db/**"] }.
        #autonomy: full
        #gates: []
        # What `factory approve` stands for: certificate (the tree that was shown), change (also on a moved main branch).
        #approval: certificate

        # How agents, setup steps and checks are fenced in; see docs/sandbox.md of Factory. read: paths of tools that are
        # neither below /usr nor in PATH.
        #sandbox: { kind: auto, network: { agents: proxy, checks: none }, hosts: [], read: [] }

        # The remote that the main branch comes from, and whether landed commits are pushed there.
        # upstream: { remote: origin, push: false }

        # The repository on GitHub whose pull requests the line works; see docs/github.md of Factory. Without it everything
        # stays on this machine.
        # forge: { github: owner/name, checks: line, landing: push }

        """
}
