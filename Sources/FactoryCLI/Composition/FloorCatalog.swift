import FactoryAgents
import FactoryConfig
import FactoryCore
import FactoryFiles
import FactoryGit

/// Reads floors from the hub, each version once.
actor FloorCatalog: FloorReader {
    private let store: GitStore
    /// Where files that commands name are laid out.
    private let directory: String
    private var byCommit: [CommitID: Floor] = [:]
    private var byVersion: [String: Floor] = [:]

    /// On the store's own, which it calls all the time.
    nonisolated var unownedExecutor: UnownedSerialExecutor { store.executor.asUnownedSerialExecutor() }

    init(store: GitStore, directory: String) {
        self.store = store
        self.directory = directory
    }

    func floor(at commit: CommitID) async throws -> Floor {
        if let known = byCommit[commit] { return known }
        let tree = try await store.tree(of: commit)
        guard let version = try await store.floorVersion(in: tree) else { throw FloorError.noConfiguration }
        var floor = try await known(version, in: tree, at: commit)
        floor.commit = commit
        if byCommit.count > 64 { byCommit = [:] }
        byCommit[commit] = floor
        return floor
    }

    func fault(in tree: TreeID) async throws -> String? {
        do {
            guard let version = try await store.floorVersion(in: tree) else { throw FloorError.noConfiguration }
            // The commit is nobody's: only what can be read counts here.
            let floor = try await known(version, in: tree, at: store.mainTip())
            guard floor.configuration.hasChecks else { return "it names no check, and nothing lands unchecked" }
            for role in Role.allCases {
                guard let agent = floor.configuration.agent(for: role) else { return "it names no \(role.rawValue)" }
                for word in Self.files(of: agent.command ?? []) {
                    guard try await store.fingerprint(of: RepoPath(Self.normalized(word)), in: tree) != nil else {
                        throw FloorError.programNotOnMain(word)
                    }
                }
            }
            return nil
        } catch let error as FloorError {
            return error.fault
        }
    }

    /// The repository's files that a command cannot do without: its program, or the script that an interpreter is to run.
    private static func files(of command: [String]) -> [String] {
        [command.first.flatMap { $0.contains("/") ? $0 : nil }, Obstacles.script(of: command)].compactMap { $0 }
            .filter { !$0.hasPrefix("/") }
    }

    private static let principles = RepoPath("docs/principles.md")

    private func known(_ version: String, in tree: TreeID, at commit: CommitID) async throws -> Floor {
        if let known = byVersion[version] { return known }
        guard let bytes = try await store.file(RepoPath(ConfigFile.path), in: tree, limit: 1 << 20) else {
            throw FloorError.noConfiguration
        }
        let configuration: Configuration
        let profiles: [String: AgentProfile]
        let own = try await store.file(RepoPath(AgentsFile.path), in: tree, limit: 1 << 20)
        do {
            configuration = try ConfigFile(parsing: bytes).configuration
            profiles = try own.map { try AgentsFile(parsing: $0) }?.profiles ?? AgentsFile.shipped().profiles
        } catch {
            throw FloorError.broken("\(error)", branch: await store.mainBranch)
        }
        var prompts: [Role: String] = [:]
        for role in Role.allCases {
            let path = RepoPath(".factory/roles/\(role.rawValue).md")
            guard let text = try await store.file(path, in: tree, limit: 1 << 20) else {
                throw FloorError.noPrompt(path)
            }
            prompts[role] = try await readable(String(decoding: text, as: UTF8.self), of: role)
        }
        let text = try await store.file(Self.principles, in: tree, limit: 1 << 20) ?? []
        var floor = Floor(
            commit: commit, version: version, configuration: configuration, prompts: prompts,
            principles: String(decoding: text, as: UTF8.self))
        if let bytes = try await store.file(RepoPath(PriceFile.path), in: tree, limit: 1 << 20) {
            do { floor.prices = try PriceFile(parsing: bytes).table } catch {
                throw FloorError.broken("\(error)", branch: await store.mainBranch)
            }
        }
        floor.profiles = profiles
        byVersion[version] = floor
        return floor
    }

    /// A template that asks for what there is not would fail every session; so it fails here, once and for all.
    private func readable(_ template: String, of role: Role) async throws -> String {
        do { _ = try RolePrompts().prompt(role, template: template, material: PromptMaterial()) } catch {
            throw FloorError.broken("\(error)", branch: await store.mainBranch)
        }
        return template
    }

    func commandFiles(_ command: [String], at commit: CommitID) async throws -> [String: String] {
        let tree = try await store.tree(of: commit)
        var files: [String: String] = [:]
        for (index, word) in command.enumerated() where !word.hasPrefix("/") && !word.hasPrefix("-") && !word.isEmpty {
            let path = RepoPath(Self.normalized(word))
            if let laidOut = try await layOut(path, in: tree) {
                files[path.text] = laidOut
            } else if index == 0, word.contains("/") {
                throw FloorError.programNotOnMain(word)
            }
        }
        return files
    }

    /// `./tools/agent.sh` and `tools/agent.sh` are the same file.
    static func normalized(_ word: String) -> String {
        var parts: [Substring] = []
        for part in word.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }

    /// Lays out the file with the files beside it, which it may need. Nil: the main branch has no such file.
    private func layOut(_ path: RepoPath, in tree: TreeID) async throws -> String? {
        guard let blob = try await store.fingerprint(of: path, in: tree),
            try await store.file(path, in: tree, limit: 16 << 20) != nil
        else { return nil }
        let parent = path.parent
        let beside = try await parent.flatMapAsync { try await store.fingerprint(of: $0, in: tree) }
        let target = "\(directory)/\(beside ?? blob)"
        if !Files.isDirectory(target) {
            // A name of its own, because another worker or another line may lay out the same at this moment.
            let draft = "\(target).\(UInt64.random(in: .min ... .max)).new"
            try Files.makeDirectory(draft)
            if let beside {
                try await store.export(TreeID(beside), to: draft)
            } else {
                try await store.export(path, of: tree, to: draft)
            }
            do throws(SystemError) { try Files.rename(draft, to: target) } catch {
                try Files.remove(draft)
                guard Files.isDirectory(target) else { throw error }
            }
        }
        return "\(target)/\(path.name)"
    }
}

extension Optional {
    fileprivate func flatMapAsync<Result>(_ transform: (Wrapped) async throws -> Result?) async throws -> Result? {
        switch self {
        case .some(let value): try await transform(value)
        case .none: nil
        }
    }
}

/// Why the floor cannot be read.
enum FloorError: Error, CustomStringConvertible {
    case noConfiguration
    case noPrompt(RepoPath)
    /// Why, with file and line, and the hub's main branch.
    case broken(String, branch: String)
    case programNotOnMain(String)

    /// What is wrong, wherever it stands.
    var fault: String {
        switch self {
        case .noConfiguration: "there is no .factory/config.yml"
        case .noPrompt(let path): "there is no \(path)"
        case .broken(let why, _): why
        case .programNotOnMain(let word): "there is no \(word), which is an agent's program"
        }
    }

    var description: String {
        switch self {
        case .noConfiguration:
            "the hub's main branch has no .factory/config.yml: commit what `factory init` wrote and push it with "
                + "`git push factory HEAD`"
        case .noPrompt(let path):
            "the hub's main branch has no \(path): run `factory init` again, then commit and push what it writes"
        case .broken(let why, let branch):
            "\(why)\nso it stands on the hub, and nothing goes on with it: mend it, commit it, then run "
                + "`git push factory \(branch)`"
        case .programNotOnMain(let word):
            "the agent's program \(word) is not on the hub's main branch: commit it and push it there, or name a "
                + "program by its absolute path"
        }
    }
}
