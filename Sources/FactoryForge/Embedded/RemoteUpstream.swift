import FactoryCore

/// A remote of the user's clone as the source of the main branch, by the git program.
package struct RemoteUpstream: UpstreamLink {
    private let hub: GitProgram
    private let url: String
    private let name: String
    private let branch: String
    private let pushes: Bool

    /// `hub` is the git program in the hub; `url` is what the clone's remote `name` points to.
    package init(hub: GitProgram, url: String, name: String, branch: String, pushes: Bool) {
        self.hub = hub
        self.url = url
        self.name = name
        self.branch = branch
        self.pushes = pushes
    }

    private var seen: String { "refs/upstream/\(branch)" }

    package func fetch() async throws {
        try await hub.run(["fetch", "-q", "--no-tags", url, "+refs/heads/\(branch):\(seen)"])
        let theirs = try await hub.run(["rev-parse", seen])
        let ours = try await hub.run(["rev-parse", "refs/heads/\(branch)"])
        if try await isAncestor(theirs, of: ours) {
            // Something landed, and the line died before it was pushed.
            if theirs != ours { try await push() }
            return
        }
        guard try await isAncestor(ours, of: theirs) else {
            throw ForgeError.diverged(remote: name, branch: branch)
        }
        let moved = try await hub.ask(["update-ref", "refs/heads/\(branch)", theirs, ours])
        // Somebody landed in between; the next fetch will see both.
        guard moved.code == 0 || moved.errors.contains("but expected") else {
            throw ForgeError.git(["update-ref"], moved.errors)
        }
    }

    package func push() async throws {
        guard pushes else { return }
        let answer = try await hub.ask(["push", "-q", url, "refs/heads/\(branch):refs/heads/\(branch)"])
        guard answer.code == 0 else {
            throw answer.errors.contains("rejected")
                ? ForgeError.diverged(remote: name, branch: branch) : ForgeError.git(["push", name], answer.errors)
        }
    }

    private func isAncestor(_ a: String, of b: String) async throws -> Bool {
        let answer = try await hub.ask(["merge-base", "--is-ancestor", a, b])
        guard answer.code <= 1 else { throw ForgeError.git(["merge-base"], answer.errors) }
        return answer.code == 0
    }
}
