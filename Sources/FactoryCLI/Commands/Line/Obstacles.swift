import FactoryCore
import FactoryFiles
import FactoryProcess
import FactoryText

/// Something that would stop every PR, and what to do about it.
struct Obstacle: Hashable, Sendable {
    let what: String
    let fix: String
    var isOfSandbox = false
}

/// What is said, by `run` and `doctor` alike, where the configuration has taken the sandbox away.
enum SandboxWarning {
    static let what =
        "THERE IS NO SANDBOX (`sandbox: { kind: none }`): agents, setup steps and checks run as you, and reach your files, "
        + "your keys and your network"
    static let fix =
        "remove `kind: none` from .factory/config.yml; or run the line as a user, or on a machine, that may lose what it "
        + "can reach"
}

/// Looks for what would stop every PR, so that it is said once, by `run` before it starts and by `doctor`.
struct Obstacles {
    let workplace: Workplace
    let floor: Floor

    /// The worst first; empty: the line can start. Throws when the hub cannot be read.
    func list() async throws -> [Obstacle] {
        var found: [Obstacle] = []
        if !floor.configuration.hasChecks {
            found.append(
                Obstacle(
                    what: "no check is configured, so nothing could ever be called green",
                    fix: "name at least one under `checks:` in .factory/config.yml, \(Self.publish)"))
        }
        for (setting, roles) in agents() { found += try await obstacle(setting, roles).map { [$0] } ?? [] }
        found += unsupported
        found += await sandbox().map { [$0] } ?? []
        do { _ = try await workplace.upstream() } catch let failure as CommandFailure {
            found.append(Obstacle(what: "the upstream cannot be used", fix: failure.description))
        }
        return found
    }

    private static let publish = "commit it and push it to the hub's main branch"

    /// Each agent with the roles that it fills, so that what ails all four is said once.
    private func agents() -> [(setting: AgentSetting?, roles: String)] {
        var groups: [(setting: AgentSetting?, roles: [String])] = []
        for role in Role.allCases {
            let setting = floor.configuration.agent(for: role)
            if let index = groups.firstIndex(where: { $0.setting == setting }) {
                groups[index].roles.append(role.rawValue)
            } else {
                groups.append((setting, [role.rawValue]))
            }
        }
        return groups.map { ($0.setting, $0.roles.joined(separator: ", ")) }
    }

    private func obstacle(_ setting: AgentSetting?, _ roles: String) async throws -> Obstacle? {
        let place = "in .factory/config.yml, \(Self.publish)"
        guard let setting else {
            return Obstacle(
                what: "no agent is configured (\(roles))", fix: "set `agents: { default: { command: … } }` \(place)")
        }
        if let name = setting.profile {
            guard let profile = floor.profiles[name] else { return unknown(name, roles, place) }
            return launch(profile.program, roles, [:])
        }
        guard let command = setting.command, let program = command.first else { return nil }
        let files: [String: String]
        do { files = try await workplace.floors.commandFiles(command, at: floor.commit) } catch let error as FloorError
        {
            return Obstacle(what: "an agent cannot be started (\(roles))", fix: "\(error)")
        }
        if let script = Self.script(of: command), !Self.isLaidOut(script, in: files) {
            return Obstacle(
                what: "the agent's script `\(script)` is not on the hub's main branch (\(roles))",
                fix: "run `git add \(script)`, \(Self.publish)")
        }
        return launch(program, roles, files)
    }

    private func unknown(_ name: String, _ roles: String, _ place: String) -> Obstacle {
        let known = floor.profiles.keys.sorted()
        let nearest = NearestName.suggest(name, among: known).map { "did you mean `\($0)`? " } ?? ""
        return Obstacle(
            what: "there is no profile `\(name)` (\(roles))",
            fix: "\(nearest)known are \(known.joined(separator: ", ")); one of your own goes into .factory/agents.yml. "
                + "Mend it \(place)")
    }

    private func launch(_ program: String, _ roles: String, _ files: [String: String]) -> Obstacle? {
        guard program.contains("/") else {
            let path = workplace.context.environment["PATH"]
            guard Programs.find(program, path: path) == nil else { return nil }
            return Obstacle(
                what: "the agent's program `\(program)` is not in PATH (\(roles))",
                fix: "install it, or name another one under `agents:` in .factory/config.yml")
        }
        if program.hasPrefix("/") {
            guard !Files.isProgram(program) else { return nil }
            return Obstacle(
                what: "the agent's program \(program) is not there, or may not be executed (\(roles))",
                fix: "install it, or name another one under `agents:` in .factory/config.yml")
        }
        guard let file = files[FloorCatalog.normalized(program)], !Files.isProgram(file) else { return nil }
        return Obstacle(
            what: "the agent's program \(program) is not executable on the hub's main branch (\(roles))",
            fix: "run `git update-index --chmod=+x \(FloorCatalog.normalized(program))`, \(Self.publish)")
    }

    /// The script that an interpreter is given as its first word; nil where the command is none of that kind.
    static func script(of command: [String]) -> String? {
        let interpreters = ["sh", "bash", "dash", "zsh", "python", "python3", "node", "ruby", "perl"]
        guard command.count > 1, interpreters.contains(Paths.name(of: command[0])) else { return nil }
        return command[1].hasPrefix("-") || command[1].hasPrefix("/") ? nil : command[1]
    }

    private static func isLaidOut(_ word: String, in files: [String: String]) -> Bool {
        files[FloorCatalog.normalized(word)] != nil
    }

    /// A sandbox that is asked for is made once, to see whether it can be. There is no going on without it.
    private func sandbox() async -> Obstacle? {
        guard floor.configuration.sandbox.kind != .none else { return nil }
        do throws(Sandbox.Trouble) {
            let tools = try Sandbox.tools(path: workplace.context.environment["PATH"])
            try await Sandbox.prove(tools, runner: workplace.runner)
            return nil
        } catch { return Obstacle(what: error.what, fix: error.fix, isOfSandbox: true) }
    }

    /// What the configuration asks for and this version cannot hold to. Ignoring it would be worse.
    private var unsupported: [Obstacle] {
        var found: [Obstacle] = []
        switch floor.configuration.autonomy {
        case .full, .gate, .shadow: break
        case .lowRisk:
            found.append(
                Obstacle(
                    what: "`autonomy: low-risk` is not supported by this version",
                    fix: "use gate, with `gates` for what a person must see, or full"))
        }
        return found
    }
}

/// Looks programs up as a shell would.
enum Programs {
    /// The path of a program in `PATH`; nil when it is not there.
    static func find(_ name: String, path: String?) -> String? {
        let directories = (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        return directories.map { "\($0)/\(name)" }.first { Files.isProgram($0) }
    }
}
