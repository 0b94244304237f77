import FactoryAgents
import FactoryConfig
import FactoryCore
import FactoryFiles
import FactoryForge

/// The texts that `init` writes, made for the repository that it finds.
struct FirstFiles {
    let checkout: Checkout
    /// The agent's command; empty: not known yet.
    let agent: [String]
    /// Known programs that stand in `PATH`, for when there is no command.
    var proposal = AgentProposal()

    func texts() async throws -> [(path: String, text: String)] {
        let listed = try await checkout.git.run(["-c", "core.quotePath=false", "ls-files"])
        let paths = listed.split(separator: "\n").map { RepoPath(String($0)) }
        let root = checkout.root
        let agents = agent.isEmpty ? proposal : AgentProposal()
        let checks = CheckProposal.propose(paths: paths) { path in
            try? Files.read(Paths.join(root, path.text), limit: 1 << 20)
        }
        let roles = Role.allCases.map { (".factory/roles/\($0.rawValue).md", DefaultPrompts.text(for: $0)) }
        return [(ConfigFile.path, ConfigTemplate.render(agentCommand: agent, agents: agents, proposal: checks))] + roles
            + [
                ("specs/README.md", Self.specs), ("docs/principles.md", Self.principles), ("AGENTS.md", Self.agents),
                ("CLAUDE.md", "@AGENTS.md\n"),
            ]
    }

    private static let specs = """
        # Specs

        One file a task, `NNNN-name.md`, in plain language: **Problem** (what hurts, for whom), **Reproduce** (how to see
        it), **Done** (a list of things that can be checked), **Context** (what to know, what to leave alone).
        Describe the result, not the recipe. If you cannot write the Done, it is a conversation, not a task.

        `factory spec new "Title"` starts one, `factory spec check` reads it back, `factory submit FILE` queues it.

        """

    private static let principles = """
        # Principles

        What every change to this project must respect. Reviewers judge plans and code by these sentences, so keep them
        few, short and checkable, and move what a test or a linter can hold into the checks.

        - Every change of behaviour comes with a test that fails without it.
        - The simplest thing that meets the Done wins; nothing is added that no spec asks for.
        - Errors say what happened, why, and what to do next.

        """

    private static let agents = """
        # For agents

        - Read `docs/principles.md` first; the decision records in `docs/decisions/` say why things are as they are.
        - A task is one spec in `specs/`; its plan stands beside it as `NNNN-name.plan.md`.
        - Run the checks of `.factory/config.yml` before you call anything done. Never weaken a test to get it green.
        - Leave `.factory/`, CI files, ownership files and agent instructions alone.

        """
}
