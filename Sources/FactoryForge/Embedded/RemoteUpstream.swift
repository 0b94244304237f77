package import FactoryCore

/// A remote of the user's clone as the source of the main branch, by the git program. One fetch or push at a time: two
/// would be in each other's way at the same refs.
package actor RemoteUpstream: UpstreamLink {
    /// The last try comes half a minute after the first; after that it is away, and the line waits.
    private static let tries = 6

    private let hub: GitProgram
    private let url: String
    private let name: String
    private let branch: String
    private let pushes: Bool
    private let clock: any WallClock
    /// What was asked for last.
    private var last: Task<Void, any Error>?

    package nonisolated var landsAtOnce: Bool { false }

    /// `hub` is the git program in the hub; `url` is what the clone's remote `name` points to.
    package init(hub: GitProgram, url: String, name: String, branch: String, pushes: Bool, clock: any WallClock) {
        self.hub = hub
        self.url = url
        self.name = name
        self.branch = branch
        self.pushes = pushes
        self.clock = clock
    }

    private var seen: String { "refs/upstream/\(branch)" }

    package func fetch() async throws { try await afterOthers { try await self.fetchNow() } }

    package func push() async throws {
        guard pushes else { return }
        try await afterOthers { try await self.pushNow() }
    }

    /// Begins when whatever was asked for before has ended.
    private func afterOthers(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let before = last
        // Not a child task: the next one waits for it, whoever has asked for this one.
        let task = Task {
            _ = await before?.result
            try Task.checkCancellation()
            try await work()
        }
        last = task
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func fetchNow() async throws {
        switch try await compare() {
        case .same: return
        // Something landed, and the line died before it was pushed.
        case .ahead: if pushes { try await pushNow() }
        case .behind(let ours, let theirs):
            let moved = try await hub.ask(["update-ref", "refs/heads/\(branch)", theirs, ours])
            // Somebody landed in between; the next fetch will see both.
            guard moved.code == 0 || moved.errors.contains("cannot lock ref") else {
                throw ForgeError.git(["update-ref"], moved.errors)
            }
        }
    }

    /// A rejected push is looked at again: only where each side has what the other lacks they have diverged.
    private func pushNow() async throws {
        try await insist(["push", "--porcelain", "-q", url, "refs/heads/\(branch):refs/heads/\(branch)"]) { report in
            switch report.kind {
            case .unreachable: return true
            case .stale:
                guard case .ahead = try await self.compare() else { return false }
                return true
            case .refused: throw ForgeError.refusedByRemote(self.branch, report.words)
            case .unauthenticated, .missing: throw ForgeError.git(["push", self.name], report.words)
            }
        }
    }

    private enum Standing { case same, ahead, behind(ours: String, theirs: String) }

    /// Fetches, and says where the hub stands to the remote. Throws `ForgeError.diverged`.
    private func compare() async throws -> Standing {
        try await insist(["fetch", "-q", "--no-tags", url, "+refs/heads/\(branch):\(seen)"]) { report in
            switch report.kind {
            case .unreachable, .stale: return true
            case .refused, .unauthenticated, .missing: throw ForgeError.git(["fetch", self.name], report.words)
            }
        }
        let theirs = try await hub.run(["rev-parse", seen])
        let ours = try await hub.run(["rev-parse", "refs/heads/\(branch)"])
        if theirs == ours { return .same }
        if try await isAncestor(theirs, of: ours) { return .ahead }
        if try await isAncestor(ours, of: theirs) { return .behind(ours: ours, theirs: theirs) }
        throw ForgeError.diverged(remote: name, branch: branch)
    }

    /// Runs a command until it succeeds, or `goesOn` says that there is no need to. Throws `ForgeError.away` after the
    /// last try, and what `goesOn` throws.
    private func insist(
        _ arguments: [String], _ goesOn: (PushReport) async throws -> Bool
    ) async throws {
        var problem = ""
        for attempt in 0..<Self.tries {
            if attempt > 0 { await clock.sleep(seconds: Double(1 << (attempt - 1))) }
            let answer = try await hub.ask(arguments)
            if answer.code == 0 { return }
            let report = PushReport(answer)
            guard try await goesOn(report) else { return }
            problem = report.words
        }
        throw ForgeError.away(remote: name, problem)
    }

    private func isAncestor(_ a: String, of b: String) async throws -> Bool {
        let answer = try await hub.ask(["merge-base", "--is-ancestor", a, b])
        guard answer.code <= 1 else { throw ForgeError.git(["merge-base"], answer.errors) }
        return answer.code == 0
    }
}
