package import FactoryCore
package import FactoryGit

/// Hub and journal as mirrors of a remote: what is recorded is pushed, what others have pushed is taken over. Where the
/// two differ, the remote is right.
package struct GitHubMirror: Publisher, UpstreamLink {
    let store: GitStore
    /// Git in the journal, which has the hub's objects as well.
    private var remote: RemoteGit
    /// Git in the hub, for what is fetched into it.
    private var hub: RemoteGit
    private let warn: @Sendable (String) -> Void
    /// How GitHub is asked to squash; nil: the line pushes.
    var merging: GitHubMerge?

    package var squashes: Bool { merging != nil }

    /// `remote` runs in the journal, `hub` in the hub; both name the same remote. `warn` is told what was left out and
    /// goes on without.
    package init(store: GitStore, remote: RemoteGit, hub: RemoteGit, warn: @escaping @Sendable (String) -> Void) {
        self.store = store
        self.remote = remote
        self.hub = hub
        self.warn = warn
    }

    /// The same for whoever looks again soon, and must not wait for minutes.
    package func inHurry() -> GitHubMirror {
        var hurried = self
        (hurried.remote, hurried.hub) = (remote.inHurry(), hub.inHurry())
        return hurried
    }

    // MARK: Publisher

    package func publish(_ ref: String, at commit: CommitID) async throws -> Publication {
        let seen = try await store.mirror(of: ref, in: .journal)
        guard seen != commit else { return .done }
        switch try await remote.push([.init(ref, from: seen, to: commit)]) {
        case .done:
            try await store.noteMirror(ref, of: .journal, at: commit)
            return .done
        case .stale: return try await lookAgain(at: ref, for: commit)
        case .refused(let reason): return .refused(reason)
        }
    }

    /// Somebody else has moved the ref. If that was an earlier entry of this very chain, ours can still follow.
    private func lookAgain(at ref: String, for commit: CommitID) async throws -> Publication {
        let there = try await remote.list([ref])[ref]
        if there == nil {
            try await store.noteMirror(ref, of: .journal, at: nil)
        } else {
            try await remote.fetch(["+\(ref):\(GitStore.mirrored)\(ref.dropFirst("refs/".count))"])
        }
        let seen = try await store.mirror(of: ref, in: .journal)
        // Ours is there, and somebody has gone on from it, maybe another task of this very line: it is recorded.
        if let seen, try await store.entry(seen, follows: commit) { return .done }
        if let seen, try await store.entry(commit, follows: seen) {
            switch try await remote.push([.init(ref, from: seen, to: commit)]) {
            case .done:
                try await store.noteMirror(ref, of: .journal, at: commit)
                return .done
            case .stale: return .stale(seen)
            case .refused(let reason): return .refused(reason)
            }
        }
        return .stale(seen)
    }

    package func land(_ landing: PublishedLanding) async throws -> PublishedOutcome {
        if let merging { return try await land(landing, by: merging) }
        let branch = "refs/heads/\(landing.branch)"
        let main = "refs/heads/\(await store.mainBranch)"
        let journal = JournalStore.ref(landing.number)
        // First and alone: GitHub shows a pull request as merged only if its branch was there before the main branch.
        if let shown = landing.shown {
            switch try await move(branch, from: shown, to: landing.squash) {
            case .done: break
            case .refused(let reason): return .refused(reason)
            case .stale:
                try await sync()
                // What a person has pushed is taken up first; a branch that is gone keeps nothing from landing.
                if let now = try await store.mirror(of: branch, in: .hub), now != landing.squash {
                    return .branchMoved(now)
                }
            }
        }
        let pushed = try await remote.push([
            .init(main, from: landing.base, to: landing.squash),
            .init(journal, from: landing.certified, to: landing.landed),
        ])
        switch pushed {
        case .done:
            try await store.noteMirror(main, of: .hub, at: landing.squash)
            try await store.noteMirror(journal, of: .journal, at: landing.landed)
            return .landed
        case .refused(let reason):
            _ = try await move(branch, from: landing.squash, to: landing.head)
            return .refused(reason)
        case .stale:
            _ = try await move(branch, from: landing.squash, to: landing.head)
            try await sync()
            let now = try await store.mainTip()
            return now == landing.base ? .journalMoved : .mainMoved(now)
        }
    }

    package func show(_ branch: String, at head: CommitID?, over shown: CommitID?) async throws {
        // Whoever shows the pull request takes the branch away, when it stands there as merged or closed.
        guard let head, shown != head else { return }
        let ref = "refs/heads/\(branch)"
        switch try await move(ref, from: shown, to: head) {
        case .done: break
        // A person has pushed: the next look at the remote brings it, and it is taken up as a push.
        case .stale: break
        case .refused(let reason): throw ForgeError.refusedByRemote(ref, reason)
        }
    }

    /// Takes a branch away where it stands at one of these commits. False: somebody has pushed to it since.
    package func remove(_ branch: String, at commits: [CommitID]) async throws -> Bool {
        let ref = "refs/heads/\(branch)"
        guard let now = try await remote.list([ref])[ref] else {
            try await store.noteMirror(ref, of: .hub, at: nil)
            return true
        }
        guard commits.contains(now) else { return false }
        switch try await move(ref, from: now, to: nil) {
        case .done: return true
        case .stale: return false
        case .refused(let reason): throw ForgeError.refusedByRemote(ref, reason)
        }
    }

    func move(_ ref: String, from: CommitID?, to: CommitID?) async throws -> RemoteGit.Pushed {
        let pushed = try await remote.push([.init(ref, from: from, to: to)])
        if pushed == .done { try await store.noteMirror(ref, of: .hub, at: to) }
        return pushed
    }

    // MARK: Upstream

    package var landsAtOnce: Bool { true }

    package func fetch() async throws { try await sync() }

    /// A landing was pushed when it happened.
    package func push() async throws {}

    /// Brings hub and journal to where the remote stands, and publishes what it lacks.
    package func sync() async throws {
        let main = await store.mainBranch
        let before = try await store.followedBranches()
        let heads = GitStore.mirrored + "heads/"
        try await hub.fetch(["+refs/heads/\(main):\(heads)\(main)", "+refs/heads/spec/*:\(heads)spec/*"])
        try await remote.fetch(
            ["pr/*", "lease/*", "ledger*", "line*"].map { "+refs/factory/\($0):\(GitStore.mirrored)factory/\($0)" })
        try await store.followMain()
        try await store.followBranches(since: before)
        for number in try await store.followRecord() {
            do { try await store.publishRest(of: number) } catch let refused as RecordRefused {
                // What one pull request has brings down no other.
                warn("\(refused)")
            }
        }
    }
}
