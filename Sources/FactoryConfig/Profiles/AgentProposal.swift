package import FactoryCore
import FactoryText

/// Known programs that a new factory could work with.
package struct AgentProposal: Hashable, Sendable {
    /// One of them.
    package struct Agent: Hashable, Sendable {
        package var profile: String
        /// Whether its login files are there.
        package var hasLogin: Bool
        /// The variable with its key, if one is set.
        package var key: String?

        package init(profile: String, hasLogin: Bool, key: String? = nil) {
            self.profile = profile
            self.hasLogin = hasLogin
            self.key = key
        }

        /// Its setting, on one line.
        var yaml: String {
            let parts =
                ["profile: \(YAML.scalar(profile))"] + (hasLogin ? ["login: true"] : [])
                + (key.map { ["env: [\($0)]"] } ?? [])
            return "{ \(parts.joined(separator: ", ")) }"
        }
    }

    package var writer: Agent?
    /// One whose models come from somebody else than the writer's; nil when there is none.
    package var reviewer: Agent?

    package init() {}

    /// Programs whose names in `PATH` can be trusted to mean what we think, the best known first.
    private static let order = [
        "claude", "codex", "gemini", "kimi", "qwen", "vibe", "opencode", "cursor", "copilot", "openhands", "aider",
    ]

    /// Chooses among the profiles for which `find` finds a usable program.
    package static func choose(
        among profiles: [String: AgentProfile], find: (String, AgentProfile) -> Agent?
    ) -> AgentProposal {
        var proposal = AgentProposal()
        for name in order {
            guard let profile = profiles[name], let agent = find(name, profile) else { continue }
            guard let writer = proposal.writer else {
                proposal.writer = agent
                continue
            }
            let other = profiles[writer.profile]?.vendor
            if proposal.reviewer == nil, profile.vendor != nil, profile.vendor != other { proposal.reviewer = agent }
        }
        return proposal
    }
}
