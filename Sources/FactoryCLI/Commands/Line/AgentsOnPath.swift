import FactoryAgents
import FactoryConfig
import FactoryCore
import FactoryFiles

/// Looks for known agent programs, as far as that can be done without starting them.
struct AgentsOnPath {
    let environment: [String: String]

    /// What a new factory could work with.
    func proposal() throws -> AgentProposal {
        AgentProposal.choose(among: try AgentsFile.shipped().profiles) { name, profile in
            guard Programs.find(profile.program, path: environment["PATH"]) != nil else { return nil }
            let key = profile.keys.first { environment[$0]?.isEmpty == false }
            return AgentProposal.Agent(profile: name, hasLogin: hasLogin(profile), key: key)
        }
    }

    /// The profiles whose programs stand in `PATH`.
    func found(_ profiles: [String: AgentProfile]) -> [String] {
        profiles.keys.sorted().filter { name in
            profiles[name].map { Programs.find($0.program, path: environment["PATH"]) != nil } ?? false
        }
    }

    /// Whether the first of its login files, the one it cannot do without, is there. Nothing says that it is still good.
    func hasLogin(_ profile: AgentProfile) -> Bool {
        profile.login.first.flatMap { LoginFiles.path($0.from, home: environment["HOME"]) }.map(Files.exists) ?? false
    }
}
