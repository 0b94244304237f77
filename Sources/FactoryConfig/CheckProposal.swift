package import FactoryCore

/// Checks, setup steps and caches that fit what lies in a repository: a proposal for a person to look over.
package struct CheckProposal: Hashable, Sendable {
    package var checks: [Check] = []
    package var setup: [SetupStep] = []
    package var keep: [String] = []

    package init() {}

    /// Looks at the files in the root of a repository. `paths`: every file there is; `contents`: the bytes of one, or
    /// nil. A Makefile's own targets win over what the languages suggest.
    package static func propose(
        paths: some Sequence<RepoPath>, contents: @escaping (RepoPath) -> [UInt8]?
    ) -> CheckProposal {
        let files = RepositoryFiles(paths: Set(paths.map(\.text)), contents: contents)
        var proposal = CheckProposal()
        let make = Toolchain.make(files)
        for toolchain in [make].compactMap({ $0 }) + Toolchain.languages(files) {
            proposal.setup += toolchain.setup
            proposal.keep += toolchain.keep
            if make?.coversAll == true, !toolchain.coversAll { continue }
            for (name, run) in toolchain.commands { proposal.add(name, run, of: toolchain.name, after: make) }
        }
        return proposal
    }

    /// Two languages may both have tests; a Makefile's test is the test of them all.
    private mutating func add(_ name: String, _ run: String, of toolchain: String, after make: Toolchain?) {
        guard checks.contains(where: { $0.name == name }) else {
            return checks.append(Check(name: name, run: run))
        }
        if make?.commands.contains(where: { $0.name == name }) == true { return }
        checks.append(Check(name: "\(toolchain)-\(name)", run: run))
    }
}

/// What can be asked about a repository.
struct RepositoryFiles {
    let paths: Set<String>
    let contents: (RepoPath) -> [UInt8]?

    func has(_ path: String) -> Bool { paths.contains(path) }

    func text(_ path: String) -> String? {
        guard has(path) else { return nil }
        return contents(RepoPath(path)).map { String(decoding: $0, as: UTF8.self) }
    }

    func bytes(_ path: String) -> [UInt8]? { has(path) ? contents(RepoPath(path)) : nil }
}
